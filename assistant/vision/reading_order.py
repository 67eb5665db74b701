"""PURE: the order in which lines are read.

Lines of one row are read side by side, rows from the top, columns of running text one after the other: the
picture is cut along its white gaps, again and again (recursive X-Y cut, Nagy and Seth 1984).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.vision.findings import FoundLine
from assistant.vision.records import PixelBox

_ROW = 0.5
"""Lines whose heights overlap by this share stand in one row."""
_RUNNING_TEXT = 6.0
"""Lines this many times as long as high are text of a column; shorter ones are cells of a table."""
_LEAST_LINES = 3
_LONG = 3.0
"""Lines so many times as long as high show how lines slope."""
_LEAST_SLOPE, _MOST_SLOPE = 0.01, 0.25


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line, and where it would stand if the paper lay straight."""

    line: FoundLine
    box: PixelBox


def in_reading_order(lines: Sequence[FoundLine]) -> tuple[FoundLine, ...]:
    """From left to right, with a number of its own for each block."""
    blocks = _blocks(_levelled(lines))
    return tuple(
        replace(placed.line, block=number) for number, block in enumerate(blocks, 1) for placed in block
    )


def with_others(lines: Sequence[FoundLine], others: Sequence[FoundLine]) -> tuple[FoundLine, ...]:
    """Lines in their order, and others put in: each before the first one below it in its column."""
    result = list(lines)
    for other in sorted(others, key=lambda line: box_of(line)[1]):
        place = next((at for at, line in enumerate(result) if _comes_after(line, other)), len(result))
        block = result[min(place, len(result) - 1)].block if result else other.block
        result.insert(place, replace(other, block=block))
    return tuple(result)


def box_of(line: FoundLine) -> PixelBox:
    """Around its words."""
    boxes = [word.box for word in line.words]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _levelled(lines: Sequence[FoundLine]) -> list[_Placed]:
    """Each about the place where it meets the left edge: of a row whose end hangs lower that is one place.

    On photographed paper lines slope the more the nearer they are to one edge, so a straight line is laid
    through the slopes (least squares).
    """
    slope = _slope(lines)
    if slope is None:
        return [_Placed(line, box_of(line)) for line in lines]
    placed = []
    for line in lines:
        x0, y0, x1, y1 = box_of(line)
        across, down = (x0 + x1) / 2, (y0 + y1) / 2
        left, below = line.corners[0], line.corners[3]
        half = math.dist(left, below) / 2
        down -= slope(down) * across
        placed.append(_Placed(line, (x0, down - half, x1, down + half)))
    return placed


def _slope(lines: Sequence[FoundLine]) -> Callable[[float], float] | None:
    """How lines slope at a height; None where they do not, or where that is not clear."""
    slopes, heights = [], []
    for line in lines:
        (x0, y0), (x1, y1), _, below = line.corners
        if x1 - x0 >= _LONG * max(math.dist((x0, y0), below), 1):
            slopes.append((y1 - y0) / (x1 - x0))
            heights.append((y0 + y1) / 2)
    if len(slopes) < _LEAST_LINES or max(heights) - min(heights) < 1:
        return None
    more, first = statistics.linear_regression(heights, slopes)
    # Seen from above or below, the lines of one edge slope one way and those of the other the other way.
    steepest = max(abs(first + more * height) for height in (min(heights), max(heights)))
    return (lambda height: first + more * height) if _LEAST_SLOPE <= steepest <= _MOST_SLOPE else None


def _blocks(lines: list[_Placed]) -> Iterator[list[_Placed]]:
    if len(lines) < 2:
        yield lines
        return
    height = statistics.median(placed.box[3] - placed.box[1] for placed in lines)
    columns = _parts(lines, lambda placed: (placed.box[0], placed.box[2]), height)
    if len(columns) > 1 and all(map(_is_running_text, columns)):
        for column in columns:
            yield from _blocks(column)
        return
    bands = _parts(lines, lambda placed: (placed.box[1], placed.box[3]), height * 0.8)
    if len(bands) > 1:
        for band in bands:
            yield from _blocks(band)
        return
    yield _rows(lines)


def _parts(
    lines: list[_Placed], extent: Callable[[_Placed], tuple[float, float]], gap: float
) -> list[list[_Placed]]:
    """Cut where nothing is, for at least so far."""
    parts: list[list[_Placed]] = []
    end = float("-inf")
    for line in sorted(lines, key=extent):
        start, stop = extent(line)
        if not parts or start - end >= gap:
            parts.append([])
        parts[-1].append(line)
        end = max(end, stop)
    return parts


def _is_running_text(column: list[_Placed]) -> bool:
    if len(column) < _LEAST_LINES:
        return False
    boxes = [placed.box for placed in column]
    return statistics.median((x1 - x0) / max(y1 - y0, 1) for x0, y0, x1, y1 in boxes) >= _RUNNING_TEXT


def _rows(lines: list[_Placed]) -> list[_Placed]:
    rows: list[list[_Placed]] = []
    for line in sorted(lines, key=lambda placed: (placed.box[1] + placed.box[3]) / 2):
        if rows and _overlap(rows[-1][-1].box, line.box) >= _ROW:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda placed: placed.box[0])]


def _overlap(one: PixelBox, other: PixelBox) -> float:
    both = min(one[3], other[3]) - max(one[1], other[1])
    return both / max(min(one[3] - one[1], other[3] - other[1]), 1)


def _comes_after(line: FoundLine, other: FoundLine) -> bool:
    x0, y0, x1, y1 = box_of(line)
    left, top, right, bottom = box_of(other)
    return min(x1, right) > max(x0, left) and (y0 + y1) / 2 > (top + bottom) / 2
