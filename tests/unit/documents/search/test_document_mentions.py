"""Which documents a question names."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from assistant.documents.search.document_mentions import DocumentMentions
from assistant.documents.text.word_lists import stopwords

REPORTS = [
    (1, "/r/ADOBE_2015_10K.pdf", "ADBE 10K FY15"),
    (2, "/r/ADOBE_2022_10K.pdf", "ADBE 10-K FY22"),
    (3, "/r/BESTBUY_2023_10K.pdf", "BESTBUY_2023_10K"),
    (4, "/r/BESTBUY_2024Q2_10Q.pdf", "BESTBUY_2024Q2_10Q"),
    (5, "/r/notes.txt", "Minutes of the gardening club"),
    (6, "/r/MietvertragMüller.docx", "MietvertragMüller"),
]


def best(question: str, ignored: Collection[str] = stopwords("en")) -> int | None:
    mentions = DocumentMentions(REPORTS).find(question, ignored).documents
    return max(mentions, key=lambda identity: mentions[identity], default=None)


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("What is the FY2015 cash flow of Adobe?", 1),
        ("Adobe's margin in fiscal 2022", 2),
        ("How many stores did Best Buy have in Q2 of FY2024?", 4),
        ("Best Buy's inventories in 2023", 3),
        ("When does the gardening club meet?", 5),
        ("Was steht im Mietvertrag?", 6),
        ("Wie hoch ist die Miete von Muller?", 6),
    ],
)
def test_names_years_and_quarters(question: str, document: int) -> None:
    assert best(question) == document


def test_nothing_is_named() -> None:
    assert best("What is the speed of sound?") is None


def test_words_that_name_nothing_are_passed_over() -> None:
    assert best("of the", ()) == 5
    assert best("of the") is None


def test_small_numbers_name_nothing() -> None:
    assert (
        DocumentMentions([(1, "/r/5.txt", "5"), (2, "/r/17.txt", "17")])
        .find("mach 5 and 17 degrees")
        .documents
        == {}
    )


def test_what_most_documents_have_tells_nothing() -> None:
    documents = [(number, f"/r/invoice {number}.pdf", f"invoice {number}") for number in range(10)]
    assert DocumentMentions(documents).find("the invoice").documents == {}


def test_of_a_range_of_years_the_last_counts_most() -> None:
    mentions = (
        DocumentMentions([(1, "/r/acme_2018.pdf", ""), (2, "/r/acme_2020.pdf", ""), (3, "/r/other.pdf", "")])
        .find("Acme's average margin FY2018 - FY2020")
        .documents
    )
    assert mentions[2] > mentions[1]


def test_values_lie_between_0_and_1() -> None:
    mentions = (
        DocumentMentions(REPORTS)
        .find("Adobe Best Buy 2015 2022 2023 2024 Q2 gardening club minutes")
        .documents
    )
    assert mentions
    assert all(0.0 < value <= 1.0 for value in mentions.values())


def test_no_documents() -> None:
    assert DocumentMentions([]).find("anything").documents == {}


def test_the_words_that_name_a_document_are_told() -> None:
    assert DocumentMentions(REPORTS).find("How many stores did Best Buy have in Q2 of FY2024?").words == {
        "best",
        "buy",
    }
    assert DocumentMentions(REPORTS).find("the speed of sound", ("the", "of")).words == frozenset()


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("What does NOPOST charge for parcels?", 1),
        ("Which ships does NOR own in 2022?", 1),
        ("What did SUN earn?", 2),
        ("What did sun earn?", None),
        ("WHAT DID SUN EARN?", None),
        ("Who is the CEO?", None),
        ("Which PDF says so?", None),
    ],
)
def test_capitals_may_abbreviate_a_name(question: str, document: int | None) -> None:
    names = DocumentMentions(
        [(1, "/r/NORTHERNPOST_2022.pdf", ""), (2, "/r/SUNHARBOUR_2022.pdf", ""), (3, "/r/tea", "")]
    )
    found = names.find(question).documents
    assert max(found, key=lambda identity: found[identity], default=None) == document


def test_a_word_that_is_a_name_abbreviates_none() -> None:
    names = DocumentMentions(
        [(1, "/r/RAIL_2020.pdf", ""), (2, "/r/RAILWAYS_2020.pdf", ""), (3, "/r/tea", "")]
    )
    assert set(names.find("What does RAIL say?").documents) == {1}
