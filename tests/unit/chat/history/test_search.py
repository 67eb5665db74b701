"""Searching the history: every script, parts of words, and where the words stand."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.history.history import History
from assistant.chat.history.import_export import ConversationData, MessageData
from assistant.chat.history.schema import TOKENIZER
from assistant.chat.history.search_terms import (
    index_words,
    match_expression,
    query_words,
    snippet,
)
from assistant.chat.records import Role


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    history = History(tmp_path / "history.sqlite3")
    yield history
    history.close()


def say(history: History, content: str) -> int:
    conversation = history.create("x")
    return history.add_message(conversation.id, Role.ASSISTANT, content).id


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("The well reached water", "WATER well"),
        ("The conversations of yesterday", "conversation"),
        ("Un café à Zürich, naïvement", "cafe zurich"),
        ("Die Straße zum Gruß", "strasse gruss"),
        ("don't stop", "don't"),
        ("मुझे पानी चाहिए हिन्दी में", "पानी हिन्दी"),
        ("我在北京大学学习中文", "北京大学"),
        ("我在北京大学学习中文", "学"),
        ("买了iPhone手机壳", "iphone 手机"),
        ("กรุงเทพมหานครเป็นเมืองหลวง", "เมืองหลวง"),
        ("서울에서 커피를 마셨다", "커피"),
        ("ذهبت إلى المَدرَسة", "المدرسة"),
        ("Чи є вода? Ёлка", "вода ёлка"),
        ("full width ＡＢＣ", "abc"),
        ("a_name in code()", "a_name"),
        ('he said "no" AND left', 'said "no" and'),
    ],
)
def test_found(history: History, text: str, query: str) -> None:
    message = say(history, text)
    say(history, "Something else entirely: 天气 मौसम погода")
    (hit,) = history.search(query)
    assert (hit.message, hit.role) == (message, Role.ASSISTANT)
    assert hit.snippet == text


@pytest.mark.parametrize("query", ["", "  ", "?!", '"', "*", "NOT", "京学", "ater", "पनी"])
def test_not_found(history: History, query: str) -> None:
    say(history, "The well reached water. 我在北京大学学习中文. पानी")
    assert history.search(query) == ()


def test_titles_first_then_the_newest(history: History) -> None:
    first, second = say(history, "rain in May"), say(history, "rain in June")
    titled = history.create("Rain and snow")
    assert history.search("rain")[0].conversation.id == titled.id
    assert [hit.message for hit in history.search("rain")] == [None, second, first]
    assert len(history.search("rain", limit=2)) == 2


def test_a_snippet_is_a_line_around_the_word() -> None:
    text = "\n".join(["Nothing of it here."] * 30 + ["At last the Wasserhahn drips."] + ["And on."] * 30)
    line = snippet(text, ["wasserhahn"])
    assert line.startswith("… ")
    assert line.endswith(" …")
    assert "\n" not in line
    assert len(line) < 200
    assert "Wasserhahn" in line


def test_a_snippet_of_a_script_without_spaces() -> None:
    line = snippet("天" * 300 + "北京大学" + "地" * 300, ["北京"])
    assert "北京" in line
    assert len(line) < 200


@pytest.mark.parametrize(
    ("word", "found"), [("strasse", "Straße"), ("etude", "e\u0301tude"), ("fine", "ﬁne")]
)
def test_a_snippet_of_words_whose_length_folding_changes(word: str, found: str) -> None:
    text = f"{'İ ' * 400}{found} {'ß ' * 400}"
    line = snippet(text, [word])
    assert found in line
    assert line.startswith("… ")


@given(st.text(), st.text(max_size=12))
def test_any_text_can_be_looked_for_in_any_text(text: str, query: str) -> None:
    words = query_words(query)
    assert "\n" not in snippet(text, words)
    index_words(text)


@given(st.text(alphabet="ab'\"*^-:(){}+ 北京पा", min_size=1, max_size=10))
def test_no_query_is_an_error_for_the_database(query: str) -> None:
    words = query_words(query)
    if not words:
        return
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f'CREATE VIRTUAL TABLE said USING fts5 (words, tokenize = "{TOKENIZER}")')
        connection.execute("SELECT * FROM said WHERE said MATCH ?", (match_expression(words),)).fetchall()


def test_ten_thousand_conversations(history: History) -> None:
    """Listing and searching them takes a moment, not seconds."""
    with history._writing():
        for number in range(10_000):
            about = f"Question {number} about {'barley' if number % 500 == 0 else 'wheat'} and rain"
            when = 1e9 + number
            messages = [MessageData(Role.USER, about, 1, None, created=when)]
            history.insert(ConversationData(created=when, changed=when, messages=messages))
    for call, count, limit in (
        (history.conversations, 10_000, 2.0),
        (lambda: history.search("barl"), 40, 0.5),
        (lambda: history.search("rain"), 50, 0.5),
    ):
        began = time.monotonic()
        found = call()
        assert time.monotonic() - began < limit
        assert len(found) == count
