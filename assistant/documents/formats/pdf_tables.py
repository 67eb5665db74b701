"""PURE: which lines of a block are the rows of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.documents.formats.pdf_characters import Word
from assistant.documents.formats.pdf_columns import Block
from assistant.documents.formats.pdf_headings import Style
from assistant.documents.formats.pdf_lines import Line

# --- tables ------------------------------------------------------------------------------------------


def tables(block: Block, style: Style) -> dict[int, int]:
    """Where tables begin in a block's lines → where they end."""
    lines = block.lines
    found: dict[int, int] = {}
    at = 0
    while at < len(lines):
        if len(lines[at].cells) < 2:
            at += 1
            continue
        end = last = at + 1
        multiple = [lines[at]]
        while end < len(lines) and end - last < 5:
            line = lines[end]
            if len(line.cells) >= 2:
                multiple.append(line)
                last = end + 1
            elif _breaks_table(block, end, style):
                break
            end += 1
        if len(multiple) >= 2 and 3 * len(multiple) >= last - at and _aligned(multiple):
            while at > 0 and at not in found.values() and _heads_columns(block, at - 1):
                at -= 1
            found[at] = last
            at = last
        else:
            at += 1
    return found


def _heads_columns(block: Block, at: int) -> bool:
    """Whether a line above a table stands over its right columns ("Fiscal Year")."""
    line, below = block.lines[at], block.lines[at + 1]
    width = block.x1 - block.x0
    if len(line.cells) > 1 or below.base - line.base > 2.2 * line.em:
        return False
    right_of_middle = (line.x0 + line.x1 - block.x0 - block.x1) / 2
    if line.x0 > block.x0 + 0.3 * width and right_of_middle > 0.06 * width:
        return True
    heads = ["".join(word.text for word in cell) for cell in below.cells[1:]]
    return (
        line.x0 > max(word.x1 for word in below.cells[0])
        and line.x1 <= below.x1 + 2 * line.em
        and all(_HEAD.fullmatch(head) for head in heads)
    )


_HEAD = re.compile(r"(?:\D*[12]\d\d\d)|\D+")
"""What stands at the head of a column: words, or a year."""


def _breaks_table(block: Block, at: int, style: Style) -> bool:
    """Whether a line of one cell is too much of a sentence, or of a heading, to be a row."""
    line, above = block.lines[at], block.lines[at - 1]
    width = block.x1 - block.x0
    text = line.text
    if line.x1 - line.x0 > 0.8 * width and sum(map(str.isalpha, text)) > 50:
        return True
    if line.em > 1.15 * max(style.em, above.em):
        return True
    return line.base - above.base > 3.2 * line.em and (line.bold or text.endswith("."))


def _aligned(lines: Sequence[Line]) -> bool:
    """Whether cells of different rows stand under each other, at their left, right or middle."""
    if any(word.leader for line in lines for word in line.words):
        return True
    grid = 0.5 * max(line.em for line in lines)
    places = [
        {(side, round(edge / grid)) for cell in line.cells[1:] for side, edge in enumerate(_edges(cell))}
        for line in lines
    ]
    rows_at: dict[tuple[int, int], int] = {}
    for row in places:
        for place in row:
            rows_at[place] = rows_at.get(place, 0) + 1
    agreeing = sum(
        any(
            rows_at[place] > 1 or (place[0], place[1] + 1) in rows_at or (place[0], place[1] - 1) in rows_at
            for place in row
        )
        for row in places
    )
    return agreeing * 2 >= len(lines)


def _edges(cell: list[Word]) -> tuple[float, float, float]:
    left, right = min(word.x0 for word in cell), max(word.x1 for word in cell)
    return left, right, (left + right) / 2


_AMOUNT = re.compile(r"[\W\d_]*|[\W_]*\d[\d.,]*\s?[A-Za-z]{0,3}[\W_]*")


def is_spread_out(line: Line, block: Block) -> bool:
    """Whether the gaps in a line are only those of a full line of prose."""
    if line.x1 < block.x1 - 2 * line.em or line.backwards:
        return False
    if any(two[0].x0 - one[-1].x1 > 2.2 * line.em or two[0].leader for one, two in pairwise(line.cells)):
        return False
    cells = ["".join(word.text for word in cell) for cell in line.cells]
    if sum(map(str.isdigit, "".join(cells))) > 0.2 * len("".join(cells)):
        return False
    words = sum(len(cell) for cell in line.cells)
    return words >= 3 * len(cells) and not any(_AMOUNT.fullmatch(cell) for cell in cells)
