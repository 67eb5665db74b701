"""What follows known words is cut off at a word's border, and only where the known words are there."""

from __future__ import annotations

import pytest

from assistant.speech.context import what_follows
from assistant.speech.decoder import Hypothesis
from assistant.speech.records import Segment, Word


def written(*words: str) -> Hypothesis:
    segment = Segment(
        0.0,
        float(len(words)),
        "".join(words).strip(),
        tuple(Word(float(n), n + 1.0, word) for n, word in enumerate(words)),
    )
    return Hypothesis(segment, 0.1, -0.2, 3.0)


@pytest.mark.parametrize(
    ("words", "known", "text"),
    [
        ((" I", " like", " that.", " You", " do."), "I like that.", "You do."),
        ((" I", " like.", " You", " do."), "I like", "You do."),  # its mark is put to what stands
        ((" 我", "喜", "欢", "。", "你", "呢"), "我喜欢。", "你呢"),
        ((" \u201eJa\u201c,", " sagt", " er."), "\u201eJa\u201c,", "sagt er."),
    ],
)
def test_what_is_known_is_cut_off(words: tuple[str, ...], known: str, text: str) -> None:
    found = what_follows(written(*words), known)
    assert found is not None
    assert found.segment.text == text
    assert "".join(word.text for word in found.segment.words).strip() == text
    assert found.segment.start == found.segment.words[0].start > 0
    assert found.compression < 2  # of what is new alone


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ((" I", " like", " that."), "I like that."),
        ((" I", " like"), "I like that."),
        ((" I", " love", " that.", " You"), "I like that."),
        ((" I", " liked", " that."), "I like"),
        ((), "I"),
    ],
)
def test_what_is_not_there_is_not_cut_off(words: tuple[str, ...], known: str) -> None:
    assert what_follows(written(*words), known) is None
