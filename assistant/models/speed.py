"""How fast a chat model reads and writes, from what this computer does in a second."""

from __future__ import annotations

from assistant.models.records import Corrections, Pace, Setting, Shape, Speed

_NONE = Corrections()


def expected(shape: Shape, setting: Setting, pace: Pace, *, corrections: Corrections = _NONE) -> Speed:
    """Tokens a second."""
    return Speed(1.0, 1.0)
