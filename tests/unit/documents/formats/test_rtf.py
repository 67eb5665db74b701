"""Rich Text Format."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.formats.rtf import rtf_sections
from tests.unit.documents.formats.make_office import parts_of, text_of

HEAD = (
    r"\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}{\f2\fcharset128 Arial;}}"
)


def read(body: str) -> str:
    return "\n\n".join(section.text for section in rtf_sections(f"{{\\rtf1{HEAD}{body}}}".encode("latin-1")))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"caf\'e9 \u8364? \emdash\~x", "café € — x"),
        (r"{\f1 \'cf\'f0\'e8\'e2\'e5\'f2} and {\f2 \'93\'fa\'96\'7b}", "Привет and 日本"),
        (r"\uc2\u26085\'93\'fa\uc1\u26412?!", "日本!"),
        (r"\u-10180?\u-8256?", "\U0001f3c0"),
        (r"kept{\*\unknown gone}{\pict 0a0b0c}{\v hidden} too", "kept too"),
        (r"{\field{\*\fldinst HYPERLINK http://x}{\fldrslt the link}}", "the link (http://x)"),
        (r"{\field{\*\fldinst SYMBOL 97 \\f Symbol}{\fldrslt\f1 a}} is", "α is"),
        (r"feeds {\deleted six }eight", "feeds eight"),
        (r"one\par two\line three\par", "one\n\ntwo\nthree"),
        (r"{\upr{plain}{\*\ud{\u26085?}}}", "日"),
        (r"a\bin3 }}}b", "ab"),
        ("a\nb", "ab"),
        (r"open {brace", "open brace"),
        (r"kept\pn gone", "kept"),
        (r"\{literal\} \\", "{literal} \\"),
    ],
)
def test_characters(body: str, text: str) -> None:
    assert read(body) == text


def test_headings_by_style_and_level(tmp_path: Path) -> None:
    path = tmp_path / "report.rtf"
    path.write_bytes(
        rb"{\rtf1\ansi{\stylesheet{\s1 heading 1;}{\s2\outlinelevel1 Sub;}}{\info{\title The \'e9tude}}"
        rb"\pard\s1 Report\par\pard Words.\par\pard\s2 Oil\par\pard Black.\par}"
    )
    opened, (part,) = parts_of(path)
    assert opened.title == "The étude"
    first, second = part.sections
    assert (first.text, second.text) == ("Report\n\nWords.", "Oil\n\nBlack.")
    assert second.heading == ("Report", "Oil")


def test_tables_and_lists() -> None:
    row = r"\trowd\cellx100\cellx200\pard\intbl {}\cell {}\cell\row"
    sections = rtf_sections(
        (
            r"{\rtf1\ansi{\listtext\'b7\tab}point\par{\listtext 2.\tab}second\par\pard "
            + row.format("Item", "Price")
            + row.format("Nail", "0.1")
            + r"\pard after\par}"
        ).encode()
    )
    assert [section.text for section in sections] == ["• point\n2. second", "Item\tPrice\nNail\t0.1", "after"]
    assert sections[1].table


def test_notes_headers_and_comments() -> None:
    sections = rtf_sections(
        rb"{\rtf1{\header Confidential\par}The claim{\footnote the source} stands."
        rb"{\annotation{\atnid AB} doubtful}\par}"
    )
    assert sections[0].text == "The claim stands.\n\nFootnote 1: the source\n\nComment: doubtful"
    assert (sections[1].text, sections[1].location) == ("Confidential", "headers and footers")


def test_deep_groups_end() -> None:
    assert read("{" * 9_000 + "x" + "}" * 9_000) == "x"


@given(st.text(st.sampled_from("{}\\'abu0129 \n*par"), max_size=300))
def test_anything_ends(body: str) -> None:
    read(body)


def test_forms_and_symbol_fonts(tmp_path: Path) -> None:
    def form(code: str, data: str) -> str:
        return rf"{{\field{{\*\fldinst {{ {code} {{\*\formfield{{{data}}}}}}}}}{{\fldrslt }}}}"

    path = tmp_path / "form.rtf"
    path.write_text(
        r"{\rtf1\ansi{\fonttbl{\f0 Arial;}{\f1\fcharset2 Symbol;}{\f2\fcharset2 Wingdings;}}"
        + "Vaccinated " + form("FORMCHECKBOX", r"\fftype1\ffres1")
        + " chipped " + form("FORMCHECKBOX", r"\fftype1\ffres25\ffdefres0")
        + " breed " + form("FORMDROPDOWN", r"\fftype2\ffres1{\*\ffl Collie}{\*\ffl Beagle}")
        + r" {\f2\'fe} yes {\f2\u-3928 ?} no {\f1 a\'b1}\par}"
    )  # fmt: skip
    assert text_of(path) == "Vaccinated ☒ chipped ☐ breed Beagle ☒ yes ☐ no α±"


def test_a_large_letter_in_a_frame_begins_the_next_paragraph() -> None:
    assert (
        read(r"\pard\dropcapli3\dropcapt1 H\par\pard umidity ruined the oil.\par")
        == "Humidity ruined the oil."
    )
    assert read(r"\pard\dropcapli3\dropcapt1 A\par\pard  keeper rowed.\par") == "A keeper rowed."


def test_rows_without_common_columns_are_left_as_they_are() -> None:
    first = r"\trowd\cellx1000\cellx3000\pard\intbl a\cell b\cell\row"
    second = r"\trowd\cellx2000\cellx3000\pard\intbl c\cell d\cell\row"
    assert read(f"{first}{second}\\pard ") == "a\tb\nc\td"
