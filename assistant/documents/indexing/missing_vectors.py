"""Makes the vectors that stored chunks lack by an embedder, from what the store has of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from assistant.documents.embedders.embedding import Embedder
from assistant.documents.indexing.embedding_writer import check_room
from assistant.documents.indexing.pause_gate import PauseGate
from assistant.documents.store.embedders import EmbeddedPiece
from assistant.documents.store.rows import Vector
from assistant.documents.store.store import Store
from assistant.documents.text.chunking import Chunker
from assistant.errors import Cancelled
from assistant.jobs import CancelToken

log = logging.getLogger(__name__)

_BATCH_S = 2.0
"""Work that is stored together: what a crash costs at most."""
_FIRST_BATCH = 16
"""Chunks, until the speed is known."""
_LARGEST_BATCH = 512
_LATEST = 0.3
"""What the last batch counts in the speed."""

Told = Callable[[int, int, float | None], None]
"""Gets how many chunks have a vector, of how many, and the seconds that are left."""


class MissingVectors:
    """Belongs to one thread."""

    def __init__(self, store: Store, chunker: Chunker, gate: PauseGate | None = None) -> None:
        """
        Args:
            chunker: counts with the tokenizer with which documents are cut up.
            gate: where to wait while indexing is paused or the disk full; without it there is no waiting.
        """
        self._store = store
        self._chunker = chunker
        self._gate = gate

    def make(self, embedder: Embedder, token: CancelToken, told: Told) -> None:
        """Until no chunk lacks one, not those either that came meanwhile.

        Raises:
            Cancelled: `token` was cancelled, or the gate closed. What is stored stays.
            DiskFull: there is no room, and no gate to wait at.
        """
        done, total = self._count(embedder)
        told(done, total, None)
        size, speed, last = _FIRST_BATCH, 0.0, 0
        while True:
            if self._gate is not None and not self._gate.wait_open(token):
                raise Cancelled
            token.raise_if_cancelled()
            began = time.monotonic()
            pieces = self._store.lacking(embedder.name, last, size)
            if not pieces:
                done, total = self._count(embedder)
                if done == total:
                    return
                last = 0
                continue
            self._embed(pieces, embedder, token)
            last = pieces[-1].chunk
            latest = len(pieces) / max(1e-3, time.monotonic() - began)
            speed = latest if not speed else speed + _LATEST * (latest - speed)
            size = int(max(_FIRST_BATCH, min(_LARGEST_BATCH, speed * _BATCH_S)))
            done = min(total, done + len(pieces))
            told(done, total, (total - done) / speed)

    def _count(self, embedder: Embedder) -> tuple[int, int]:
        total = self._store.chunk_count()
        return max(0, total - self._store.lacking_count(embedder.name)), total

    def _embed(self, pieces: list[EmbeddedPiece], embedder: Embedder, token: CancelToken) -> None:
        texts = {piece.key: self._text(piece) for piece in pieces}
        vectors = embedder.embed(list(texts.values()), token)
        made = dict(zip(texts, np.asarray(vectors), strict=True))
        keep = partial(self._keep, made, embedder.name)
        if self._gate is not None:
            self._gate.with_retries(keep, token)
        else:
            keep()

    def _keep(self, vectors: dict[bytes, Vector], model: str) -> None:
        check_room(self._store)
        self._store.keep_embeddings(vectors, model)

    def _text(self, piece: EmbeddedPiece) -> str:
        """What was embedded when the piece was cut, found by its hash.

        A copy of a document shares the vectors of the first one, which has a title of its own. Where no title
        of today fits, the document was renamed: then with its title of today.
        """
        for title in (piece.title, *self._store.titles_with(piece.key)):
            for text in self._chunker.embedded_texts(piece.section, title, piece.start, piece.end):
                if Store.embedding_key(text) == piece.key:
                    return text
        return self._chunker.embedded_texts(piece.section, piece.title, piece.start, piece.end)[0]
