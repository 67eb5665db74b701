"""What dictation gives and takes, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be done to the text before the cursor."""

    delete: int = 0
    """Characters (code points) to take away from its end; only such as were dictated."""
    insert: str = ""
    """What is added then."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is written for something that was heard."""

    heard: str
    """Whole words, whatever their capitals."""
    written: str
    """Kept exactly."""


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording that is kept, and what was recognised in it."""

    id: str
    """The name of its file without the suffix."""
    path: str
    when: datetime
    """When it began, in local time."""
    seconds: float
    recognised: bool
    """False where nobody has had it recognised to its end yet."""
    text: str = ""
    language: str = ""
    model: str = ""
    """The name of the model that wrote the text."""
