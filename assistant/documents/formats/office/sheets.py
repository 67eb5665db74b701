"""Workbooks (.xlsx): sheets row by row, with values as their cells show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.documents.formats.office.number_formats import BUILTIN, general, shown
from assistant.documents.formats.office.ooxml import Package, graphic_text
from assistant.documents.formats.shared.pagination import PagedDocument, sheet_units, title_of
from assistant.documents.formats.shared.safe_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    integer,
    local,
    stream_xml,
    text_of,
)
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.table_sections import MAX_CELL_CHARACTERS, Cells, row_sections
from assistant.documents.formats.shared.text_cleaning import one_line, shortened
from assistant.documents.formats.shared.zip_reader import Source
from assistant.documents.records import Opened, Section
from assistant.errors import UnreadableDocument

MAX_SHARED_CHARACTERS = 200_000_000
"""All strings of a workbook together, which are kept in memory."""
MAX_COLUMNS = 16_384
"""What a sheet of Excel can hold."""
LONG_SHEET_BYTES = 500_000
"""Of XML; what is smaller fits into one part."""
LONG_CHARACTERS = 1_000
"""A longer string is read out once a sheet; where it stands again, it is shortened to its beginning."""
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = frozenset({"row"})
_STRING = frozenset({"si"})


def open(path: Path, password: str | None) -> PagedDocument:
    """The workbook at `path`. Raises UnreadableDocument."""
    return open_source(path, path)


def open_source(source: Source, path: Path) -> PagedDocument:
    """A workbook from a file or from memory; `path` gives it its name only."""
    package = Package(source)
    try:
        book = _Workbook(package)
        units = sheet_units(book.sheets, book.read)
        # A long sheet comes in several parts; how many, only reading tells.
        long = any(package.archive.size(part) > LONG_SHEET_BYTES for _, part in book.sheets)
        opened = Opened("xlsx", title_of(path, package.title()), "sheet", None if long else len(units))
        return PagedDocument(opened, units, package.close)
    except BaseException:
        package.close()
        raise


class _Workbook:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main_part("xl/workbook.xml")
        root = package.optional_xml(self._main)
        properties = child(root, "workbookPr")
        self._epoch_1904 = properties is not None and attribute(properties, "date1904") in ("1", "true", "on")
        self.sheets = self._find_sheets(root)
        self._shared: list[str] | None = None
        self._read_out: set[int] = set()
        self._formats: list[str] | None = None

    def _find_sheets(self, root: Element | None) -> list[tuple[str, str]]:
        """Names and members of the sheets, in their order; hidden ones too."""
        found: list[tuple[str, str]] = []
        listing = child(root, "sheets")
        for entry in listing if listing is not None else ():
            target = self._package.target(self._main, entry)
            if target is not None:
                found.append((one_line(attribute(entry, "name")) or f"{len(found) + 1}", target))
        if found:
            return found
        parts = self._package.related(self._main, "worksheet") or [
            name for name in self._package.archive.names if name.lower().startswith("xl/worksheets/sheet")
        ]
        return [(str(number), name) for number, name in enumerate(parts, start=1)]

    def read(self, part: str, name: str, number: int) -> Iterator[Section]:
        yield from row_sections(self._rows(part), sheet=name, page=number)
        yield from self._drawings(part, name, number)
        yield from self._comments(part, name, number)

    def _rows(self, part: str) -> Iterator[tuple[int, Cells]]:
        shared, formats = self._shared_strings(), self._cell_formats()
        number = 0
        self._read_out = set()
        with self._package.archive.open(part) as file:
            for row in stream_xml(file, _ROW):
                number = integer(attribute(row, "r"), number + 1)
                cells: Cells = {}
                column = -1
                for cell in row:
                    if local(cell) != "c":
                        continue
                    match = _REFERENCE.match(cell.get("r", ""))
                    column = min(_column(match.group(1)), MAX_COLUMNS) if match else column + 1
                    text = self._value(cell, shared, formats)
                    if text:
                        cells[column] = text
                yield number, cells

    def _value(self, cell: Element, shared: list[str], formats: list[str]) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _string(child(cell, "is"))
        value = child(cell, "v")
        text = value.text if value is not None else None
        if text is None:
            formula = child(cell, "f")
            # Programs that write workbooks without computing them leave only the formula.
            return f"={formula.text}" if formula is not None and formula.text else ""
        if kind == "s":
            index = integer(text, -1)
            return self._once(shared[index], index) if 0 <= index < len(shared) else ""
        if kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        if kind in ("str", "e"):
            return str(text)
        if kind == "d":
            return str(text).replace("T", " ").removesuffix(" 00:00:00")
        try:
            number = float(text)
        except ValueError:
            return str(text)
        style = integer(cell.get("s", ""), 0)
        code = formats[style] if style < len(formats) else "General"
        return general(number) if code == "General" else shown(number, code, epoch_1904=self._epoch_1904)

    def _once(self, text: str, index: int) -> str:
        """A shared string; a file of a few bytes could name a long one a million times."""
        if len(text) <= LONG_CHARACTERS:
            return text
        if index in self._read_out:
            return shortened(text, 100)
        self._read_out.add(index)
        return text

    def _shared_strings(self) -> list[str]:
        if self._shared is None:
            strings: list[str] = []
            size = 0
            for name in self._package.related(self._main, "sharedStrings") or ["xl/sharedStrings.xml"]:
                if name not in self._package.archive:
                    continue
                try:
                    with self._package.archive.open(name) as file:
                        for element in stream_xml(file, _STRING):
                            strings.append(one_line(_string(element)[: 2 * MAX_CELL_CHARACTERS]))
                            size += len(strings[-1])
                            if size > MAX_SHARED_CHARACTERS:
                                raise UnreadableDocument("workbook-too-large")
                except UnreadableDocument:
                    if size > MAX_SHARED_CHARACTERS:
                        raise
                    # What was read before the damage is still right.
            self._shared = strings
        return self._shared

    def _cell_formats(self) -> list[str]:
        """The format code of each cell style."""
        if self._formats is None:
            codes = dict(BUILTIN)
            formats: list[str] = []
            for name in self._package.related(self._main, "styles"):
                root = self._package.optional_xml(name)
                if root is None:
                    continue
                custom = child(root, "numFmts")
                for element in custom if custom is not None else ():
                    codes[integer(attribute(element, "numFmtId"), -1)] = attribute(element, "formatCode")
                styles = child(root, "cellXfs")
                for element in styles if styles is not None else ():
                    formats.append(codes.get(integer(attribute(element, "numFmtId"), 0), "General"))
            self._formats = formats
        return self._formats

    def _drawings(self, part: str, name: str, number: int) -> Iterator[Section]:
        """Charts and text boxes that lie on the sheet."""
        build = SectionBuilder(f"sheet {name}", page=number, above=(name,))
        charts_only = "/chartsheets/" in f"/{part}"
        for drawing in self._package.related(part, "drawing"):
            root = self._package.optional_xml(drawing)
            if root is None:
                continue
            for shape in descendants(root, "sp"):
                body = child(shape, "txBody")
                for paragraph in children(body, "p"):
                    build.paragraph("".join(text_of(run) for run in descendants(paragraph, "t")))
            for frame in descendants(root, "graphicFrame"):
                # A chart's numbers stand in the cells already.
                build.paragraph(graphic_text(self._package, drawing, frame, values=charts_only))
        yield from build.finish()

    def _comments(self, part: str, name: str, number: int) -> Iterator[Section]:
        build = SectionBuilder(f"sheet {name}, comments", page=number, above=(name,))
        for comments in self._package.related(part, "comments"):
            root = self._package.optional_xml(comments)
            for comment in descendants(root, "comment"):
                text = one_line(_string(child(comment, "text")))
                # A comment with answers is repeated here for older programs, under a notice.
                if text and "[Threaded comment]" not in text:
                    build.line(f"{attribute(comment, 'ref')}: {text}")
        for comments in self._package.related(part, "threadedComment"):
            root = self._package.optional_xml(comments)
            for comment in children(root, "threadedComment"):
                text = one_line(text_of(child(comment, "text")))
                if text:
                    build.line(f"{attribute(comment, 'ref')}: {text}")
        yield from build.finish()


def _string(element: Element | None) -> str:
    """The text of a rich string, without the readings of its characters (phonetic runs)."""
    if element is None:
        return ""
    pieces = []
    for one in element:
        name = local(one)
        if name == "t":
            pieces.append(one.text or "")
        elif name == "r":
            pieces.append(text_of(child(one, "t")))
    return _ESCAPED.sub(_unescape, "".join(pieces))


# Characters that XML cannot hold are written like _x000D_.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match.group(1), 16))


def _column(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
