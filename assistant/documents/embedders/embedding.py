"""Text to vectors with a sentence model that CTranslate2 runs; the conversion is in `embedder_conversion`.

Without torch the model answers .4 s after the start instead of 20, in a quarter of the memory.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from assistant import hardware
from assistant.documents.embedders.embedder_folder import EmbedderManifest, checked
from assistant.errors import StorageError
from assistant.jobs import CancelToken

Vectors: TypeAlias = npt.NDArray[np.float32]

_TOKENS_A_BATCH = 512
"""What a batch works with then stays in the processor's cache: a tenth quicker than 2048, and smaller."""
_QUESTIONS_KEPT = 512
"""Questions whose vectors are remembered."""
_MOST_WINDOWS = 8
"""Of a text that is longer than the model reads; what comes behind them is ignored."""
_SIDE_BY_SIDE = 2
"""Batches that run at once: a question need not wait for what is indexed. The weights are there once."""


class Embedder:
    """One loaded model. May be called from several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Check and load a converted model: takes about half a second.

        Raises:
            StorageError: the model is missing, damaged or not what it should be.
        """
        self.folder = folder
        self._manifest: EmbedderManifest = checked(folder)
        # Threads that wait for each other sleep instead of spinning: on a computer that does other things
        # too, two cores then give about twice as many chunks a second. Read when the library is imported.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import ctranslate2

        try:
            self._model = ctranslate2.Encoder(
                str(folder),
                device="cpu",
                compute_type=self._manifest.quantization,
                inter_threads=_SIDE_BY_SIDE,
                intra_threads=hardware.usable_cores(),
            )
            self.tokenizer = counting_tokenizer(folder)
        except Exception as error:  # whatever the libraries raise for a broken folder
            raise StorageError("sentence-model-unusable", folder=str(folder), reason=str(error)) from error
        self.name = self._manifest.name
        self.languages = self._manifest.languages
        """Those that it is said to speak; "mul" says that there are many."""
        self.dimension = self._manifest.dimension
        self.max_tokens = self._manifest.max_tokens
        """Tokens that the model reads at once, with the marks at the ends of the text."""
        self._questions_lock = threading.Lock()
        self._questions: OrderedDict[str, Vectors] = OrderedDict()

    def check_tokens(self, title: str, rows: int) -> None:
        """See that a model of so many rows has one for each token: it looks them up unchecked.

        Raises:
            StorageError: it has not.
        """
        if max(self.tokenizer.get_vocab(with_added_tokens=True).values(), default=0) >= rows:
            raise StorageError("embedder-tokenizer-differs", name=title)

    def embed(self, texts: Sequence[str], token: CancelToken | None = None) -> Vectors:
        """Vectors of unit length, shape (len(texts), dimension), in the order of the texts.

        Zeros where the model gives what is no number.

        Raises:
            Cancelled: `token` was cancelled; it is looked at before each batch.
        """
        return self._embed(texts, self._manifest.passage_prefix, token)

    def embed_question(self, text: str) -> Vectors:
        """The vector of one question, shape (dimension,); recent questions are remembered."""
        with self._questions_lock:
            known = self._questions.get(text)
            if known is not None:
                self._questions.move_to_end(text)
                return known
        vector: Vectors = self._embed([text], self._manifest.question_prefix)[0]
        vector.flags.writeable = False
        with self._questions_lock:
            self._questions[text] = vector
            if len(self._questions) > _QUESTIONS_KEPT:
                self._questions.popitem(last=False)
        return vector

    def _embed(self, texts: Sequence[str], prefix: str, token: CancelToken | None = None) -> Vectors:
        encoded = self.tokenizer.encode_batch_fast([prefix + _encodable(text) for text in texts])
        windows = [
            (row, window)
            for row, encoding in enumerate(encoded)
            for window in self._windows(encoding, prefix)
        ]
        # Texts of like length go together: little is padded, and the padding costs as much as text.
        windows.sort(key=lambda each: -len(each[1]))
        result = np.zeros((len(texts), self.dimension), dtype=np.float32)
        first = 0
        while first < len(windows):
            if token is not None:
                token.raise_if_cancelled()
            batch = windows[first : first + max(1, _TOKENS_A_BATCH // max(1, len(windows[first][1])))]
            vectors = self._forward([ids for _, ids in batch])
            for (row, ids), vector in zip(batch, vectors, strict=True):
                result[row] += len(ids) * vector
            first += len(batch)
        with np.errstate(invalid="ignore", divide="ignore"):
            result /= np.linalg.norm(result, axis=1, keepdims=True)
        # Damaged weights give what is no number: such a text is found by its words alone.
        result[~np.isfinite(result).all(axis=1)] = 0.0
        return result

    def _windows(self, encoding: Encoding, prefix: str) -> list[list[int]]:
        """The tokens of a text; those of a longer one than the model reads in pieces of like length.

        Each has the marks and the prefix, so that the mean of their vectors is that of the whole text.
        """
        ids: list[int] = encoding.ids
        if len(ids) <= self.max_tokens:
            return [ids]
        marks = encoding.special_tokens_mask
        begin = marks.index(0)
        end = len(ids) - marks[::-1].index(0)
        for one, other in zip(
            self.tokenizer.encode(prefix, add_special_tokens=False).ids, ids[begin:end], strict=False
        ):
            if one != other:  # the last piece of the prefix may hang together with the text
                break
            begin += 1
        before, body, after = ids[:begin], ids[begin:end], ids[end:]
        room = max(1, self.max_tokens - len(before) - len(after))
        body = body[: _MOST_WINDOWS * room]
        size = -(-len(body) // -(-len(body) // room))
        return [[*before, *body[first : first + size], *after] for first in range(0, len(body), size)]

    def _forward(self, ids: list[list[int]]) -> Vectors:
        """A vector of unit length for each."""
        hidden = np.asarray(self._model.forward_batch(ids).last_hidden_state)
        if self._manifest.pooling == "cls":
            pooled = hidden[:, 0]
        else:
            pooled = np.stack(
                [row[: len(tokens)].mean(axis=0) for row, tokens in zip(hidden, ids, strict=True)]
            )
        with np.errstate(invalid="ignore", divide="ignore"):
            vectors: Vectors = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return vectors


def counting_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer in a model's folder; it neither cuts nor pads. Raises whatever the library does."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _encodable(text: str) -> str:
    """The tokenizer is Rust: it takes no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
