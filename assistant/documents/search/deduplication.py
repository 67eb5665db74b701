"""PURE: from ranked chunks to the hits that are shown: one for a page, none twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.documents.search.fusion import ChunkEvidence
from assistant.documents.store.rows import ChunkRow
from assistant.documents.text.repetition import repeats, words_of

_PAGE_REACH = 10
"""Positions between two chunks of one page that make one hit."""
_REACH = 2
"""Positions between two chunks of one section that make one hit, where there are no pages."""
_JOINED_CHARACTERS = 2400
"""A hit is no longer."""
_FIT = 0.6
"""A neighbour joins a hit if its score is at least this part of the hit's."""


@dataclass(frozen=True, slots=True)
class RankedChunk:
    """A chunk that was found."""

    row: ChunkRow
    score: float
    evidence: ChunkEvidence


@dataclass(slots=True)
class DuplicateGroup:
    """What becomes one hit: section text[start:end] around the best chunk."""

    best: RankedChunk
    start: int
    end: int
    words: tuple[str, ...]


def deduplicated(ranked: Sequence[RankedChunk], k: int) -> list[DuplicateGroup]:
    """The best `k` groups, best first.

    Chunks of one page, or next to each other, make one hit: the best one, with those before and behind it
    in its section that fit too. A chunk that repeats a better one is left out.
    """
    groups: list[DuplicateGroup] = []
    for found in ranked:
        home = next((group for group in groups if _together(group.best, found)), None)
        if home is not None:
            _join(home, found)
        elif len(groups) < k:
            words = words_of(found.row.text)
            if not any(repeats(words, group.words) for group in groups):
                groups.append(DuplicateGroup(found, found.row.start, found.row.end, words))
    return groups


def _together(first: RankedChunk, second: RankedChunk) -> bool:
    a, b = first.row, second.row
    if a.document != b.document or a.page != b.page:
        return False
    if a.page is None and a.section != b.section:
        return False
    return abs(a.position - b.position) <= (_REACH if a.page is None else _PAGE_REACH)


def _join(group: DuplicateGroup, found: RankedChunk) -> None:
    row, best = found.row, group.best
    if row.section != best.row.section or found.score < _FIT * best.score:
        return
    start, end = min(group.start, row.start), max(group.end, row.end)
    adjacent = row.start - group.end <= 2 and group.start - row.end <= 2
    if adjacent and end - start <= _JOINED_CHARACTERS:
        group.start, group.end = start, end
