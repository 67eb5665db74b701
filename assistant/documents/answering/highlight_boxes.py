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
    lines: list[list[float]] = []
    for x0, y0, x1, y1 in wanted[np.isfinite(wanted).all(axis=1)].tolist():
        if x1 <= x0 or y1 <= y0:
            continue
        if lines and _continues(lines[-1], x0, y0, x1, y1):
            last = lines[-1]
            last[:] = min(last[0], x0), min(last[1], y0), max(last[2], x1), max(last[3], y1)
        else:
            lines.append([x0, y0, x1, y1])
    return tuple((_round(a), _round(b), _round(c), _round(d)) for a, b, c, d in lines)


def _continues(line: list[float], x0: float, y0: float, x1: float, y1: float) -> bool:
    height = min(line[3] - line[1], y1 - y0)
    width = min(line[2] - line[0], x1 - x0)
    shared_y = min(line[3], y1) - max(line[1], y0)
    if shared_y >= _SAME_LINE * height:
        gap = max(x0 - line[2], line[0] - x1)
        return gap <= _GAP * max(line[3] - line[1], y1 - y0)
    # Text that runs down the page: the next letter is below, in the same column, and close.
    taller = line[3] - line[1] > 2 * (line[2] - line[0])
    shared_x = min(line[2], x1) - max(line[0], x0)
    gap = max(y0 - line[3], line[1] - y1)
    return taller and shared_x >= _SAME_LINE * width and gap <= (line[2] - line[0])


def _round(value: float) -> float:
    return math.floor(value * 10 + 0.5) / 10
