"""PURE: where the marks of a paragraph stand in its translation."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.translation.records import Mark, Tier
from assistant.translation.sentence_parts import Segment


def placed(
    marks: Sequence[Mark], segments: Sequence[Segment]
) -> tuple[tuple[Mark, ...], tuple[tuple[int, Tier], ...]]:
    """The marks on the whole of what their sentences became."""
    found = []
    for mark in marks:
        touched = [
            segment for segment in segments if segment.source[0] < mark.end and mark.start < segment.source[1]
        ]
        start = min((segment.target[0] for segment in touched), default=0)
        end = max((segment.target[1] for segment in touched), default=start)
        found.append(Mark(mark.id, start, start if mark.start == mark.end else end))
    return tuple(found), tuple((mark.id, Tier.WHOLE) for mark in marks if mark.start < mark.end)
