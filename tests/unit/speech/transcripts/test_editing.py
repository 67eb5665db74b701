"""Segments edited by hand: what nobody touched keeps its time."""

from __future__ import annotations

import pytest

from assistant.speech.records import Segment, Word
from assistant.speech.transcripts.editing import join, split, with_text


def segment(*words: tuple[float, float, str], speaker: str = "") -> Segment:
    made = tuple(Word(start, end, text, 0.5) for start, end, text in words)
    return Segment(made[0].start, made[-1].end, "".join(w.text for w in made).strip(), made, speaker)


WELL = segment((1, 1.4, " The"), (1.5, 2, " whale"), (2, 2.2, " is"), (2.5, 3, " dry."))


def times(edited: Segment) -> list[tuple[float, float, str]]:
    return [(word.start, word.end, word.text.strip()) for word in edited.words]


def test_a_word_that_replaces_another_takes_its_time() -> None:
    edited = with_text(WELL, "The well is  dry.")
    assert edited.text == "The well is dry."
    assert times(edited) == [(1, 1.4, "The"), (1.5, 2, "well"), (2, 2.2, "is"), (2.5, 3, "dry.")]
    assert [word.probability for word in edited.words] == [0.5, 1.0, 0.5, 0.5]
    assert (edited.start, edited.end) == (1, 3)


def test_words_put_in_and_taken_out() -> None:
    edited = with_text(WELL, "The old well is nearly dry.")
    assert times(edited)[0] == (1, 1.4, "The")
    assert times(edited)[-1] == (2.5, 3, "dry.")
    assert "".join(word.text for word in edited.words).strip() == edited.text
    ends = [moment for start, end, _ in times(edited) for moment in (start, end)]
    assert ends == sorted(ends)
    assert times(with_text(WELL, "is dry.")) == [(2, 2.2, "is"), (2.5, 3, "dry.")]
    assert with_text(WELL, "").words == ()
    assert with_text(Segment(0, 1, "old"), "new") == Segment(0, 1, "new")


def test_text_without_spaces_keeps_its_times() -> None:
    chinese = segment((0, 1, "打开"), (1, 2, "客厅"), (2, 3, "的灯。"))
    assert times(with_text(chinese, "打开厨房的灯。")) == [(0, 1, "打开"), (1, 2, "厨房"), (2, 3, "的灯。")]


def test_dividing() -> None:
    first, second = split(WELL, len("The whale"))
    assert (first.text, first.end, times(first)[-1]) == ("The whale", 2, (1.5, 2, "whale"))
    assert (second.text, second.start, second.end) == ("is dry.", 2, 3)
    first, second = split(WELL, len("The wh"))
    assert (first.text, second.text) == ("The wh", "ale is dry.")
    assert first.end == second.start == 1.7
    without = split(Segment(0, 10, "four words are here"), len("four words"))
    assert [(each.text, each.words) for each in without] == [("four words", ()), ("are here", ())]
    assert 4 < without[0].end == without[1].start < 6
    for at in (0, len(WELL.text), 99):
        with pytest.raises(ValueError, match="nothing"):
            split(WELL, at)


def test_joining_undoes_dividing() -> None:
    assert join(split(WELL, len("The whale"))) == WELL
    mixed = join([WELL, Segment(4, 5, "Since May.", speaker="Ben")])
    assert mixed.text == "The whale is dry. Since May."
    assert "".join(word.text for word in mixed.words).strip() == mixed.text
    assert (mixed.end, mixed.speaker) == (5, "")
    assert join([segment((0, 1, "你好")), segment((1, 2, "世界"))]).text == "你好世界"
    with pytest.raises(ValueError, match="nothing"):
        join([])
