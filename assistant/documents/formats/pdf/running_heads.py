"""PURE: rows at the edges of pages that pages repeat: running heads, page numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from assistant.documents.formats.pdf.characters import Word

MARGIN_ROWS = 3
"""Rows at the top, and at the bottom, that may be running heads or page numbers."""


@dataclass(slots=True)
class Margin:
    """A row near the top or bottom edge of a page."""

    words: list[Word]
    signature: str
    y: float
    number: int | None
    """Where the row is nothing but a page number; 0 if that is not in digits."""
    apart: bool = False
    """There is room between this row, or one further in, and the text."""
    repeated: bool = False


class Page(Protocol):
    """What is known here of a page."""

    @property
    def number(self) -> int: ...
    @property
    def margins(self) -> Sequence[Margin]: ...
    @property
    def row_count(self) -> int: ...


def mark_repeated(page: Page, around: Sequence[Page]) -> None:
    """Finds the running heads and page numbers: rows that stand at the same place on neighbouring pages.

    Their first appearance is kept, page numbers go everywhere: they would only cut sentences and tables
    that run over the page's end, and put the same words into every passage.
    """
    others = [other for other in around if other is not page]
    for side in (page.margins[:MARGIN_ROWS], page.margins[MARGIN_ROWS:]):
        twins = [[other.number for other in others if _stands_in(row, page, other)] for row in side]
        unlike = next((place for place, found in enumerate(twins) if not found), MARGIN_ROWS)
        for row, found in zip(side[:unlike], twins, strict=False):
            # A table that goes on may begin with the same row on each page, and pages may be all alike.
            if not (row.apart or row.number is not None or (unlike < MARGIN_ROWS and _is_plain(row))):
                break
            row.repeated = row.number is not None or min(found) < page.number
    if sum(row.repeated for row in page.margins) >= page.row_count:
        for row in page.margins:
            row.repeated = False  # it would leave nothing


_NUMBER = re.compile(r"(?<![^\W_])(?:\d{1,4}|[ivxlc]{1,6})(?![^\W_])", re.IGNORECASE)


def margins(rows: list[list[Word]]) -> list[Margin]:
    """The outermost rows of a page: from the top inwards, then from the bottom inwards."""
    if len(rows) < 2:
        return []
    typical = _typical_step(rows)
    found: list[Margin] = []
    for order in (rows, rows[::-1]):
        side = [_margin(row) for row in order[:MARGIN_ROWS]]
        detached = False
        for place in range(len(side) - 1, -1, -1):
            following = order[place + 1] if place + 1 < len(order) else None
            detached |= following is None or abs(following[0].base - order[place][0].base) > 1.25 * typical
            side[place].apart = detached
        found.extend(side + [_NOTHING] * (MARGIN_ROWS - len(side)))
    return found


def _is_plain(row: Margin) -> bool:
    """Whether a row has no digits and no cells."""
    gaps = (after.x0 - before.x1 for before, after in pairwise(row.words))
    return not any(map(str.isdigit, row.signature)) and all(gap < row.words[0].em for gap in gaps)


def _typical_step(rows: list[list[Word]]) -> float:
    steps = sorted(two[0].base - one[0].base for one, two in pairwise(rows))
    return max(steps[len(steps) // 2], 1.15 * rows[len(rows) // 2][0].em)


def _margin(row: list[Word]) -> Margin:
    text = " ".join(word.text for word in row)
    # Only the outermost words may be the page's number; a year inside a head is part of it.
    ends = [row[0].text, row[-1].text] if len(row) > 1 else [row[0].text]
    signature = text
    for end in ends:
        signature = signature.replace(end, _NUMBER.sub("#", end), 1)
    signature = "".join(signature.casefold().split())
    number = None
    if "#" in signature and _NUMBER_ONLY.fullmatch(signature):
        digits = re.search(r"\d+", text)
        number = int(digits.group()) if digits else 0
    return Margin(row, signature, row[0].base, number)


_NUMBER_ONLY = re.compile(r"(?:page|seite|p\.)?[-–—|.\s#]*(?:(?:of|von|/)[\s#\d]+)?[-–—|]*")
_NOTHING = Margin([], "", 0.0, None)


def _stands_in(row: Margin, page: Page, other: Page) -> bool:
    """Whether a page has the same row at the same place, or the page number that is due there."""
    for twin in other.margins if row.signature else []:
        if row.signature == twin.signature and abs(row.y - twin.y) < 9:
            return True
        if row.number and twin.number and twin.number - row.number == other.number - page.number:
            return True
    return False
