"""PURE: blocks of lines → sections: headings with their path, paragraphs joined, tables row by row, each with boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from assistant.documents.formats import pdf_text
from assistant.documents.formats.pdf_layout import ITALIC, Block, Characters, Line, Word
from assistant.documents.records import Section

MAX_HEADING = 160
MAX_PATH = 4

_Key: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """What is normal in a document, so that a heading can stand out."""

    em: float
    bold: bool
    """Most of the text is bold: then bold says nothing."""

    @staticmethod
    def of(lines: Iterable[Line]) -> Style:
        sizes: dict[float, int] = {}
        bold = total = 0
        for line in lines:
            length = sum(len(word.text) for word in line.words)
            size = round(2 * line.em) / 2
            sizes[size] = sizes.get(size, 0) + length
            total += length
            bold += length * line.bold
        return Style(max(sizes, key=lambda size: (sizes[size], -size), default=10.0), bold * 2 > total)


@dataclass(slots=True)
class Headings:
    """The headings that the text at hand stands under, outermost first."""

    stack: list[tuple[_Key, str]] = field(default_factory=list)

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.stack[-MAX_PATH:])

    def enter(self, key: _Key, text: str) -> None:
        """A new heading ends all those that are not above it."""
        while self.stack and self.stack[-1][0] >= key:
            self.stack.pop()
        self.stack.append((key, text))

    def copy(self) -> Headings:
        return Headings(list(self.stack))


# --- the text of a section -------------------------------------------------------------------------


class _Writer:
    """Collects text and remembers for each character which one of the page it is."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._spans: list[tuple[int, int]] = []

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def gap(self, text: str) -> None:
        """Text that has no place on the page."""
        self._pieces.append(text)
        self._spans.append((-1, len(text)))

    def drop_hyphen(self) -> None:
        start, length = self._spans[-1]
        self._pieces[-1] = self._pieces[-1][:-1]
        self._spans[-1] = (start, length - 1)

    def line(self, line: Line) -> None:
        for text, start in line.pieces:
            self._pieces.append(text)
            self._spans.append((start, len(text)))

    def section(self, page: Characters, number: int, heading: tuple[str, ...], table: bool) -> Section:
        lengths = np.array([length for _, length in self._spans])
        starts = np.array([start for start, _ in self._spans])
        ends = np.cumsum(lengths)
        places = np.arange(int(ends[-1])) - np.repeat(ends - lengths, lengths) + np.repeat(starts, lengths)
        boxes = page.boxes[np.maximum(places, 0)].astype(np.float32)
        boxes[np.repeat(starts < 0, lengths)] = np.nan
        return Section("".join(self._pieces), number, f"page {number}", heading, table, boxes)


# --- lines → what they are ---------------------------------------------------------------------------


def sections(
    blocks: Sequence[Block],
    page: Characters,
    number: int,
    style: Style,
    headings: Headings,
    hyphens: pdf_text.Hyphens,
) -> list[Section]:
    """The sections of one page; `headings` is carried on from page to page and changed."""
    items = [item for block in blocks for item in _items(block, style)]
    _captions(items)
    found: list[Section] = []
    pending: list[Line] = []
    at = 0
    while at < len(items):
        item = items[at]
        at += 1
        if item.kind == "heading":
            headings.enter(item.key, _heading_text(item.lines))
            pending.extend(item.lines)
            continue
        run = [item]
        while item.kind == "prose" and at < len(items) and items[at].kind == "prose":
            run.append(items[at])
            at += 1
        writer = _Writer()
        _rows(writer, pending)
        pending = []
        if item.kind == "table":
            _rows(writer, item.lines)
        else:
            if writer:
                writer.gap("\n")
            _paragraphs(writer, run, hyphens)
        found.append(writer.section(page, number, headings.path, item.kind == "table"))
    if pending:
        writer = _Writer()
        _rows(writer, pending)
        found.append(writer.section(page, number, headings.path, False))
    return found


@dataclass(slots=True)
class _Item:
    kind: str
    """heading, prose or table"""
    lines: list[Line]
    block: Block
    key: _Key = ()


def _items(block: Block, style: Style) -> list[_Item]:
    found: list[_Item] = []
    tables = _tables(block, style)
    at = 0
    lines = block.lines
    while at < len(lines):
        if at in tables:
            found.append(_Item("table", lines[at : tables[at]], block))
            at = tables[at]
            continue
        end = _heading_end(lines, at, style, tables)
        if end > at:
            found.append(_Item("heading", lines[at:end], block, _heading_key(lines[at:end], style)))
            at = end
            continue
        if _spread_out(lines[at], block):
            lines[at].join_cells()
        if found and found[-1].kind == "prose":
            found[-1].lines.append(lines[at])
        else:
            found.append(_Item("prose", [lines[at]], block))
        at += 1
    return found


