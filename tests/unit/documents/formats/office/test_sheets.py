"""Workbooks: rows in blocks with their header, values as they are shown."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from assistant.documents.formats.office.number_formats import BUILTIN, general, shown
from assistant.documents.records import Outcome
from tests.unit.documents.formats.make_office import parts_of, sections_of, text_of, xlsx


def test_sheets_are_parts_and_rows_are_places(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Prices"
    book.active.append(["Item", "Price"])
    book.active.append(["Nail", 0.1])
    book.create_sheet("Nothing")
    book.save(tmp_path / "book.xlsx")

    opened, parts = parts_of(tmp_path / "book.xlsx")

    assert (opened.unit, opened.parts) == ("sheet", 2)
    (section,) = parts[0].sections
    assert section.text == "Item\tPrice\nNail\t0.1"
    assert (section.location, section.page, section.heading) == ("sheet Prices, rows 1–2", 1, ("Prices",))
    assert section.table
    assert parts[1].outcome is Outcome.EMPTY


def test_every_block_of_a_long_sheet_begins_with_the_header_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["The staff of this house"])
    book.active.append(["Name", "City", "Age"])
    for number in range(100):
        book.active.append([f"person {number}", "Bonn", 20 + number])
    book.save(tmp_path / "long.xlsx")

    sections = sections_of(tmp_path / "long.xlsx")

    assert len(sections) == 3
    assert sections[0].text.startswith("The staff of this house\nName\tCity\tAge\n")
    assert all(section.text.startswith("Name\tCity\tAge\nperson") for section in sections[1:])
    assert sections[1].location == "sheet Sheet, rows 41–80"


def test_tables_apart_from_each_other_are_sections_of_their_own(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["A", "B"], ["x", 1], [], ["C", "D"], ["y", 2]):
        book.active.append(row)
    book.save(tmp_path / "two.xlsx")
    assert [section.location for section in sections_of(tmp_path / "two.xlsx")] == [
        "sheet Sheet, rows 1–2",
        "sheet Sheet, rows 4–5",
    ]


def test_values_are_read_as_they_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([datetime.date(2024, 3, 31), 0.256, 1234567.891, True, "=A1", datetime.time(6, 15)])
    sheet["A1"].number_format = "DD.MM.YYYY"
    sheet["B1"].number_format = "0.0%"
    sheet["C1"].number_format = "#,##0.00"
    sheet["F1"].number_format = "h:mm AM/PM"
    book.save(tmp_path / "values.xlsx")
    assert text_of(tmp_path / "values.xlsx").split("\t") == [
        "31.03.2024", "25.6%", "1,234,567.89", "TRUE", "=A1", "6:15 AM",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1599.99, "$#,##0.00;[Red]($#,##0.00)", "$1,599.99"),
        (-1599.99, "$#,##0.00;[Red]($#,##0.00)", "($1,599.99)"),
        (1234.5, "[$€-407] #,##0.00", "€ 1,234.50"),
        (0, '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)', "-"),
        (2.675, "0.00", "2.68"),
        (0.025, "0%", "3%"),
        (198000000, "0.00E+00", "1.98E+08"),
        (7, "000", "007"),
        (12.5, "0.0#", "12.5"),
        (1234567, '0.0,,"M"', "1.2M"),
        (-0.001, "0.0", "0.0"),
        (45382, "yyyy-mm-dd", "2024-03-31"),
        (45382.75, "d mmm yyyy hh:mm", "31 Mar 2024 18:00"),
        (1.5, "[h]:mm", "36:00"),
        (0.00034722, "mm:ss.0", "00:30.0"),
        (60, "General", "60"),
        (1, "d/m/yyyy", "1/1/1900"),
        (0.1 + 0.2, "General", "0.3"),
        (1e21, "General", "1E+21"),
        (5, ";;;", ""),
        (-5, "yyyy", "-5"),
        (123456789, "000-00-0000", "123-45-6789"),
        (5551234567, "[<=9999999]###-####;(###) ###-####", "(555) 123-4567"),
        (5551234, "[<=9999999]###-####;(###) ###-####", "555-1234"),
        (4111111111111111, "0000-0000-0000-0000", "4111-1111-1111-1111"),
        (0.375, "# ?/?", "3/8"),
        (-1.5, "# ??/??", "-1 1/2"),
        (0.5, "# ?/8", "4/8"),
        (2, "# ?/?", "2"),
        (4200, '[>=1000]0.0,"k";0', "4.2k"),
        (-42, '[>=1000]0.0,"k";0', "-42"),
        (-3, "[<0](0);0", "(3)"),
        (-3, '[<0]"minus "0;0', "minus 3"),
        (-5, "[>=0]0;-0", "-5"),
        (-0.5, "[h]:mm", "-12:00"),
        (45296.75, "h:mm a/p", "6:00 p"),
        (1234567.8, "#'##0.00", "1'234'567.80"),
        (1234567.8, "#\\ ##0.00", "1 234 567.80"),
        (123456, "##0.0E+0", "123.5E+3"),
        (0, BUILTIN[43], "-"),
        (60, "d.m.yyyy", "29.2.1900"),
        (59, "d.m.yyyy", "28.2.1900"),
        (61, "d.m.yyyy", "1.3.1900"),
        (45356, "[$-407]d. mmmm yyyy", "5. März 2024"),
        (45518, "[$-40C]dddd d mmmm yyyy", "mercredi 14 août 2024"),
        (45356, "[$-pl-PL]d mmmm yyyy", "5 marca 2024"),
        (45417, "[$-F800]dddd, mmmm dd, yyyy", "Sunday, May 05, 2024"),
    ],
)
def test_number_formats(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_numbers_without_a_format_have_no_noise() -> None:
    assert general(4.300000000000001) == "4.3"
    assert general(float("nan")) == "nan"
    assert shown(0, "yyyy-mm-dd", epoch_1904=True) == "1904-01-01"


def test_strings_booleans_errors_and_escapes(tmp_path: Path) -> None:
    rows = (
        '<row r="3"><c r="B3" t="inlineStr"><is><r><t>rich </t></r><r><t>text</t></r></is></c>'
        '<c r="C3" t="e"><v>#DIV/0!</v></c><c r="D3" t="s"><v>0</v></c><c t="b"><v>0</v></c></row>'
    )
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>東京_x000D_</t><rPh><t>トウキョウ</t></rPh></si></sst>"
    )
    (section,) = sections_of(xlsx(tmp_path / "kinds.xlsx", {"A": rows}, {"xl/sharedStrings.xml": shared}))
    assert section.text == "rich text\t#DIV/0!\t東京\tFALSE"
    assert section.location == "sheet A, row 3"


def test_a_long_string_named_a_million_times_is_read_out_once(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="s"><v>0</v></c></row>' for number in range(1, 2001)
    )
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{'long ' * 5_000}</t></si></sst>"
    )
    path = xlsx(tmp_path / "hostile.xlsx", {"A": rows}, {"xl/sharedStrings.xml": shared})
    assert len(text_of(path)) < 300_000


def test_a_sheet_in_the_last_column_costs_no_memory(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{number}"><c r="XFD{number}"><v>{number}</v></c></row>' for number in range(1, 500)
    )
    assert text_of(xlsx(tmp_path / "wide.xlsx", {"A": rows})).split("\n")[:2] == ["1", "2"]


def test_a_long_sheet_comes_in_several_parts(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{number}"><c t="inlineStr"><is><t>row {number} {"word " * 20}</t></is></c></row>'
        for number in range(1, 4001)
    )
    opened, parts = parts_of(xlsx(tmp_path / "long.xlsx", {"Data": rows}))
    assert opened.parts is None
    assert len(parts) > 3
    assert {section.page for part in parts for section in part.sections} == {1}
    words = "\n".join(section.text for part in parts for section in part.sections)
    assert all(f"row {number} " in words for number in (1, 1999, 4000))


def test_comments_are_read(tmp_path: Path) -> None:
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    book.active["A1"] = "Budget"
    book.active["A1"].comment = Comment("too high", "Eve")
    book.save(tmp_path / "comments.xlsx")
    last = sections_of(tmp_path / "comments.xlsx")[-1]
    assert (last.text, last.location) == ("A1: too high", "sheet Sheet, comments")


def test_a_text_is_shown_under_its_format(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "ABC"
    book.active["A1"].number_format = '"Ref: "@'
    book.active["B1"], book.active["C1"] = "hidden", "words"
    book.active["B1"].number_format = ";;;"
    book.save(tmp_path / "text.xlsx")
    assert text_of(tmp_path / "text.xlsx") == "Ref: ABC\twords"


def test_what_a_sheet_hides_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Staff"
    for row in (["Name", "Salary", "Since"], ["Anna", 3000, 2019], ["Secret", 9999, 2020]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    old = book.create_sheet("Old")
    old["A1"] = "former supplier"
    old.sheet_state = "hidden"
    book.save(tmp_path / "hidden.xlsx")
    staff, former = sections_of(tmp_path / "hidden.xlsx")
    assert staff.text.split("\n") == [
        "Name\tSalary\tSince [hidden column]", "Anna\t3000\t2019", "Secret\t9999\t2020 [hidden row]",
    ]  # fmt: skip
    assert former.location == "sheet Old (hidden), row 1"


def test_cells_that_are_struck_out_or_set_in_symbols(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["49.90", "\xfe", "\xa8"])
    book.active["A1"].font = openpyxl.styles.Font(strike=True)
    book.active["B1"].font = book.active["C1"].font = openpyxl.styles.Font(name="Wingdings")
    book.save(tmp_path / "fonts.xlsx")
    assert text_of(tmp_path / "fonts.xlsx") == "[struck out: 49.90]\t☒\t☐"
