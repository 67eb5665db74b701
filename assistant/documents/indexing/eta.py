"""PURE: how much longer indexing takes, from what was measured and, before that, from experience."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

_FIRST_RATE = 30.0
"""Chunks a second of an ordinary laptop, until this one is known."""

_SECONDS_PER_DOCUMENT = 0.02
"""Opening and closing even the smallest file."""

_BYTES_PER_CHUNK = {
    "pdf": 5000.0,
    "docx": 2500.0,
    "pptx": 60000.0,
    "odp": 60000.0,
    "epub": 2000.0,
    "html": 3000.0,
    "htm": 3000.0,
    "eml": 3000.0,
    "xlsx": 500.0,
}
_BYTES_PER_CHUNK_OF_TEXT = 800.0
_WEIGHT_OF_EXPERIENCE = 40.0
"""What is assumed of a format counts like this many chunks that were seen of it."""

_MEMORY = 200.0
"""The speed is that of about the last so many chunks: the person may start other work."""


@dataclass(frozen=True, slots=True)
class QueuedFile:
    """A document that waits."""

    suffix: str
    """Without its dot, in lower case."""
    size: int
    """In bytes."""


@dataclass(frozen=True, slots=True)
class ReadProgress:
    """The document that is being read."""

    file: QueuedFile
    parts: int | None
    parts_done: int
    chunks_done: int


@dataclass(frozen=True, slots=True)
class Total:
    documents: int = 0
    size: int = 0


class Backlog:
    """The documents that are not finished, with their sums at hand: there may be tens of thousands."""

    def __init__(self) -> None:
        self._files: dict[int, QueuedFile] = {}
        self._totals: dict[str, Total] = {}

    def __len__(self) -> int:
        return len(self._files)

    def add(self, document: int, file: QueuedFile) -> None:
        self.discard(document)
        self._files[document] = file
        self._change(file, 1)

    def discard(self, document: int) -> None:
        file = self._files.pop(document, None)
        if file is not None:
            self._change(file, -1)

    def any_of(self, documents: Collection[int]) -> bool:
        return any(document in self._files for document in documents)

    def totals(self, but: int | None = None) -> dict[str, Total]:
        """By suffix, without the document `but`."""
        totals = dict(self._totals)
        file = self._files.get(but) if but is not None else None
        if file is not None:
            total = totals[file.suffix]
            totals[file.suffix] = Total(total.documents - 1, total.size - file.size)
        return totals

    def _change(self, file: QueuedFile, by: int) -> None:
        total = self._totals.get(file.suffix, Total())
        self._totals[file.suffix] = Total(total.documents + by, total.size + by * file.size)


class Estimator:
    """Learns from each batch and each finished document."""

    def __init__(self) -> None:
        self._chunks = 0.0
        self._seconds = 0.0
        self._seen: dict[str, tuple[float, float]] = {}

    @property
    def chunks_per_second(self) -> float:
        return self._chunks / self._seconds if self._seconds > 0 and self._chunks > 0 else _FIRST_RATE

    def worked(self, chunks: int, seconds: float) -> None:
        """So many chunks took so long from the first to the last step, without pauses."""
        if not chunks:  # pictures and blank pages, which are quick: they say nothing about text
            return
        self._chunks += chunks
        self._seconds += seconds
        if self._chunks > _MEMORY:
            self._seconds *= _MEMORY / self._chunks
            self._chunks = _MEMORY

    def finished(self, document: QueuedFile, chunks: int) -> None:
        """A whole document gave so many chunks."""
        size, count = self._seen.get(document.suffix, (0.0, 0.0))
        self._seen[document.suffix] = (size + document.size, count + chunks)

    def chunks_of(self, document: QueuedFile) -> float:
        """How many chunks a document will probably give."""
        return max(1.0, document.size * self._chunks_per_byte(document.suffix))

    def _chunks_per_byte(self, suffix: str) -> float:
        usual = _BYTES_PER_CHUNK.get(suffix, _BYTES_PER_CHUNK_OF_TEXT)
        size, count = self._seen.get(suffix, (0.0, 0.0))
        return (count + _WEIGHT_OF_EXPERIENCE) / (size + _WEIGHT_OF_EXPERIENCE * usual)

    def seconds_left(self, progress: ReadProgress | None, waiting: Mapping[str, Total]) -> float:
        """For the rest of the document that is being read, and all that wait, summed by suffix."""
        chunks, documents = 0.0, 0
        if progress is not None:
            chunks += self._rest(progress)
        for suffix, total in waiting.items():
            chunks += max(total.documents, total.size * self._chunks_per_byte(suffix))
            documents += total.documents
        return chunks / self.chunks_per_second + documents * _SECONDS_PER_DOCUMENT

    def _rest(self, progress: ReadProgress) -> float:
        expected = self.chunks_of(progress.file)
        if progress.parts is None:
            return max(1.0, expected - progress.chunks_done)
        left = max(0, progress.parts - progress.parts_done)
        # The more of it was read, the more its own pages count and the less its size.
        seen = progress.parts_done / progress.parts if progress.parts else 1.0
        by_size = expected * left / max(1, progress.parts)
        by_parts = progress.chunks_done / progress.parts_done * left if progress.parts_done else by_size
        trust = min(1.0, max(seen * 2, progress.parts_done / 20))
        return by_size * (1 - trust) + by_parts * trust
