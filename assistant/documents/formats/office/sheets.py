"""Workbooks (.xlsx): sheets row by row, with values as their cells show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.documents.formats.office.cell_styles import PLAIN_CELL, CellStyle, cell_styles, rich_string
from assistant.documents.formats.office.number_formats import general, shown, shown_text
from assistant.documents.formats.office.ooxml import graphic_text, pictures
from assistant.documents.formats.office.sheet_layout import column_number, is_unseen, read_layout
from assistant.documents.formats.shared.embedded_pictures import Content
from assistant.documents.formats.shared.inline_text import with_address
from assistant.documents.formats.shared.pagination import PagedDocument, sheet_units, title_of
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.table_sections import (
    MAX_CELL_CHARACTERS,
    Cells,
    HiddenColumns,
    SpannedRows,
    SpanningRow,
    mark_hidden_row,
    named_columns,
    row_sections,
)
from assistant.documents.formats.shared.text_cleaning import one_line, shortened
from assistant.documents.records import Opened, Section
from assistant.errors import UnreadableDocument
from assistant.file_reading.office_package import Package
from assistant.file_reading.safe_xml import (
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
from assistant.file_reading.zip_reader import Source

MAX_SHARED_CHARACTERS = 200_000_000
"""All strings of a workbook together, which are kept in memory."""
MAX_COLUMNS = 16_384
"""What a sheet of Excel can hold."""
LONG_SHEET_BYTES = 500_000
"""Of XML; what is smaller fits into one part."""
LONG_CHARACTERS = 1_000
"""A longer string is read out once a sheet; where it stands again, it is shortened to its beginning."""
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_LINK_FORMULA = re.compile(r"HYPERLINK\(\"([^\"]+)\"", re.IGNORECASE)
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
        self._styles: list[CellStyle] | None = None

    def _find_sheets(self, root: Element | None) -> list[tuple[str, str]]:
        """Names and members of the sheets, in their order; hidden ones too."""
        found: list[tuple[str, str]] = []
        listing = child(root, "sheets")
        for entry in listing if listing is not None else ():
            target = self._package.target(self._main, entry)
            if target is not None:
                name = one_line(attribute(entry, "name")) or f"{len(found) + 1}"
                hidden = attribute(entry, "state") in ("hidden", "veryHidden")
                found.append((f"{name} (hidden)" if hidden else name, target))
        if found:
            return found
        parts = self._package.related(self._main, "worksheet") or [
            name for name in self._package.archive.names if name.lower().startswith("xl/worksheets/sheet")
        ]
        return [(str(number), name) for number, name in enumerate(parts, start=1)]

    def read(self, part: str, name: str, number: int) -> Iterator[Content]:
        yield from row_sections(named_columns(self._rows(part)), sheet=name, page=number)
        yield from self._drawings(part, name, number)
        yield from self._comments(part, name, number)

    def _rows(self, part: str) -> Iterator[SpanningRow]:
        shared, styles = self._shared_strings(), self._cell_styles()
        number = 0
        self._read_out = set()
        layout = read_layout(self._package, part)
        columns, spanned = HiddenColumns(layout.hidden_columns), SpannedRows()
        with self._package.archive.open(part) as file:
            for row in stream_xml(file, _ROW):
                number = integer(attribute(row, "r"), number + 1)
                cells: Cells = {}
                column = -1
                for cell in row:
                    if local(cell) != "c":
                        continue
                    match = _REFERENCE.match(cell.get("r", ""))
                    column = min(column_number(match.group(1)), MAX_COLUMNS) if match else column + 1
                    text = self._value(cell, shared, styles)
                    if text:
                        cells[column] = with_address(text, layout.addresses.get((number, column), ""))
                if cells:
                    spanned.fill(number, cells, layout.spans.get(number, {}))
                    columns.mark(cells)
                    if is_unseen(attribute(row, "hidden"), attribute(row, "ht")):
                        mark_hidden_row(cells)
                yield number, cells, layout.across.get(number, {})

    def _value(self, cell: Element, shared: list[str], styles: list[CellStyle]) -> str:
        index = integer(cell.get("s", ""), 0)
        style = styles[index] if 0 <= index < len(styles) else PLAIN_CELL
        text = self._shown(cell, shared, style.code)
        link = _LINK_FORMULA.match(text_of(child(cell, "f"))) if text else None
        if link is not None:
            text = with_address(text, link.group(1))
        return style.dressed(text)

    def _shown(self, cell: Element, shared: list[str], code: str) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return shown_text(rich_string(child(cell, "is")), code)
        value = child(cell, "v")
        text = value.text if value is not None else None
        if text is None:
            formula = child(cell, "f")
            # Programs that write workbooks without computing them leave only the formula.
            return f"={formula.text}" if formula is not None and formula.text else ""
        if kind == "s":
            index = integer(text, -1)
            return shown_text(self._once(shared[index], index), code) if 0 <= index < len(shared) else ""
        if kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        if kind in ("str", "e"):
            return shown_text(str(text), code)
        if kind == "d":
            return str(text).replace("T", " ").removesuffix(" 00:00:00")
        try:
            number = float(text)
        except ValueError:
            return str(text)
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
                            strings.append(one_line(rich_string(element)[: 2 * MAX_CELL_CHARACTERS]))
                            size += len(strings[-1])
                            if size > MAX_SHARED_CHARACTERS:
                                raise UnreadableDocument("workbook-too-large")
                except UnreadableDocument:
                    if size > MAX_SHARED_CHARACTERS:
                        raise
                    # What was read before the damage is still right.
            self._shared = strings
        return self._shared

    def _cell_styles(self) -> list[CellStyle]:
        if self._styles is None:
            names = self._package.related(self._main, "styles")
            roots = (self._package.optional_xml(name) for name in names)
            self._styles = [style for root in roots if root is not None for style in cell_styles(root)]
        return self._styles

    def _drawings(self, part: str, name: str, number: int) -> Iterator[Content]:
        """Charts, text boxes and pictures that lie on the sheet."""
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
            yield from pictures(self._package, drawing, root)
        yield from build.finish()

    def _comments(self, part: str, name: str, number: int) -> Iterator[Section]:
        build = SectionBuilder(f"sheet {name}, comments", page=number, above=(name,))
        for comments in self._package.related(part, "comments"):
            root = self._package.optional_xml(comments)
            for comment in descendants(root, "comment"):
                text = one_line(rich_string(child(comment, "text")))
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
