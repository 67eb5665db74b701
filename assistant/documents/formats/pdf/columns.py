"""PURE geometry: rows of words → blocks in reading order: columns of prose apart, rows of tables whole."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from assistant.documents.formats.pdf import glyph_text
from assistant.documents.formats.pdf.characters import Word
from assistant.documents.formats.pdf.lines import Line, line, rows

MIN_COLUMN_LINES = 4
"""Fewer lines side by side are no columns."""


@dataclass(slots=True)
class Block:
    """Lines in one column, from top to bottom."""

    lines: list[Line]
    stamp: bool = False
    """It lies over the page: neither heading nor table, and no part of what stands before it."""
    x0: float = field(init=False)
    x1: float = field(init=False)

    def __post_init__(self) -> None:
        self.x0 = min(line.x0 for line in self.lines)
        self.x1 = max(line.x1 for line in self.lines)


# --- lines → blocks ----------------------------------------------------------------------------------


def blocks(found: list[list[Word]], depth: int = 0) -> list[Block]:
    """Rows → blocks in reading order: columns of prose one after the other, rows of tables whole."""
    lines = [(made, row) for row in found if (made := line(row)) is not None]
    gutter = _gutter(lines) if depth < 6 and len(lines) >= MIN_COLUMN_LINES else None
    if gutter is None:
        return [Block([line for line, _ in lines])] if lines else []
    first, end, x = gutter
    above = [word for _, row in lines[:first] for word in row]
    below = [word for _, row in lines[end:] for word in row]
    beside = [word for _, row in lines[first:end] for word in row]
    left = [word for word in beside if word.x0 + word.x1 < 2 * x]
    right = [word for word in beside if word.x0 + word.x1 >= 2 * x]
    backwards = sum(line.backwards for line, _ in lines[first:end]) * 2 > end - first
    parts = [above, *((right, left) if backwards else (left, right)), below]
    return [block for part in parts if part for block in blocks(rows(part), depth + 1)]


def _gutter(lines: list[tuple[Line, list[Word]]]) -> tuple[int, int, float] | None:
    """The best white lane between columns of prose: from which line, up to which, and where."""
    x0 = min(line.x0 for line, _ in lines)
    x1 = max(line.x1 for line, _ in lines)
    bins = int(min(400, (x1 - x0) / 2))
    if bins < 20 or not _may_have_columns(lines, x0, x1):
        return None
    step = (x1 - x0) / bins
    count = len(lines)
    free = np.ones((count, bins), np.bool_)
    starts, stops = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for at, (made, _) in enumerate(lines):
        for cell in made.cells:
            low = min(word.x0 for word in cell)
            high = max(word.x1 for word in cell)
            free[at, max(0, int((low - x0) / step)) : int((high - x0) / step) + 1] = False
        starts[at], stops[at] = int((made.x0 - x0) / step), int((made.x1 - x0) / step)
    places = np.arange(bins)
    left_of, right_of = starts[:, None] < places, stops[:, None] > places
    left, right = np.zeros(bins, np.int64), np.zeros(bins, np.int64)
    began = np.zeros(bins, np.int64)
    best, best_from, best_to = np.zeros(bins, np.int64), np.zeros(bins, np.int64), np.zeros(bins, np.int64)
    for at in range(count):
        stopped = ~free[at]
        left = np.where(stopped, 0, left + left_of[at])
        right = np.where(stopped, 0, right + right_of[at])
        began = np.where(stopped, at + 1, began)
        score = np.minimum(left, right)
        better = score > best
        best[better], best_from[better], best_to[better] = score[better], began[better], at + 1
    # Lines below the last one that counted still belong to the run as long as the lane stays free.
    for _ in range(5):
        top = int(best.max())
        if top < MIN_COLUMN_LINES:
            return None
        at = int(best.argmax())
        low = high = at
        while high + 1 < bins and best[high + 1] >= top and best_from[high + 1] == best_from[at]:
            high += 1
        first, end = int(best_from[at]), int(best_to[at])
        while end < count and free[end, (low + high) // 2]:
            end += 1
        x = x0 + ((low + high) / 2 + 0.5) * step
        if _is_prose([row for _, row in lines[first:end]], x):
            return first, end, x
        best[max(0, low - 3) : high + 4] = 0
    return None


def _may_have_columns(lines: list[tuple[Line, list[Word]]], x0: float, x1: float) -> bool:
    """A quick look: whether enough lines in a row leave some of the width free."""
    left, right = x0 + 0.15 * (x1 - x0), x1 - 0.15 * (x1 - x0)
    run = 0
    for made, _ in lines:
        run = 0 if len(made.cells) == 1 and made.x0 < left and made.x1 > right else run + 1
        if run >= MIN_COLUMN_LINES:
            return True
    return False


def _is_prose(region: list[list[Word]], x: float) -> bool:
    """Whether both sides of a lane are running text: long, full lines of letters."""
    return all(
        _side_is_prose(
            [part for row in region if (part := [w for w in row if (w.x0 + w.x1 < 2 * x) == left])]
        )
        for left in (True, False)
    )


def _side_is_prose(region: list[list[Word]]) -> bool:
    if len(region) < MIN_COLUMN_LINES:
        return False
    texts = ["".join([word.text for word in row]) for row in region]
    text = "".join(texts)
    digits = sum(map(str.isdigit, text))
    per_line = [sum(map(str.isalpha, text)) for text in texts]
    if digits > 0.35 * (sum(per_line) + digits):
        return False
    wide_script = glyph_text.ideographs(text) > 0.3 * len(text)
    if sorted(per_line)[len(per_line) // 2] < (6 if wide_script else 14):
        return False
    x0 = min(row[0].x0 for row in region)
    x1 = max(max([word.x1 for word in row]) for row in region)
    filled = [sum([word.x1 - word.x0 for word in row]) / (x1 - x0) for row in region]
    full = sum(share > 0.6 for share in filled)
    return full >= 0.5 * len(filled) and sum(filled) >= 0.55 * len(filled)
