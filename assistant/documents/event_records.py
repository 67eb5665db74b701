"""What the documents worker tells unasked: rows that changed, how far reading and recognition have come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from assistant.documents.embedder_records import EmbedderStatus
from assistant.documents.records import DocumentInfo
from assistant.errors import Problem


@dataclass(frozen=True, slots=True)
class DocumentsChanged:
    """New or changed rows, at most a few times a second, and the ids of rows that are gone."""

    documents: tuple[DocumentInfo, ...]
    gone: tuple[int, ...] = ()


class IndexingState(StrEnum):
    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class IndexingStatus:
    state: IndexingState
    document: int | None = None
    title: str = ""
    pages_done: int = 0
    pages: int | None = None
    chunks_done: int = 0
    """Chunks of this document so far."""
    documents_left: int = 0
    seconds_left: float | None = None
    """For the whole queue."""
    notice: Problem | None = None
    """Why it stands still, e.g. a full disk."""
    builtin: bool = False
    """The document is the handbook's, not the person's."""
    builtin_left: int = 0
    """How many of `documents_left` are the handbook's."""

    @property
    def own_left(self) -> int:
        """Documents of the person that are not finished."""
        return self.documents_left - self.builtin_left


class RecognitionState(StrEnum):
    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    """The person paused it."""
    WAITING = "waiting"
    """For the text of other documents, an idle computer or mains power; `RecognitionStatus.reason`."""


@dataclass(frozen=True, slots=True)
class RecognitionStatus:
    """How far the recognition of pictures has come."""

    state: RecognitionState
    document: int | None = None
    title: str = ""
    page: int | None = None
    """Of the document, the one in hand."""
    pages_left: int = 0
    """Of all documents."""
    documents_left: int = 0
    seconds_left: float | None = None
    """For all that waits; None until a page was measured."""
    reason: str = ""
    """Why it waits: "text", "idle", "mains", "off"."""
    notice: Problem | None = None
    """Why nothing can be recognised."""


DocumentsEvent: TypeAlias = DocumentsChanged | IndexingStatus | RecognitionStatus | EmbedderStatus
"""What the documents worker sends unasked."""
