"""PURE geometry: the characters of a page → words, lines, cells, and blocks in the order they are read.

Coordinates here are those of the page as displayed, y downwards, turned so that the text at hand runs from left to
right: text that stands on its side is laid out in a frame of its own. Sizes are compared with the font size (em).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from assistant.documents.formats import pdf_text

Floats = npt.NDArray[np.float32]
Indexes = npt.NDArray[np.int64]

WORD_GAP = 0.35
"""A wider gap parts two words even where the file has no space, in em."""

TIGHT_WORD_GAP = 0.11
"""The same on a page whose letters otherwise stand close, as they do unless they are spaced out or recognised."""

SPACE_GAP = 0.13
"""Between neighbours that the file draws apart, a wider gap is a space, in em."""

CELL_GAP = 0.95
"""A wider gap may part two cells of a table, in em."""

CELL_SEPARATOR = "  "
"""Between the cells of one row; inside a cell a space never stands beside another."""

MIN_COLUMN_LINES = 4
"""Fewer lines side by side are no columns."""


NORMAL, ITALIC, BOLD = 0, 1, 2


@dataclass(slots=True)
class Characters:
    """The readable characters of a page: `text[i]` lies at `boxes[i]` in display points."""

    text: str
    boxes: Floats
    em: Floats
    origin: Floats
    angle: Floats
    weight: npt.NDArray[np.int8]
    """NORMAL, ITALIC or BOLD."""
    space: npt.NDArray[np.int8]
    """What lies between a character and the one before it: 0 nothing, 1 a space that pdfium guessed, 2 a real one."""


@dataclass(slots=True)
class Word:
    text: str
    start: int
    """Its characters are start … start + len(text) of the page's."""
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    em: float
    weight: int
    space: int
    """As in Characters, between this word and the one before it in the file."""
    leader: bool = False
    """A dotted line runs up to this word."""


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
            self._pieces = _pieces(self.cells)
        return self._pieces

    @property
    def text(self) -> str:
        return "".join([text for text, _ in self.pieces])

    def join_cells(self) -> None:
        """Wide gaps turn out to be only spaces."""
        self.cells = [[word for cell in self.cells for word in cell]]
        self._pieces = None


@dataclass(slots=True)
class Block:
    """Lines in one column, from top to bottom."""

    lines: list[Line]
    x0: float = field(init=False)
    x1: float = field(init=False)

    def __post_init__(self) -> None:
        self.x0 = min(line.x0 for line in self.lines)
        self.x1 = max(line.x1 for line in self.lines)


# --- glyphs → characters ---------------------------------------------------------------------------


def characters(
    codes: npt.NDArray[np.uint32],
    boxes: Floats,
    em: Floats,
    origin: Floats,
    angle: Floats,
    weight: npt.NDArray[np.int8],
    width: float,
    height: float,
) -> tuple[Characters, int]:
    """Readable characters from glyphs in the file's order, and how many lie outside the page and were left out.

    Ligatures are taken apart, each letter with its share of the box; accents drawn over a letter are put on it;
    letters drawn twice for a bold look count once.
    """
    blank = (codes <= 32) & (codes > 0)
    solid = ~blank & np.isfinite(boxes[:, 0])
    blank_kind = np.where(blank, np.where(np.nan_to_num(boxes[:, 2] - boxes[:, 0]) > 0, 2, 1), 0)
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = (middle_x >= -1) & (middle_x <= width + 1) & (middle_y >= -1) & (middle_y <= height + 1)
    outside = int((solid & ~inside).sum())
    solid &= inside
    solid &= ~_drawn_twice(codes, boxes, em, solid)
    kept = np.flatnonzero(solid)
    # The strongest white space between a glyph and the kept one before it.
    space = np.zeros(len(kept), np.int8)
    if len(kept):
        blanks = np.flatnonzero(blank)
        behind = np.searchsorted(kept, blanks)
        np.maximum.at(
            space, behind[behind < len(kept)], blank_kind[blanks][behind < len(kept)].astype(np.int8)
        )
    codes, boxes = codes[kept], boxes[kept].copy()
    _share_ligatures(boxes)
    special = np.flatnonzero(~pdf_text.plain(codes))
    texts = _replacements(codes, boxes, space, special)
    source: Indexes
    if texts:
        lengths = np.ones(len(codes), np.int64)
        for at, text in texts.items():
            lengths[at] = len(text)
        source = np.repeat(np.arange(len(codes)), lengths)
        text = "".join(texts.get(at, chr(code)) for at, code in enumerate(codes.tolist()))
        boxes = boxes[source]
        if (lengths > 1).any():
            _share_ligatures(boxes)
        space = space[source]
        space[1:][source[1:] == source[:-1]] = 0
    else:
        source = np.arange(len(codes))
        text = codes.astype("<u4").tobytes().decode("utf-32-le")
    rows = kept[source]
    return Characters(text, boxes, em[rows], origin[rows], angle[rows], weight[rows], space), outside


