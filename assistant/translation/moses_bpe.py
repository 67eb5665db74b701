"""Words in the manner of Moses, cut by byte pairs: what Argos packages with a bpe.model were trained on.

Sources: `scripts/tokenizer` of moses-smt/mosesdecoder for words, signs and their spaces; Sennrich, Haddow and
Birch 2016 (subword-nmt) for the pairs. Abbreviations are told by their looks, not by lists.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from assistant.errors import ModelUnusable
from assistant.translation.records import Span

_SPACE = "▁"
_JOINED = "@@"
"""At the end of a piece that goes on in the next one."""
_WORD_END = "</w>"
_LARGEST = 32 << 20
"""Bytes of a file with pairs."""
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*|\.{2,}|…|(?:[^\W\d_]\.){2,}|[\w\u0300-\u036f\u0900-\u0dff]+(?:-\w+)*|[^\w\s]"
)
_SIGNS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"}
)
_ESCAPED = {"&": "&amp;", "|": "&#124;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;",
            "[": "&#91;", "]": "&#93;"}  # fmt: skip
_CLOSES = frozenset(",.?!:;%)]}…") | {"..."}
_OPENS = frozenset("([{¿¡$£€")
_ELIDES = frozenset({"fr", "it", "ca"})
"""Languages with the apostrophe at the end of a word; in others it begins one: "don 't"."""
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef\u3000-\u303f]")


class MosesPieces:
    """See `tokenizers.Pieces`."""

    def __init__(self, file: Path, name: str, source: str, target: str) -> None:
        """
        Raises:
            ModelUnusable: the file is damaged.
        """
        self._source, self._target = source, target
        try:
            if file.stat().st_size > _LARGEST:
                raise ValueError
            lines = file.read_text("utf-8").splitlines()
        except (OSError, ValueError):
            raise ModelUnusable("translation-file-damaged", name=name, file=file.name) from None
        pairs = [tuple(line.split()[:2]) for line in lines if not line.startswith("#")]
        if not pairs or any(len(pair) != 2 for pair in pairs):
            raise ModelUnusable("translation-file-damaged", name=name, file=file.name)
        self._ranks = {pair: rank for rank, pair in reversed(list(enumerate(pairs)))}
        self._cut_word = lru_cache(maxsize=50_000)(self._merged)

    def cut(self, texts: Sequence[str]) -> list[list[str]]:
        return [[piece for piece, _ in self._pieces(text)] for text in texts]

    def places(self, text: str) -> list[Span]:
        return [place for _, place in self._pieces(text)]

    def spaced(self, pieces: Sequence[str]) -> list[str]:
        """What the model wrote, with "▁" for each space, as SentencePiece writes it."""
        found: list[str] = []
        quotes: set[str] = set()
        before, glued = "", True
        continues = False
        for piece in pieces:
            goes_on = piece.endswith(_JOINED)
            text = html.unescape(piece.removesuffix(_JOINED))
            if continues:
                found.append(text)
            else:
                alone = glued or self._attached(text, before, quotes)
                found.append(text if alone and found else _SPACE + text)
                glued = False
            if text in ("'", '"') and not continues:
                glued = text not in quotes
                quotes ^= {text}
            elif not goes_on:
                glued = text in _OPENS or (self._target in _ELIDES and len(text) > 1 and text[-1] == "'")
            before, continues = text, goes_on
        return found

    def _attached(self, text: str, before: str, open_quotes: set[str]) -> bool:
        """Without a space before it."""
        if text in _CLOSES or text in open_quotes:
            return True
        if text[:1] == "'" and len(text) > 1 and self._target not in _ELIDES:
            return before[-1:].isalpha()
        return bool(_WIDE.match(text) and _WIDE.match(before[-1:]))

    # --- cutting

    def _pieces(self, text: str) -> Iterator[tuple[str, Span]]:
        for word, start in _words(text, self._source):
            escaped = "".join(_ESCAPED.get(character, character) for character in word.translate(_SIGNS))
            if escaped == "…":
                escaped = "..."
            parts = self._cut_word(escaped)
            at = start
            for number, part in enumerate(parts):
                # An escaped sign is longer than what it stands for: the last piece takes the rest.
                end = (
                    start + len(word) if number == len(parts) - 1 else min(start + len(word), at + len(part))
                )
                yield (part if number == len(parts) - 1 else part + _JOINED), (at, end)
                at = end

    def _merged(self, word: str) -> tuple[str, ...]:
        parts = [*word[:-1], word[-1:] + _WORD_END]
        while len(parts) > 1:
            ranked = [(self._ranks.get(pair, -1), pair) for pair in itertools.pairwise(parts)]
            known = [each for each in ranked if each[0] >= 0]
            if not known:
                break
            first, second = min(known)[1]
            merged: list[str] = []
            for part in parts:
                if merged and merged[-1] == first and part == second:
                    merged[-1] = first + second
                else:
                    merged.append(part)
            parts = merged
        parts[-1] = parts[-1].removesuffix(_WORD_END)
        return tuple(part for part in parts if part)


def _words(text: str, language: str) -> Iterator[tuple[str, int]]:
    """Words and signs with their places."""
    found = [(each[0], each.start()) for each in _TOKEN.finditer(text)]
    number = 0
    while number < len(found):
        word, start = found[number]
        following = found[number + 1] if number + 1 < len(found) else ("", -1)
        if word in "'’" and following[0][:1].isalpha() and following[1] == start + 1 and start:
            before = text[start - 1]
            if before.isalpha() and language not in _ELIDES:
                yield word + following[0], start
                number += 2
                continue
        elif language in _ELIDES and word[-1:].isalpha() and following[0] in ("'", "’"):
            after = following[1] + 1
            if following[1] == start + len(word) and text[after : after + 1].isalpha():
                yield word + following[0], start
                number += 2
                continue
        yield word, start
        number += 1
