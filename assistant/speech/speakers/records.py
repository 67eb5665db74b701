"""What crosses between the program and the engine that tells speakers apart. Times are seconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MOST_SPEAKERS = 10
"""That a person can ask for."""


@dataclass(frozen=True, slots=True)
class SpeakerModels:
    """Files of the two models that are needed."""

    segmentation: Path
    """Hears where somebody speaks, and where another one begins."""
    embedding: Path
    """Describes a voice, so that it is known again."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A time in which one speaks; another one may speak as well."""

    start: float
    end: float
    speaker: int
    """0 is who speaks first."""


@dataclass(frozen=True, slots=True)
class SpeakersSought:
    """How far a recording was listened to."""

    until: float
    total: float | None
    """Length of the whole, where the file tells."""
