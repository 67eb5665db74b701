"""Turns headings, paragraphs and tables into sections that know their place, and those into parts."""

from __future__ import annotations

import logging
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.formats.cleaning import flowing, lines, one_line, shortened
from assistant.documents.records import Opened, Outcome, Part, Section
from assistant.errors import DocumentError

log = logging.getLogger(__name__)

SECTION_CHARACTERS = 4_000
"""A section ends at the first paragraph after so many; so its place stays something that can be looked at."""
LONG_PART_CHARACTERS = 60_000
"""A sheet with more text than this comes in several parts."""
PART_CHARACTERS = 8_000
"""A part of a format without pages ends at the first section after so many."""
TABLE_ROWS = 40
TABLE_CHARACTERS = 3_000
"""A longer table goes on in a new section that begins with the header row again."""
HEADING_LEVELS = 9

Row = Sequence[str]


class SectionBuilder:
    """Collects blocks in reading order.

    `place` is the location of every section ("slide 3"); without it the location is the heading above the
    section, or the paragraphs that it spans. Headings become the first lines of the text that follows them.
    """

    def __init__(
        self,
        place: str = "",
        *,
        page: int | None = None,
        above: tuple[str, ...] = (),
        section_characters: int = SECTION_CHARACTERS,
    ) -> None:
        self.place = place
        self.page = page
        self._above = above
        self._limit = section_characters
        self._path: list[tuple[int, str]] = []
        self._blocks: list[str] = []
        self._size = 0
        self._paragraphs = 0
        self._first_paragraph = 1
        self._tables = 0
        self._last = ""
        self._lines: tuple[int, int] | None = None
        self._span: tuple[int, int] | None = None
        self._done: list[Section] = []

    @property
    def heading_path(self) -> tuple[str, ...]:
        """The headings above the place where the next block comes."""
        return (*self._above, *(text for _, text in self._path))

    def at(self, first: int, last: int) -> None:
        """The next block stands on these lines of its source; lines are then the location of sections."""
        self._lines = (first, max(first, last))

    def heading(self, level: int, text: str) -> None:
        """A heading; level 1 is the outermost."""
        text = one_line(text)
        if not text:
            return
        level = max(1, min(level, HEADING_LEVELS))
        if self._paragraphs >= self._first_paragraph:
            self._end_section()
        self._path = [(above, name) for above, name in self._path if above < level]
        self._path.append((level, shortened(text, 200)))
        self._append(text)

    def paragraph(self, text: str) -> None:
        """A paragraph; line ends inside it stay."""
        self._block(flowing(text), "paragraph", frozenset())

    def item(self, text: str, mark: str = "•") -> None:
        """An item of a list; items that follow each other stand on lines without a blank line between."""
        text = flowing(text)
        self._block(f"{mark} {text}".strip() if text else "", "line", frozenset({"line"}))

    def line(self, text: str) -> None:
        """A line that stays close to the text before it: an address, a header of a message, a verse."""
        self._block(flowing(text), "line", frozenset({"line", "paragraph"}))

    def preformatted(self, text: str) -> None:
        """Text whose spaces and line ends mean something."""
        self._block(textwrap.dedent(lines(text)), "paragraph", frozenset())

    def table(self, rows: Iterable[Row], *, headers: int | None = None) -> None:
        """A table. `headers`: how many rows at its top name the columns; None: look and judge."""
        cleaned = [[one_line(cell) for cell in row] for row in rows]
        cleaned = [row for row in cleaned if any(row)]
        if not cleaned:
            return
        if len(cleaned) == 1 and sum(map(bool, cleaned[0])) == 1:
            self.paragraph(next(filter(None, cleaned[0])))
            return
        if headers is None:
            headers = 1 if looks_like_header(cleaned) else 0
        self._end_section()
        self._span = self._lines
        self._tables += 1
        width = max(max(i for i, cell in enumerate(row) if cell) + 1 for row in cleaned)
        texts = ["\t".join(row[:width]).rstrip("\t") for row in cleaned]
        top = texts[: min(headers, 3)] if sum(map(len, texts[:headers])) < TABLE_CHARACTERS // 2 else []
        block: list[str] = []
        size = 0
        for number, text in enumerate(texts):
            if block and (len(block) >= TABLE_ROWS or size + len(text) > TABLE_CHARACTERS):
                self._emit("\n".join(block), table=True)
                block, size = (list(top), sum(map(len, top))) if number >= len(top) else ([], 0)
            block.append(text)
            size += len(text)
        self._emit("\n".join(block), table=True)

    def add(self, section: Section) -> None:
        """A section that is ready made."""
        self._end_section()
        self._done.append(section)

    def take(self) -> list[Section]:
        """The sections that are complete so far; each is given once."""
        done, self._done = self._done, []
        return done

    def finish(self) -> list[Section]:
        """All sections not yet taken, with what stood last."""
        self._end_section()
        return self.take()

    def _block(self, text: str, kind: str, joins: frozenset[str]) -> None:
        if not text:
            return
        for piece in _pieces(text, 3 * self._limit):
            if self._size + len(piece) > self._limit and self._size > self._limit // 2:
                self._end_section()
            if self._last in joins and self._blocks:
                self._extend_span()
                self._blocks[-1] += "\n" + piece
                self._size += len(piece) + 1
            else:
                self._append(piece)
            self._paragraphs += 1
            self._last = kind
            if self._size >= self._limit:
                self._end_section()

    def _append(self, text: str) -> None:
        self._extend_span()
        self._blocks.append(text)
        self._size += len(text) + 2
        self._last = "heading"

    def _extend_span(self) -> None:
        if self._lines is not None:
            first = self._span[0] if self._span is not None and self._blocks else self._lines[0]
            self._span = (first, self._lines[1])

    def _end_section(self) -> None:
        if self._blocks:
            self._emit("\n\n".join(self._blocks), table=False)
        self._blocks = []
        self._size = 0
        self._last = ""
        self._first_paragraph = self._paragraphs + 1

    def _emit(self, text: str, *, table: bool) -> None:
        self._done.append(Section(text, self.page, self._location(table), self.heading_path, table))

    def _location(self, table: bool) -> str:
        if self.place:
            return self.place
        if self._span is not None:
            first, last = self._span
            return f"line {first}" if first == last else f"lines {first}–{last}"
        path = self.heading_path
        where = f"section {shortened(path[-1], 80)}" if path else ""
        if table:
            name = f"table {self._tables}"
            return f"{where}, {name}" if where else name
        if where:
            return where
        first, last = self._first_paragraph, max(self._first_paragraph, self._paragraphs)
        return f"paragraph {first}" if first == last else f"paragraphs {first}–{last}"


