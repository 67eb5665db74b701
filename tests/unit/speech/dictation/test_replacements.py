"""Heard and written: whole words in any script, longest first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speech.dictation.records import Replacement
from assistant.speech.dictation.replacements import Replaced, Replacements


def replaced(text: str, *entries: tuple[str, str], before: str = "") -> Replaced:
    return Replacements(Replacement(*entry) for entry in entries).apply(text, before)


@pytest.mark.parametrize(
    ("heard", "written", "text", "expected"),
    [
        ("cat", "Dog", "Cat, CAT and cats; concat cat_s cat", "Dog, Dog and cats; concat cat_s Dog"),
        ("new  york", "NYC", "In New\u00a0York and new york.", "In NYC and NYC."),
        ("c plus plus", "C++", "I write c plus plus.", "I write C++."),
        ("c++", "C plus", "I write C++.", "I write C plus."),
        ("straße", "Str.", "Die Straße, die Straßen", "Die Str., die Straßen"),
        ("东京", "Tokyo", "我在东京工作", "我在Tokyo工作"),
        ("ไทย", "Thai", "ภาษาไทยง่าย", "ภาษาThaiง่าย"),
        ("क", "X", "किया क कम", "किया X कम"),
        ("한국", "Korea", "한국 한국어", "Korea 한국어"),
        ("a\\1", r"\g<0>", r"a\1 b", r"\g<0> b"),
        ("don't", "do not", "I don't.", "I do not."),
    ],
)
def test_whole_words_are_replaced(heard: str, written: str, text: str, expected: str) -> None:
    assert replaced(text, (heard, written)).text == expected


def test_the_longer_one_counts_and_nothing_is_replaced_twice() -> None:
    entries = (("a", "b"), ("b", "c"), ("a b", "ab"), ("ab", "no"))
    assert replaced("a b a c b", *entries).text == "ab b c c"


def test_words_across_the_border_count_once() -> None:
    assert replaced(" assistant now", ("offline assistant", "OA"), before="the Offline") == Replaced(
        7, "OA now", 4
    )
    assert replaced(" now", ("offline", "OA"), before="the offline") == Replaced(0, " now", 4)
    assert replaced(" b", ("a b", "X"), before="xa") == Replaced(0, " b", 2)
    assert replaced(" b", ("a b", "X"), before="x" * 50 + "a") == Replaced(0, " b", 2)
    assert replaced("京", ("东京", "Tokyo"), before="我在东") == Replaced(1, "Tokyo", 0)


def test_without_entries_nothing_changes() -> None:
    assert replaced("any text") == Replaced(0, "any text", 8)
    assert replaced("any text", ("  ", "x")) == Replaced(0, "any text", 8)


@given(st.text(max_size=30), st.text(max_size=10), st.text(min_size=1, max_size=4), st.text(max_size=4))
def test_what_is_untouched_was_heard(text: str, before: str, heard: str, written: str) -> None:
    found = replaced(text, (heard, written), before=before)
    assert 0 <= found.taken <= len(before)
    assert (before + text).endswith(found.text[len(found.text) - found.untouched :])
