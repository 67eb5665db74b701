"""Sentences of running text and rows of tables, as spans."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text.sentences import rows, sentences


def cut(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        (
            "Dr. Smith went to the U.S. in 1999. He paid $3.5 million for the house.",
            "en",
            ["Dr. Smith went to the U.S. in 1999.", "He paid $3.5 million for the house."],
        ),
        (
            "Am 3. Mai kam er z. B. mit dem Zug. Danach ging er wieder zu Fuß nach Hause.",
            "de",
            ["Am 3. Mai kam er z. B. mit dem Zug.", "Danach ging er wieder zu Fuß nach Hause."],
        ),
        (
            "पैंथर्स की डिफेंस ने केवल 308 अंक दिए। वे लीग में छठे स्थान पर रहे थे।",
            "hi",
            ["पैंथर्स की डिफेंस ने केवल 308 अंक दिए।", "वे लीग में छठे स्थान पर रहे थे।"],
        ),
    ],
)
def test_sentences_end_where_they_end(text: str, language: str, parts: list[str]) -> None:
    assert cut(text, language) == parts


def test_a_short_sentence_goes_with_the_next() -> None:
    assert cut("Yes. The contract ends on the last day of May.", "en") == [
        "Yes. The contract ends on the last day of May."
    ]


def test_a_short_heading_stays_apart_from_the_next_paragraph() -> None:
    assert cut("Heating\n\nThe heating is serviced once a year in autumn.", "en") == [
        "Heating",
        "The heating is serviced once a year in autumn.",
    ]


def test_text_without_full_stops_is_cut_at_spaces() -> None:
    text = "word " * 1000
    parts = cut(text, "en")
    assert len(parts) > 5
    assert all(len(part) <= 600 for part in parts)
    assert " ".join(parts).split() == text.split()


def test_rows() -> None:
    text = "Cash  10\n\n  Debt  20 \n"
    assert [text[start:end] for start, end in rows(text)] == ["Cash  10", "Debt  20"]


@settings(max_examples=80)
@given(st.text(alphabet=st.characters(), max_size=400), st.sampled_from(["en", "zh", "und", ""]))
def test_any_text_is_cut_into_spans_in_order(text: str, language: str) -> None:
    for found in (sentences(text, language), rows(text)):
        end = 0
        for start, stop in found:
            assert end <= start < stop <= len(text)
            assert not text[start].isspace()
            assert not text[stop - 1].isspace()
            end = stop


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Z"]) | st.just(" "), max_size=300))
def test_no_letter_is_lost(text: str) -> None:
    kept = "".join(text[start:end] for start, end in sentences(text, "en"))
    assert [c for c in kept if not c.isspace()] == [c for c in text if not c.isspace()]
