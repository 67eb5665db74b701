"""A text as paragraphs, and back."""

from __future__ import annotations

import pytest

from assistant.translation import plain_text
from assistant.translation.records import TranslatedParagraph


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        (" \n\t\n", []),
        ("one", ["one"]),
        ("  one two \r\n\r\n\tthree", ["one two", "three"]),
        ("a\u2028b\x0bc", ["a", "b", "c"]),
        ("no\xa0break ", ["no\xa0break"]),
    ],
)
def test_lines_are_paragraphs(text: str, lines: list[str]) -> None:
    assert [text[start:end] for start, end in plain_text.lines(text)] == lines


def test_what_stands_between_stays() -> None:
    source = "  one \n\n two\r\n"
    done = [TranslatedParagraph("one", "EINS", "en"), TranslatedParagraph("two", "ZWEI!", "en")]
    joined = plain_text.joined(source, plain_text.lines(source), done, "en", None, "de")
    assert joined.text == "  EINS \n\n ZWEI!\r\n"
    for (_, begin), paragraph in zip(joined.places, joined.paragraphs, strict=True):
        assert joined.text.startswith(paragraph.text, begin)


def test_the_language_is_that_of_most_of_the_text() -> None:
    spoken = [("und", 30), ("fr", 10), ("en", 8), ("en", 8)]
    assert plain_text.most(spoken) == "en"
    assert plain_text.most(spoken[:1]) == "und"
