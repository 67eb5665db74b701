"""PDF documents: what each page says and where, or why it says nothing; and pictures of pages."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.documents.formats.pdf import characters as pdf_characters
from assistant.documents.formats.pdf import columns, glyph_text
from assistant.documents.formats.pdf import lines as pdf_lines
from assistant.documents.formats.pdf.characters import Characters, Word
from assistant.documents.formats.pdf.columns import Block
from assistant.documents.formats.pdf.form_fields import FieldValue
from assistant.documents.formats.pdf.headings import Census, Headings, TextStyle
from assistant.documents.formats.pdf.pdf_file import PdfFile
from assistant.documents.formats.pdf.sections import sections
from assistant.documents.formats.shared.pagination import empty_part, failed_part
from assistant.documents.records import Opened, Outcome, PagePicture, Part
from assistant.errors import AssistantError, UnreadableDocument

_PAGES_BACK = 128
"""A reading that begins in the middle looks so many pages back for the headings it stands under, some 20 ms
each; with ten pages nine of ten places in annual reports stood under other headings than before."""

_MARGIN_ROWS = 3
"""Rows at the top, and at the bottom, that may be running heads or page numbers."""
_MAX_LOST = 0.5
"""A page with a larger share of characters that cannot be told has failed."""


def open(path: Path, password: str | None) -> PdfDocument:
    """The document at `path`. Raises PasswordRequired, UnsupportedFormat or UnreadableDocument."""
    return PdfDocument(path, password)


@dataclass(slots=True)
class _Page:
    """A page half read: its words, before it is known which of them every page repeats."""

    number: int
    characters: Characters
    rows: list[list[list[Word]]]
    """For each direction of the text, the most frequent first: its rows."""
    margins: list[_Margin]
    census: Census
    outside: int


@dataclass(slots=True)
class _Margin:
    """A row near the top or bottom edge of a page."""

    words: list[Word]
    signature: str
    y: float
    number: int | None
    """Where the row is nothing but a page number; 0 if that is not in digits."""
    apart: bool = False
    """There is room between this row, or one further in, and the text."""
    repeated: bool = False


class PdfDocument:
    """An open PDF. Not for use by two threads at a time."""

    def __init__(self, path: Path, password: str | None) -> None:
        self._file = PdfFile(path, password)
        if self._file.pages == 0:
            self._file.close()
            raise UnreadableDocument("pdf-empty")
        title = glyph_text.sensible_title(self._file.metadata("Title")) or path.stem
        missing = self._file.claimed_pages > self._file.pages
        self.opened = Opened("pdf", title, "page", self._file.pages + missing)
        self._pages: OrderedDict[int, _Page | AssistantError] = OrderedDict()
        self._hyphens = glyph_text.Hyphens()
        self._headings: dict[int, Headings] = {0: Headings()}
        self.alone = False
        """Look at no other page than the one that is read: one of them may be what killed the last reader."""

    def close(self) -> None:
        self._pages.clear()
        self._file.close()

    def parts(self, first: int = 1) -> Iterator[Part]:
        """The pages from `first` on; a damaged one comes as failed."""
        if first - 1 not in self._headings and not self.alone:
            start = max(1, first - _PAGES_BACK)
            self._headings.setdefault(start - 1, Headings())
            for number in range(start, first):
                if number not in self._headings:
                    self._part(number)
        for number in range(first, self._file.pages + 1):
            yield self._part(number)
        if self._file.claimed_pages > self._file.pages:
            yield failed_part(self._file.pages + 1, "the rest", UnreadableDocument("pages-missing"))

    def render(self, page: int, width_px: int) -> PagePicture:
        """A picture of a page, counted from 1, `width_px` pixels wide if that is reasonable.

        Raises UnreadableDocument where there is no such page or it cannot be drawn.
        """
        if not 1 <= page <= self._file.pages:
            raise UnreadableDocument("no-such-page", page=page, pages=self._file.pages)
        bitmap = self._file.render(page - 1, width_px)
        return PagePicture(page, self._file.pages, bitmap.width, bitmap.height, bitmap.scale, bitmap.pixels)

    # --- one page --------------------------------------------------------------------------------

    def _part(self, number: int) -> Part:
        headings = self._headings.get(number - 1, Headings()).copy()
        try:
            return self._read_part(number, headings)
        except AssistantError as error:
            return Part(number, f"page {number}", Outcome.FAILED, problem=error.problem)
        finally:
            self._headings[number] = headings

    def _read_part(self, number: int, headings: Headings) -> Part:
        label = f"page {number}"
        page = self._page(number)
        text = page.characters.text
        if not text.strip():
            if page.outside and not self._file.has_marks(number - 1):
                return empty_part(number, label, "page-text-outside")
            return self._without_text(number, label)
        if glyph_text.lost_share(text) > _MAX_LOST:
            return failed_part(number, label, UnreadableDocument("page-letters-unknown"))
        around = self._around(number)
        self._mark_repeated(page, around)
        blocks = self._blocks(page)
        style = TextStyle.of([other.census for other in around])
        found = sections(blocks, page.characters, number, style, headings, self._hyphens)
        if not found:
            # Nothing but what every page repeats, such as a header over an empty page.
            return self._without_text(number, label)
        return Part(number, label, Outcome.TEXT, tuple(found))

    def _without_text(self, number: int, label: str) -> Part:
        return empty_part(
            number, label, "page-is-picture" if self._file.has_marks(number - 1) else "page-blank"
        )

    def _blocks(self, page: _Page) -> list[Block]:
        repeated = {id(word) for margin in page.margins if margin.repeated for word in margin.words[:1]}
        found: list[Block] = []
        lost = glyph_text.LOST in page.characters.text
        for rows in page.rows:
            if repeated:
                rows = [row for row in rows if id(row[0]) not in repeated]
            if lost:
                rows = [
                    kept
                    for row in rows
                    if (kept := [word for word in row if word.text.strip(glyph_text.LOST)])
                ]
            found.extend(columns.blocks(rows))
        return found

    def _page(self, number: int) -> _Page:
        """Reads a page once, though its neighbours ask for it too. Raises AssistantError."""
        page = self._pages.get(number)
        if page is None:
            try:
                page = self._read(number)
            except AssistantError as error:
                page = error
            self._pages[number] = page
            while len(self._pages) > 8:
                self._pages.popitem(last=False)
        if isinstance(page, AssistantError):
            raise page
        return page

    def _read(self, number: int) -> _Page:
        content = self._file.read(number - 1)
        glyphs = content.glyphs
        characters, outside = pdf_characters.characters(
            glyphs.codes,
            glyphs.boxes,
            glyphs.em,
            glyphs.origin,
            glyphs.angle,
            glyphs.weight,
            content.width,
            content.height,
        )
        if content.fields:
            characters = _with_fields(characters, content.fields)
        rows = [
            pdf_lines.rows(pdf_characters.words(characters, which, degrees))
            for degrees, which in pdf_characters.frames(characters)
        ]
        self._hyphens.learn([" ".join([word.text for word in row]) for found in rows for row in found])
        margins = _margins(rows[0]) if rows else []
        return _Page(number, characters, rows, margins, Census.of(characters), outside)

    # --- what is normal, what is repeated ----------------------------------------------------------

    def _around(self, number: int) -> list[_Page]:
        """A page and its readable neighbours, two on each side."""
        found = []
        reach = 0 if self.alone else 2
        for near in range(max(1, number - reach), min(self._file.pages, number + reach) + 1):
            try:
                found.append(self._page(near))
            except AssistantError:
                continue
        return found

    def _mark_repeated(self, page: _Page, around: list[_Page]) -> None:
        """Finds the running heads and page numbers: rows that stand at the same place on neighbouring pages.

        Their first appearance is kept, page numbers go everywhere: they would only cut sentences and tables
        that run over the page's end, and put the same words into every passage.
        """
        others = [other for other in around if other is not page]
        for side in (page.margins[:_MARGIN_ROWS], page.margins[_MARGIN_ROWS:]):
            twins = [[other.number for other in others if _stands_in(row, page, other)] for row in side]
            unlike = next((place for place, found in enumerate(twins) if not found), _MARGIN_ROWS)
            for row, found in zip(side[:unlike], twins, strict=False):
                # A table that goes on may begin with the same row on each page, and pages may be all alike.
                if not (row.apart or row.number is not None or (unlike < _MARGIN_ROWS and _is_plain(row))):
                    break
                row.repeated = row.number is not None or min(found) < page.number
        if sum(row.repeated for row in page.margins) >= sum(map(len, page.rows)):
            for row in page.margins:
                row.repeated = False  # it would leave nothing


_NUMBER = re.compile(r"(?<![^\W_])(?:\d{1,4}|[ivxlc]{1,6})(?![^\W_])", re.IGNORECASE)


def _margins(rows: list[list[Word]]) -> list[_Margin]:
    """The outermost rows of a page: from the top inwards, then from the bottom inwards."""
    if len(rows) < 2:
        return []
    typical = _typical_step(rows)
    found: list[_Margin] = []
    for order in (rows, rows[::-1]):
        side = [_margin(row) for row in order[:_MARGIN_ROWS]]
        detached = False
        for place in range(len(side) - 1, -1, -1):
            following = order[place + 1] if place + 1 < len(order) else None
            detached |= following is None or abs(following[0].base - order[place][0].base) > 1.25 * typical
            side[place].apart = detached
        found.extend(side + [_NOTHING] * (_MARGIN_ROWS - len(side)))
    return found


def _is_plain(row: _Margin) -> bool:
    """Whether a row has no digits and no cells."""
    gaps = (after.x0 - before.x1 for before, after in pairwise(row.words))
    return not any(map(str.isdigit, row.signature)) and all(gap < row.words[0].em for gap in gaps)


def _typical_step(rows: list[list[Word]]) -> float:
    steps = sorted(two[0].base - one[0].base for one, two in pairwise(rows))
    return max(steps[len(steps) // 2], 1.15 * rows[len(rows) // 2][0].em)


def _margin(row: list[Word]) -> _Margin:
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
    return _Margin(row, signature, row[0].base, number)


_NUMBER_ONLY = re.compile(r"(?:page|seite|p\.)?[-–—|.\s#]*(?:(?:of|von|/)[\s#\d]+)?[-–—|]*")
_NOTHING = _Margin([], "", 0.0, None)


def _stands_in(row: _Margin, page: _Page, other: _Page) -> bool:
    """Whether a page has the same row at the same place, or the page number that is due there."""
    for twin in other.margins if row.signature else []:
        if row.signature == twin.signature and abs(row.y - twin.y) < 9:
            return True
        if row.number and twin.number and twin.number - row.number == other.number - page.number:
            return True
    return False


# --- forms -------------------------------------------------------------------------------------------


def _with_fields(page: Characters, fields: tuple[FieldValue, ...]) -> Characters:
    """The page's characters and those of its filled-in fields, spread over the field's box."""
    texts, boxes, sizes, bases, spaces = [page.text], [page.boxes], [page.em], [page.origin], [page.space]
    for value in fields:
        x0, y0, x1, y1 = value.box
        lines = [" ".join(line.split()) for line in re.split(r"[\r\n]+", value.text)]
        lines = [line for line in lines if line]
        height = max(1.0, (y1 - y0) / max(1, len(lines)))
        em = min(12.0, 0.8 * height)
        for number, line in enumerate(lines):
            step = min(0.5 * em, max(0.5, x1 - x0 - 2) / len(line))
            left = x0 + 1 + step * np.arange(len(line), dtype=np.float32)
            middle = y0 + height * (number + 0.5)
            box = np.empty((len(line), 4), np.float32)
            box[:, 0], box[:, 2] = left, left + step
            box[:, 1], box[:, 3] = middle - 0.55 * em, middle + 0.55 * em
            solid = np.array([character != " " for character in line])
            space = np.zeros(len(line), np.int8)
            space[1:] = np.where(solid[:-1], 0, 2)
            space[0] = 2
            texts.append(line.replace(" ", ""))
            boxes.append(box[solid])
            spaces.append(space[solid])
            sizes.append(np.full(int(solid.sum()), em, np.float32))
            bases.append(np.stack([box[solid, 0], np.full(int(solid.sum()), middle + 0.35 * em)], axis=1))
    text = "".join(texts)
    more = len(text) - len(page.text)
    return Characters(
        text,
        np.concatenate(boxes).astype(np.float32),
        np.concatenate(sizes).astype(np.float32),
        np.concatenate(bases).astype(np.float32),
        np.concatenate([page.angle, np.zeros(more, np.float32)]),
        np.concatenate([page.weight, np.zeros(more, np.int8)]),
        np.concatenate(spaces).astype(np.int8),
    )
