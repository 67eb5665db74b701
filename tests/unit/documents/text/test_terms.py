"""The terms of texts in many scripts, and that anything at all can be indexed and asked."""

from __future__ import annotations

import sqlite3
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.search import query_terms
from assistant.documents.store.schema import TOKENIZER
from assistant.documents.text import stopwords, synonyms, terms


def fts(*texts: tuple[str, str]) -> sqlite3.Connection:
    """A keyword index of (text, language), numbered from 1."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE fts USING fts5 (body, tokenize = '{TOKENIZER}')")
    connection.executemany(
        "INSERT INTO fts (body) VALUES (?)",
        [(terms.index_terms(text, language),) for text, language in texts],
    )
    return connection


def found(connection: sqlite3.Connection, match: str) -> list[int]:
    return [row[0] for row in connection.execute("SELECT rowid FROM fts WHERE fts MATCH ?", (match,))]


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
    connection = fts((text, language), ("something else altogether", "en"))
    assert found(connection, query_terms.question_terms(question, language)) == [1]


def test_numbers_are_exact() -> None:
    connection = fts(("item 1234", "en"), ("item 12345", "en"), ("item 12.34", "en"))
    assert found(connection, query_terms.question_terms("1234", "en")) == [1]
    assert found(connection, query_terms.question_terms("12.34", "en")) == [3]


def test_sentences_are_marked_without_becoming_terms() -> None:
    assert terms.index_terms("Cash rose. Debt fell! What else?", "en") == "cash rose . debt fell . what els"
    connection = fts(("Cash rose. Debt fell.", "en"))
    assert connection.execute("SELECT count(*) FROM fts WHERE fts MATCH '\"rose debt\"'").fetchone() == (1,)


def test_rows_are_marked_without_becoming_terms() -> None:
    indexed = terms.index_terms("Cash  10\n\nDebt  20", "en", rows=True)
    assert indexed == "cash 10 , debt 20"
    connection = fts()
    connection.execute("INSERT INTO fts (body) VALUES (?)", (indexed,))
    assert found(connection, '"10 debt"') == [1]


def test_vowel_signs_stay_in_their_words() -> None:
    assert terms.index_terms("कितने अंक दिए", "xx").split() == ["कितने", "अंक", "दिए"]


def test_very_long_words_are_cut_alike_on_both_sides() -> None:
    blob = "q" * 5000
    assert found(fts((blob, "en")), query_terms.question_terms(blob, "en")) == [1]


@settings(max_examples=60)
@given(st.text(max_size=200), st.sampled_from(["en", "de", "hi", "zh", "ar", "th", "und", "", "tr"]))
def test_any_text_can_be_indexed_and_asked(text: str, language: str) -> None:
    indexed = terms.index_terms(text, language)
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE fts USING fts5 (body, tokenize = '{TOKENIZER}')")
    connection.execute("INSERT INTO fts (body) VALUES (?)", (indexed,))
    match = query_terms.question_terms(text, language, ("en",))
    if match:
        assert found(connection, match) == [1]
    else:
        assert not indexed.strip(" .,")


@settings(max_examples=60)
@given(st.text(alphabet="\"'*():^-+{}[]ANDORNEAT \u0000\n猫é1.,", max_size=60))
def test_a_question_is_always_a_valid_expression(question: str) -> None:
    match = query_terms.question_terms(question, "en", ("de", "zh"))
    if match:
        found(fts(("猫 and a text", "en")), match)


@settings(max_examples=60)
@given(st.text(max_size=100))
def test_folding_is_stable(word: str) -> None:
    assert terms.fold(terms.fold(word)) == terms.fold(word)


# --- what a question asks for ---------------------------------------------------------------------------


def forms(question: str, *languages: str) -> list[str]:
    return [concept.forms[0] for concept in query_terms.concepts(question, languages)]


def test_words_without_meaning_are_dropped() -> None:
    assert forms("How many points did the Panthers defense surrender?", "en") == [
        "point",
        "panther",
        "defens",
        "surrend",
    ]
    assert forms("Wie viele Punkte gab die Verteidigung ab?", "de") == ["punkt", "verteid"]
    assert "什么" not in "".join(forms("黑豹队什么时候赢了比赛？", "zh"))


def test_a_question_of_nothing_else_keeps_its_words() -> None:
    assert forms("The Who", "en") == ["the", "who"]


def test_instructions_are_dropped_from_long_questions_only() -> None:
    long = (
        "You are an investment banker. Using the balance sheet and the income statement, what is the return "
        "on assets for Walmart in 2018, given net income and average total assets? Round your answer to two "
        "decimal places."
    )
    assert "round" not in forms(long, "en")
    assert forms("round table", "en") == ["round", "tabl"]


def test_a_word_is_asked_for_as_each_language_stems_it() -> None:
    (concept,) = query_terms.concepts("Häuser", ("de", "en"))
    assert concept.forms == ("haus", "hauser")


def test_a_fiscal_year_is_also_a_year() -> None:
    assert query_terms.concepts("FY2015", ("en",))[0].forms == ("fy2015", "2015")
    assert query_terms.concepts("FY15", ("en",))[0].forms == ("fy15", "2015")


def test_other_names_of_the_same_thing_are_asked_for_too() -> None:
    connection = fts(("Consolidated Statements of Financial Position", "en"), ("a sheet of paper", "en"))
    asked = query_terms.concepts("What does the balance sheet say?", ("en",))
    assert found(connection, query_terms.match_expression(asked[-1:])) == [1]


def test_the_word_lists_are_in_lower_case_and_free_of_doubles() -> None:
    for language in stopwords.languages():
        assert all(word == word.lower() for word in stopwords.words(language))
    for language in ("en", "de", "fr", "es"):
        for group in synonyms.groups(language):
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
