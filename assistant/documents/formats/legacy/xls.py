"""Excel 2 to 2003 (.xls) without LibreOffice: its sheets, with values as their cells show them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from assistant.documents.formats.office.number_formats import general, shown
from assistant.documents.formats.shared.pagination import PagedDocument, sheet_units, title_of
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.table_sections import row_sections
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
    named = [(one_line(sheet.name) or str(number), sheet) for number, sheet in enumerate(sheets, start=1)]
    units = sheet_units(named, partial(_sheet, book))
    # A long sheet comes in several parts; how many, only reading tells.
    long = any(sheet.nrows * sheet.ncols > LONG_SHEET_CELLS for sheet in sheets)
    return PagedDocument(Opened("xls", title_of(path), "sheet", None if long else len(units)), units)


class _Silence:
    """Takes what xlrd says about odd files."""

    def write(self, text: str) -> int:
        return len(text)


def _sheet(book: Any, sheet: Any, name: str, number: int) -> Iterator[Section]:
    rows = (
        (row + 1, {column: _shown(book, sheet, row, column) for column in range(sheet.row_len(row))})
        for row in range(sheet.nrows)
    )
    yield from row_sections(rows, sheet=name, page=number)
    build = SectionBuilder(f"sheet {name}, comments", page=number, above=(name,))
    for (row, _), note in sorted(getattr(sheet, "cell_note_map", {}).items()):
        build.line(f"row {row + 1}: {one_line(note.text)}")
    yield from build.finish()


def _shown(book: Any, sheet: Any, row: int, column: int) -> str:
    import xlrd

    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#ERROR"))
    if kind not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return str(value)
    code = "yyyy-mm-dd" if kind == xlrd.XL_CELL_DATE else "General"
    if book.formatting_info:
        style = book.xf_list[sheet.cell_xf_index(row, column)]
        found = book.format_map.get(style.format_key)
        code = found.format_str if found is not None else code
    if code == "General":
        return general(float(value))
    # Excel writes the dates of the reader's country under the American format.
    return shown(
        float(value), "yyyy-mm-dd" if code in ("m/d/yy", "m/d/yyyy") else code, epoch_1904=book.datemode == 1
    )
