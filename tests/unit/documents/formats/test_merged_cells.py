"""A cell that is merged over several rows says its text in each of them, in every format with such cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest

from tests.unit.documents.formats.make_office import opendocument, text_of

ROWS = [
    ["Site", "Shift", "Head"],
    ["Harbour", "Early", "Ines"],
    ["", "Night", "Petra"],
    ["Airport", "Late", "Olga"],
]
"""The third row's first cell is merged with that above it."""
READ = "Site\tShift\tHead\nHarbour\tEarly\tInes\nHarbour\tNight\tPetra\nAirport\tLate\tOlga"


def make_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append([cell or None for cell in row])
    book.active.merge_cells("A2:A3")
    book.save(path)


def open_rows() -> str:
    rows = ""
    for row in ROWS:
        cells = ""
        for cell in row:
            span = ' table:number-rows-spanned="2"' if cell == "Harbour" else ""
            name = "table-cell" if cell else "covered-table-cell"
            cells += f"<table:{name}{span}><text:p>{cell}</text:p></table:{name}>"
        rows += f"<table:table-row>{cells}</table:table-row>"
    return f'<table:table table:name="A">{rows}</table:table>'


def make_ods(path: Path) -> None:
    opendocument(path, "spreadsheet", open_rows())


def make_odt(path: Path) -> None:
    opendocument(path, "text", open_rows())


def make_docx(path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=4, cols=3)
    for row, cells in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.save(str(path))


def make_pptx(path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    table = slide.shapes.add_table(4, 3, 0, 0, 100, 100).table
    for row, cells in enumerate(ROWS):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    show.save(str(path))


def make_html(path: Path) -> None:
    rows = ""
    for row in ROWS:
        cells = ""
        for cell in filter(None, row):
            span = ' rowspan="2"' if cell == "Harbour" else ""
            cells += f"<td{span}>{cell}</td>"
        rows += f"<tr>{cells}</tr>"
    path.write_text(f"<table>{rows}</table>")


def make_rtf(path: Path) -> None:
    body = ""
    for row in ROWS:
        first = {"Harbour": r"\clvmgf", "": r"\clvmrg"}.get(row[0], "")
        body += rf"\trowd{first}\cellx1000\cellx2000\cellx3000\pard\intbl "
        body += "".join(rf"{cell}\cell " for cell in row) + "\\row\n"
    path.write_text(f"{{\\rtf1\\ansi {body}\\pard }}")


MAKERS: dict[str, Callable[[Path], None]] = {
    "a.xlsx": make_xlsx,
    "a.ods": make_ods,
    "a.odt": make_odt,
    "a.docx": make_docx,
    "a.pptx": make_pptx,
    "a.html": make_html,
    "a.rtf": make_rtf,
}


@pytest.mark.parametrize("name", MAKERS)
def test_each_row_says_what_it_belongs_to(name: str, tmp_path: Path) -> None:
    MAKERS[name](tmp_path / name)
    assert text_of(tmp_path / name) == READ


def test_a_long_merged_text_is_said_once(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["word " * 60, "a"], [None, "b"]):
        book.active.append(row)
    book.active.merge_cells("A1:A2")
    book.save(tmp_path / "a.xlsx")
    assert text_of(tmp_path / "a.xlsx").count("word") == 60
