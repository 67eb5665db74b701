"""Turns headings, paragraphs and tables, in reading order, into sections that know their place."""

from __future__ import annotations

import logging
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from assistant.documents.formats.shared.text_cleaning import flowing, lines, one_line, shortened
from assistant.documents.records import Section

log = logging.getLogger(__name__)

SECTION_CHARACTERS = 4_000
"""A section ends at the first paragraph after so many; so its place stays something that can be looked at."""
TABLE_ROWS = 40
"""A table with more rows goes on in a new section that begins with the header row again."""
TABLE_CHARACTERS = 3_000
"""A table of more characters goes on in a new section too."""
HEADING_LEVELS = 9
"""Deeper headings count as the deepest."""

Row = Sequence[str]


class SectionBuilder:
    """Collects blocks in reading order.

    `place` is the location of every section ("slide 3"); without it the location is the heading above the
    section, or the paragraphs that it spans. Headings become the first lines of the text that follows them.
    """

    def __init__(self, place: str = "", *, page: int | None = None, above: tuple[str, ...] = ()) -> None:
        self._place = place
        self._page = page
        self._above = above
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

    def move(self, place: str, above: tuple[str, ...]) -> None:
        """What follows stands at another place, under other headings."""
        self._end_section()
        self._place, self._above, self._path = place, above, []

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
        for piece in _pieces(text, 3 * SECTION_CHARACTERS):
            if self._size + len(piece) > SECTION_CHARACTERS and self._size > SECTION_CHARACTERS // 2:
                self._end_section()
            if self._last in joins and self._blocks:
                self._extend_span()
                self._blocks[-1] += "\n" + piece
                self._size += len(piece) + 1
            else:
                self._append(piece)
            self._paragraphs += 1
            self._last = kind
            if self._size >= SECTION_CHARACTERS:
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
        self._done.append(Section(text, self._page, self._location(table), self.heading_path, table))

    def _location(self, table: bool) -> str:
        if self._place:
            return self._place
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
