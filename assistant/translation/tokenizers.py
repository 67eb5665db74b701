"""Text to the pieces that a translation model reads, and its pieces to text, with their places in it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import ModelUnusable
from assistant.text_folding import bare_span
from assistant.translation.model_families import ModelFolder
from assistant.translation.moses_bpe import MosesPieces
from assistant.translation.records import Span

_SPACE = "▁"
"""How SentencePiece writes a space, which begins a word."""
_SPECIAL = frozenset({"<s>", "</s>", "<pad>", "<unk>", "<mask>"})
_SOURCE = ("source.spm", "sentencepiece.bpe.model", "sentencepiece.model", "spiece.model")
_PAIRS = ("bpe.model", "bpe.codes")
"""Of Argos packages."""


class Pieces(Protocol):
    """Cuts text of one language, or of all that a model knows."""

    def cut(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text."""

    def places(self, text: str) -> list[Span]:
        """Where in the text each of its pieces is."""

    def spaced(self, pieces: Sequence[str]) -> Sequence[str]:
        """What a model wrote, with "▁" for each space."""


def open_pieces(model: ModelFolder) -> Pieces:
    """What cuts the source of a model.

    Raises:
        ModelUnusable: it is missing or damaged.
    """
    folder, name = model.files, model.name
    file = next((folder / each for each in _SOURCE if (folder / each).is_file()), None)
    if file is not None:
        return SentencePieces(file, name)
    pairs = next((folder / each for each in _PAIRS if (folder / each).is_file()), None)
    if pairs is not None and model.pair is not None:
        return MosesPieces(pairs, name, *model.pair)
    if (folder / "tokenizer.json").is_file():
        return TokenizerPieces(folder / "tokenizer.json", name)
    raise ModelUnusable("translation-without-tokenizer", name=name)


class SentencePieces:
    def __init__(self, file: Path, name: str) -> None:
        """
        Raises:
            ModelUnusable: the file is damaged.
        """
        import sentencepiece

        self._model: Any = sentencepiece.SentencePieceProcessor()
        try:
            self._model.LoadFromFile(str(file))
            if not self._model.get_piece_size():
                raise RuntimeError
        except (RuntimeError, OSError, TypeError):
            raise ModelUnusable("translation-file-damaged", name=name, file=file.name) from None

    def cut(self, texts: Sequence[str]) -> list[list[str]]:
        found: list[list[str]] = self._model.encode([readable(text) for text in texts], out_type=str)
        return found

    def places(self, text: str) -> list[Span]:
        mapped = self._model.encode(readable(text), return_type="offset_mapping")
        return [bare_span(text, *span) for span in mapped["offsets"]]

    def spaced(self, pieces: Sequence[str]) -> Sequence[str]:
        return pieces


class TokenizerPieces:
    """A tokenizer.json with a Metaspace, as models from the hub have it."""

    def __init__(self, file: Path, name: str) -> None:
        """
        Raises:
            ModelUnusable: the file is damaged.
        """
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from tokenizers import Tokenizer

        try:
            self._model = Tokenizer.from_file(str(file))
        except Exception:  # of tokenizers, which raises no narrower kind
            raise ModelUnusable("translation-file-damaged", name=name, file=file.name) from None
        self._model.no_truncation()
        self._model.no_padding()

    def cut(self, texts: Sequence[str]) -> list[list[str]]:
        encoded = self._model.encode_batch([readable(text) for text in texts], add_special_tokens=False)
        return [each.tokens for each in encoded]

    def places(self, text: str) -> list[Span]:
        encoded = self._model.encode(readable(text), add_special_tokens=False)
        return [bare_span(text, *span) for span in encoded.offsets]

    def spaced(self, pieces: Sequence[str]) -> Sequence[str]:
        return pieces


def readable(text: str) -> str:
    """Without halves of characters, which the libraries cannot take."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def joined(pieces: Sequence[str]) -> str:
    """The text of what a model wrote."""
    if any(piece[0] == "<" for piece in pieces if piece):  # a byte, or a mark
        return _text(pieces)[0]
    return "".join(pieces).replace(_SPACE, " ").strip(" ")


def joined_with_places(pieces: Sequence[str]) -> tuple[str, list[Span]]:
    """The text of what a model wrote, and where in it each of the pieces is."""
    text, spans = _text(pieces)
    return text, [bare_span(text, start, end) for start, end in spans]


def _text(pieces: Sequence[str]) -> tuple[str, list[Span]]:
    written: list[str] = []
    spans: list[Span] = []
    length = 0
    pending = b""
    for piece in pieces:
        byte = _byte(piece)
        if byte is not None:
            pending += byte
            try:
                characters = pending.decode()
            except UnicodeDecodeError:
                if len(pending) < 4:
                    spans.append((length, length))
                    continue
                characters = ""
            pending = b""
        else:
            pending = b""
            characters = "" if piece in _SPECIAL else piece.replace(_SPACE, " ")
        if not length:
            characters = characters.lstrip(" ")
        written.append(characters)
        spans.append((length, length + len(characters)))
        length += len(characters)
    text = "".join(written).rstrip(" ")
    return text, [(min(start, len(text)), min(end, len(text))) for start, end in spans]


def _byte(piece: str) -> bytes | None:
    """What "<0xE2>" stands for."""
    if len(piece) == 6 and piece.startswith("<0x") and piece.endswith(">"):
        try:
            return bytes([int(piece[3:5], 16)])
        except ValueError:
            return None
    return None
