"""Merged cells say their text where it is needed to understand a row, in every format with such cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import docx
import openpyxl
import pptx
import pytest

from tests.unit.documents.formats.make_office import opendocument, text_of

Rows: TypeAlias = list[list[str]]
Merged: TypeAlias = tuple[int, int, int, int]
"""Row and column of a cell from 0, and over how many rows and columns it goes."""

SHIFTS = [
    ["Site", "Shift", "Head"],
    ["Harbour", "Early", "Ines"],
    ["", "Night", "Petra"],
    ["Airport", "Late", "Olga"],
]
SEASONS = [
    ["Site", "Summer", "", "Winter", ""],
    ["", "Early", "Late", "Early", "Late"],
    ["Harbour", "Ines", "Olga", "Petra", "Ada"],
]


def span_of(merged: list[Merged], row: int, column: int) -> tuple[int, int]:
    """Over how many rows and columns a cell goes; (0, 0) for one that another one covers."""
    for top, left, rows, columns in merged:
        if (row, column) == (top, left):
            return rows, columns
        if top <= row < top + rows and left <= column < left + columns:
            return 0, 0
    return 1, 1


def make_xlsx(path: Path, rows: Rows, merged: list[Merged]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])
    for row, column, down, across in merged:
        book.active.merge_cells(
            start_row=row + 1, start_column=column + 1, end_row=row + down, end_column=column + across
        )
    book.save(path)


def open_rows(rows: Rows, merged: list[Merged]) -> str:
    written = ""
    for row, cells in enumerate(rows):
        line = ""
        for column, cell in enumerate(cells):
            down, across = span_of(merged, row, column)
            name = "table-cell" if down else "covered-table-cell"
            spans = f'table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
            line += f"<table:{name} {spans if down else ''}><text:p>{cell}</text:p></table:{name}>"
        written += f"<table:table-row>{line}</table:table-row>"
    return f'<table:table table:name="A">{written}</table:table>'


def make_ods(path: Path, rows: Rows, merged: list[Merged]) -> None:
    opendocument(path, "spreadsheet", open_rows(rows, merged))


def make_odt(path: Path, rows: Rows, merged: list[Merged]) -> None:
    opendocument(path, "text", open_rows(rows, merged))


def make_docx(path: Path, rows: Rows, merged: list[Merged]) -> None:
    document = docx.Document()
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    fill(table, rows, merged)
    document.save(str(path))


def make_pptx(path: Path, rows: Rows, merged: list[Merged]) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    fill(slide.shapes.add_table(len(rows), len(rows[0]), 0, 0, 100, 100).table, rows, merged)
    show.save(str(path))


def fill(table: Any, rows: Rows, merged: list[Merged]) -> None:
    for row, column, down, across in merged:
        table.cell(row, column).merge(table.cell(row + down - 1, column + across - 1))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if span_of(merged, row, column) != (0, 0):
                table.cell(row, column).text = text


def html_rows(rows: Rows, merged: list[Merged]) -> str:
    written = ""
    for row, cells in enumerate(rows):
        line = ""
        for column, cell in enumerate(cells):
            down, across = span_of(merged, row, column)
            line += f"<td rowspan={down} colspan={across}>{cell}</td>" if down else ""
        written += f"<tr>{line}</tr>"
    return f"<table>{written}</table>"


def make_html(path: Path, rows: Rows, merged: list[Merged]) -> None:
    path.write_text(html_rows(rows, merged))


def make_markdown(path: Path, rows: Rows, merged: list[Merged]) -> None:
    path.write_text(f"{html_rows(rows, merged)}\n")


def make_rtf(path: Path, rows: Rows, merged: list[Merged]) -> None:
    body = ""
    for row, cells in enumerate(rows):
        definition = texts = ""
        for column, cell in enumerate(cells):
            above = next((one for one in merged if one[1] == column and one[0] < row < one[0] + one[2]), None)
            _, across = span_of(merged, row, column)
            if not across and above is None:
                continue  # a cell over several columns is a wide one
            definition += r"\clvmrg" if above else ""
            definition += rf"\cellx{1000 * (column + max(1, across))}"
            texts += rf"{cell}\cell "
        body += rf"\trowd{definition}\pard\intbl {texts}\row" + "\n"
    path.write_text(f"{{\\rtf1\\ansi {body}\\pard }}")


MAKERS: dict[str, Callable[[Path, Rows, list[Merged]], None]] = {
    "a.xlsx": make_xlsx,
    "a.ods": make_ods,
    "a.odt": make_odt,
    "a.docx": make_docx,
    "a.pptx": make_pptx,
    "a.html": make_html,
    "a.rtf": make_rtf,
    "a.md": make_markdown,
}


@pytest.mark.parametrize("name", MAKERS)
def test_each_row_says_what_it_belongs_to(name: str, tmp_path: Path) -> None:
    MAKERS[name](tmp_path / name, SHIFTS, [(1, 0, 2, 1)])
    assert text_of(tmp_path / name) == (
        "Site\tShift\tHead\nHarbour\tEarly\tInes\nHarbour\tNight\tPetra\nAirport\tLate\tOlga"
    )


@pytest.mark.parametrize("name", MAKERS)
def test_a_heading_over_several_columns_names_each_of_them(name: str, tmp_path: Path) -> None:
    MAKERS[name](tmp_path / name, SEASONS, [(0, 0, 2, 1), (0, 1, 1, 2), (0, 3, 1, 2)])
    assert text_of(tmp_path / name) == (
        "Site\tSummer\tSummer\tWinter\tWinter\nSite\tEarly\tLate\tEarly\tLate\n"
        "Harbour\tInes\tOlga\tPetra\tAda"
    )


@pytest.mark.parametrize("name", MAKERS)
def test_a_title_and_a_wide_text_are_said_once(name: str, tmp_path: Path) -> None:
    rows = [
        ["Plan", "", ""],
        ["Site", "Shift", "Head"],
        ["Harbour", "closed", ""],
        ["Airport", "Late", "Olga"],
    ]
    MAKERS[name](tmp_path / name, rows, [(0, 0, 1, 3), (2, 1, 1, 2)])
    text = text_of(tmp_path / name)
    assert text.count("Plan") == text.count("closed") == 1


def test_a_long_merged_text_is_said_once(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["word " * 60, "a"], [None, "b"]):
        book.active.append(row)
    book.active.merge_cells("A1:A2")
    book.save(tmp_path / "a.xlsx")
    assert text_of(tmp_path / "a.xlsx").count("word") == 60
