"""OpenDocument files: texts (.odt), workbooks (.ods) and presentations (.odp)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.documents.formats.opendocument.text_blocks import BLOCKS, Reader
from assistant.documents.formats.shared.pagination import (
    FlowDocument,
    PagedDocument,
    sheet_units,
    slide_units,
    title_of,
)
from assistant.documents.formats.shared.safe_xml import (
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
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.table_sections import Cells, row_sections
from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.documents.formats.shared.zip_reader import Archive
from assistant.documents.records import Opened, Section
from assistant.errors import UnreadableDocument, UnsupportedFormat

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
    """The document at `path`. Raises UnreadableDocument, and UnsupportedFormat where it is locked."""
    archive = Archive(path)
    try:
        _refuse_locked(archive)
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


def _refuse_locked(archive: Archive) -> None:
    root = member_xml(archive, "META-INF/manifest.xml")
    for entry in root.iter("{*}file-entry") if root is not None else ():
        if child(entry, "encryption-data") is not None:
            raise UnsupportedFormat("opendocument-locked")


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


def _text(archive: Archive) -> Iterator[Section]:
    build = SectionBuilder()
    styles = member_xml(archive, "styles.xml")
    reader = Reader(build, archive, styles)
    try:
        with archive.open("content.xml") as file:
            for element in stream_xml(file, BLOCKS | {"automatic-styles"}):
                if local(element) == "automatic-styles":
                    reader.learn_styles(element)
                else:
                    reader.block(element)
                    yield from build.take()
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


# --- presentations -------------------------------------------------------------------------------


def _slides(archive: Archive, title: str) -> PagedDocument:
    root = parse_xml(archive.read("content.xml"))
    body = next(descendants(root, "body"), None)
    pages = list(descendants(body, "page"))
    styles = member_xml(archive, "styles.xml")
    units = slide_units(pages, lambda page, number: _slide(page, number, archive, styles))
    return PagedDocument(Opened("odp", title, "slide", len(units)), units, archive.close)


def _slide(page: Element, number: int, archive: Archive, styles: Element | None) -> Iterator[Section]:
    build = SectionBuilder(f"slide {number}", page=number)
    reader = Reader(build, archive, styles)
    titles = [frame for frame in children(page, "frame") if attribute(frame, "class") == "title"]
    for frame in titles:
        build.heading(1, reader.all_text(frame))
    for element in page:
        if local(element) not in ("notes", "forms") and not any(element is frame for frame in titles):
            reader.block(element)
    heading = build.heading_path
    yield from build.finish()
    for notes in children(page, "notes"):
        build = SectionBuilder(f"slide {number}, notes", page=number, above=heading)
        reader = Reader(build, archive, styles)
        for frame in children(notes, "frame"):
            if attribute(frame, "class") != "page-number":
                reader.block(frame)
        yield from build.finish()


# --- workbooks -----------------------------------------------------------------------------------


def _workbook(archive: Archive, title: str) -> PagedDocument:
    names: list[str] = []
    try:
        with archive.open("content.xml") as file:
            # The rows are skipped: only the names are wanted now.
            for element in stream_xml(file, frozenset({"table-row"}), marks=frozenset({"table"})):
                if local(element) != "table":
                    continue
                names.append(one_line(attribute(element, "name")) or str(len(names) + 1))
    except UnreadableDocument:
        if not names:
            raise
    units = sheet_units([(name, archive) for name in names], _sheet)
    # A long sheet comes in several parts; how many, only reading tells.
    count = None if archive.size("content.xml") > LONG_SHEET_BYTES else len(units)
    return PagedDocument(Opened("ods", title, "sheet", count), units, archive.close)


def _sheet(archive: Archive, name: str, number: int) -> Iterator[Section]:
    notes: list[str] = []
    yield from row_sections(_rows(archive, number, notes), sheet=name, page=number)
    build = SectionBuilder(f"sheet {name}, comments", page=number, above=(name,))
    for note in notes:
        build.line(note)
    yield from build.finish()


def _rows(archive: Archive, number: int, notes: list[str]) -> Iterator[tuple[int, Cells]]:
    build = SectionBuilder()
    reader = Reader(build, archive, None)
    sheet = row_number = 0
    with archive.open("content.xml") as file:
        for element in stream_xml(file, frozenset({"table-row"}), marks=frozenset({"table"})):
            if local(element) == "table":
                sheet += 1
                row_number = 0
                if sheet > number:
                    return
                continue
            repeated = max(1, integer(attribute(element, "number-rows-repeated"), 1))
            if sheet == number:
                cells = _cells(element, reader, row_number + 1, notes)
                if cells:
                    for offset in range(repeated if repeated <= MAX_REPEATED else 1):
                        yield row_number + 1 + offset, cells
            row_number += repeated


def _cells(row: Element, reader: Reader, row_number: int, notes: list[str]) -> Cells:
    cells: Cells = {}
    column = 0
    for cell in row:
        if local(cell) not in ("table-cell", "covered-table-cell"):
            continue
        texts = [reader.inline(paragraph) for paragraph in children(cell, "p")]
        text = one_line(" ".join(texts))
        if not text and attribute(cell, "value-type") not in ("", "string"):
            text = attribute(cell, "value") or attribute(cell, "date-value")
        for annotation in children(cell, "annotation"):
            notes.append(f"row {row_number}: {reader.all_text(annotation)}")
        for shape in cell:
            if local(shape) in ("frame", "custom-shape", "shapes"):
                text = f"{text} {reader.all_text(shape)}".strip()
        repeated = max(1, integer(attribute(cell, "number-columns-repeated"), 1))
        if text and column < MAX_COLUMNS:
            for offset in range(repeated if repeated <= MAX_REPEATED else 1):
                cells[column + offset] = text
        column += repeated
    return cells
