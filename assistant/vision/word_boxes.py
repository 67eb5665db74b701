"""PURE: boxes of words moved onto their ink.

RapidOCR tells in which column of its network a letter was seen: words end about there. Between two words the
ink has a gap, and above and below them it ends.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.vision.findings import FoundLine
from assistant.vision.records import PixelBox, RecognisedWord

Ink = NDArray[np.bool_]


def on_ink(line: FoundLine, dark: Ink) -> FoundLine:
    """For lines that are nearly level, from left to right."""
    words = line.words
    if not words:
        return line
    edges = [words[0].box[0]]
    for before, after in itertools.pairwise(words):
        edges.append(_gap(before, after, dark))
    edges.append(words[-1].box[2])
    boxes = [
        (left, word.box[1], right, word.box[3])
        for word, (left, right) in zip(words, itertools.pairwise(edges), strict=True)
    ]
    return _around_ink(line, boxes, dark)


def tight(line: FoundLine, dark: Ink) -> FoundLine:
    """Where boxes are as high as the line, or reach over other words: Tesseract's in Arabic often do."""
    boxes = [word.box for word in line.words]
    onward = _onward(boxes)
    return _around_ink(line, [_without(at, boxes, onward) for at in range(len(boxes))], dark)


def tightened(box: PixelBox, dark: Ink) -> PixelBox | None:
    """Around the ink that lies in a box; None where there is none."""
    x0, y0, x1, y1 = (max(round(value), 0) for value in box)
    part = dark[y0:y1, x0:x1]
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    if not len(rows):
        return None
    return (
        float(x0 + columns[0]),
        float(y0 + rows[0]),
        float(x0 + columns[-1] + 1),
        float(y0 + rows[-1] + 1),
    )


def _around_ink(line: FoundLine, boxes: Sequence[PixelBox], dark: Ink) -> FoundLine:
    """Each word with the ink that lies in its box here; where none does, as it was."""
    words = tuple(
        replace(word, box=tightened(box, dark) or word.box)
        for word, box in zip(line.words, boxes, strict=True)
    )
    return replace(line, words=words)


def _onward(boxes: Sequence[PixelBox]) -> int:
    """Which way words follow each other: 1 to the right, -1 to the left, 0 where that is not clear."""
    apart = [box for box in boxes if not any(_reaches_over(box, other) for other in boxes)]
    steps = [1 if after[0] > before[0] else -1 for before, after in itertools.pairwise(apart)]
    return (sum(steps) > 0) - (sum(steps) < 0)


def _without(at: int, boxes: Sequence[PixelBox], onward: int) -> PixelBox:
    """What is left of a box beside each one that it reaches over: on the side where its word is read, else
    on the larger one."""
    x0, y0, x1, y1 = boxes[at]
    for number, other in enumerate(boxes):
        if not _reaches_over((x0, y0, x1, y1), other):
            continue
        left, _, right, _ = other
        to_its_left = left - x0 > x1 - right
        if onward and left > x0 and right < x1:
            to_its_left = (number > at) == (onward > 0)
        x0, x1 = (x0, left) if to_its_left else (right, x1)
    return x0, y0, x1, y1


def _reaches_over(box: PixelBox, other: PixelBox) -> bool:
    """Whether a narrower one lies within its ends."""
    return other[0] >= box[0] and other[2] <= box[2] and other[2] - other[0] < box[2] - box[0]


def _gap(before: RecognisedWord, after: RecognisedWord, dark: Ink) -> float:
    """Where one word ends and the next begins: the middle of the widest gap about there, or the least ink."""
    expected = (before.box[2] + after.box[0]) / 2
    reach = max(_letter(before), _letter(after), abs(after.box[0] - before.box[2]) / 2)
    top = max(round(min(before.box[1], after.box[1])), 0)
    bottom = round(max(before.box[3], after.box[3]))
    first, end = max(round(expected - reach), 0), round(expected + reach) + 1
    counts = dark[top:bottom, first:end].sum(axis=0)
    if not len(counts):
        return expected
    empty = np.concatenate(([0], (counts == counts.min()).astype(np.int8), [0]))
    starts, stops = np.flatnonzero(np.diff(empty) == 1), np.flatnonzero(np.diff(empty) == -1)
    middles = first + (starts + stops) / 2
    best = np.argmax((stops - starts) - np.abs(middles - expected) / 2)
    return float(middles[best])


def _letter(word: RecognisedWord) -> float:
    """How wide one of its letters is, about."""
    return (word.box[2] - word.box[0]) / max(len(word.text.strip()), 1)
