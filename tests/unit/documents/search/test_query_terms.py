"""What a question asks for, in many languages, and that its expression finds what was indexed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.search.query_terms import (
    MAX_CONCEPTS,
    Concept,
    compound_splits,
    concepts,
    joined_term,
    match_expression,
)
from assistant.documents.text.terms import index_terms
from tests.unit.documents.store_samples import keyword_index, rows_found


def forms(question: str, *languages: str) -> list[str]:
    return [concept.forms[0] for concept in concepts(question, languages)]


def expression(question: str, *languages: str) -> str:
    return match_expression(concepts(question, languages))


@pytest.mark.parametrize(
    ("question", "language", "asked"),
    [
        ("How many points did the Panthers defense surrender?", "en", "point panther defens surrend"),
        ("When was the northern bridge closed?", "en", "northern bridg close"),
        ("Wie viele Punkte gab die Verteidigung ab?", "de", "punkt verteid"),
        ("Wann wurde die Brücke gesperrt?", "de", "bruck gesperrt"),
        ("पानी कितना चाहिए", "hi", "पान चाह"),
    ],
)
def test_words_without_meaning_are_not_asked_for(question: str, language: str, asked: str) -> None:
    assert forms(question, language) == asked.split()


@pytest.mark.parametrize(
    ("question", "language", "asked"),
    [
        ("桥梁什么时候关闭", "zh", "桥梁 关闭"),
        ("黑豹队什么时候赢了比赛？", "zh", "黑豹 豹队 赢了 了比 比赛"),
        ("猫が好き", "ja", "猫が が好 好き"),
        ("猫", "ja", "猫"),
        ("一只猫。狗？", "zh", "一只 只猫 狗"),
    ],
)
def test_scripts_without_spaces_are_asked_for_in_pairs(question: str, language: str, asked: str) -> None:
    """In these alone: the last character of a run, which the index has too, would be found too often."""
    assert forms(question, language) == asked.split()


def test_a_question_of_nothing_else_keeps_its_words() -> None:
    assert forms("The Who", "en") == ["the", "who"]
    assert forms("to be or not to be", "en") == ["to", "be", "or", "not"]


def test_instructions_are_dropped_from_long_questions_only() -> None:
    long = (
        "You are an investment banker. Using the balance sheet and the income statement, what is the return "
        "on assets for Walmart in 2018, given net income and average total assets? Round your answer to two "
        "decimal places."
    )
    assert "round" not in forms(long, "en")
    assert forms("round table", "en") == ["round", "tabl"]


def test_a_word_is_asked_for_as_each_language_stems_it() -> None:
    (concept,) = concepts("Häuser", ("de", "en"))
    assert concept.forms[:2] == ("haus", "hauser")
    (concept,) = concepts("investments", ("en", "de"))
    assert concept.forms == ("invest", "investment")


@pytest.mark.parametrize(
    ("word", "year"), [("FY22", "2022"), ("fy2022", "2022"), ("CY22", "2022"), ("FY15", "2015")]
)
def test_a_fiscal_year_is_also_the_year(word: str, year: str) -> None:
    (concept,) = concepts(word, ("en",))
    assert concept.forms == (word.lower(), year)


def test_other_names_of_the_same_thing_are_asked_for_too() -> None:
    (phrase,) = [
        concept for concept in concepts("What does the balance sheet say?", ("en",)) if not concept.word
    ]
    assert phrase.forms == ("balanc sheet", "statement of financi posit", "statement of financi condit")
    connection = keyword_index(
        ("Consolidated Statements of Financial Position", "en"), ("a sheet of paper", "en")
    )
    assert rows_found(connection, match_expression([phrase])) == [1]


def test_compounds_come_apart_at_their_joints() -> None:
    assert ("arbeit", "zeit") in compound_splits("arbeitszeit", "de")
    assert compound_splits("2022", "de") == []


def test_two_words_may_be_written_as_one() -> None:
    assert joined_term(Concept(("data",), "data"), Concept(("base",), "base"), "en")
    assert joined_term(Concept(("a",), "a"), Concept(("base",), "base"), "en") == ""


def test_a_very_long_question_is_asked_in_part() -> None:
    long = " ".join(f"word{number}" for number in range(500))
    assert len([concept for concept in concepts(long, ("en",)) if concept.word]) <= MAX_CONCEPTS


# --- the expression, on an index that is cut as the store's ---------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "question"),
    [
        ("Net cash was $1,117,400.50 thousand", "en", "1117400.50"),
        ("Der Umsatz betrug 1.117.400 Euro", "de", "1,117,400"),
        ("a margin of 36,8 %", "de", "36.8"),
        ("see form 10-K", "en", "10K"),
        ("COVID-19 cases", "en", "covid19"),
        ("the U.S.A. and the U.K.", "en", "USA"),
        ("call getUserName() now", "en", "user"),
        ("die Großstädte am Fluss", "de", "grossstadt"),
        ("Les élèves étaient là", "fr", "eleve"),
        ("İstanbul ve ISPARTA", "tr", "ısparta"),
        ("كِتَابٌ جديد", "ar", "كتاب"),
        ("٢٠١٥ كان عاماً", "ar", "2015"),
        ("שָׁלוֹם עולם", "he", "שלום"),
        ("हिन्दी भाषा", "hi", "हिंदी"),
        ("पैंथर्स डिफ़ेंस ने", "hi", "डिफेंस"),
        ("ＡＢＣ １２３", "ja", "abc"),
        ("東京タワーの高さ", "ja", "タワー"),
        ("黑豹队的防守", "zh", "防守"),
        ("猫が好き", "ja", "猫"),
        ("好きな猫", "ja", "猫"),
        ("한국어를 공부합니다", "ko", "한국어"),
        ("ภาษาไทยไม่มีช่องว่าง", "th", "ไทย"),
        ("soft\u00adware and zero\u200bwidth", "en", "software"),
        ("o’neill’s report", "en", "O'Neill"),
        ("Łódź, Øresund, Ærø", "pl", "lodz"),
    ],
)
def test_a_question_finds_the_text_however_either_is_written(text: str, language: str, question: str) -> None:
    connection = keyword_index((text, language), ("something else altogether", "en"))
    assert rows_found(connection, expression(question, language)) == [1]


def test_numbers_are_exact() -> None:
    connection = keyword_index(("item 1234", "en"), ("item 12345", "en"), ("item 12.34", "en"))
    assert rows_found(connection, expression("1234", "en")) == [1]
    assert rows_found(connection, expression("12.34", "en")) == [3]


def test_very_long_words_are_cut_alike_on_both_sides() -> None:
    blob = "q" * 5000
    assert rows_found(keyword_index((blob, "en")), expression(blob, "en")) == [1]


@settings(max_examples=60)
@given(st.text(max_size=200), st.sampled_from(["en", "de", "hi", "zh", "ar", "th", "und", "", "tr"]))
def test_any_text_can_be_indexed_and_asked(text: str, language: str) -> None:
    indexed = index_terms(text, language)
    connection = keyword_index((text, language))
    match = expression(text, language, "en")
    if match:
        assert rows_found(connection, match) == [1]
    else:
        assert not indexed.strip(" .,")


@settings(max_examples=60)
@given(st.text(alphabet="\"'*():^-+{}[]ANDORNEAT \u0000\n猫é1.,", max_size=60))
def test_a_question_is_always_a_valid_expression(question: str) -> None:
    match = expression(question, "en", "de", "zh")
    if match:
        rows_found(keyword_index(("猫 and a text", "en")), match)


@given(st.text(max_size=80), st.sampled_from(["en", "de", "zh", "hi", "th", "xx", ""]))
def test_every_text_makes_a_valid_expression(text: str, language: str) -> None:
    match = expression(text, language)
    if match:
        rows_found(keyword_index(), match)


def test_quotation_marks_stay_inside() -> None:
    assert match_expression([Concept(('say "hello"',))]) == '"say ""hello"""'


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Muessigbrodt", "Müßigbrodt"),
        ("Müßigbrodt", "Muessigbrodt"),
        ("Sørensen", "Soerensen"),
        ("Aarhus", "Århus"),
        ("19.9", "19,90"),
        ("19.90", "19.9"),
        ("7.00", "7"),
    ],
)
def test_other_spellings_are_asked_for_too(asked: str, written: str) -> None:
    (concept,) = concepts(asked, ["de"])
    assert set(index_terms(written, "de").split()) & set(concept.forms)


def test_names_of_one_thing_are_asked_for_together() -> None:
    assert "number of employe" in concepts("What was the headcount?", ["en"])[-1].forms
    assert len(concepts("What was the weather?", ["en"])) == 1
