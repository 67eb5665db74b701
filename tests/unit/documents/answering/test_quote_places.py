from __future__ import annotations

import pytest

from assistant.documents.answering.quote_places import lines, list_end, places, with_lists
from assistant.documents.answering.sentence_ranking import RankedSentence
from assistant.documents.records import Quote
from tests.unit.documents.answering.test_sentence_ranking import passage

FORMATS = (
    "It reads these formats:\n\n• PDF\n• Word\n  and Excel\n\nOld ones are read too.\n\nNothing else is."
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (FORMATS, "• Word\n  and Excel"),
        ("These:\n- one\n- two\nThe next paragraph begins. It goes on.\nAnd on.", "- two"),
        ("Diese:\n1. eins\n2. zwei, das weiter\ngeht\n\nDanach.", "geht"),
        ("These:\n(a) the first\nWrapped at a Name\n(b) the second", "(b) the second"),
        ("包括：\n一、文档\n二、表格\n\n其他。", "二、表格"),
        ("يشمل:\n• الأول\n• الثاني", "• الثاني"),
        ("These:\n\nA paragraph that is no list.", "These:"),
        ("The rate was:\n1.9 percent in 2022.", "The rate was:"),
        ("Nothing follows:", "Nothing follows:"),
    ],
)
def test_a_list_ends_where_it_does(text: str, shown: str) -> None:
    lead = max(text.find(":"), text.find("：")) + 1
    assert text[: list_end(text, lead)].endswith(shown)


def sentence(text: str, said: str, *, table: bool = False) -> RankedSentence:
    start = text.index(said)
    return RankedSentence(passage(text, table=table), start, start + len(said), 0.9, 0.9, 0.9)


def with_list(text: str, *said: str, table: bool = False) -> list[str]:
    found = with_lists([sentence(text, each, table=table) for each in said], lambda _: text)
    return [text[one.start : one.end] for one in found]


def test_a_list_comes_with_its_lead_and_takes_its_items_along() -> None:
    lead = FORMATS[: FORMATS.index("\n\nOld")]
    said = ("Old ones are read too.", "It reads these formats:", "• PDF")
    assert with_list(FORMATS, *said) == ["Old ones are read too.", lead]
    assert with_list(FORMATS, "It reads these formats:\n\n• PDF") == [lead]
    assert with_list(FORMATS, "• PDF") == ["• PDF"]


def test_a_row_of_a_table_brings_nothing() -> None:
    assert with_list("Rent:\n• 950", "Rent:", table=True) == ["Rent:"]


def quote(n: int, section: int, start: int, end: int) -> Quote:
    return Quote(n, 0.9, 1, "/a.txt", "a.txt", None, "", (), "", (), section, start, end)


def test_neighbours_are_one_place_and_the_best_comes_first() -> None:
    quotes = [quote(1, 7, 400, 450), quote(2, 3, 0, 20), quote(3, 7, 300, 380), quote(4, 7, 1000, 1020)]
    assert places(quotes) == [((1, 3), (300, 450)), ((2,), (0, 20)), ((4,), (1000, 1020))]


def test_of_a_table_only_rows_that_follow_each_other_are_one_place() -> None:
    quotes = [quote(1, 7, 0, 10), quote(2, 7, 11, 20), quote(3, 7, 25, 30)]
    assert places(quotes, {7}) == [((1, 2), (0, 20)), ((3,), (25, 30))]
    assert places(quotes) == [((1, 2, 3), (0, 30))]


def test_a_place_does_not_grow_without_end() -> None:
    quotes = [quote(1, 7, 0, 900), quote(2, 7, 901, 1800)]
    assert [numbers for numbers, _ in places(quotes)] == [(1,), (2,)]


def test_a_quote_is_read_in_its_lines() -> None:
    text = "It reads\nthese formats:\n\n• PDF\n• Word\n  and Excel\n\nOld ones."
    shown = [" ".join(text[start:end].split()) for start, end in lines(text)]
    assert shown == ["It reads these formats:", "• PDF", "• Word and Excel", "Old ones."]
    assert lines("2021\t5\n2022\t6", table=True) == ((0, 6), (7, 13))
    assert lines("One line.") == ((0, 9),)
