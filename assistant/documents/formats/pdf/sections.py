"""PURE: blocks of lines → sections: headings, paragraphs joined, tables row by row, a box a character."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assistant.documents.formats.pdf import glyph_text
from assistant.documents.formats.pdf import headings as pdf_headings
from assistant.documents.formats.pdf import tables as pdf_tables
from assistant.documents.formats.pdf.characters import Characters
from assistant.documents.formats.pdf.columns import Block
from assistant.documents.formats.pdf.headings import Headings, TextStyle
from assistant.documents.formats.pdf.hyphens import Hyphens, Joint
from assistant.documents.formats.pdf.lines import Line
from assistant.documents.records import Section

# --- the text of a section -------------------------------------------------------------------------


class _Writer:
    """Collects text and remembers for each character which one of the page it is."""

    def __init__(self) -> None:
        self._pieces: list[tuple[str, int]] = []
        """Text, and the place of its first character on the page; -1 for text that has none."""

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def gap(self, text: str) -> None:
        """Text that has no place on the page."""
        self._pieces.append((text, -1))

    def drop_hyphen(self) -> None:
        text, start = self._pieces[-1]
        self._pieces[-1] = (text[:-1], start)

    def line(self, line: Line) -> None:
        self._pieces.extend(line.pieces)

    def section(
        self, page: Characters, place: tuple[int, str], heading: tuple[str, ...], table: bool
    ) -> Section:
        texts = [text for text, _ in self._pieces]
        lengths = np.array([len(text) for text in texts])
        starts = np.array([start for _, start in self._pieces])
        ends = np.cumsum(lengths)
        places = np.arange(int(ends[-1])) + np.repeat(starts - ends + lengths, lengths)
        boxes = page.boxes[np.maximum(places, 0)].astype(np.float32)
        boxes[np.repeat(starts < 0, lengths)] = np.nan
        return Section("".join(texts), *place, heading, table, boxes)


# --- lines → what they are ---------------------------------------------------------------------------


def sections(
    blocks: Sequence[Block],
    page: Characters,
    place: tuple[int, str],
    style: TextStyle,
    headings: Headings,
    hyphens: Hyphens,
) -> list[Section]:
    """The sections of one page; `headings` is carried on from page to page and changed.

    `place`: the number of the page, and what people call it.
    """
    items = [item for block in blocks for item in _items(block, style)]
    _join_to_tables(items)
    found: list[Section] = []
    pending: list[Line] = []
    at = 0
    while at < len(items):
        item = items[at]
        at += 1
        if item.kind == "heading":
            headings.enter(item.key, pdf_headings.heading_text(item.lines), goes_on=bool(pending))
            pending.extend(item.lines)
            continue
        run = [item]
        while item.kind == "prose" and at < len(items) and items[at].kind == "prose":
            run.append(items[at])
            at += 1
        writer = _Writer()
        if item.kind != "stamp":
            _headings(writer, pending)
            pending = []
        if item.kind == "table":
            _rows(writer, item.lines)
        else:
            if writer:
                writer.gap("\n")
            _paragraphs(writer, run, hyphens)
        found.append(writer.section(page, place, headings.path, item.kind == "table"))
    if pending:
        writer = _Writer()
        _headings(writer, pending)
        found.append(writer.section(page, place, headings.path, False))
    return found


@dataclass(slots=True)
class _Item:
    kind: str
    """heading, prose, table or stamp"""
    lines: list[Line]
    block: Block
    key: pdf_headings.Key = ()


def _items(block: Block, style: TextStyle) -> list[_Item]:
    if block.stamp:
        return [_Item("stamp", block.lines, block)]
    found: list[_Item] = []
    for line in block.lines:
        if len(line.cells) > 1 and pdf_tables.is_spread_out(line, block):
            line.join_cells()
    tables = pdf_tables.tables(block, style)
    at = 0
    lines = block.lines
    while at < len(lines):
        if at in tables:
            found.append(_Item("table", pdf_tables.join_wrapped(lines[at : tables[at]]), block))
            at = tables[at]
            continue
        end = pdf_headings.heading_end(block, at, style, tables)
        if end > at:
            found.append(
                _Item("heading", lines[at:end], block, pdf_headings.heading_key(block, lines[at:end]))
            )
            at = end
            continue
        if found and found[-1].kind == "prose":
            found[-1].lines.append(lines[at])
        else:
            found.append(_Item("prose", [lines[at]], block))
        at += 1
    return found


def _join_to_tables(items: list[_Item]) -> None:
    """Short lines right above a table ("In millions") and below it ("See the notes") become rows of it."""
    at = 0
    while at < len(items):
        item = items[at]
        if item.kind != "table":
            at += 1
            continue
        above = items[at - 1] if at else None
        if above is not None and above.kind == "prose" and above.block is item.block:
            count = _caption_lines(above.lines, item.lines[0])
            if count:
                item.lines = above.lines[-count:] + item.lines
                del above.lines[-count:]
                if not above.lines:
                    at -= 1
                    del items[at]
        below = items[at + 1] if at + 1 < len(items) else None
        if below is not None and below.block is item.block:
            brief = below.kind == "prose" and _is_brief(below.lines)
            if brief or below.kind == "table":
                item.lines = item.lines + below.lines
                del items[at + 1]
                continue
        at += 1


def _is_brief(lines: Sequence[Line]) -> bool:
    return len(lines) <= 2 and sum(len(line.text) for line in lines) <= 120


def _caption_lines(above: Sequence[Line], table: Line) -> int:
    """How many of the last lines of prose name the table that follows them."""
    for count in range(1, 5):
        if count > len(above):
            return 0
        line = above[-count]
        below = above[-count + 1] if count > 1 else table
        if len(line.text) > 100 or line.text.endswith(".") or below.base - line.base > 5 * line.em:
            return 0
        if count == len(above) or (
            count <= 2 and line.base - above[-count - 1].base > 1.25 * _leading(above)
        ):
            return count
    return 0


# --- paragraphs --------------------------------------------------------------------------------------


def _rows(writer: _Writer, lines: Sequence[Line]) -> None:
    for line in lines:
        if writer:
            writer.gap("\n")
        writer.line(line)


def _headings(writer: _Writer, lines: Sequence[Line]) -> None:
    """One line each, but for a long one that runs on in the next."""
    for line in lines:
        if writer:
            writer.gap(" " if line.text[:1].islower() else "\n")
        writer.line(line)


def _paragraphs(writer: _Writer, items: Sequence[_Item], hyphens: Hyphens) -> None:
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
    hyphens: Hyphens,
) -> None:
    """Puts what belongs between two lines of prose; `leading` is None where a new column begins."""
    (one, above), (two, below) = before, after
    same_column = leading is not None
    edges = min(line.x0 for line in near), max(line.x1 for line in near)
    if _new_paragraph(one, above, two, below, leading, edges):
        writer.gap("\n\n")
    elif (joint := hyphens.joint(above, below)) is not Joint.NONE:
        if joint is Joint.DROPPED:
            writer.drop_hyphen()
        elif joint is Joint.SPACED:
            writer.gap(" ")
    elif glyph_text.starts_item(below) or (same_column and _broke_early(one, above, two, below, near)):
        writer.gap("\n")
    elif not (glyph_text.ideographic(above[-1]) and glyph_text.ideographic(below[0])):
        writer.gap(" ")


def _new_paragraph(
    one: Line, above: str, two: Line, below: str, leading: float | None, edges: tuple[float, float]
) -> bool:
    if leading is None:
        return glyph_text.ends_sentence(above) or not below[:1].islower()
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
    ended = glyph_text.ends_sentence(above)
    return ended and (indented or one.x1 < right - 0.25 * (right - left))


_LABEL = re.compile(r"[^\W\d][^:.;,]{1,30}:(?:\s|$)")


def _broke_early(one: Line, above: str, two: Line, below: str, near: Sequence[Line]) -> bool:
    """Whether the second line need not be a new one: its first word would have fit (an address, a poem)."""
    if len(one.cells) > 1 or len(two.cells) > 1:
        return True
    if below[:1].islower() and not glyph_text.ends_sentence(above):
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
