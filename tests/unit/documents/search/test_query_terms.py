"""What a question asks for, in many languages, and an expression for the index that is always valid."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.search.query_terms import (
    MAX_CONCEPTS,
    Concept,
    concepts,
    halves,
    match_expression,
    question_terms,
    written_as_one,
)


@pytest.mark.parametrize(
    ("question", "language", "asked"),
    [
        ("When was the northern bridge closed?", "en", {"northern", "bridge", "closed"}),
        ("Wann wurde die Brücke gesperrt?", "de", {"brucke", "gesperrt"}),
        ("पानी कितना चाहिए", "hi", {"पानी"}),
    ],
)
def test_words_without_meaning_are_not_asked_for(question: str, language: str, asked: set[str]) -> None:
    found = {concept.word for concept in concepts(question, (language,))}
    assert asked <= found
    assert not found & {"when", "was", "the", "wann", "wurde", "die"}


def test_a_question_of_such_words_alone_asks_for_them() -> None:
    assert concepts("to be or not to be", ("en",))


def test_scripts_without_spaces_are_asked_for_in_pairs() -> None:
    assert {"桥梁", "关闭"} <= {concept.word for concept in concepts("桥梁什么时候关闭", ("zh",))}


@pytest.mark.parametrize("word", ["FY22", "fy2022", "CY22"])
def test_a_fiscal_year_is_also_the_year(word: str) -> None:
    assert any("2022" in concept.forms for concept in concepts(f"revenue {word}", ("en",)))


def test_one_of_several_names_stands_for_all() -> None:
    (phrase,) = [concept for concept in concepts("the balance sheet", ("en",)) if not concept.word]
    assert len(phrase.forms) > 1


def test_a_word_has_the_form_of_each_language_of_the_documents() -> None:
    (concept,) = concepts("investments", ("en", "de"))
    assert len(concept.forms) == 2


def test_compounds_come_apart_at_their_joints() -> None:
    assert ("arbeit", "zeit") in halves("arbeitszeit", "de")
    assert halves("2022", "de") == []


def test_two_words_may_be_written_as_one() -> None:
    assert written_as_one(Concept(("data",), "data"), Concept(("base",), "base"), "en")
    assert written_as_one(Concept(("a",), "a"), Concept(("base",), "base"), "en") == ""


def test_a_very_long_question_is_asked_in_part() -> None:
    long = " ".join(f"word{number}" for number in range(500))
    assert len([concept for concept in concepts(long, ("en",)) if concept.word]) <= MAX_CONCEPTS


@given(st.text(max_size=80), st.sampled_from(["en", "de", "zh", "hi", "th", "xx", ""]))
def test_every_text_makes_a_valid_expression(text: str, language: str) -> None:
    expression = question_terms(text, language)
    if not expression:
        return
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE found USING fts5(text)")
    database.execute("SELECT * FROM found WHERE found MATCH ?", (expression,)).fetchall()
    database.close()


def test_quotation_marks_stay_inside() -> None:
    assert match_expression([Concept(('say "hello"',))]) == '"say ""hello"""'
