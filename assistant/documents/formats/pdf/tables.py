"""PURE: which lines of a block are the rows of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.documents.formats.pdf.characters import Word
from assistant.documents.formats.pdf.columns import Block
from assistant.documents.formats.pdf.headings import TextStyle
from assistant.documents.formats.pdf.lines import Line

# --- tables ------------------------------------------------------------------------------------------


def tables(block: Block, style: TextStyle) -> dict[int, int]:
    """Where tables begin in a block's lines → where they end."""
    lines = block.lines
    found: dict[int, int] = {}
    at = 0
    while at < len(lines):
        if len(lines[at].cells) < 2:
            at += 1
            continue
        end = last = at + 1
        row = lines[at]
        multiple, wrapped = [row], 0
        while end < len(lines) and end - last < 5:
            line = lines[end]
            if last == end and _continues(lines[end - 1], line, row):
                wrapped += 1
                last = end + 1
            elif len(line.cells) >= 2:
                row = line
                multiple.append(line)
                last = end + 1
            elif _breaks_table(block, end, style):
                break
            end += 1
        if len(multiple) >= 2 and 3 * len(multiple) >= last - at - wrapped and _aligned(multiple):
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


def _breaks_table(block: Block, at: int, style: TextStyle) -> bool:
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
    """Whether cells of different rows stand under each other."""
    if any(word.leader for line in lines for word in line.words):
        return True
    agreeing = sum(
        any(_share_column(line, other) for other in lines[max(0, at - 3) : at + 4] if other is not line)
        for at, line in enumerate(lines)
    )
    return agreeing * 2 >= len(lines)


def _share_column(one: Line, two: Line) -> bool:
    """Whether half of the cells behind the first, if narrow, overlap with those of another row."""
    few, many = sorted((one.cells[1:], two.cells[1:]), key=len)
    wide = 0.5 * max(one.x1 - one.x0, two.x1 - two.x0)
    other = [span for cell in many if (span := _span(cell))[1] - span[0] < wide]
    spans = [span for cell in few if (span := _span(cell))[1] - span[0] < wide]
    near = 0.8 * max(one.em, two.em)
    return 2 * sum(any(a < d + near and c < b + near for c, d in other) for a, b in spans) >= len(few)


def _span(cell: list[Word]) -> tuple[float, float]:
    return min(word.x0 for word in cell), max(word.x1 for word in cell)


# --- cells of several lines ----------------------------------------------------------------------------

_YEAR = re.compile(r"(?:19|20)\d\d(?:\W.*)?")


def join_wrapped(lines: Sequence[Line]) -> list[Line]:
    """Rows whose cells run over several lines become one line each, cell by cell.

    What stands under other columns than the first is joined where it cannot be a row of its own, having no
    amounts. Thus "November 27,  November 28," and "2015  2014" below become "November 27, 2015  November 28,
    2014". The first column's label goes on where the next line begins with a small letter.
    """
    found: list[Line] = []
    last: Line | None = None
    for line in lines:
        if last is not None and found and _continues(last, line, found[-1]):
            for cell, place in zip(line.cells, _columns_of(line, found[-1]), strict=True):
                found[-1].cells[place].extend(cell)
            found[-1].extend(line)
        elif last is not None and found and found[-1] is last and _label_goes_on(last, line):
            line.cells[0] = last.cells[0] + line.cells[0]
            line.extend(last)
            found[-1] = line
        else:
            found.append(line)
        last = line
    return found


def _label_goes_on(above: Line, line: Line) -> bool:
    """Whether a row's label began in a line of its own above it."""
    label, before = line.cells[0][0].text, _text(above.cells[0])
    return (
        len(above.cells) == 1
        and len(line.cells) > 1
        and (
            label[0].islower()
            or (before.endswith((",", ";")) and not _AMOUNT.fullmatch(_text(line.cells[0])))
        )
        and line.base - above.base <= 1.4 * max(line.em, above.em)
        and abs(above.x0 - line.x0) < 2 * line.em
        and not before.endswith((":", "."))
    )


def _continues(above: Line, line: Line, row: Line) -> bool:
    """Whether each cell of a line goes on with one of the row it belongs to, other than the first."""
    if line.base - above.base > 1.4 * max(line.em, above.em) or line.backwards or len(row.cells) < 2:
        return False
    places = _columns_of(line, row)
    if not places or len(set(places)) < len(places):
        return False
    if places == [0]:
        starts = [word.x0 for word in row.cells[0][:2]]  # the first word may be only a number of the item
        return line.cells[0][0].text[0].islower() and min(abs(line.x0 - x0) for x0 in starts) < 3 * line.em
    head = all(_YEAR.fullmatch(_text(cell)) for cell in line.cells)
    if 0 in places and not (head and len(line.cells) == len(row.cells)):
        return False
    for cell, place in zip(line.cells, places, strict=True):
        before, after = _text(row.cells[place]), _text(cell)
        letters = sum(map(str.isalpha, before)) >= 2
        if _AMOUNT.fullmatch(after) and not (letters and _YEAR.fullmatch(after)):
            return False
        if not letters and not _AMOUNT.fullmatch(before):
            return False
        if _AMOUNT.fullmatch(before) and not letters:
            return False
    return True


def _columns_of(line: Line, row: Line) -> list[int]:
    """For each cell of a line, the cell of the row it stands under; empty where one stands under none."""
    spans = [_span(cell) for cell in row.cells]
    near = 0.3 * line.em
    places = []
    for cell in line.cells:
        left, right = _span(cell)
        under = [at for at, (x0, x1) in enumerate(spans) if left < x1 + near and x0 < right + near]
        if len(under) != 1:
            return []
        places.append(under[0])
    return places


def _text(cell: list[Word]) -> str:
    return "".join(word.text for word in cell)


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