def _spread_out(line: Line, block: Block) -> bool:
    """Whether the gaps in a line are only those of a full line of prose."""
    if len(line.cells) < 2 or line.x1 < block.x1 - 2 * line.em or line.backwards:
        return False
    return all(
        two[0].x0 - one[-1].x1 < 2.2 * line.em and not two[0].leader for one, two in pairwise(line.cells)
    )


def _captions(items: list[_Item]) -> None:
    """One or two short lines right above a table ("In millions") are rows of it."""
    at = 1
    while at < len(items):
        above, table = items[at - 1], items[at]
        if (
            table.kind == "table"
            and above.kind == "prose"
            and len(above.lines) <= 2
            and table.block is above.block
            and sum(len(line.text) for line in above.lines) < 120
            and not pdf_text.ends_sentence(above.lines[-1].text)
            and table.lines[0].base - above.lines[-1].base < 3 * above.lines[-1].em
        ):
            table.lines = above.lines + table.lines
            del items[at - 1]
            continue
        at += 1


# --- tables ------------------------------------------------------------------------------------------


def _tables(block: Block, style: Style) -> dict[int, int]:
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
        while end < len(lines) and end - last < 3:
            line = lines[end]
            if len(line.cells) >= 2:
                multiple.append(line)
                last = end + 1
            elif _breaks_table(block, end, style):
                break
            end += 1
        if len(multiple) >= 2 and _aligned(multiple):
            found[at] = last
            at = last
        else:
            at += 1
    return found


def _breaks_table(block: Block, at: int, style: Style) -> bool:
    """Whether a line of one cell is too much of a sentence, or of a heading, to be a row."""
    line, above = block.lines[at], block.lines[at - 1]
    width = block.x1 - block.x0
    text = line.text
    if line.x1 - line.x0 > 0.8 * width and sum(map(str.isalpha, text)) > 50:
        return True
    if line.em > 1.15 * max(style.em, above.em):
        return True
    return line.base - above.base > 3.2 * line.em and (line.bold or pdf_text.ends_sentence(text))


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


# --- headings ----------------------------------------------------------------------------------------

_NUMBERED = re.compile(
    r"(?:(part|book|title|teil|partie|parte)|(item|chapter|kapitel|chapitre|capítulo|capitolo|appendix|annex|article"
    r"|schedule|anhang|artikel))\s+(?:\d+[a-z]?|[ivxlc]+|[a-z])\b",
    re.IGNORECASE,
)
_DEPTH = re.compile(r"\d{1,2}((?:\.\d{1,2})*)\.?\s")


def _heading_end(lines: Sequence[Line], at: int, style: Style, tables: dict[int, int]) -> int:
    """The line after the heading that begins at `at`; `at` itself where none does."""
    first = lines[at]
    if not _may_be_heading(first, style):
        return at
    end = at + 1
    while (
        end < len(lines)
        and end not in tables
        and end - at < 4
        and abs(lines[end].em - first.em) < 0.06 * first.em
        and lines[end].weight == first.weight
        and lines[end].base - lines[end - 1].base < 1.7 * first.em
        and _may_be_heading(lines[end], style)
    ):
        end += 1
    if first.weight == ITALIC and first.em < 1.15 * style.em and not _stands_alone(lines, at, end, tables):
        return at
    text = _heading_text(lines[at:end])
    following = lines[end] if end < len(lines) else None
    if len(text) > MAX_HEADING or sum(map(str.isalpha, text)) < 2:
        return at
    if (
        following is not None
        and following.bold
        and first.bold
        and end not in tables
        and first.em < 1.1 * style.em
    ):
        # A whole paragraph in bold is no heading.
        if following.base - lines[end - 1].base < 1.5 * first.em and len(following.text) > 60:
            return at
    return end


def _stands_alone(lines: Sequence[Line], at: int, end: int, tables: dict[int, int]) -> bool:
    """Whether one short line has room above it and is not a caption: in italics, that is a heading."""
    first = lines[at]
    if end != at + 1 or end in tables or end == len(lines) or lines[end].weight == ITALIC:
        return False
    room = first.base - lines[at - 1].base if at else first.em * 2
    return room > 1.25 * (lines[end].base - first.base) or room > 1.6 * first.em


def _may_be_heading(line: Line, style: Style) -> bool:
    if len(line.cells) > 2 or (len(line.cells) == 2 and not _NUMBERED.match(line.text)):
        return False
    text = line.text
    if len(text) > MAX_HEADING or text.endswith((",", ";")):
        return False
    if pdf_text.starts_item(text) and (not text[0].isalnum() or not line.bold and line.em < 1.15 * style.em):
        return False
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 2 or sum(map(str.isdigit, text)) > 2 * len(letters):
        return False
    if line.em >= 1.15 * style.em and len(text) <= 120:
        return True
    if line.em < 0.93 * style.em:
        return False
    if line.bold and not style.bold:
        return not (text.endswith(".") and len(text) > 80)
    if line.weight == ITALIC:
        return len(text) <= 90 and not text.endswith((".", ":", ")")) and text[:1].isupper()
    # In plain print capitals are what there is to stand out with.
    return len(letters) >= 6 and " " in text and text.isupper() and len(text) <= 80 and not text.endswith(".")


