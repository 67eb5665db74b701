"""The terms of texts, the marks between sentences and rows, and the word lists."""

from __future__ import annotations

import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.text import terms
from assistant.documents.text import word_lists as lists
from tests.unit.documents.store_samples import keyword_index, rows_found


def test_sentences_are_marked_without_becoming_terms() -> None:
    assert terms.index_terms("Cash rose. Debt fell! What else?", "en") == "cash rose . debt fell . what els"
    connection = keyword_index(("Cash rose. Debt fell.", "en"))
    assert connection.execute("SELECT count(*) FROM fts WHERE fts MATCH '\"rose debt\"'").fetchone() == (1,)


def test_rows_are_marked_without_becoming_terms() -> None:
    indexed = terms.index_terms("Cash  10\n\nDebt  20", "en", rows=True)
    assert indexed == "cash 10 , debt 20"
    connection = keyword_index()
    connection.execute("INSERT INTO fts (body) VALUES (?)", (indexed,))
    assert rows_found(connection, '"10 debt"') == [1]


@pytest.mark.parametrize(
    "name", ["André Petrović", "Kovačević", "Brontë", "Nestlé", "exposé", "Łukaszewicz-Đorđević"]
)
@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "cs", "xx"])
def test_names_are_found_without_their_accents_whatever_the_language(name: str, language: str) -> None:
    """A stemmer cuts petrovic, and leaves petrović as it is."""
    assert set(terms.terms(terms.fold(name.casefold()), language)) <= set(terms.terms(name, language))


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("to DE89 3704 0044 0532 0130 00, please", "DE89370400440532013000"),
        ("IBAN GB29 NWBK 6016 1331 9268 19.", "gb29nwbk60161331926819"),
        ("Call +49 30 5557 8812 at once", "+493055578812"),
        ("Call (555) 123-4567", "5551234567"),
        ("ISBN 978-3-16-148410-0", "9783161484100"),
        ("part number 12-345-67-89", "123456789"),
        ("card 4111 1111 1111 1111.", "4111-1111-1111-1111"),
        ("12,34,567 rupees", "1,234,567"),
        ("1 234 567,50 zloty", "1234567.50"),
        ("1'234'567.80 francs", "1,234,567.80"),
        ("1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567 euros", "1.234.567"),
    ],
)
def test_numbers_are_found_however_they_are_grouped(written: str, asked: str) -> None:
    assert list(terms.terms(asked, "en"))[-1] in set(terms.terms(written, "en"))


def test_figures_side_by_side_are_no_number() -> None:
    assert list(terms.terms("2019 2020 2021", "en")) == ["2019", "2020", "2021"]
    assert list(terms.terms("12 34 56", "en")) == ["12", "34", "56"]


def test_vowel_signs_stay_in_their_words() -> None:
    assert terms.index_terms("कितने अंक दिए", "xx").split() == ["कितने", "अंक", "दिए"]


@settings(max_examples=60)
@given(st.text(max_size=100))
def test_folding_is_stable(word: str) -> None:
    assert terms.fold(terms.fold(word)) == terms.fold(word)


def test_the_word_lists_are_in_lower_case_and_free_of_doubles() -> None:
    for languages in lists._lists().values():
        for lines in languages.values():
            assert lines
            assert all(line == line.lower() for line in lines)
    for language in ("en", "de", "fr", "es"):
        for group in lists.synonyms(language):
            assert len(group) == len(set(group)) > 1


def test_threads_do_not_disturb_each_other() -> None:
    """Questions are asked while documents are read: both need stems, and a stemmer is no thread's own."""
    endings = ("internationalising", "happily", "keepers")
    made_up = [chr(97 + number % 26) * (1 + number // 26) + word for number in range(400) for word in endings]
    alone = [terms.term_of.__wrapped__(word, "en") for word in made_up]
    found: list[list[str]] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            found.append([terms.term_of.__wrapped__(word, "en") for word in made_up])
        except Exception as error:
            failed.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not failed
    assert found == [alone] * 4


def test_an_exponent_is_no_part_of_its_number() -> None:
    assert list(terms.terms("48,500³ euros, 10⁶ cells", "en")) == ["48500", "3", "euro", "10", "6", "cell"]
    assert list(terms.terms("10^6", "en")) == list(terms.terms("10⁶", "en"))
