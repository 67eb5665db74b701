"""PURE geometry: words that share a baseline → lines of cells, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.documents.formats.pdf import glyph_text, line_text
from assistant.documents.formats.pdf.characters import BOLD, NORMAL, Word

CELL_GAP = 0.95
"""A wider gap may part two cells of a table, in em."""


@dataclass(slots=True)
class Line:
    """What stands on one baseline between two gutters; its cells and words are in reading order."""

    cells: list[list[Word]]
    x0: float
    x1: float
    y0: float
    y1: float
    base: float
    em: float
    weight: int
    """That of all its words, or NORMAL."""
    backwards: bool = False
    """Reads from right to left."""

    @property
    def bold(self) -> bool:
        return self.weight == BOLD

    @property
    def words(self) -> Iterator[Word]:
        for cell in self.cells:
            yield from cell

    _pieces: list[tuple[str, int]] | None = None

    @property
    def pieces(self) -> list[tuple[str, int]]:
        """The line's text in pieces, each with the place of its first character, -1 for space put in."""
        if self._pieces is None:
            self._pieces = line_text.pieces(self.cells, self.em, self.base)
        return self._pieces

    @property
    def text(self) -> str:
        return "".join([text for text, _ in self.pieces])

    def extend(self, other: Line) -> None:
        """Take note that words of a line below were added to the cells."""
        self.x0, self.x1 = min(self.x0, other.x0), max(self.x1, other.x1)
        self.y0, self.y1 = min(self.y0, other.y0), max(self.y1, other.y1)
        self.weight = min(self.weight, other.weight)
        self._pieces = None

    def join_cells(self) -> None:
        """Wide gaps turn out to be only spaces."""
        self.cells = [[word for cell in self.cells for word in cell]]
        self._pieces = None


# --- words → lines -----------------------------------------------------------------------------------


def rows(items: Sequence[Word]) -> list[list[Word]]:
    """Words that share a baseline, from top to bottom, each row from left to right.

    Small print that is set higher or lower, such as the number of a note, belongs to the row it touches.
    """
    found: list[list[Word]] = []
    base = em = 0.0
    for word in sorted(items, key=lambda word: word.base):
        if found and word.base - base <= 0.3 * min(em, word.em):
            found[-1].append(word)
            em = max(em, word.em)
        else:
            found.append([word])
            base, em = word.base, word.em
    found = _with_small_print(_without_readings(found))
    for row in found:
        row.sort(key=lambda word: word.x0)
    return found


_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]+")


def _without_readings(found: list[list[Word]]) -> list[list[Word]]:
    """Rows without the small kana over Chinese characters that tell how these are read (ruby)."""
    if not any(_KANA.fullmatch(word.text) for row in found for word in row):
        return found
    return [row for at, row in enumerate(found) if not _are_readings(row, found[at + 1 : at + 3])]


def _are_readings(row: list[Word], below: list[list[Word]]) -> bool:
    if not all(_KANA.fullmatch(word.text) for word in row):
        return False
    return any(
        line[0].em > 1.6 * row[0].em
        and 0.6 * line[0].em < line[0].base - row[0].base < 1.6 * line[0].em
        and all(
            any(one.x0 - word.em < word.x0 and word.x1 < one.x1 + word.em for one in line) for word in row
        )
        for line in below
    )


def _with_small_print(found: list[list[Word]]) -> list[list[Word]]:
    sizes = [max([word.em for word in row]) for row in found]
    home: dict[int, int] = {}
    for at, row in enumerate(found):
        near = [
            other
            for other in (at - 1, at + 1)
            if 0 <= other < len(found)
            and (sizes[at] < line_text.SMALL_PRINT * sizes[other] or _are_set_off(row, found[other]))
        ]
        for other in sorted(near, key=lambda other: abs(found[other][0].base - row[0].base)):
            if _clings(row, found[other], sizes[other]):
                home[at] = other
                break
    for at, other in home.items():
        while other in home and home[other] != at:
            other = home[other]
        found[other].extend(found[at])
        found[at] = []
    return [row for row in found if row]


