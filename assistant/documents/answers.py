"""PURE: quotes. Which sentences answer a question best, whether any does, and where their words stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sentencex import get_sentence_boundaries

from assistant.documents.records import Box

if TYPE_CHECKING:
    from assistant.documents.records import CharBoxes

MOST_QUOTES = 5
_LONGEST = 600
"""A sentence of more characters (a list without full stops, say) is cut at a space."""
_SHORTEST = 2
"""Fewer letters and digits are no sentence: a bullet, a page number."""
_SAME = 0.8
"""Two sentences that share so large a part of their words say the same."""
_WORTH = 0.6
"""A quote's score is at least this part of the best one's."""

_WORD = re.compile(r"\w")
_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer."""

    source: int
    """The number of the passage that it stands in; better passages come first."""
    section: int
    start: int
    end: int
    """Offsets into its section's text."""
    text: str
    overlap: float
    """The part of the question, weighed by rarity, that stands in the sentence itself; 0 to 1."""
    passage: float
    """The part of the question that stands in its passage, its headings and its document's title; 0 to 1."""
    nearness: float
    """Cosine of question and sentence, times how well the embedder speaks both languages."""
    hit: float
    """The passage's score as a part of the best passage's."""


def sentences(text: str, language: str, *, table: bool = False) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence, without the space around it; the rows of a table are its sentences."""
    if table:
        spans: Iterator[tuple[int, int]] = _lines(text)
    else:
        spans = (
            (start + first, start + last)
            for start, end in _paragraphs(text)
            for first, last in _boundaries(text[start:end], language)
        )
    for start, end in spans:
        for first, last in _cut(text, *_stripped(text, start, end)):
            if len(_WORD.findall(text[first:last])) >= _SHORTEST:
                yield first, last


def _boundaries(text: str, language: str) -> list[tuple[int, int]]:
    return [
        (boundary["start_index"], boundary["end_index"])
        for boundary in get_sentence_boundaries(language, text)
    ]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _BREAK.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line)
        start += len(line)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        space = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        middle = space if space > 0 else start + _LONGEST
        yield start, middle
        start = _stripped(text, middle, end)[0]
    if start < end:
        yield start, end


def score(candidate: Candidate) -> float:
    """How well a sentence answers, 0 to 1."""
    return (
        0.45 * candidate.overlap
        + 0.35 * max(0.0, candidate.nearness)
        + 0.10 * candidate.passage
        + 0.10 * candidate.hit
    )


def best_quotes(candidates: Sequence[Candidate], most: int = MOST_QUOTES) -> list[Candidate]:
    """The sentences that answer best, best first, none twice; empty when the best is too weak."""
    if not answered(candidates):
        return []
    ranked = sorted(candidates, key=lambda c: (-score(c), c.source, c.start))
    chosen: list[Candidate] = []
    words: list[frozenset[str]] = []
    for candidate in ranked:
        if len(chosen) == most or score(candidate) < _WORTH * score(ranked[0]):
            break
        own = frozenset(candidate.text.casefold().split())
        if not any(_same(own, other) for other in words):
            chosen.append(candidate)
            words.append(own)
    return chosen


def _same(first: frozenset[str], second: frozenset[str]) -> bool:
    return len(first & second) >= _SAME * len(first | second)


def answered(candidates: Sequence[Candidate]) -> bool:
    """Whether any sentence is likely enough to answer at all."""
    return max(map(likelihood, candidates), default=0.0) >= THRESHOLD


def likelihood(candidate: Candidate) -> float:
    """How likely it is that the documents hold an answer, judged by this sentence alone; 0 to 1."""
    return 0.5 * candidate.passage + 0.2 * candidate.overlap + 0.3 * max(0.0, candidate.nearness)


THRESHOLD = 0.3


def line_boxes(boxes: CharBoxes, start: int, end: int) -> tuple[Box, ...]:
    """One box for each line that the characters start … end stand on, in reading order.

    Args:
        boxes: of a section's characters, shape (n, 4); NaN rows have no place.
    """
    placed = boxes[start:end]
    placed = placed[~np.isnan(placed).any(axis=1)]
    lines: list[Box] = []
    for x0, y0, x1, y1 in placed.tolist():
        if lines and _on_line(lines[-1], y0, y1):
            left, top, right, bottom = lines[-1]
            lines[-1] = (min(left, x0), min(top, y0), max(right, x1), max(bottom, y1))
        else:
            lines.append((x0, y0, x1, y1))
    return tuple(lines)


def _on_line(line: Box, y0: float, y1: float) -> bool:
    """Whether a character overlaps a line by half of the lower of the two: commas and accents are low."""
    shared = min(line[3], y1) - max(line[1], y0)
    return shared >= 0.5 * min(line[3] - line[1], y1 - y0)