def _heading_text(lines: Sequence[Line]) -> str:
    return " ".join(" ".join(line.text.split()) for line in lines)


def _heading_key(lines: Sequence[Line], style: Style) -> _Key:
    """Sorts headings by rank, the outermost first."""
    text = _heading_text(lines)
    numbered = _NUMBERED.match(text)
    if numbered:
        return (0.0,) if numbered.group(1) else (1.0,)
    first = lines[0]
    depth = _DEPTH.match(text)
    look = 0 if first.bold and text.isupper() else 1 if first.bold else 2 if text.isupper() else 3
    if first.weight == ITALIC:
        look = 4
    size = round(2 * first.em) / 2
    return (2.0, -size, float(look), float(depth.group(1).count(".")) if depth else 0.0)


# --- paragraphs --------------------------------------------------------------------------------------


def _rows(writer: _Writer, lines: Sequence[Line]) -> None:
    for line in lines:
        if writer:
            writer.gap("\n")
        writer.line(line)


def _paragraphs(writer: _Writer, items: Sequence[_Item], hyphens: pdf_text.Hyphens) -> None:
    before: tuple[Line, str] | None = None
    for item in items:
        leading = _leading(item.lines)
        for place, line in enumerate(item.lines):
            text = line.text
            if before is not None:
                near = item.lines[max(0, place - 4) : place + 4]
                _join(writer, before, (line, text), leading if place else None, near, hyphens)
            writer.line(line)
            before = (line, text)


def _leading(lines: Sequence[Line]) -> float:
    """The usual distance of two baselines."""
    steps = sorted(two.base - one.base for one, two in pairwise(lines) if two.base - one.base < 2.5 * one.em)
    return steps[len(steps) // 2] if steps else 1.2 * lines[0].em


def _join(
    writer: _Writer,
    before: tuple[Line, str],
    after: tuple[Line, str],
    leading: float | None,
    near: Sequence[Line],
    hyphens: pdf_text.Hyphens,
) -> None:
    """Puts what belongs between two lines of prose; `leading` is None where a new column begins."""
    (one, above), (two, below) = before, after
    same_column = leading is not None
    edges = min(line.x0 for line in near), max(line.x1 for line in near)
    if _new_paragraph(one, above, two, below, leading, edges):
        writer.gap("\n\n")
    elif hyphens.drops(above, below):
        writer.drop_hyphen()
    elif above.endswith("-") and above[-2:-1].isalpha() and below[:1].isalpha():
        pass
    elif pdf_text.starts_item(below) or (same_column and _broke_early(one, above, two, below, near)):
        writer.gap("\n")
    elif not (pdf_text.ideographic(above[-1]) and pdf_text.ideographic(below[0])):
        writer.gap(" ")


def _new_paragraph(
    one: Line, above: str, two: Line, below: str, leading: float | None, edges: tuple[float, float]
) -> bool:
    if leading is None:
        return pdf_text.ends_sentence(above) or not below[:1].islower()
    step = two.base - one.base
    if (
        step < 0
        or step > max(1.35 * leading, leading + 0.35 * one.em)
        or abs(one.em - two.em) > 0.12 * one.em
    ):
        return True
    if one.backwards or two.backwards:
        return False
    left, right = edges
    indented = two.x0 - one.x0 > 0.8 * two.em and one.x0 - left < 0.5 * one.em
    ended = pdf_text.ends_sentence(above)
    return ended and (indented or one.x1 < right - 0.25 * (right - left))


_LABEL = re.compile(r"[^\W\d][^:.;,]{1,30}:(?:\s|$)")


def _broke_early(one: Line, above: str, two: Line, below: str, near: Sequence[Line]) -> bool:
    """Whether the second line did not have to be a new one: its first word would have fit (an address, a poem)."""
    if len(one.cells) > 1 or len(two.cells) > 1:
        return True
    if below[:1].islower() and not pdf_text.ends_sentence(above):
        return False
    edges = min(line.x0 for line in near), max(line.x1 for line in near)
    if _LABEL.match(above) and _LABEL.match(below):
        return True
    full = sum(line.x1 > edges[1] - 0.2 * (edges[1] - edges[0]) for line in near)
    if 2 * full < len(near) and not one.backwards:
        return True  # lines of any length: not prose
    before, behind = one.x0 - edges[0], edges[1] - one.x1
    if one.backwards:
        before, behind = behind, before
    room = before + behind if abs(before - behind) < one.em else behind  # set in the middle, or not
    start = next(iter(two.words))
    return room > start.x1 - start.x0 + max(1.2 * one.em, 0.08 * (edges[1] - edges[0]))