def _are_set_off(row: list[Word], line: list[Word]) -> bool:
    """Whether all words of a row are digits in the size of a line, written right behind its words."""
    ends = {word.start + len(word.text) for word in line}
    return len(row) <= 4 and all(
        line_text.MAY_BE_SET_OFF.fullmatch(word.text) and not word.space and word.start in ends
        for word in row
    )


def _clings(small: list[Word], large: list[Word], em: float) -> bool:
    """Whether every word of a row stands right beside one of the larger row, a little higher or lower."""
    if abs(small[0].base - large[0].base) > 0.5 * em or len(small) > min(40, 2 * len(large)):
        return False
    return all(
        any(-0.3 * em < max(word.x0 - other.x1, other.x0 - word.x1) < 0.45 * em for other in large)
        for word in small
    )


def line(row: list[Word]) -> Line | None:
    """A row as a line of cells in reading order; None where there are only dotted lines and bullets."""
    row = _without_leaders(row)
    if all(glyph_text.is_bullet(word.text) for word in row):
        return None  # bullets that stand apart from their items, and empty rows
    em = _dominant_em(row)
    mixed = any(not word.text.isascii() and glyph_text.is_right_to_left(word.text) for word in row)
    backwards = mixed and glyph_text.reads_backwards([word.text for word in row])
    if backwards:
        row = [part for word in row for part in _before_full_stop(word)]
    cells = _cells(row, em)
    _join_list_marks(cells)
    if mixed:
        cells = [glyph_text.reading_order(cell, [word.text for word in cell], backwards) for cell in cells]
        if backwards:
            cells.reverse()
    _close_up(cells)
    weight = min([word.weight for word in row])
    if weight == NORMAL:  # a bullet or a dash is never bold
        weight = min([word.weight for word in row if any(map(str.isalnum, word.text))], default=NORMAL)
    return Line(
        cells,
        row[0].x0,
        max([word.x1 for word in row]),
        min([word.y0 for word in row]),
        max([word.y1 for word in row]),
        max([(word.em, len(word.text), word.base) for word in row])[2],
        em,
        weight,
        backwards,
    )


def _before_full_stop(word: Word) -> tuple[Word, ...]:
    """In a line from right to left, the mark to the left of a number or a Latin word comes behind it."""
    mark = _MARK_AND_FORWARD_WORD.match(word.text)
    if mark is None or glyph_text.is_right_to_left(word.text):
        return (word,)
    x = word.x0 + (word.x1 - word.x0) * mark.end() / len(word.text)
    return (
        replace(word, text=mark.group(), x1=x, address=""),
        replace(word, text=word.text[mark.end() :], start=word.start + mark.end(), x0=x, space=0),
    )


_MARK_AND_FORWARD_WORD = re.compile(r"[.,:;!?،؛؟]+(?=[^\W_])")


def _dominant_em(row: Sequence[Word]) -> float:
    first = row[0].em
    if all(abs(word.em - first) < 0.05 for word in row):
        return first
    sizes: dict[float, int] = {}
    for word in row:
        size = round(word.em, 1)
        sizes[size] = sizes.get(size, 0) + len(word.text)
    return max(sizes, key=lambda size: (sizes[size], size))


_DOTS = frozenset([".", "·", "…", "..", "_"])
_DOTTY = frozenset(".·…_‥∙•-–—=")


