"""PDF documents: what each page says and where, or why it says nothing; and pictures of pages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from assistant.documents.formats.attachments import attachment_sections
from assistant.documents.formats.pdf import characters as pdf_characters
from assistant.documents.formats.pdf import columns, glyph_text, large_letters
from assistant.documents.formats.pdf import lines as pdf_lines
from assistant.documents.formats.pdf.annotations import Annotations
from assistant.documents.formats.pdf.characters import Characters, Word
from assistant.documents.formats.pdf.columns import Block
from assistant.documents.formats.pdf.filled_in import with_fields
from assistant.documents.formats.pdf.garbled_text import is_garbled
from assistant.documents.formats.pdf.headings import Census, Headings, TextStyle
from assistant.documents.formats.pdf.hyphens import Hyphens
from assistant.documents.formats.pdf.notes import mark_words, note_sections
from assistant.documents.formats.pdf.pdf_file import PdfFile
from assistant.documents.formats.pdf.running_heads import Margin, margins, mark_repeated
from assistant.documents.formats.pdf.searchable_copy import Words, searchable_pdf
from assistant.documents.formats.pdf.sections import sections
from assistant.documents.formats.pdf.xfa import form_sections
from assistant.documents.formats.shared.pagination import empty_part, failed_part
from assistant.documents.records import (
    WHOLE_PAGE,
    Opened,
    Outcome,
    PagePicture,
    Part,
    PartPicture,
    Section,
)
from assistant.documents.viewer_records import PageLayout
from assistant.error_messages import Detail
from assistant.errors import AssistantError, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.picture import Picture

_PAGES_BACK = 128
"""A reading that begins in the middle looks so many pages back for the headings it stands under, some 20 ms
each; with ten pages nine of ten places in annual reports stood under other headings than before."""

_STAMP = 100
"""So many letters and digits may be put over a scan; of a title page over a photograph there are more."""

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
    stamps: list[list[Word]]
    """Rows of large letters across the text, and of text that runs aslant."""
    margins: list[Margin]
    census: Census
    outside: int
    lying: Annotations
    """What lies on the page beside its text."""

    @property
    def row_count(self) -> int:
        return sum(map(len, self.rows))


class PdfDocument:
    """An open PDF. Not for use by two threads at a time."""

    def __init__(self, path: Path, password: str | None) -> None:
        self._path, self._password = path, password
        self._file = PdfFile(path, password)
        if self._file.pages == 0:
            self._file.close()
            raise UnreadableDocument("pdf-empty")
        title = glyph_text.sensible_title(self._file.metadata("Title")) or path.stem
        missing = self._file.claimed_pages > self._file.pages
        self._further = self._further_parts()
        parts = self._file.pages + missing + len(self._further)
        self.opened = Opened("pdf", title, "page", parts)
        self._pages: OrderedDict[int, _Page | AssistantError] = OrderedDict()
        self._hyphens = Hyphens()
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
        for number in range(max(1, first), self._file.pages + 1):
            yield self._part(number)
        number = self._file.pages
        if self._file.claimed_pages > self._file.pages:
            number += 1
            if number >= first:
                yield failed_part(number, "the rest", UnreadableDocument("pages-missing"))
        for label, read in self._further:
            number += 1
            if number >= first:
                yield _further_part(number, label, read)

    def render(self, page: int, width_px: int) -> PagePicture:
        """A picture of a page, counted from 1, `width_px` pixels wide if that is reasonable.

        Raises UnreadableDocument where there is no such page or it cannot be drawn.
        """
        if not 1 <= page <= self._file.pages:
            raise UnreadableDocument("no-such-page", page=page, pages=self._file.pages)
        bitmap = self._file.render(page - 1, width_px)
        return PagePicture(page, self._file.pages, bitmap.width, bitmap.height, bitmap.scale, bitmap.pixels)

    def picture(self, part: int, number: int) -> Picture:
        """A page as it looks, to be recognised; `dpi` maps its pixels to the page. Raises like `render`."""
        if number != WHOLE_PAGE or not 1 <= part <= self._file.pages:
            raise UnreadableDocument("no-such-page", page=part, pages=self._file.pages)
        return self._file.picture(part - 1)

    def searchable_copy(self, output: Path, words: Words, done: Callable[[int], None]) -> None:
        """Writes a copy whose `words` can be searched; see `searchable_pdf`."""
        searchable_pdf(self._path, self._password, output, words, done)

    def layout(self) -> PageLayout:
        """The sizes and names of the pages, and the bookmarks of the file."""
        numbers = range(self._file.pages)
        labels = tuple(self._file.page_label(index) for index in numbers)
        counted = all(label in ("", str(index + 1)) for index, label in enumerate(labels))
        return PageLayout(
            tuple(map(self._file.page_size, numbers)), () if counted else labels, self._file.bookmarks()
        )

    def _further_parts(self) -> list[tuple[str, Callable[[], list[Section]]]]:
        """What is in the document beside its pages, each by its name."""
        found: list[tuple[str, Callable[[], list[Section]]]] = []
        if self._file.only_for_adobe:
            found.append(("form", lambda: form_sections(self._file.form_data())))
        for index in range(self._file.attached):
            file = self._file.attached_file(index)
            if file is not None:
                found.append((file.name, partial(_attached, self._file, index)))
        return found

    # --- one page --------------------------------------------------------------------------------

    def _place(self, number: int) -> str:
        """The page as people call it, with the number that is printed on it where that is another one."""
        label = self._file.page_label(number - 1)
        return f"page {number} ({label})" if label and label != str(number) else f"page {number}"

    def _part(self, number: int) -> Part:
        headings = self._headings.get(number - 1, Headings()).copy()
        try:
            return self._read_part(number, headings)
        except AssistantError as error:
            return Part(number, self._place(number), Outcome.FAILED, problem=error.problem)
        finally:
            self._headings[number] = headings

    def _read_part(self, number: int, headings: Headings) -> Part:
        label = self._place(number)
        if self._file.only_for_adobe:
            raise UnreadableDocument("page-stand-in")
        page = self._page(number)
        text = page.characters.text
        beside = note_sections(page.lying, page.rows[:1], number, label)
        if not text.strip() and beside:
            # Somebody's note on a scan is not all that the page says.
            whole = (PartPicture(WHOLE_PAGE),) if self._file.is_scan(number - 1) else ()
            return Part(number, label, Outcome.TEXT, tuple(beside), pictures=whole)
        if not text.strip():
            if page.outside and not self._file.has_marks(number - 1):
                return empty_part(number, label, "page-text-outside")
            return self._without_text(number, label)
        if glyph_text.lost_share(text) > _MAX_LOST:
            failed = failed_part(number, label, UnreadableDocument("page-letters-unknown"))
            return replace(failed, pictures=(PartPicture(WHOLE_PAGE),))
        around = self._around(number)
        mark_repeated(page, around)
        blocks = self._blocks(page) + _stamps(page, around)
        style = TextStyle.of([other.census for other in around])
        found = sections(blocks, page.characters, (number, label), style, headings, self._hyphens) + beside
        if not found:
            # Nothing but what every page repeats, such as a header over an empty page.
            return self._without_text(number, label)
        whole = (PartPicture(WHOLE_PAGE),) if self._is_better_seen(number, found) else ()
        return Part(number, label, Outcome.TEXT, tuple(found), pictures=whole)

    def _is_better_seen(self, number: int, found: list[Section]) -> bool:
        """Whether a page says less by its text than by how it looks: a stamped scan, wrong letters."""
        text = "\n".join(section.text for section in found)
        few = sum(map(str.isalnum, text)) <= _STAMP
        return self._file.is_scan(number - 1) if few else is_garbled(text)

    def _without_text(self, number: int, label: str) -> Part:
        if not self._file.has_marks(number - 1):
            return empty_part(number, label, "page-blank")
        part = empty_part(number, label, "page-is-picture")
        return replace(part, pictures=(PartPicture(WHOLE_PAGE),))

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
        if content.lying.fields:
            characters = with_fields(characters, content.lying.fields)
        rows: list[list[list[Word]]] = []
        stamps: list[list[Word]] = []
        usual = 0.0
        for degrees, which in pdf_characters.frames(characters):
            words = pdf_characters.words(characters, which, degrees)
            if degrees == 0:
                mark_words(words, content.lying, content.rules)
            usual = usual if rows else large_letters.usual_size(words)
            words, across = large_letters.apart_from_stamps(words, usual)
            found = pdf_lines.rows(large_letters.with_initials(words, usual))
            if rows and (degrees % 90 or large_letters.are_large(found, usual)):
                stamps += found
            elif found:
                rows.append(found)
            stamps += pdf_lines.rows(across)
        self._hyphens.learn([" ".join([word.text for word in row]) for found in rows for row in found])
        edges = margins(rows[0]) if rows else []
        census = Census.of(characters)
        return _Page(number, characters, rows, stamps, edges, census, outside, content.lying)

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


def _attached(file: PdfFile, index: int) -> list[Section]:
    found = file.attached_file(index)
    name = found.name if found is not None else "attachment"
    try:
        if found is None or found.content is None:
            raise UnreadableDocument("attachment-too-large-or-damaged")
        return attachment_sections(name, found.content)
    except AssistantError as error:
        details: dict[str, Detail] = {"name": name, "why": error.message}
        # A picture or a program among the attached files is no damage.
        kind = UnsupportedFormat if isinstance(error, UnsupportedFormat) else UnreadableDocument
        raise kind("attachment-not-read", **details) from error


def _further_part(number: int, label: str, read: Callable[[], list[Section]]) -> Part:
    """A part that is no page: an attached file, or the data of a form."""
    try:
        found = tuple(read())
    except AssistantError as error:
        outcome = Outcome.EMPTY if isinstance(error, UnsupportedFormat) else Outcome.FAILED
        return Part(number, label, outcome, problem=error.problem)
    return Part(number, label, Outcome.TEXT, found) if found else empty_part(number, label)


def _stamps(page: _Page, around: list[_Page]) -> list[Block]:
    """What lies across a page; what the page before it says in the same way is said once."""
    known = {_text(row) for other in around if other.number < page.number for row in other.stamps}
    lines = [line for row in page.stamps if _text(row) not in known and (line := pdf_lines.line(row))]
    return [Block(lines, stamp=True)] if lines else []


def _text(row: list[Word]) -> str:
    return " ".join(word.text for word in row)
