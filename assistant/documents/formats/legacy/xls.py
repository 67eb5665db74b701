"""Excel 2 to 2003 (.xls) without LibreOffice: its sheets, with values as their cells show them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from assistant.documents.formats.office.number_formats import general, shown, shown_text
from assistant.documents.formats.shared.inline_text import (
    BASELINE,
    SUBSCRIPT,
    SUPERSCRIPT,
    InlineText,
    Look,
    struck_out,
    with_address,
)
from assistant.documents.formats.shared.pagination import PagedDocument, sheet_units, title_of
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.symbol_fonts import symbols
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
from assistant.errors import PasswordRequired, UnreadableDocument

LONG_SHEET_CELLS = 5_000
"""What is smaller fits into one part."""


def open_workbook(path: Path) -> PagedDocument:
    """The workbook at `path`. Raises UnreadableDocument, or PasswordRequired where it is locked."""
    import xlrd

    book: Any = None
    for formatted in (True, False):  # some writers leave style records that cannot be read
        try:
            book = xlrd.open_workbook(str(path), logfile=_Silence(), formatting_info=formatted)
            break
        except xlrd.XLRDError as error:
            if "encrypted" in str(error).lower():
                raise PasswordRequired("legacy-workbook-locked", wrong=False) from error
            if not formatted:
                raise UnreadableDocument("legacy-workbook-damaged") from error
        except Exception as error:  # damaged files raise whatever the parser stumbles over
            if not formatted:
                raise UnreadableDocument("legacy-workbook-damaged") from error
    sheets = book.sheets()
    units = sheet_units(
        [(_name(sheet, number), sheet) for number, sheet in enumerate(sheets, start=1)], partial(_sheet, book)
    )
    # A long sheet comes in several parts; how many, only reading tells.
    long = any(sheet.nrows * sheet.ncols > LONG_SHEET_CELLS for sheet in sheets)
    return PagedDocument(Opened("xls", title_of(path), "sheet", None if long else len(units)), units)


def _name(sheet: Any, number: int) -> str:
    name = one_line(sheet.name) or str(number)
    return f"{name} (hidden)" if sheet.visibility else name


class _Silence:
    """Takes what xlrd says about odd files."""

    def write(self, text: str) -> int:
        return len(text)


def _sheet(book: Any, sheet: Any, name: str, number: int) -> Iterator[Section]:
    yield from row_sections(named_columns(_rows(book, sheet)), sheet=name, page=number)
    build = SectionBuilder(f"sheet {name}, comments", page=number, above=(name,))
    for (row, _), note in sorted(getattr(sheet, "cell_note_map", {}).items()):
        build.line(f"row {row + 1}: {one_line(note.text)}")
    yield from build.finish()


def _rows(book: Any, sheet: Any) -> Iterator[SpanningRow]:
    spans: dict[int, dict[int, int]] = {}
    across: dict[int, dict[int, int]] = {}
    for first, end, column, last in sheet.merged_cells:
        spans.setdefault(first, {})[column] = end - first
        across.setdefault(first, {})[column] = last - column
    hidden = [column for column, info in sheet.colinfo_map.items() if info.hidden or not info.width]
    columns, spanned = HiddenColumns(hidden), SpannedRows()
    links = getattr(sheet, "hyperlink_map", {})
    for row in range(sheet.nrows):
        cells: Cells = {}
        for column in range(sheet.row_len(row)):
            text = _text(book, sheet, row, column)
            if text:
                link = links.get((row, column))
                cells[column] = with_address(text, str(link.url_or_path or "")) if link is not None else text
        spanned.fill(row, cells, spans.get(row, {}))
        columns.mark(cells)
        about = sheet.rowinfo_map.get(row)
        if about is not None and (about.hidden or about.height == 0):
            mark_hidden_row(cells)
        yield row + 1, cells, across.get(row, {})


def _text(book: Any, sheet: Any, row: int, column: int) -> str:
    """A cell as it is seen: with its format, its raised signs, its signs of a symbol font."""
    text = _shown(book, sheet, row, column)
    if not text or not book.formatting_info:
        return text
    style = book.xf_list[sheet.cell_xf_index(row, column)]
    if not 0 <= style.font_index < len(book.font_list):
        return text
    font = book.font_list[style.font_index]
    runs = sheet.rich_text_runlist_map.get((row, column))
    if not runs:
        return struck_out(symbols(font.name, text)) if font.struck_out else symbols(font.name, text)
    found = InlineText()
    starts = [0, *(start for start, _ in runs), len(text)]
    fonts = [book.font_list[number] if number < len(book.font_list) else font for _, number in runs]
    for at, run in enumerate((font, *fonts)):
        words = symbols(run.name, text[starts[at] : starts[at + 1]])
        found.add(words, Look(_SHIFTS.get(run.escapement, BASELINE), bool(run.struck_out)))
    return found.text()


_SHIFTS = {1: SUPERSCRIPT, 2: SUBSCRIPT}


def _shown(book: Any, sheet: Any, row: int, column: int) -> str:
    import xlrd

    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#ERROR"))
    code = "yyyy-mm-dd" if kind == xlrd.XL_CELL_DATE else "General"
    if book.formatting_info:
        style = book.xf_list[sheet.cell_xf_index(row, column)]
        found = book.format_map.get(style.format_key)
        code = found.format_str if found is not None else code
    if kind not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return shown_text(str(value), code)
    if code == "General":
        return general(float(value))
    # Excel writes the dates of the reader's country under the American format.
    return shown(
        float(value), "yyyy-mm-dd" if code in ("m/d/yy", "m/d/yyyy") else code, epoch_1904=book.datemode == 1
    )
