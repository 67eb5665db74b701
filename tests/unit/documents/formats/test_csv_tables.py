"""Delimited tables: separators, quotes, encodings, rows as places."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.documents.formats.make_office import parts_of, sections_of, text_of


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "\n".join(
            separator.join(row)
            for row in (["Item", "Price", "Note"], ["Nail", "0.1", "a"], ["Screw", "2", "b"])
        )
    )
    (section,) = sections_of(path)
    assert section.text.split("\n") == ["Item\tPrice\tNote", "Nail\t0.1\ta", "Screw\t2\tb"]
    assert (section.location, section.table, section.page) == ("rows 1–3", True, None)


def test_quotes_hold_separators_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    path.write_text('Name,Note\n"Smith, Jo","two\nlines"\nLee,"said ""no"""\n')
    assert text_of(path).split("\n") == ["Name\tNote", "Smith, Jo\ttwo lines", 'Lee\tsaid "no"']


def test_commas_of_decimals_do_not_part(tmp_path: Path) -> None:
    path = tmp_path / "german.csv"
    path.write_bytes("Stück;Größe;Preis\n1;2,5;3,10\n2;4,0;9,99\n".encode("cp1252"))
    assert text_of(path).split("\n") == ["Stück\tGröße\tPreis", "1\t2,5\t3,10", "2\t4,0\t9,99"]


def test_later_blocks_begin_with_the_header(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("Name,City\n" + "".join(f"person {number},Bonn\n" for number in range(200)))
    sections = sections_of(path)
    assert len(sections) > 4
    assert all(section.text.startswith("Name\tCity\nperson") for section in sections)
    assert sections[1].location == "rows 41–80"


def test_a_quote_that_is_never_closed_loses_no_row(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text('a,b\n"open,1\n' + "".join(f"row {number},x\n" for number in range(30_000)))
    _, parts = parts_of(path)
    text = "\n".join(section.text for part in parts for section in part.sections)
    assert '"open\t1' in text
    assert all(f"row {number}\tx" in text for number in (0, 15_000, 29_999))


def test_a_suffix_is_enough_for_one_column(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("alpha\nbeta\n")
    assert text_of(path) == "alpha\nbeta"


def test_utf16_from_excel(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes("Name\tStück\nÄpfel\t3\n".encode("utf-16"))
    assert text_of(path) == "Name\tStück\nÄpfel\t3"


@pytest.mark.parametrize(
    ("content", "first"),
    [
        ("10,5;20,5;30,5\n11,2;21,9;31,4\n", "10,5\t20,5\t30,5"),
        ("12:00;21,0;45,0\n12:01;21,1;45,1\n", "12:00\t21,0\t45,0"),
        ("1.234,50|7,5\n2.000,00|8,5\n", "1.234,50\t7,5"),
        ("10,5\t20,5\n11,2\t21,9\n", "10,5\t20,5"),
        ("10,5\n20,5\n", "10,5"),
        ("value\n10,5\n20,5\n", "value"),
        ("10,5 20,5\n11,2 21,9\n", "10,5 20,5"),
        ("1,5E-3;2,5 kg\n2,5E-3;3,5 kg\n", "1,5E-3\t2,5 kg"),
        ("sep=;\na;b\n1,5;2,5\n", "a\tb"),
        ('1,"a; b",2\n3,"c; d",4\n', "1\ta; b\t2"),
        ("a,b;c\nd,e;f\n", "a\tb;c"),
    ],
)
def test_a_decimal_comma_parts_nothing(content: str, first: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)
    (section,) = sections_of(path)
    assert section.text.split("\n")[0] == first
