"""OpenDocument files: texts (.odt), workbooks (.ods) and presentations (.odp)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.documents.formats.office.number_formats import shown
from assistant.documents.formats.opendocument.cell_spans import note_spans
from assistant.documents.formats.opendocument.encryption import unlocked
from assistant.documents.formats.opendocument.shape_order import ordered_shapes
from assistant.documents.formats.opendocument.text_blocks import BLOCKS, STYLES, Reader
from assistant.documents.formats.shared.embedded_pictures import Content, EmbeddedPicture
from assistant.documents.formats.shared.pagination import (
    FlowDocument,
    PagedDocument,
    sheet_units,
    slide_units,
    title_of,
)
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.table_sections import (
    Cells,
    HiddenColumns,
    SpannedRows,
    SpanningRow,
    mark_hidden_row,
    named_columns,
    row_sections,
)
from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.documents.records import Opened, Section
from assistant.errors import UnreadableDocument
from assistant.file_reading.safe_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    integer,
    local,
    member_xml,
    parse_xml,
    stream_xml,
    text_of,
)
from assistant.file_reading.zip_reader import Archive, resolve

if TYPE_CHECKING:
    from assistant.documents.formats.open_document import Document

COUNTED_BYTES = 4 << 20
"""A text of at most so many bytes of XML is read when it is opened, so that its parts are counted."""
LONG_SHEET_BYTES = 1_000_000
"""Of XML; what is smaller fits into one part."""
MAX_COLUMNS = 16_384
"""Columns of a sheet that are read."""
MAX_REPEATED = 100
"""A cell or row that is repeated more often only fills up its sheet; it is read once."""


def open(path: Path, password: str | None) -> Document:
    """The document at `path`. Raises UnreadableDocument, and PasswordRequired where it is locked."""
    archive = Archive(path)
    try:
        plain = unlocked(archive, password)
        if plain is not None:
            archive.close()
            archive = plain
        title = title_of(path, _title(archive))
        kind = _kind(archive)
        if kind == "spreadsheet":
            return _workbook(archive, title)
        if kind in ("presentation", "graphics"):
            return _slides(archive, title)
        small = archive.size("content.xml") <= COUNTED_BYTES
        return FlowDocument("odt", title, lambda: _text(archive), archive.close, count=small)
    except BaseException:
        archive.close()
        raise


def _kind(archive: Archive) -> str:
    """text, spreadsheet, presentation or graphics."""
    if "mimetype" in archive and archive.size("mimetype") < 200:
        name = archive.read("mimetype").decode("ascii", "ignore")
        for kind in ("spreadsheet", "presentation", "graphics", "text"):
            if f"opendocument.{kind}" in name:
                return kind
    with archive.open("content.xml") as file:
        head = file.read(100_000)
    for kind in ("spreadsheet", "presentation"):
        if b"<office:" + kind.encode() in head:
            return kind
    return "text"


def _title(archive: Archive) -> str:
    root = member_xml(archive, "meta.xml")
    found = next(descendants(root, "title"), None)
    return text_of(found)


# --- texts ---------------------------------------------------------------------------------------


def _text(archive: Archive) -> Iterator[Content]:
    build = SectionBuilder()
    styles = member_xml(archive, "styles.xml")
    reader = Reader(build, archive, styles)
    try:
        with archive.open("content.xml") as file:
            for element in stream_xml(file, BLOCKS | STYLES):
                if local(element) in STYLES:
                    reader.learn_styles(element)
                elif local(element) == "forms":
                    reader.learn_forms(element)
                else:
                    reader.block(element)
                    yield from build.take()
                    yield from _pictures(archive, element)
    except UnreadableDocument:
        # What stands before the damage is whole.
        yield from build.finish()
        raise
    yield from build.finish()
    lines: dict[str, None] = {}
    for name in ("header", "footer", "header-left", "footer-left", "header-first", "footer-first"):
        for margin in descendants(styles, name):
            for paragraph in descendants(margin, "p"):
                text = one_line(reader.inline(paragraph))
                if any(letter.isalpha() for letter in text):
                    lines[text] = None
    if lines:
        yield Section("\n".join(lines), None, "headers and footers")


def _pictures(archive: Archive, element: Element) -> Iterator[EmbeddedPicture]:
    for image in descendants(element, "image"):
        name = resolve("content.xml", attribute(image, "href"))
        if name in archive:
            yield EmbeddedPicture.of_file(partial(archive.read, name), name)


# --- presentations -------------------------------------------------------------------------------


def _slides(archive: Archive, title: str) -> PagedDocument:
    root = parse_xml(archive.read("content.xml"))
    body = next(descendants(root, "body"), None)
    pages = list(descendants(body, "page"))
    styles = [part for part in (member_xml(archive, "styles.xml"), root) if part is not None]
    units = slide_units(pages, lambda page, number: _slide(page, number, archive, styles))
    return PagedDocument(Opened("odp", title, "slide", len(units)), units, archive.close)


def _slide(page: Element, number: int, archive: Archive, styles: list[Element]) -> Iterator[Content]:
    place = f"slide {number} (hidden)" if _is_hidden(page, styles) else f"slide {number}"
    build = SectionBuilder(place, page=number)
    reader = Reader(build, archive, *styles)
    for forms in children(page, "forms"):
        reader.learn_forms(forms)
    titles = [frame for frame in children(page, "frame") if attribute(frame, "class") == "title"]
    for frame in titles:
        build.heading(1, reader.all_text(frame))
    shapes = [
        element
        for element in page
        if local(element) not in ("notes", "forms") and not any(element is frame for frame in titles)
    ]
    for shape in ordered_shapes(shapes):
        reader.block(shape)
    heading = build.heading_path
    yield from build.finish()
    for shape in shapes:
        yield from _pictures(archive, shape)
    for notes in children(page, "notes"):
        build = SectionBuilder(f"{place}, notes", page=number, above=heading)
        reader = Reader(build, archive, *styles)
        for frame in children(notes, "frame"):
            if attribute(frame, "class") != "page-number":
                reader.block(frame)
        yield from build.finish()


def _is_hidden(page: Element, styles: list[Element]) -> bool:
    """Whether a slide is left out when the presentation is shown."""
    name = attribute(page, "style-name")
    for part in styles:
        for style in descendants(part, "style"):
            if attribute(style, "name") == name and attribute(style, "family") == "drawing-page":
                return attribute(child(style, "drawing-page-properties"), "visibility") == "hidden"
    return False


# --- workbooks -----------------------------------------------------------------------------------


def _workbook(archive: Archive, title: str) -> PagedDocument:
    names: list[str] = []
    unshown: set[str] = set()
    try:
        with archive.open("content.xml") as file:
            # The rows are skipped: only the names are wanted now.
            for element in stream_xml(file, _SHEET_ELEMENTS, marks=frozenset({"table"})):
                if local(element) == "automatic-styles":
                    unshown = {
                        attribute(style, "name")
                        for style in element
                        if attribute(child(style, "table-properties"), "display") == "false"
                    }
                if local(element) != "table":
                    continue
                name = one_line(attribute(element, "name")) or str(len(names) + 1)
                hidden = attribute(element, "style-name") in unshown
                names.append(f"{name} (hidden)" if hidden else name)
    except UnreadableDocument:
        if not names:
            raise
    units = sheet_units([(name, archive) for name in names], _sheet)
    # A long sheet comes in several parts; how many, only reading tells.
    count = None if archive.size("content.xml") > LONG_SHEET_BYTES else len(units)
    return PagedDocument(Opened("ods", title, "sheet", count), units, archive.close)


_SHEET_ELEMENTS = STYLES | {"table-row"}


def _sheet(archive: Archive, name: str, number: int) -> Iterator[Section]:
    notes: list[str] = []
    yield from row_sections(named_columns(_rows(archive, number, notes)), sheet=name, page=number)
    build = SectionBuilder(f"sheet {name}, comments", page=number, above=(name,))
    for note in notes:
        build.line(note)
    yield from build.finish()


def _rows(archive: Archive, number: int, notes: list[str]) -> Iterator[SpanningRow]:
    build = SectionBuilder()
    reader = Reader(build, archive)
    sheet = row_number = column = 0
    unshown: list[int] = []
    spanned = SpannedRows()
    columns = HiddenColumns(unshown)
    marks = frozenset({"table", "table-column"})
    with archive.open("content.xml") as file:
        for element in stream_xml(file, _SHEET_ELEMENTS, marks=marks):
            name = local(element)
            if name in STYLES:
                reader.learn_styles(element)
            elif name == "table":
                sheet += 1
                row_number = 0
                if sheet > number:
                    return
            elif name == "table-column" and sheet == number:
                repeated = min(max(1, integer(attribute(element, "number-columns-repeated"), 1)), MAX_COLUMNS)
                if attribute(element, "visibility") in _UNSHOWN:
                    unshown.extend(range(column, column + min(repeated, MAX_COLUMNS - column)))
                    columns = HiddenColumns(unshown)
                column += repeated
            elif name == "table-row":
                repeated = max(1, integer(attribute(element, "number-rows-repeated"), 1))
                if sheet == number:
                    cells, across = _cells(element, reader, row_number + 1, notes, spanned)
                    columns.mark(cells)
                    if attribute(element, "visibility") in _UNSHOWN:
                        mark_hidden_row(cells)
                    if cells:
                        for offset in range(repeated if repeated <= MAX_REPEATED else 1):
                            yield row_number + 1 + offset, cells, across
                row_number += repeated


_UNSHOWN = ("collapse", "filter")
"""Rows and columns that were hidden, or that a filter leaves out."""


def _cells(
    row: Element, reader: Reader, row_number: int, notes: list[str], spanned: SpannedRows
) -> tuple[Cells, dict[int, int]]:
    """The cells of a row, and over how many columns those go that go over several."""
    cells: Cells = {}
    spans: dict[int, int] = {}
    across: dict[int, int] = {}
    column = 0
    for cell in row:
        if local(cell) not in ("table-cell", "covered-table-cell"):
            continue
        style = attribute(cell, "style-name")
        texts = [reader.inline(paragraph, style) for paragraph in children(cell, "p")]
        text = one_line(" ".join(texts))
        text = text or _value(cell)
        for annotation in children(cell, "annotation"):
            notes.append(f"row {row_number}: {reader.all_text(annotation)}")
        for shape in cell:
            if local(shape) in ("frame", "custom-shape", "shapes"):
                text = f"{text} {reader.all_text(shape)}".strip()
        note_spans(cell, column, spans, across)
        repeated = max(1, integer(attribute(cell, "number-columns-repeated"), 1))
        if text and column < MAX_COLUMNS:
            for offset in range(repeated if repeated <= MAX_REPEATED else 1):
                cells[column + offset] = text
        column += repeated
    spanned.fill(row_number, cells, spans)
    return cells, across


_DURATION = re.compile(r"-?PT(\d+)H(\d+)M([\d.]+)S")


def _value(cell: Element) -> str:
    """The value of a cell whose text is missing, as programs write them that do not format."""
    kind = attribute(cell, "value-type")
    if kind == "boolean":
        return attribute(cell, "boolean-value").upper()
    if kind == "time":
        time = _DURATION.fullmatch(attribute(cell, "time-value"))
        return ":".join(time.groups()) if time else attribute(cell, "time-value")
    value = attribute(cell, "value") or attribute(cell, "date-value") or attribute(cell, "string-value")
    if kind == "percentage" and value:
        return shown(float(value), "0.###%") if re.fullmatch(r"-?\d*\.?\d+", value) else value
    return f"{value} {attribute(cell, 'currency')}".strip() if kind == "currency" else value
