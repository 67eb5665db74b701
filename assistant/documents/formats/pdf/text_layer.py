"""Where the invisible letters of recognised words go, so that they are found again as lines: pure arithmetic.

Words of a line differ in height ("aco", "Apg"); set as high as each is, they would read as raised and lowered
text of several sizes. So all of a line are set as high as its letters are together.
"""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TypeAlias

from assistant.documents.formats.pdf.glyphless_font import ASCENT, width_of
from assistant.documents.records import Box, WordOnPage

Vector: TypeAlias = tuple[float, float]

_LONG = 3
"""Words of so many letters show by their shape whether the text runs across or down the page."""
_UPRIGHT_SHAPE = 1.3
"""A long word that is so much higher than it is wide stands on end."""
_SAME_LINE = 0.5
"""Words that overlap by so much of the lower one's height are of one line."""
_TALL = 0.75
"""Of the words of a line so many are not higher than its letters are together."""
_NEIGHBOURS = 2
"""So many words on each side say at which height a word's line is; more would miss that it slopes."""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word as it is set, in points of the displayed page."""

    text: str
    """In the order in which its letters are drawn."""
    origin: Vector
    """The beginning of its baseline."""
    along: Vector
    """One em in the direction of the text."""
    up: Vector
    """One em from the baseline to the top of the letters."""


def placed_words(words: Sequence[WordOnPage]) -> Iterator[PlacedWord]:
    """The words of a page, given in reading order, each where it has to be set."""
    shown = [word for word in words if word.text.strip() and _has_area(word.box)]
    turns = _turns(shown)
    boxes = [_upright(word.box, turns) for word in shown]
    for start, end in _lines(boxes):
        line = boxes[start:end]
        height = _height(line)
        for at, (x0, _, x1, _) in enumerate(line):
            near = line[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1]
            bottom = statistics.median((y0 + y1) / 2 for _, y0, _, y1 in near) + height / 2
            text = as_drawn(shown[start + at].text)
            em = (x1 - x0) / sum(map(width_of, text))
            yield PlacedWord(
                text,
                _turned((x0, bottom - (1 - ASCENT) * height), turns),
                _turned((em, 0), turns),
                _turned((0, -height), turns),
            )


def _has_area(box: Box) -> bool:
    return box[2] - box[0] > 0.1 and box[3] - box[1] > 0.1


def _turns(words: Sequence[WordOnPage]) -> int:
    """By how many quarter turns clockwise the text lies."""
    long = [word.box for word in words if len(word.text) >= _LONG]
    on_end = sum(y1 - y0 > _UPRIGHT_SHAPE * (x1 - x0) for x0, y0, x1, y1 in long)
    turns = 1 if on_end * 2 > len(long) else 0
    onwards = 0
    boxes = [_upright(word.box, turns) for word in words]
    for (one, two), word in zip(pairwise(boxes), words, strict=False):
        if _of_one_line(one, two):
            forward = (two[0] + two[2] > one[0] + one[2]) != _from_the_right(word.text)
            onwards += 1 if forward else -1
    return turns if onwards >= 0 else turns + 2


def _lines(boxes: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """Where each line begins and ends among the boxes."""
    start = 0
    for at in range(1, len(boxes) + 1):
        if at == len(boxes) or not _of_one_line(boxes[at - 1], boxes[at]):
            if at > start:
                yield start, at
            start = at


def _of_one_line(one: Box, two: Box) -> bool:
    common = min(one[3], two[3]) - max(one[1], two[1])
    return common > _SAME_LINE * min(one[3] - one[1], two[3] - two[1])


def _height(line: Sequence[Box]) -> float:
    heights = sorted(y1 - y0 for _, y0, _, y1 in line)
    return heights[min(len(heights) - 1, int(len(heights) * _TALL))]


def _upright(box: Box, turns: int) -> Box:
    """A box in a frame in which the text runs from left to right."""
    x0, y0, x1, y1 = box
    return (box, (y0, -x1, y1, -x0), (-x1, -y1, -x0, -y0), (-y1, x0, -y0, x1))[turns]


def _turned(vector: Vector, turns: int) -> Vector:
    """From that frame back to the page."""
    along, down = vector
    return (vector, (-down, along), (-along, -down), (down, -along))[turns]


def as_drawn(text: str) -> str:
    """The letters of a word as they stand from left to right on paper.

    Numbers and Latin letters in a word that is written from the right keep their own order.
    """
    if not _from_the_right(text):
        return text
    runs = ["".join(run) for _, run in groupby(text, _runs_from_the_left)]
    return "".join(run if _runs_from_the_left(run[0]) else run[::-1] for run in reversed(runs))


def _from_the_right(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def _runs_from_the_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("L", "EN", "AN")
