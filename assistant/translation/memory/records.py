"""What the history of translated texts hands to others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PastText:
    """A text that was translated in the window."""

    id: int
    source: str
    text: str
    source_language: str
    target_language: str
    created: float
    """Seconds since 1970."""
