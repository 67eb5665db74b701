"""What goes through the second half of indexing: a document in hand, its parts, and its end."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.documents.indexing.eta import QueuedFile, ReadProgress
from assistant.documents.store.rows import NewPart, PartToRecognise
from assistant.errors import Problem
from assistant.jobs import CancelToken


@dataclass(eq=False, slots=True)
class EmbeddingWork:
    """A document in hand."""

    document: int
    title: str
    path: str
    file: QueuedFile
    unit: str = "part"
    parts: int | None = None
    parts_done: int = 0
    """Stored."""
    chunks_done: int = 0
    token: CancelToken = field(default_factory=CancelToken)
    task: PartToRecognise | None = None
    """It is not read, but this part's pictures were recognised."""
    touched: list[int] = field(default_factory=list)
    """Documents that what was recognised has changed."""

    def progress(self) -> ReadProgress:
        return ReadProgress(self.file, self.parts, self.parts_done, self.chunks_done)


@dataclass(frozen=True, eq=False, slots=True)
class EmbeddingFinish:
    """The last that comes of a document. `problem`: why it ended early, if it did."""

    problem: Problem | None = None
    parts: int | None = None
    """How many it has, now that it was read to its end."""


@dataclass(frozen=True, eq=False, slots=True)
class EmbeddingUnit:
    work: EmbeddingWork
    content: NewPart | EmbeddingFinish

    @property
    def chunks(self) -> int:
        return len(self.content.chunks) if isinstance(self.content, NewPart) else 0
