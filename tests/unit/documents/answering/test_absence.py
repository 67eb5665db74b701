"""Whether a name or a year stands in a text."""

from __future__ import annotations

import re

import pytest

from assistant.documents.answering import absence
from assistant.documents.text.terms import index_terms


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("What was the rent in 2019?", ("2019",)),
        ("2020年龙井的价格是多少？", ("2020",)),
        ("२०१९ में किराया कितना था?", ("2019",)),
        ("Is it more than 2,024 euros, or 1.950?", ()),
        ("Which of the 12 rooms has a BX2000-3 heater?", ()),
    ],
)
def test_years_are_asked_for(question: str, years: tuple[str, ...]) -> None:
    assert absence.asked_years(question) == years


def stands_in(text: str) -> absence.Stands:
    """What FTS5 would say, for words of a text in lower case without accents."""

    def stands(expression: str) -> bool:
        return any(re.search(rf"\b{word}", text) for word in re.findall(r'"(\w+)"', expression))

    return stands


def test_of_two_words_of_a_name_both_must_stand() -> None:
    stands = stands_in("patient: peter lindqvists file, at brannocs hospital of obrien")
    assert absence.name_stands(("Peter", "Lindqvist"), "en", stands)
    assert absence.name_stands(("Péter",), "en", stands)
    assert not absence.name_stands(("Maria", "Lindqvist"), "en", stands)
    assert not absence.name_stands(("Peter", "Smith"), "en", stands)
    assert absence.name_stands(("Peter", "Jan", "Lindqvist"), "en", stands)


def test_a_name_stands_where_the_index_holds_its_stem() -> None:
    stands = stands_in(index_terms("The first Warsaw President was Jan. The Old Lady wept.", "en"))
    assert absence.name_stands(("Warsaw", "President"), "en", stands)
    assert absence.name_stands(("Old", "Lady"), "en", stands)


def test_a_year_may_stand_as_a_fiscal_year() -> None:
    assert absence.year_stands("2023", stands_in("revenue fy23"))
    assert not absence.year_stands("2019", stands_in("revenue fy23 2023"))
