"""What glyph codes mean, in which order words are read, and which hyphens go: the pure part of PDF text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.formats.pdf import glyph_text
from assistant.documents.formats.pdf.glyph_text import LOST


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (0x41, "A"),
        (0xFB03, "ffi"),
        (0xFEF5, "لآ"),
        (0x2F00, "一"),
        (0xA0, " "),
        (0x2003, " "),
        (0xAD, "-"),
        (0x2011, "-"),
        (0x200B, ""),
        (0x92, "’"),
        (0xF0B7, "•"),
        (0xF041, "A"),
        (0xE123, LOST),
        (0, LOST),
        (0xFFFF, LOST),
        (0xD800, LOST),
        (0x110000, LOST),
    ],
)
def test_what_a_code_means(code: int, text: str) -> None:
    assert glyph_text.meaning(code) == text


@given(st.integers(0, 0xFFFFFFFF))
def test_every_code_means_something_that_can_be_stored(code: int) -> None:
    text = glyph_text.meaning(code)
    text.encode()
    assert len(text) <= 18
    assert "\0" not in text


@pytest.mark.parametrize(
    ("seen", "read", "backwards"),
    [
        (["one", "two"], ["one", "two"], False),
        (["עולם", "שלום"], ["שלום", "עולם"], True),
        (["עולם", "2015", "שלום"], ["שלום", "2015", "עולם"], True),
        (["ב", "Microsoft", "Word", "מסמך"], ["מסמך", "Microsoft", "Word", "ב"], True),
        (
            ["The", "word", "עולם", "שלום", "means", "peace"],
            ["The", "word", "שלום", "עולם", "means", "peace"],
            False,
        ),
    ],
)
def test_reading_order(seen: list[str], read: list[str], backwards: bool) -> None:
    assert glyph_text.reads_backwards(seen) == backwards
    assert glyph_text.reading_order(seen, seen, backwards) == read


@given(st.lists(st.sampled_from(["a", "7", "ש", "نص", "-", "(b)"]), max_size=12))
def test_reading_order_loses_nothing(words: list[str]) -> None:
    for backwards in (True, False):
        assert sorted(glyph_text.reading_order(words, words, backwards)) == sorted(words)


@pytest.mark.parametrize("text", [".....", "· · ·".replace(" ", "") + "··", "______", "----", "……"])
def test_dotted_lines(text: str) -> None:
    assert glyph_text.is_leader(text)


@pytest.mark.parametrize("text", ["...", "-", "—", "3.14", "a.m.", "$"])
def test_what_is_no_dotted_line(text: str) -> None:
    assert not glyph_text.is_leader(text)


@pytest.mark.parametrize("text", ["• one", "1. one", "(a) one", "iv) one", "– one", "2.1.3 one"])
def test_items_of_lists(text: str) -> None:
    assert glyph_text.starts_item(text)


@pytest.mark.parametrize(
    "text", ["one", "2015 one", "1.", "etc. one", "3.75 percent of one".replace("3.75", "375")]
)
def test_what_is_no_item(text: str) -> None:
    assert not glyph_text.starts_item(text)


def test_lost_share() -> None:
    assert glyph_text.lost_share("") == 0
    assert glyph_text.lost_share("abc def") == 0
    assert glyph_text.lost_share(f"ab {LOST}{LOST}") == 0.5
