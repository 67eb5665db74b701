"""PURE: vectors in memory, searched exactly, with or without a restriction to some documents."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Matrix: TypeAlias = npt.NDArray[np.float32]
Ids: TypeAlias = npt.NDArray[np.int64]

_FIRST_CAPACITY = 1024
_GATHER_BELOW = 0.25
"""A scope smaller than this part of all rows is copied out and searched alone; that is quicker then."""


class ExactIndex:
    """Unit vectors by chunk id, with the document of each. Takes 1.5 kB a chunk of 384 dimensions.

    May be used from several threads: a search sees each addition and deletion whole or not at all.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._lock = threading.Lock()
        self._count = 0
        self._held: set[int] = set()
        self._ids: Ids = np.zeros(_FIRST_CAPACITY, dtype=np.int64)
        self._documents: Ids = np.zeros(_FIRST_CAPACITY, dtype=np.int64)
        self._matrix: Matrix = np.zeros((_FIRST_CAPACITY, dimension), dtype=np.float32)

    def __len__(self) -> int:
        return self._count

    def ids(self) -> Ids:
        """The chunk ids held, in the order they came."""
        with self._lock:
            return self._ids[: self._count].copy()

    def add(self, ids: Sequence[int], vectors: Matrix, documents: Sequence[int]) -> list[int]:
        """Take vectors in, but for ids that are held already; returns the rows that were taken."""
        with self._lock:
            rows = [row for row, identity in enumerate(ids) if identity not in self._held]
            if not rows:
                return rows
            if len(rows) < len(ids):
                ids, vectors = [ids[row] for row in rows], vectors[rows]
                documents = [documents[row] for row in rows]
            end = self._count + len(ids)
            if end > len(self._ids):
                self._resize(max(end, len(self._ids) * 3 // 2))
            self._ids[self._count : end] = ids
            self._documents[self._count : end] = documents
            self._matrix[self._count : end] = vectors
            self._count = end
            self._held.update(ids)
            return rows

    def delete(self, ids: Sequence[int]) -> None:
        """Let chunks go; ids that are not held are passed over."""
        with self._lock:
            gone = self._held.intersection(ids)
            if not gone:
                return
            self._held -= gone
            gone_ids = np.fromiter(gone, dtype=np.int64, count=len(gone))
            keep = np.flatnonzero(~np.isin(self._ids[: self._count], gone_ids))
            # New arrays: a search that is going on keeps the old ones.
            self._ids, self._documents, self._matrix = (
                self._ids[keep],
                self._documents[keep],
                self._matrix[keep],
            )
            self._count = len(keep)

    def search(
        self, vector: Matrix, limit: int, documents: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The nearest chunks, all or those of some documents: (id, cosine), best first, ties by id."""
        with self._lock:
            count = self._count
            ids, owners, matrix = self._ids[:count], self._documents[:count], self._matrix[:count]
        if documents is None:
            return _best(ids, matrix @ vector, limit)
        wanted = np.flatnonzero(np.isin(owners, np.asarray(documents, dtype=np.int64)))
        if len(wanted) < _GATHER_BELOW * count:
            return _best(ids[wanted], matrix[wanted] @ vector, limit)
        return _best(ids[wanted], (matrix @ vector)[wanted], limit)

    def _resize(self, capacity: int) -> None:
        for name in ("_ids", "_documents", "_matrix"):
            old = getattr(self, name)
            new = np.zeros((capacity, *old.shape[1:]), dtype=old.dtype)
            new[: self._count] = old[: self._count]
            setattr(self, name, new)


def _best(ids: Ids, scores: Matrix, limit: int) -> list[tuple[int, float]]:
    if limit <= 0 or not len(ids):
        return []
    if limit < len(ids):
        some = np.argpartition(-scores, limit - 1)[:limit]
        ids, scores = ids[some], scores[some]
    order = np.lexsort((ids, -scores))
    return [(int(ids[index]), float(scores[index])) for index in order]
