"""What the translation of documents hands to others: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import Problem
from assistant.translation.records import Layout, Lost, TranslationOptions


class DocumentState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """By the person, or because the program ended; it can go on."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TranslatedDocument:
    """A file that is, will be or was translated."""

    id: int
    path: str
    output: str
    """Where the translation lies; "" until it does."""
    options: TranslationOptions
    layout: Layout
    state: DocumentState
    created: float
    """Seconds since 1970."""
    done: int = 0
    """Sentences."""
    total: int = 0
    """Sentences; 0 while they are not counted."""
    seconds_left: float | None = None
    language: str = ""
    """Of most of it; "" while it is not known."""
    pivot: str = ""
    """The language in between, where there was one."""
    marked: int = 0
    """Sentences that the person should look at."""
    lost: tuple[Lost, ...] = ()
    problem: Problem | None = None
    """Why it failed."""


@dataclass(frozen=True, slots=True)
class DocumentChanged:
    """An event; `document` is None where it was taken off the list."""

    id: int
    document: TranslatedDocument | None
