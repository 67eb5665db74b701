"""PURE: from the boxes of characters to one box for each line, for highlighting."""

from __future__ import annotations

import math

import numpy as np

from assistant.documents.records import Box, CharBoxes

_SAME_LINE = 0.5
"""Two characters are on one line if they share so much of the height of the lower one."""
_GAP = 4.0
"""Characters further apart than this many line heights get boxes of their own: columns, cells of a table."""


def line_boxes(boxes: CharBoxes, start: int, end: int) -> tuple[Box, ...]:
    """One box for each line (and cell) of characters start to end, in reading order.

    Args:
        boxes: of a section's characters, shape (n, 4); characters without a place are NaN.
        start, end: as of a slice; what lies outside of the section is left out.
    """
    wanted = np.asarray(boxes[max(0, start) : max(0, end)], dtype=np.float64).reshape(-1, 4)
    lines: list[list[Box]] = []
    for x0, y0, x1, y1 in wanted[np.isfinite(wanted).all(axis=1)].tolist():
        if x1 <= x0 or y1 <= y0:
            continue
        if lines and _continues(lines[-1], (x0, y0, x1, y1)):
            lines[-1].append((x0, y0, x1, y1))
        else:
            lines.append([(x0, y0, x1, y1)])
    return tuple(_around(line) for line in lines)


def _continues(line: list[Box], box: Box) -> bool:
    # Nearly always the last one is beside it. Their common box says too much: a scanned line that slopes ends
    # as low as the next one begins.
    if _beside(line[-1], box):
        return True
    return any(_beside(each, box) for each in line) or _down_the_page(_around(line), box)


def _beside(one: Box, other: Box) -> bool:
    left, top, right, bottom = one
    x0, y0, x1, y1 = other
    heights = bottom - top, y1 - y0
    if min(bottom, y1) - max(top, y0) < _SAME_LINE * min(heights):
        return False
    return max(x0 - right, left - x1) <= _GAP * max(heights)


def _down_the_page(line: Box, box: Box) -> bool:
    """Text that runs down the page: the next letter is below, in the same column, and close."""
    wide, high = line[2] - line[0], line[3] - line[1]
    shared = min(line[2], box[2]) - max(line[0], box[0])
    gap = max(box[1] - line[3], line[1] - box[3])
    return high > 2 * wide and shared >= _SAME_LINE * min(wide, box[2] - box[0]) and gap <= wide


def _around(line: list[Box]) -> Box:
    x0, y0, x1, y1 = zip(*line, strict=True)
    return _round(min(x0)), _round(min(y0)), _round(max(x1)), _round(max(y1))


def _round(value: float) -> float:
    return math.floor(value * 10 + 0.5) / 10