def _without_leaders(row: list[Word]) -> list[Word]:
    """The row without its dotted lines; the word behind one begins a new cell."""
    if not any(
        (word.text[-1] in _DOTTY and word.text[-2:-1] in (word.text[-1], "")) or "...." in word.text
        for word in row
    ):
        return row
    row = [part for word in row for part in _around_leader(word)]
    kept: list[Word] = []
    pending = False
    at = 0
    while at < len(row):
        word = row[at]
        dots = at
        while dots < len(row) and row[dots].text in _DOTS:
            dots += 1
        if dots - at >= 3 or glyph_text.is_leader(word.text):
            at, pending = max(dots, at + 1), True
            continue
        word.leader, pending = word.leader or (pending and bool(kept)), False
        shorter = glyph_text.without_leader(word.text)
        if shorter != word.text:
            word.x1 -= (word.x1 - word.x0) * (len(word.text) - len(shorter)) / len(word.text)
            word.text, pending = shorter, True
        kept.append(word)
        at += 1
    return kept


def _around_leader(word: Word) -> tuple[Word, ...]:
    """A word that runs without a gap into dots and what follows them ("Notes....17") is two."""
    dots = _INNER_LEADER.search(word.text)
    if dots is None:
        return (word,)
    step = (word.x1 - word.x0) / len(word.text)
    return (
        replace(word, text=word.text[: dots.start()], x1=word.x0 + step * dots.start()),
        replace(
            word,
            text=word.text[dots.end() :],
            start=word.start + dots.end(),
            x0=word.x0 + step * dots.end(),
            space=0,
            leader=True,
        ),
    )


_INNER_LEADER = re.compile(r"(?<=[^.])\.{4,}(?=[^.])")


def _cells(row: list[Word], em: float) -> list[list[Word]]:
    """Words from left to right, parted where the gap is wider than any between words."""
    gaps = [(after.x0 - before.x1) / em for before, after in pairwise(row)]
    limit = CELL_GAP
    wide = [gap for gap in gaps if gap > 0.05]
    if len(wide) >= 3 and max(wide) < 1.6 * min(wide) and max(wide) < 1.6:
        limit = max(limit, max(wide) + 0.01)  # a line spread out to fill its column
    cells = [[row[0]]]
    for gap, word in zip(gaps, row[1:], strict=True):
        before = cells[-1][-1].text
        # The sign of the next column's currency may stand close to this column's amount.
        amount_ends = word.text in _CURRENCY and before not in _CURRENCY and before[-1] in "0123456789)—%"
        if gap > limit or word.leader or (amount_ends and gap > 0.15):
            cells.append([word])
        else:
            cells[-1].append(word)
    return cells


def _join_list_marks(cells: list[list[Word]]) -> None:
    """The mark of a list's item is not a cell."""
    for at in range(len(cells) - 2, -1, -1):
        only, after = cells[at][0].text if len(cells[at]) == 1 else "", cells[at + 1][0]
        item = glyph_text.is_bullet(only) or (
            at == 0 and after.text[0].isalpha() and glyph_text.is_list_mark(only)
        )
        if item and not after.leader:
            cells[at : at + 2] = [cells[at] + cells[at + 1]]


_CURRENCY = frozenset(
    [
        "$", "€", "£", "¥", "₹", "US$", "C$", "A$", "HK$", "NT$", "R$", "CHF", "EUR", "USD", "GBP", "(", "$(",
        "($",
    ]
)  # fmt: skip
_AMOUNT = frozenset("0123456789(—–-.")
_SUFFIXES = frozenset([")", "%", ")%", "%)", "(1)", "(2)", "(3)", "*", "†", "‡", "pts", "bps", "x"])


def _close_up(cells: list[list[Word]]) -> None:
    """A sign of currency joins the amount to its right, a bracket or a per cent sign the one to its left."""
    at = 0
    while at < len(cells):
        only = cells[at][0].text if len(cells[at]) == 1 else ""
        after = cells[at + 1][0] if at + 1 < len(cells) else None
        if only in _CURRENCY and after is not None and after.text[:1] in _AMOUNT and not after.leader:
            cells[at : at + 2] = [cells[at] + cells[at + 1]]
            continue
        if only in _SUFFIXES and at > 0 and cells[at - 1][-1].text[-1:].isdigit():
            cells[at - 1 : at + 1] = [cells[at - 1] + cells[at]]
            continue
        at += 1
