"""PDF pages as documents: what the text says, how it is divided, and why a page says nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from assistant.documents.formats.open_document import open_document
from assistant.documents.formats.pdf import document as pdf_document
from assistant.documents.records import WHOLE_PAGE, Outcome, Part, PartPicture, Section
from assistant.documents.viewer_records import OutlineEntry
from assistant.errors import (
    PasswordRequired,
    UnreadableDocument,
)
from tests.unit.documents.formats.make_pdf import Page, Pdf, width

PROSE = [
    "The company sells paper, ink and pens to schools and offices",
    "in eleven countries. It was founded in a small town by two",
    "sisters who had run a stationery shop for many years before",
    "that, and it is still owned by their family today.",
]


def parts_of(document: Pdf, folder: Path, first: int = 1) -> list[Part]:
    opened = pdf_document.open(document.save(folder / "document.pdf"), None)
    try:
        return list(opened.parts(first))
    finally:
        opened.close()


def read(document: Pdf, folder: Path) -> list[Section]:
    """The sections of all pages, each of which must have text."""
    parts = parts_of(document, folder)
    assert [part.outcome for part in parts] == [Outcome.TEXT] * len(parts)
    return [section for part in parts for section in part.sections]


def text_of(document: Pdf, folder: Path) -> str:
    return "\n".join(section.text for section in read(document, folder))


def table_page(page: Page, top: float = 700) -> None:
    rows = [
        ("Cash and cash equivalents", "876,560", "1,117,400"),
        ("Trade receivables, net of allowances for doubtful accounts", "672,006", "591,800"),
        ("Total current liabilities", "2,213,556", "2,494,435"),
    ]
    page.right(420, top, "2015", font="bold")
    page.right(540, top, "2014", font="bold")
    for number, (label, now, before) in enumerate(rows):
        y = top - 14 * (number + 1)
        page.text(50, y, label)
        page.text(340, y, "$")
        page.right(420, y, now)
        page.text(460, y, "$")
        page.right(540, y, before)


# --- prose -----------------------------------------------------------------------------------------------


def test_lines_become_paragraphs(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.lines(50, 700, PROSE)
    page.lines(
        50, 620, ["A second paragraph begins here after a gap that is wider than usual,", "and goes on."]
    )
    assert text_of(document, tmp_path) == (
        " ".join(PROSE)
        + "\n\nA second paragraph begins here after a gap that is wider than usual, and goes on."
    )


def test_an_indented_line_begins_a_paragraph(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.lines(50, 700, PROSE)
    page.text(70, 652, "An indented line begins another paragraph, without any gap")
    page.text(50, 640, "above it, as books have it, and goes on for another line.")
    assert "today.\n\nAn indented" in text_of(document, tmp_path)


def test_short_lines_stay_lines(tmp_path: Path) -> None:
    document = Pdf()
    document.page().lines(50, 700, ["Jane Miller", "12 Long Meadow Lane, Upper Hill", "Springfield"])
    assert text_of(document, tmp_path) == "Jane Miller\n12 Long Meadow Lane, Upper Hill\nSpringfield"


def test_items_of_a_list_stay_apart(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    for number, item in enumerate(
        ["Paper of all kinds and", "Ink in black and blue and", "Pens with a fine point and"]
    ):
        page.text(50, 700 - 12 * number, "\N{BULLET}")
        page.text(70, 700 - 12 * number, item)
    assert text_of(document, tmp_path).splitlines() == [
        "• Paper of all kinds and",
        "• Ink in black and blue and",
        "• Pens with a fine point and",
    ]


def test_a_word_cut_at_the_end_of_a_line_is_mended(tmp_path: Path) -> None:
    document = Pdf()
    document.page().lines(
        50,
        700,
        [
            "The annual report describes the development of the manu-",
            "facturing business and of its markets in the year.",
        ],
    )
    [section] = read(document, tmp_path)
    assert "the manufacturing business" in section.text
    assert section.boxes is not None
    at = section.text.index("manufacturing")
    before, after = section.boxes[at + len("manu") - 1], section.boxes[at + len("manu")]
    assert section.text[at + len("manu")] == "f"
    assert before[0] > 250
    assert after[0] == pytest.approx(50, abs=1)
    assert after[1] > before[1]


def test_a_hyphen_that_belongs_to_the_word_stays(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 740, "Most of the long-term debt and all of the carry-over of last year are in euros.")
    page.lines(
        50,
        700,
        ["The notes that fall due next year are a part of the carry-", "over that was mentioned above."],
    )
    page.lines(
        50, 660, ["The rest of what the company owes to its banks is long-", "lived and has a fixed rate."]
    )
    text = text_of(document, tmp_path)
    assert "of the carry-over that was" in text
    assert "is long-lived and" in text


def test_letters_drawn_twice_for_a_bold_look_count_once(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 700, "All small bills will be filled")
    page.text(50.25, 700, "All small bills will be filled")
    assert text_of(document, tmp_path) == "All small bills will be filled"


def test_spaced_out_letters_are_words(tmp_path: Path) -> None:
    document = Pdf()
    document.page().text(50, 700, "Annual Report", more="1.5 Tc")
    assert text_of(document, tmp_path) == "Annual Report"


def test_words_placed_one_by_one_get_their_spaces(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    x = 50.0
    for word in ["1945", "2,345", "177", "90210"]:
        page.text(x, 700, word)
        x += width(word) + 2.8
    assert text_of(document, tmp_path) == "1945 2,345 177 90210"


def test_a_small_number_of_a_note_stays_on_its_line(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 700, "The amount was 1234")
    page.text(149.5, 704, "2", size=6)
    page.text(160, 700, "in all of that year.")
    assert text_of(document, tmp_path) == "The amount was 1234 [note 2] in all of that year."


def test_a_power_is_raised_and_its_box_is_that_of_its_digit(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 700, "was 9 x")
    page.text(88, 700, "10")
    page.text(99.2, 704, "5", size=6)
    page.text(110, 700, "cells in H")
    page.text(152, 698, "2", size=6)
    page.text(155.5, 700, "O each year.")
    page.text(50, 670, "4", size=6)
    page.text(55, 667, "Without value added tax, which is paid by the other house.")
    (section,) = read(document, tmp_path)
    assert section.text == (
        "was 9 x 10⁵ cells in H2O each year.\n\n4 Without value added tax, which is paid by the other house."
    )
    assert section.boxes is not None
    box = section.boxes[section.text.index("⁵")]
    assert (box[0] > 90, box[1] < 792 - 704) == (True, True)


def test_a_count_with_the_mark_of_a_note_is_no_square(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.lines(50, 700, PROSE)
    x = 50.0
    for text, size, up in (
        ("The yard has 95", 10, 0), ("2", 6, 3.5), (" trees, and 95", 10, 0), ("2", 6, 3.5),
        (" = 9025; 3", 10, 0), ("1", 6, 3.5), ("/", 10, 0), ("2", 6, -1), (" years.", 10, 0),
    ):  # fmt: skip
        page.text(x, 600 + up, text, size, "mono")
        x += 0.6 * size * len(text)
    text = text_of(document, tmp_path)
    assert "The yard has 95 [note 2] trees, and 95² = 9025; 3 1/2 years." in text


def test_a_power_as_large_as_its_base_is_raised(tmp_path: Path) -> None:
    document = Pdf()
    document.page().operators.append(
        "BT /F1 10 Tf 50 700 Td (was 9 x 10) Tj 4 Ts (6) Tj 0 Ts ( cells, at 48,500) Tj 4 Ts (3) Tj 0 Ts"
        " ( euros) Tj ET"
    )
    assert text_of(document, tmp_path) == "was 9 x 10⁶ cells, at 48,500 [note 3] euros"


# --- columns -----------------------------------------------------------------------------------------------

LEFT = [f"left line {number} runs on and on to here" for number in range(1, 13)]
RIGHT = [f"right line {number} runs on and on to here" for number in range(1, 13)]


@pytest.mark.parametrize("shift", [0, 5])
def test_columns_are_read_one_after_the_other(tmp_path: Path, shift: float) -> None:
    """Also where their lines do not stand at the same height."""
    document = Pdf()
    page = document.page()
    page.text(
        50,
        740,
        "This line runs over both of the columns that stand below it, from the left to the right edge.",
    )
    page.lines(50, 700, LEFT)
    page.lines(320, 700 - shift, RIGHT)
    page.text(
        50,
        500,
        "And this one runs below both of the columns, also from the left edge to the right edge of it.",
    )
    text = text_of(document, tmp_path)
    places = [
        text.index(part)
        for part in ("over both", "left line 1 ", "left line 12", "right line 1 ", "right line 12")
    ]
    assert places == sorted(places)
    assert text.index("below both") > places[-1]


def test_three_columns(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    for column in range(3):
        page.lines(
            40 + 185 * column, 700, [f"column {column} has line {line} of its text" for line in range(8)]
        )
    text = text_of(document, tmp_path)
    order = [text.index(f"column {column} has line {line} ") for column in range(3) for line in range(8)]
    assert order == sorted(order)


# --- tables ------------------------------------------------------------------------------------------------


def test_rows_of_a_table_are_kept_whole(tmp_path: Path) -> None:
    document = Pdf()
    table_page(document.page())
    [section] = read(document, tmp_path)
    assert section.table
    assert section.text.splitlines() == [
        "2015  2014",
        "Cash and cash equivalents  $ 876,560  $ 1,117,400",
        "Trade receivables, net of allowances for doubtful accounts  $ 672,006  $ 591,800",
        "Total current liabilities  $ 2,213,556  $ 2,494,435",
    ]


def test_prose_and_tables_are_sections_of_their_own(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.lines(50, 740, PROSE)
    table_page(page, 660)
    page.lines(50, 560, PROSE)
    sections = read(document, tmp_path)
    assert [section.table for section in sections] == [False, True, False]
    assert sections[0].text == sections[2].text == " ".join(PROSE)


def test_what_names_a_table_belongs_to_it(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(230, 740, "Consolidated Balance Sheets", font="bold")
    page.text(250, 726, "(in thousands of dollars)", size=8)
    table_page(page)
    page.text(50, 630, "See the notes that follow")
    [section] = read(document, tmp_path)
    assert section.table
    assert section.text.startswith("Consolidated Balance Sheets\n(in thousands of dollars)\n2015  2014\n")
    assert section.text.endswith("2,494,435\nSee the notes that follow")
    assert section.heading[-1].startswith("Consolidated Balance Sheets")


def test_cells_that_run_over_several_lines_are_put_together(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 740, "Number")
    page.text(120, 740, "Description")
    page.text(400, 740, "Filed")
    for y, number, lines, year in (
        (720, "10.4", ["Form of the agreement that", "is used for the plan"], "2004"),
        (690, "10.5", ["Award calculation, as it", "was changed, for the", "plan of the year"], "2012"),
    ):
        page.text(50, y, number)
        page.lines(120, y, lines)
        page.text(400, y, year)
    assert text_of(document, tmp_path).splitlines() == [
        "Number  Description  Filed",
        "10.4 Form of the agreement that is used for the plan  2004",
        "10.5 Award calculation, as it was changed, for the plan of the year  2012",
    ]


def test_heads_of_two_lines_and_labels_of_two_lines_are_put_together(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    for right, head, year in ((400, "Fiscal", "2015"), (500, "Fiscal", "2014")):
        page.right(right, 740, head)
        page.right(right, 728, year)
    page.text(50, 710, "Total revenue")
    page.right(400, 710, "4,795.5")
    page.right(500, 710, "4,147.1")
    page.right(400, 698, "12.0")  # a row without a label stays a row
    page.right(500, 698, "11.0")
    page.text(50, 680, "Stock options, restricted stock units, and")
    page.text(50, 668, "performance share units")
    page.right(400, 668, "8.4")
    page.right(500, 668, "14.1")
    assert text_of(document, tmp_path).splitlines() == [
        "Fiscal 2015  Fiscal 2014",
        "Total revenue  4,795.5  4,147.1",
        "12.0  11.0",
        "Stock options, restricted stock units, and performance share units  8.4  14.1",
    ]


def test_brackets_and_signs_join_their_amounts(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    for y, label, one, two in (
        (700, "Growth", "12", "(3"),
        (686, "Share of sales", "40", "38"),
        (672, "Loss", "(7", "(9"),
    ):
        page.text(50, y, label)
        page.right(200, y, one)
        page.text(202, y, ")%" if one.startswith("(") else "%")
        page.right(300, y, two)
        page.text(302, y, ")%" if two.startswith("(") else "%")
    assert text_of(document, tmp_path).splitlines() == [
        "Growth  12%  (3)%",
        "Share of sales  40%  38%",
        "Loss  (7)%  (9)%",
    ]


def test_dotted_leaders_are_left_out(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 700, "Introduction" + "." * 60 + "4")
    page.text(50, 686, "Results of operations " + ". " * 30)
    page.right(400, 686, "17")
    [section] = read(document, tmp_path)
    assert section.text.splitlines() == ["Introduction  4", "Results of operations  17"]


# --- headings ----------------------------------------------------------------------------------------------


def test_headings_by_size_and_weight_make_a_path(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 740, "Risk factors", size=16)
    page.lines(50, 715, PROSE)
    page.text(50, 650, "Exchange rates", font="bold")
    page.lines(50, 636, PROSE)
    page.text(50, 570, "Interest", font="bold")
    page.lines(50, 556, PROSE)
    page.text(50, 490, "Legal matters", size=16)
    page.lines(50, 465, PROSE)
    sections = read(document, tmp_path)
    assert [section.heading for section in sections] == [
        ("Risk factors",),
        ("Risk factors", "Exchange rates"),
        ("Risk factors", "Interest"),
        ("Legal matters",),
    ]
    assert [section.text.splitlines()[0] for section in sections] == [
        "Risk factors",
        "Exchange rates",
        "Interest",
        "Legal matters",
    ]


def test_bold_words_inside_a_line_are_no_heading(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 700, "Overview.", font="bold")
    page.text(105, 700, "The company sells paper, ink and pens to schools,")
    page.lines(50, 688, PROSE)
    [section] = read(document, tmp_path)
    assert section.heading == ()


def test_headings_hold_on_the_next_page_wherever_reading_begins(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 740, "Risk factors", size=16)
    page.lines(50, 715, PROSE)
    document.page().lines(50, 740, PROSE)
    document.page().lines(50, 740, PROSE[:3])
    whole = parts_of(document, tmp_path)
    assert whole[1].sections[0].heading == ("Risk factors",)
    for first in (2, 3):
        resumed = parts_of(document, tmp_path, first)
        assert [part.number for part in resumed] == list(range(first, 4))
        for one, two in zip(whole[first - 1 :], resumed, strict=True):
            assert [(section.text, section.heading) for section in one.sections] == [
                (section.text, section.heading) for section in two.sections
            ]


def test_headings_hold_over_a_long_chapter_wherever_reading_begins(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 740, "Risk factors", size=16)
    page.lines(50, 715, PROSE)
    for _ in range(39):
        document.page().lines(50, 740, PROSE[:3])
    (section,) = parts_of(document, tmp_path, 40)[0].sections
    assert section.heading == ("Risk factors",)


def test_running_heads_are_kept_once_and_page_numbers_dropped(tmp_path: Path) -> None:
    document = Pdf()
    for number in range(1, 5):
        page = document.page()
        page.text(50, 760, "PAPER AND PENS INCORPORATED", font="bold")
        page.lines(
            50, 700, [f"Page {['one', 'two', 'three', 'four'][number - 1]} begins with this line.", *PROSE]
        )
        page.text(300, 40, str(number + 20))
    sections = read(document, tmp_path)
    heads = [section for section in sections if "INCORPORATED" in section.text]
    assert len(heads) == 1
    assert heads[0].page == 1
    for section in sections:
        assert not any(character.isdigit() for character in section.text)


def test_the_head_of_a_table_that_goes_on_is_kept(tmp_path: Path) -> None:
    document = Pdf()
    for number in range(3):
        page = document.page()
        page.text(50, 740, "Country")
        page.right(420, 740, "2015")
        page.right(540, 740, "2014")
        for row in range(30):
            y = 728 - 12 * row
            page.text(50, y, f"Land {'abcdefghij'[number]}{'klmnopqrst'[row % 10]}")
            page.right(420, y, f"{1000 + 37 * row}")
            page.right(540, y, f"{2000 + 31 * row}")
    for section in read(document, tmp_path):
        assert section.text.startswith("Country  2015  2014\nLand")


# --- scripts -----------------------------------------------------------------------------------------------


def test_right_to_left_text_is_read_from_the_right(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    logical = "שלום עולם 2015 טוב"
    # As it is seen, from left to right: words and letters turned about, the number not.
    seen = " ".join(word if word.isdigit() else word[::-1] for word in reversed(logical.split(" ")))
    x = 100.0
    for word in seen.split(" "):
        page.glyphs(x, 700, list(word), size=12)
        x += 12 * len(word) + 5
    assert text_of(document, tmp_path) == logical


def test_chinese_has_no_spaces_put_in(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.glyphs(100, 700, list("公司销售纸张墨水和钢笔给学校"), size=12)
    page.glyphs(100, 684, list("和办公室。"), size=12)
    assert text_of(document, tmp_path) == "公司销售纸张墨水和钢笔给学校和办公室。"


def test_readings_over_chinese_characters_are_left_out(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.glyphs(50, 700, list("夜間の入港は午後十時まで"), size=12)
    page.glyphs(50, 712, list("やかん"), size=6)
    page.glyphs(86, 712, list("にゅうこう"), size=6)
    page.glyphs(50, 670, list("荷役の料金は三百円である"), size=12)
    text = text_of(document, tmp_path)
    assert "夜間の入港は午後十時まで" in text
    assert "やかん" not in text
    assert "荷役の料金" in text


def test_text_written_downwards_is_read_in_order(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    for column, text in enumerate(["公司销售纸张", "给学校使用的"]):
        for row, character in enumerate(text):
            page.glyphs(300 - 20 * column, 700 - 13 * row, [character, " "], size=12)
    assert text_of(document, tmp_path) == "公司销售纸张给学校使用的"


def test_a_ligature_is_its_letters_each_with_a_box(tmp_path: Path) -> None:
    document = Pdf()
    document.page().glyphs(100, 700, ["o", "ffi", "c", "e", "\ufb01"], size=12)
    [section] = read(document, tmp_path)
    assert section.text == "officefi"
    assert section.boxes is not None
    widths = section.boxes[:, 2] - section.boxes[:, 0]
    assert widths[:4] == pytest.approx([12, 4, 4, 4], abs=0.1)
    assert (section.boxes[1:, 0] >= section.boxes[:-1, 2] - 0.1).all()


def test_a_ligature_of_a_right_to_left_script_parts_no_word(tmp_path: Path) -> None:
    document = Pdf()
    document.page().glyphs(100, 700, ["ت", "لا", "ح", "ر", "ل", "ا"], size=12)
    [section] = read(document, tmp_path)
    assert section.text == "الرحلات"
    assert section.boxes is not None
    assert (section.boxes[1:, 2] <= section.boxes[:-1, 0] + 0.1).all()  # each letter left of the one before


@pytest.mark.parametrize(
    ("seen", "read_as"),
    [
        ([".", "2", "0", "2", "4", " ", "ב", "א"], "אב 2024."),
        ([".", "A", "z", " ", "ב", "א"], "אב Az."),
        (["1", ",", "5", " ", "ב", "א"], "אב 1,5"),
        (["ב", "א", " ", ".", "1"], "1. אב"),
    ],
)
def test_the_mark_behind_a_number_in_a_right_to_left_line_stays_behind_it(
    seen: list[str], read_as: str, tmp_path: Path
) -> None:
    document = Pdf()
    document.page().glyphs(100, 700, seen, size=12)
    assert " ".join(text_of(document, tmp_path).split()) == read_as


def test_accents_drawn_over_their_letter_are_put_on_it(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(100, 700, "Universit")
    page.text(100 + 37.3, 700, "\xa8")
    page.text(100 + 36.6, 700, "at")
    assert text_of(document, tmp_path) == "Universität"


# --- pages that say nothing ---------------------------------------------------------------------------


def test_each_page_says_why_it_has_no_text(tmp_path: Path) -> None:
    document = Pdf()
    document.page()
    document.page().picture(100, 100, 300, 300)
    document.page().text(5000, 700, "far away")
    document.page().glyphs(100, 700, ["", "", "", "", ""])
    document.page().text(100, 700, "This page can be read.")
    ruled = document.page()
    ruled.operators.append("50 700 m 500 700 l S")
    parts = parts_of(document, tmp_path)
    assert [(part.outcome, part.reason) for part in parts] == [
        (Outcome.EMPTY, "This page is blank."),
        (Outcome.EMPTY, "This page is a picture, and its text was not recognised."),
        (Outcome.EMPTY, "The text of this page is outside the visible area."),
        (
            Outcome.FAILED,
            "The text of this page cannot be read: its fonts do not say which characters they show.",
        ),
        (Outcome.TEXT, ""),
        (Outcome.EMPTY, "This page is blank."),
    ]
    waiting = (PartPicture(WHOLE_PAGE),)
    assert [part.pictures for part in parts] == [(), waiting, (), waiting, (), ()]


@pytest.mark.parametrize(("width", "dpi"), [(400, 200), (500, 250), (3000, 300)])
@pytest.mark.parametrize("rotate", [0, 90])
def test_a_page_to_be_recognised_is_as_fine_as_its_picture(
    tmp_path: Path, width: int, dpi: int, rotate: int
) -> None:
    document = Pdf()
    page = document.page(width=144, height=72, rotate=rotate)
    page.operators.append(
        f"q 144 0 0 72 0 0 cm BI /W {width} /H {width // 2} /BPC 1 /CS /G /F /AHx ID 80> EI Q"
    )
    opened = pdf_document.open(document.save(tmp_path / "scan.pdf"), None)
    picture = opened.picture(1, WHOLE_PAGE)
    sides = (2 * dpi, dpi) if rotate == 0 else (dpi, 2 * dpi)
    assert (picture.width, picture.height, picture.channels) == (*sides, 1)
    assert picture.dpi == pytest.approx(dpi, rel=0.001)
    for part, number in ((2, WHOLE_PAGE), (1, 1)):
        with pytest.raises(UnreadableDocument):
            opened.picture(part, number)
    opened.close()


def test_a_coloured_page_keeps_its_colours(tmp_path: Path) -> None:
    document = Pdf()
    document.page(width=72, height=72).operators.append("1 0 0 rg 0 0 72 72 re f")
    opened = pdf_document.open(document.save(tmp_path / "red.pdf"), None)
    picture = opened.picture(1, WHOLE_PAGE)
    assert (picture.channels, picture.pixels[:3]) == (3, bytes([255, 0, 0]))
    opened.close()


def test_a_damaged_page_fails_alone(tmp_path: Path) -> None:
    document = Pdf()
    document.page().text(100, 700, "first")
    document.page(broken=True)
    document.page().text(100, 700, "third")
    parts = parts_of(document, tmp_path)
    assert [part.outcome for part in parts] == [Outcome.TEXT, Outcome.FAILED, Outcome.TEXT]
    assert parts[1].reason == "This page is damaged."
    assert parts[2].sections[0].text == "third"


def test_an_invisible_layer_of_recognised_text_is_text(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.picture(0, 0, 612, 792)
    page.text(100, 700, "recognised by another program", more="3 Tr")
    assert text_of(document, tmp_path) == "recognised by another program"


def test_what_is_filled_in_is_read_beside_its_label(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 703, "Name of the applicant:")
    page.field("Jane Q. Miller", (160, 698, 320, 714))
    page.text(50, 603, "Nothing is filled in here:")
    page.field("", (180, 598, 320, 614))
    [section] = read(document, tmp_path)
    assert section.text.splitlines()[0].split() == ["Name", "of", "the", "applicant:", "Jane", "Q.", "Miller"]
    assert section.boxes is not None
    box = section.boxes[section.text.index("Jane")]
    assert 160 <= box[0] <= 170
    assert 792 - 714 <= box[1] < box[3] <= 792 - 698


# --- opening ------------------------------------------------------------------------------------------


def test_a_locked_file_wants_its_password(tmp_path: Path) -> None:
    document = Pdf(title="The secret of the garden")
    document.page().text(100, 700, "behind the lock")
    path = document.save(tmp_path / "locked.pdf", password="tulip")
    with pytest.raises(PasswordRequired) as missing:
        open_document(path)
    assert missing.value.details == {"wrong": False}
    with pytest.raises(PasswordRequired) as wrong:
        open_document(path, "rose")
    assert wrong.value.details == {"wrong": True}
    opened = open_document(path, "tulip")
    assert opened.opened.title == "The secret of the garden"
    assert next(opened.parts()).sections[0].text == "behind the lock"
    opened.close()


@pytest.mark.parametrize("password", [None, "", "needless"])
def test_an_empty_password_is_no_obstacle(tmp_path: Path, password: str | None) -> None:
    document = Pdf()
    document.page().text(100, 700, "anyone may read")
    opened = open_document(document.save(tmp_path / "open.pdf", password=""), password)
    assert next(opened.parts()).sections[0].text == "anyone may read"
    opened.close()


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("The Paper Company: Annual Report", "The Paper Company: Annual Report"),
        ("Microsoft Word - Letter to the council", "Letter to the council"),
        ("Microsoft Word - letter.docx", "report-2015"),
        ("untitled", "report-2015"),
        ("0000764478-23-000006", "report-2015"),
        ("S25C-0i25080113320", "report-2015"),
        ("国家信息安全技术", "国家信息安全技术"),
        ("", "report-2015"),
    ],
)
def test_the_title_is_the_file_s_own_if_a_person_wrote_it(tmp_path: Path, title: str, shown: str) -> None:
    document = Pdf(title=title)
    document.page().text(100, 700, "text")
    opened = pdf_document.open(document.save(tmp_path / "report-2015.pdf"), None)
    assert opened.opened.title == shown
    assert (opened.opened.kind, opened.opened.unit, opened.opened.parts) == ("pdf", "page", 1)
    opened.close()


@pytest.mark.parametrize("content", [b"%PDF-1.4\nnothing of the kind", b"%PDF-", b"\0" * 5000])
def test_what_is_no_pdf_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    with pytest.raises(UnreadableDocument) as error:
        open_document(path)
    assert error.value.hint


def test_a_pdf_without_pages_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument):
        open_document(Pdf().save(tmp_path / "empty.pdf"))


def test_pages_that_are_only_claimed_are_one_failure(tmp_path: Path) -> None:
    document = Pdf()
    document.page().text(100, 700, "the first")
    document.page().text(100, 700, "the second")
    path = tmp_path / "claims.pdf"
    path.write_bytes(document.bytes().replace(b"/Count 2 ", b"/Count 999999 "))
    opened = pdf_document.open(path, None)
    parts = list(opened.parts())
    assert [part.outcome for part in parts] == [Outcome.TEXT, Outcome.TEXT, Outcome.FAILED]
    assert opened.opened.parts == 3
    assert parts[2].reason.startswith("More pages are listed")
    opened.close()


def test_a_missing_file_is_not_taken_for_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        pdf_document.open(tmp_path / "nowhere.pdf", None)


def test_a_truncated_file_gives_what_it_can(tmp_path: Path) -> None:
    document = Pdf()
    for number in range(5):
        document.page().lines(50, 700, [f"Page number {number} says this.", *PROSE])
    data = document.bytes()
    for share in (0.3, 0.6, 0.9, 0.99):
        path = tmp_path / "cut.pdf"
        path.write_bytes(data[: int(len(data) * share)])
        try:
            opened = open_document(path)
        except UnreadableDocument:
            continue
        for part in opened.parts():
            assert part.sections or part.reason
        opened.close()


def test_several_threads_may_read_at_once(tmp_path: Path) -> None:
    """pdfium itself may not be entered twice; two documents and a picture are asked for all the same."""
    document = Pdf()
    for _ in range(8):
        document.page().lines(50, 700, PROSE)
    path = document.save(tmp_path / "shared.pdf")
    wrong: list[object] = []

    def work() -> None:
        try:
            opened = pdf_document.open(path, None)
            for part in opened.parts():
                opened.render(part.number, 60)
                if part.sections[0].text != " ".join(PROSE):
                    wrong.append(part)
            opened.close()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_layout_tells_sizes_names_and_bookmarks(tmp_path: Path) -> None:
    document = Pdf(catalog="/PageLabels << /Nums [0 << /S /r >> 1 << /S /D >>] >>")
    document.page()
    document.page(width=400, height=200, rotate=90)
    outline = document.add("/Count 2")
    number = int(outline.split()[0])
    first, second = number + 1, number + 2
    document.add(f"/Title (Wealth) /Dest [1 /Fit] /Next {second + 1} 0 R /First {second} 0 R")
    document.add(f"/Title (Debt) /Dest [0 /Fit] /Parent {first} 0 R")
    document.add("/Title (Nowhere) /Dest [99 /Fit]")
    document.objects[0] = f"<< /First {first} 0 R /Last {second + 1} 0 R >>".encode()
    document.catalog += f" /Outlines {outline}"
    opened = pdf_document.open(document.save(tmp_path / "document.pdf"), None)
    layout = opened.layout()
    opened.close()
    assert layout.sizes == ((612.0, 792.0), (200.0, 400.0))
    assert layout.labels == ("i", "1")
    assert layout.bookmarks == (OutlineEntry("Wealth", 0, 2), OutlineEntry("Debt", 1, 1))


def test_pages_that_are_merely_counted_have_no_names(tmp_path: Path) -> None:
    document = Pdf()
    document.page()
    opened = pdf_document.open(document.save(tmp_path / "document.pdf"), None)
    assert opened.layout().labels == ()
    opened.close()
