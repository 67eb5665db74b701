"""PURE: stretches of a text, as (start, end)."""

from __future__ import annotations


def without_space(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the white space at its edges; empty at its end where there is nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
