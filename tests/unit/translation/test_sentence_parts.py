"""What of a sentence is translated, and how paragraphs are put together."""

from __future__ import annotations

import itertools

import pytest

from assistant.translation import sentence_parts
from assistant.translation.sentence_parts import Piece, assembled, piece


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("Hello there.", "Hello there."),
        ("• Hello there.", "Hello there."),
        ("1. Open the door", "Open the door"),
        ("2.3.1 Open the door", "Open the door"),
        ("(a) Open the door", "(a) Open the door"),
        ("a) Open the door", "Open the door"),
        ("- Open the door →", "Open the door"),
        ("3.5 million people", "3.5 million people"),
        ("Introduction ........ 12", "Introduction"),
        ("Introduction\t12", "Introduction"),
        ("“Come in,” he said.", "“Come in,” he said."),
        ("✓ Done with it", "Done with it"),
        ("Well done 🎉", "Well done"),
        ("It was 1995.", "It was 1995."),
        ("1995", ""),
        ("https://example.org", ""),
    ],
)
def test_signs_around_a_sentence_stay(text: str, core: str) -> None:
    found = piece(text, (0, len(text)))
    assert text[slice(*found.core)] == core


def test_a_title_gets_no_full_stop() -> None:
    assert sentence_parts.with_end("Getting started", " Erste Schritte. ") == "Erste Schritte"
    assert sentence_parts.with_end("Getting started.", "Erste Schritte.") == "Erste Schritte."
    assert sentence_parts.with_end("And so on", "Und so weiter...") == "Und so weiter..."


@pytest.mark.parametrize(
    ("text", "cores", "whole"),
    [
        ("One thing.| |Two things.", ["一件。", "两件。"], "一件。两件。"),
        ("一件。||两件。", ["One thing.", "Two things."], "One thing. Two things."),
        ("One.|  |Two.", ["Eins.", "Zwei."], "Eins.  Zwei."),
        ("One.|\n|Two.", ["一。", "二。"], "一。\n二。"),
        ("One.| |Two.", ["หนึ่ง", "สอง"], "หนึ่ง สอง"),
        ("一。||二。", [None, None], "一。二。"),
        ("One.| \n", ["Eins."], "Eins. \n"),
    ],
)
def test_separators_follow_the_script(text: str, cores: list[str | None], whole: str) -> None:
    """Sentences and what stands between them are parted by bars."""
    pieces, end = [], 0
    for number, part in enumerate(text.split("|")):
        if number % 2 == 0:
            pieces.append(Piece((end, end + len(part)), (end, end + len(part))))
        end += len(part)
    text = text.replace("|", "")
    done, segments = assembled(text, pieces, [None if core is None else (core, ()) for core in cores])
    assert done == whole
    assert segments[0].source[0] == 0
    assert segments[-1].source[1] == len(text)
    for before, after in itertools.pairwise(segments):
        assert (before.source[1], before.target[1]) == (after.source[0], after.target[0])