def looks_like_header(rows: Sequence[Row]) -> bool:
    """Whether the first of `rows` names columns: words in at least two cells, none of them a number."""
    if len(rows) < 2:
        return False
    filled = [cell for cell in rows[0] if cell]
    widest = max(sum(map(bool, row)) for row in rows[:20])
    return (
        len(filled) >= 2
        and len(filled) * 2 >= widest
        and all(len(cell) <= 120 and not _is_number(cell) for cell in filled)
    )


def _is_number(cell: str) -> bool:
    """Amounts, percentages, dates; a bare year may well be the name of a column."""
    bare = cell.strip("()%$€£¥+-− ").replace(",", "").replace(".", "").replace(" ", "")
    return bare.isdigit() and not (len(cell) == 4 and cell[:2] in ("18", "19", "20"))


def _pieces(text: str, limit: int) -> Iterator[str]:
    """`text` in pieces of at most `limit` characters, cut where a line or a sentence or a word ends."""
    start = 0
    while len(text) - start > limit:
        window = text[start : start + limit]
        cut = max(window.rfind("\n", limit // 2), window.rfind(". ", limit // 2) + 1)
        if cut <= 0:
            cut = window.rfind(" ", limit // 2)
        if cut <= 0:
            cut = limit
        yield text[start : start + cut].strip("\n").rstrip()
        start += cut
    yield text[start:].strip("\n").rstrip()


# --- documents -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unit:
    """A page, slide, sheet, chapter or message that can be read on its own."""

    label: str
    read: Callable[[], Iterable[Section]]
    empty: str = ""
    """Said when nothing is in it."""


class PagedDocument:
    """A document whose units are known from the start and are read one by one.

    Where `opened` does not say how many parts there are, a long unit comes in several parts.
    """

    def __init__(
        self, opened: Opened, units: Sequence[Unit], close: Callable[[], None] | None = None
    ) -> None:
        self.opened = opened
        self._units = units
        self._close = close

    def parts(self, first: int = 1) -> Iterator[Part]:
        if self.opened.parts is not None:
            for number in range(max(1, first), len(self._units) + 1):
                unit = self._units[number - 1]
                yield read_part(number, unit.label, unit.read, unit.empty)
            return
        number = 0
        for unit in self._units:
            for part in _divided(unit, number + 1):
                number = part.number
                if number >= first:
                    yield part

    def close(self) -> None:
        if self._close is not None:
            self._close()


class FlowDocument:
    """A document without pages: its sections are gathered into parts of a few thousand characters."""

    def __init__(
        self,
        opened: Opened,
        sections: Callable[[], Iterator[Section]],
        close: Callable[[], None] | None = None,
        *,
        empty: str = "There is no text in this document.",
    ) -> None:
        self.opened = opened
        self._sections = sections
        self._close = close
        self._empty = empty

    def parts(self, first: int = 1) -> Iterator[Part]:
        for part in gather(self._sections, self.opened.unit, self._empty):
            if part.number >= first:
                yield part

    def close(self) -> None:
        if self._close is not None:
            self._close()


def flow_document(
    kind: str,
    title: str,
    sections: Callable[[], Iterator[Section]],
    close: Callable[[], None] | None = None,
    *,
    empty: str = "There is no text in this document.",
    count: bool = False,
) -> FlowDocument:
    """A document of unit "part". `count`: read it once now, so that the number of its parts is known."""
    if count:
        ready = list(gather(sections, "part", empty))
        return _ReadyDocument(Opened(kind, title, "part", len(ready)), ready, close)
    return FlowDocument(Opened(kind, title, "part", None), sections, close, empty=empty)


class _ReadyDocument(FlowDocument):
    """A small document that was read when it was opened."""

    def __init__(self, opened: Opened, parts: Sequence[Part], close: Callable[[], None] | None) -> None:
        super().__init__(opened, lambda: iter(()), close)
        self._parts = parts

    def parts(self, first: int = 1) -> Iterator[Part]:
        yield from self._parts[max(1, first) - 1 :]


def gather(sections: Callable[[], Iterator[Section]], unit: str, empty: str) -> Iterator[Part]:
    """Parts of about PART_CHARACTERS; what cannot be read any further becomes a last part that failed."""
    number = 1
    held: list[Section] = []
    size = 0
    stream = sections()
    while True:
        try:
            section = next(stream, None)
        except Exception as error:
            if held:
                yield Part(number, f"{unit} {number}", Outcome.TEXT, tuple(held))
                number += 1
            yield failed_part(number, f"{unit} {number}", error)
            return
        if section is None:
            break
        outermost_changes = bool(
            held
            and section.heading
            and held[-1].heading[:1] != section.heading[:1]
            and size > PART_CHARACTERS // 4
        )
        if held and (
            (outermost_changes and size > PART_CHARACTERS // 4) or size + len(section.text) > PART_CHARACTERS
        ):
            yield Part(number, f"{unit} {number}", Outcome.TEXT, tuple(held))
            number, held, size = number + 1, [], 0
        held.append(section)
        size += len(section.text)
    if held:
        yield Part(number, f"{unit} {number}", Outcome.TEXT, tuple(held))
    elif number == 1:
        yield Part(1, f"{unit} 1", Outcome.EMPTY, (), empty)


def read_part(number: int, label: str, read: Callable[[], Iterable[Section]], empty: str = "") -> Part:
    """One part, whatever happens: text, empty with a reason, or failed with a reason (never an exception)."""
    kept: list[Section] = []
    try:
        kept.extend(section for section in read() if section.text.strip())
    except Exception as error:
        if kept:
            # Half a page is better than none; the log says what is missing.
            log.info("%s was read in part: %s", label, error)
            return Part(number, label, Outcome.TEXT, tuple(kept))
        return failed_part(number, label, error)
    if kept:
        return Part(number, label, Outcome.TEXT, tuple(kept))
    return Part(number, label, Outcome.EMPTY, (), empty or f"There is no text on this {label.split()[0]}.")


def _divided(unit: Unit, number: int) -> Iterator[Part]:
    """The parts of a unit that may be too long for one."""
    held: list[Section] = []
    size = 0
    several = False
    try:
        for section in unit.read():
            if held and size + len(section.text) > LONG_PART_CHARACTERS:
                yield Part(number, f"{unit.label}, from {_rows_of(held[0])}", Outcome.TEXT, tuple(held))
                number, held, size, several = number + 1, [], 0, True
            if section.text.strip():
                held.append(section)
                size += len(section.text)
    except Exception as error:
        if held:
            yield Part(number, unit.label, Outcome.TEXT, tuple(held))
            number += 1
        yield failed_part(number, unit.label, error)
        return
    if held:
        label = f"{unit.label}, from {_rows_of(held[0])}" if several else unit.label
        yield Part(number, label, Outcome.TEXT, tuple(held))
    elif not several:
        yield Part(number, unit.label, Outcome.EMPTY, (), unit.empty)


def _rows_of(section: Section) -> str:
    """ "row 40" of "sheet Prices, rows 40–80"."""
    return section.location.rpartition(", ")[2].partition("–")[0].replace("rows", "row")


def failed_part(number: int, label: str, error: Exception) -> Part:
    """The part that `error` kept from being read, with a reason for people."""
    return Part(number, label, Outcome.FAILED, (), reason_of(error))


def reason_of(error: Exception) -> str:
    """What went wrong, as one sentence without the words of a library."""
    if isinstance(error, DocumentError):
        return error.message
    if isinstance(error, MemoryError):
        return "It is too large to be read on this computer."
    if isinstance(error, RecursionError):
        return "It is nested too deeply to be read."
    if isinstance(error, FileNotFoundError):
        return "The file is not there any more."
    log.info("A part could not be read", exc_info=error)
    return "It is damaged and cannot be read."


def title_of(path: Path, *names: str | None) -> str:
    """The first of `names` that says something, else the name of the file without its suffix."""
    for name in names:
        text = one_line(name or "")
        if (
            len(text) > 2
            and text.lower() not in _MEANINGLESS
            and not text.lower().startswith("microsoft word - ")
        ):
            return shortened(text, 200)
    return one_line(path.stem.encode("utf-8", "replace").decode()) or "Document"


_MEANINGLESS = frozenset(
    {
        "untitled", "untitled document", "document", "document1", "presentation", "presentation1", "slide 1",
        "powerpoint presentation", "powerpoint-präsentation", "présentation powerpoint", "title", "no title",
        "word", "word document", "microsoft word", "book1", "workbook", "unknown", "none", "normal.dotm",
    }
)  # fmt: skip