def _drawn_twice(
    codes: npt.NDArray[np.uint32], boxes: Floats, em: Floats, solid: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    twice = np.zeros(len(codes), np.bool_)
    at = np.flatnonzero(solid)
    if len(at) < 2:
        return twice
    order = at[np.lexsort((boxes[at, 0], np.round(boxes[at, 1]), codes[at]))]
    one, two = order[:-1], order[1:]
    shift = np.abs(boxes[two] - boxes[one])
    same = (codes[one] == codes[two]) & (shift[:, 0] < 0.2 * em[two]) & (shift[:, 1] < 0.2 * em[two])
    # pdfium gives the letters of a ligature the same box, one after the other: "ff" is not an f drawn twice.
    same &= ~((np.abs(two - one) <= 2) & (shift.max(axis=1) < 0.01))
    twice[np.maximum(one, two)[same]] = True
    return twice


def _share_ligatures(boxes: Floats) -> None:
    """Characters in a row with the very same box share it from left to right."""
    if len(boxes) < 2:
        return
    same = (boxes[1:] == boxes[:-1]).all(axis=1)
    if not same.any():
        return
    starts = np.flatnonzero(np.concatenate([[True], ~same]))
    sizes = np.diff(np.concatenate([starts, [len(boxes)]]))
    size = np.repeat(sizes, sizes)
    place = np.arange(len(boxes)) - np.repeat(starts, sizes)
    left, width = boxes[:, 0].copy(), boxes[:, 2] - boxes[:, 0]
    boxes[:, 0] = left + width * place / size
    boxes[:, 2] = left + width * (place + 1) / size


def _replacements(
    codes: npt.NDArray[np.uint32], boxes: Floats, space: npt.NDArray[np.int8], special: Indexes
) -> dict[int, str]:
    """Position → text, for the codes that do not stand for themselves; `space` is put right on the way."""
    texts: dict[int, str] = {}
    last = len(codes) - 1
    for at in special.tolist():
        code = int(codes[at])
        text = pdf_text.meaning(code)
        if text == " " or not text:
            # It takes no room in the text, but the white space it is or stands behind is kept.
            texts[at] = ""
            if at < last:
                space[at + 1] = max(space[at], space[at + 1], 2 if text else 0)
        elif text != chr(code):
            texts[at] = text
    for at in np.flatnonzero(np.isin(codes, list(pdf_text.ACCENTS))).tolist():
        # Most often the letter comes next; pdfium may also sort the accent behind letters further to the left.
        for letter in (at + 1, at - 1, at - 2, at - 3, at - 4, at + 2):
            if 0 <= letter <= last and letter not in texts and _lies_on(boxes[at], boxes[letter]):
                both = pdf_text.accented(int(codes[at]), int(codes[letter]))
                if both:
                    texts[at], texts[letter] = "", both
                    if letter > at:
                        space[letter] = space[at]  # between an accent and its letter pdfium may guess a space
                    break
    return texts


def _lies_on(accent: Floats, letter: Floats) -> bool:
    middle = float(accent[0] + accent[2]) / 2
    near = abs(float(letter[3] - accent[3])) < float(letter[3] - letter[1])
    return near and float(letter[0]) <= middle <= float(letter[2])


# --- characters → words ------------------------------------------------------------------------------


def frames(page: Characters) -> list[tuple[int, Indexes]]:
    """Characters by the direction their text runs in: degrees clockwise, the most frequent direction first."""
    quarter = np.round(page.angle / 90)
    straight = np.abs(page.angle - 90 * quarter) < 8
    degrees = np.where(straight, quarter * 90, np.round(page.angle / 10) * 10).astype(np.int64) % 360
    degrees[_runs_down(page, degrees)] = 90
    found, counts = np.unique(degrees, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [(int(found[at]), np.flatnonzero(degrees == found[at])) for at in order]


def _runs_down(page: Characters, degrees: Indexes) -> npt.NDArray[np.bool_]:
    """Which upright characters are written from top to bottom, as Chinese and Japanese may be."""
    count = len(page.text)
    down = np.zeros(count, np.bool_)
    if count < 2:
        return down
    codes = np.frombuffer(page.text.encode("utf-32-le"), np.uint32)
    ideographic = (codes >= 0x2E80) & (degrees == 0)
    if ideographic.sum() < 2:
        return down
    middle = (page.boxes[:, 0] + page.boxes[:, 2]) / 2
    step = np.diff(page.boxes[:, 1])
    below = (
        (np.abs(np.diff(middle)) < 0.3 * page.em[1:])
        & (step > 0.5 * page.em[1:])
        & (step < 2.2 * page.em[1:])
    )
    below &= (ideographic[1:] & (degrees[:-1] == 0)) | (ideographic[:-1] & (degrees[1:] == 0))
    down[1:] |= below
    down[:-1] |= below
    return down


def turned(boxes: Floats, em: Floats, degrees: int) -> Floats:
    """Display points → the frame in which text that runs in this direction is upright."""
    x0, y0, x1, y1 = boxes.T
    if degrees == 0:
        return boxes
    if degrees == 90:
        return np.stack([y0, -x1, y1, -x0], axis=1)
    if degrees == 180:
        return np.stack([-x1, -y1, -x0, -y0], axis=1)
    if degrees == 270:
        return np.stack([-y1, x0, -y0, x1], axis=1)
    # The box around a character that stands aslant says little but where its middle is.
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = x * cosine + y * sine, y * cosine - x * sine
    return np.stack([x - em / 4, y - em / 2, x + em / 4, y + em / 2], axis=1).astype(np.float32)


def words(page: Characters, which: Indexes, degrees: int) -> list[Word]:
    """The words among some characters, in the file's order, in the frame of that direction."""
    if len(which) == 0:
        return []
    em = page.em[which]
    boxes = turned(page.boxes[which], em, degrees)
    base = _baselines(page, which, boxes, degrees)
    codes = np.frombuffer(page.text.encode("utf-32-le"), np.uint32)[which]
    x0, x1 = boxes[:, 0], boxes[:, 2]
    forward, backward = x0[1:] - x1[:-1], x0[:-1] - x1[1:]
    rtl = pdf_text.right_to_left_codes(codes)
    either = rtl[1:] | rtl[:-1]
    size = np.minimum(em[1:], em[:-1])
    gap = np.where(either, np.maximum(forward, backward), forward)
    space = page.space[which]
    joined = gap[(space[1:] == 0) & (np.abs(gap) < size)]
    tight = len(joined) > 0 and np.percentile(joined / page.em[which].mean(), 95) < 0.03
    cut = (gap > (TIGHT_WORD_GAP if tight else WORD_GAP) * size) | (np.abs(np.diff(base)) > 0.25 * size)
    cut |= ~either & (x0[1:] < x0[:-1] - 0.6 * size)
    cut |= space[1:] > 0
    cut |= np.diff(which) != 1
    starts = np.concatenate([[0], np.flatnonzero(cut) + 1])
    ends = np.concatenate([starts[1:], [len(which)]])
    left, right = np.minimum.reduceat(x0, starts), np.maximum.reduceat(x1, starts)
    top, bottom = np.minimum.reduceat(boxes[:, 1], starts), np.maximum.reduceat(boxes[:, 3], starts)
    weight = np.minimum.reduceat(page.weight[which], starts)
    first = which[starts]
    last = which[ends - 1]
    return [
        Word(page.text[a : b + 1], a, *place)
        for a, b, *place in zip(
            first.tolist(),
            last.tolist(),
            left.tolist(),
            top.tolist(),
            right.tolist(),
            bottom.tolist(),
            base[starts].tolist(),
            np.maximum.reduceat(em, starts).tolist(),
            weight.tolist(),
            space[starts].tolist(),
            strict=True,
        )
    ]


def _baselines(page: Characters, which: Indexes, boxes: Floats, degrees: int) -> Floats:
    if degrees % 90:
        return boxes[:, 3]
    points = page.origin[which]
    base = (points[:, 1], -points[:, 0], -points[:, 1], points[:, 0])[degrees // 90].copy()
    # Characters written downwards are not turned themselves: they are set about the middle of their line.
    downwards = np.abs((page.angle[which] - degrees + 180) % 360 - 180) > 45
    base[downwards] = ((boxes[:, 1] + boxes[:, 3]) / 2)[downwards]
    # A baseline far from its own box is a lie of the font.
    height = boxes[:, 3] - boxes[:, 1]
    wrong = (base < boxes[:, 1] - 0.3 * height) | (base > boxes[:, 3] + 0.3 * height)
    base[wrong] = (boxes[:, 3] - 0.2 * height)[wrong]
    result: Floats = base.astype(np.float32)
    return result


# --- words → lines -----------------------------------------------------------------------------------


def rows(items: Sequence[Word]) -> list[list[Word]]:
    """Words that share a baseline, from top to bottom, each row from left to right.

    Small print that is set higher or lower, such as the number of a note, belongs to the row it touches.
    """
    found: list[list[Word]] = []
    base = em = 0.0
    for word in sorted(items, key=lambda word: word.base):
        if found:
            small, large = (word.em, em) if word.em < em else (em, word.em)
            if word.base - base <= 0.45 * (large if small >= 0.4 * large else small):
                found[-1].append(word)
                if word.em > em:
                    base, em = word.base, word.em
                continue
        found.append([word])
        base, em = word.base, word.em
    for row in found:
        row.sort(key=lambda word: word.x0)
    return found


def line(row: list[Word]) -> Line | None:
    """A row as a line of cells in reading order; None where there are only dotted lines and bullets."""
    row = _without_leaders(row)
    if all([pdf_text.is_bullet(word.text) for word in row]):
        return None  # bullets that stand apart from their items, and empty rows
    em = _dominant_em(row)
    cells = _cells(row, em)
    _join_list_marks(cells)
    backwards = False
    if any([not word.text.isascii() and pdf_text.is_right_to_left(word.text) for word in row]):
        texts = [" ".join(word.text for word in cell) for cell in cells]
        cells, backwards = pdf_text.reading_order(cells, texts)
        cells = [pdf_text.reading_order(cell, [word.text for word in cell])[0] for cell in cells]
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


def _dominant_em(row: Sequence[Word]) -> float:
    first = row[0].em
    if all([abs(word.em - first) < 0.05 for word in row]):
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
    if not any([word.text[-1] in _DOTTY for word in row]):
        return row
    kept: list[Word] = []
    pending = False
    at = 0
    while at < len(row):
        word = row[at]
        dots = at
        while dots < len(row) and row[dots].text in _DOTS:
            dots += 1
        if dots - at >= 3 or pdf_text.is_leader(word.text):
            at, pending = max(dots, at + 1), True
            continue
        word.leader, pending = word.leader or (pending and bool(kept)), False
        shorter = pdf_text.without_leader(word.text)
        if shorter != word.text:
            word.x1 -= (word.x1 - word.x0) * (len(word.text) - len(shorter)) / len(word.text)
            word.text, pending = shorter, True
        kept.append(word)
        at += 1
    return kept


def _cells(row: list[Word], em: float) -> list[list[Word]]:
    """Words from left to right, parted where the gap is wider than any between words."""
    gaps = [(after.x0 - before.x1) / em for before, after in zip(row, row[1:], strict=False)]
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
        if (
            only
            and not after.leader
            and (pdf_text.is_bullet(only) or (at == 0 and pdf_text.is_list_mark(only)))
        ):
            cells[at : at + 2] = [cells[at] + cells[at + 1]]


_CURRENCY = frozenset(
    [
        "$",
        "€",
        "£",
        "¥",
        "₹",
        "US$",
        "C$",
        "A$",
        "HK$",
        "NT$",
        "R$",
        "CHF",
        "EUR",
        "USD",
        "GBP",
        "(",
        "$(",
        "($",
    ]
)
_SUFFIXES = frozenset([")", "%", ")%", "%)", "(1)", "(2)", "(3)", "*", "†", "‡", "pts", "bps", "x"])


def _close_up(cells: list[list[Word]]) -> None:
    """A sign of currency joins the amount to its right, a bracket or a per cent sign the one to its left."""
    at = 0
    while at < len(cells):
        only = cells[at][0].text if len(cells[at]) == 1 else ""
        if only in _CURRENCY and at + 1 < len(cells) and cells[at + 1][0].text[:1] in "0123456789(—–-.":
            if not cells[at + 1][0].leader:
                cells[at : at + 2] = [cells[at] + cells[at + 1]]
                continue
        if only in _SUFFIXES and at > 0 and cells[at - 1][-1].text[-1:].isdigit():
            cells[at - 1 : at + 1] = [cells[at - 1] + cells[at]]
            continue
        at += 1


def needs_space(before: Word, after: Word) -> bool:
    """Whether a space stands between two words of one cell, in reading order."""
    left, right = before.text[-1], after.text[0]
    if (right in ")%" and len(after.text) <= 2 and left.isdigit()) or before.text == "(":
        return False  # brackets and signs that a table sets in a column of their own
    gap = (after.x0 - before.x1 if after.x0 > before.x0 else before.x0 - after.x1) / min(before.em, after.em)
    if left > "\u2e7f" and pdf_text.ideographic(left) and pdf_text.ideographic(right):
        return gap > 0.4
    if after.space and after.start == before.start + len(before.text):
        return True
    return gap > SPACE_GAP


def _pieces(cells: list[list[Word]]) -> list[tuple[str, int]]:
    pieces: list[tuple[str, int]] = []
    for cell in cells:
        before: Word | None = None
        for word in cell:
            if before is not None:
                if needs_space(before, word):
                    pieces.append((" ", -1))
            elif pieces:
                pieces.append((CELL_SEPARATOR, -1))
            pieces.append((word.text, word.start))
            before = word
    return pieces


# --- lines → blocks ----------------------------------------------------------------------------------


def blocks(items: Sequence[Word], depth: int = 0) -> list[Block]:
    """Words → blocks in reading order: columns of prose one after the other, rows of tables whole."""
    if not items:
        return []
    lines = _lines(items)
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
    return [block for part in parts for block in blocks(part, depth + 1)]


def _lines(items: Sequence[Word]) -> list[tuple[Line, list[Word]]]:
    found = []
    for row in rows(items):
        made = line(row)
        if made is not None:
            found.append((made, row))
    return found


def _gutter(lines: list[tuple[Line, list[Word]]]) -> tuple[int, int, float] | None:
    """The best white lane between columns of prose: lines from, lines up to, and its place; None if there is none."""
    x0 = min(line.x0 for line, _ in lines)
    x1 = max(line.x1 for line, _ in lines)
    bins = int(min(400, (x1 - x0) / 2))
    if bins < 20:
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
    wide_script = pdf_text.ideographs(text) > 0.3 * len(text)
    if sorted(per_line)[len(per_line) // 2] < (6 if wide_script else 14):
        return False
    x0 = min(row[0].x0 for row in region)
    x1 = max(max([word.x1 for word in row]) for row in region)
    filled = [sum([word.x1 - word.x0 for word in row]) / (x1 - x0) for row in region]
    full = sum(share > 0.6 for share in filled)
    return full >= 0.5 * len(filled) and sum(filled) >= 0.55 * len(filled)
