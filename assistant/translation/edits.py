"""PURE: a translation changed at a place, with its alignment."""

from __future__ import annotations

from assistant.translation.records import Span

Alignment = tuple[tuple[Span, Span], ...]


def replaced(text: str, alignment: Alignment, start: int, end: int, new: str) -> tuple[str, Alignment]:
    """The text with `new` in the place of [start, end); what was aligned to that is aligned to `new`."""
    grown = len(new) - (end - start)

    def moved(first: int, last: int) -> Span:
        if first >= start:
            first = first + grown if first >= end else start
        if last > start:
            last = last + grown if last >= end else start + len(new)
        return first, last

    shifted = ((source, moved(*target)) for source, target in alignment)
    kept = tuple((source, target) for source, target in shifted if target[0] < target[1])
    return text[:start] + new + text[end:], kept


def composed(first: Alignment, second: Alignment) -> Alignment:
    """From the source over a pivot to the target; () where one of the two is not aligned."""
    return tuple(
        dict.fromkeys(
            (source, target)
            for source, (start, end) in first
            for (begin, finish), target in second
            if begin < end and start < finish
        )
    )


def shifted(alignment: Alignment, by: int, length: int) -> Alignment:
    """The alignment of a text without its first `by` characters, and no longer than `length`."""
    moved = ((source, (max(0, start - by), min(length, end - by))) for source, (start, end) in alignment)
    return tuple((source, target) for source, target in moved if target[0] < target[1])
