"""What is said, given to those who say it."""

from __future__ import annotations

import pytest

from assistant.speech.records import Segment, Word
from assistant.speech.speakers.records import Turn
from assistant.speech.transcripts.attribution import attributed

TURNS = (Turn(0, 2, 0), Turn(2.2, 4, 1), Turn(3.5, 6, 0))


def name(number: int) -> str:
    return "AB"[number]


def said(*words: tuple[float, float, str]) -> Segment:
    timed = tuple(Word(start, end, text) for start, end, text in words)
    return Segment(timed[0].start, timed[-1].end, "".join(word.text for word in timed).strip(), timed)


def spoken(*segments: Segment, turns: tuple[Turn, ...] = TURNS) -> list[tuple[str, str]]:
    return [(each.text, each.speaker) for parts in attributed(segments, turns, name) for each in parts]


def test_a_segment_is_divided_where_the_speaker_changes() -> None:
    segment = said((0.1, 0.5, " Are"), (0.5, 1.9, " you?"), (2.3, 2.6, " Yes."), (5, 5.5, " Good."))
    ((first, second, third),) = attributed([segment], TURNS, name)
    assert [(each.text, each.speaker) for each in (first, second, third)] == [
        ("Are you?", "A"), ("Yes.", "B"), ("Good.", "A"),
    ]  # fmt: skip
    assert (first.start, first.end, second.start, second.end, third.end) == (0.1, 1.9, 2.3, 2.6, 5.5)
    assert [word.text for word in second.words] == [" Yes."]


@pytest.mark.parametrize(
    ("start", "end", "speaker"),
    [
        (1.8, 2.4, "A"),  # overlaps two, one of them less
        (3.3, 4.4, "A"),
        (3.3, 4.0, "B"),
        (2.05, 2.07, "A"),  # nobody speaks; one is nearer
        (2.15, 2.17, "B"),
        (9, 9.5, "A"),
        (2.3, 2.3, "B"),
    ],
)
def test_a_word_is_said_by_whom_it_overlaps_most_or_who_is_nearest(
    start: float, end: float, speaker: str
) -> None:
    assert spoken(said((start, end, " word"))) == [("word", speaker)]


def test_a_long_turn_that_began_early_counts() -> None:
    turns = (Turn(0, 100, 0), Turn(1, 2, 1), Turn(3, 4, 1), Turn(98, 99, 1))
    assert spoken(said((50, 51, " long")), turns=turns) == [("long", "A")]


def test_a_sentence_that_is_nearly_all_one_speakers_is_all_theirs() -> None:
    turns = (Turn(0, 1.3, 0), Turn(1.3, 3, 1))
    yes, question = said((0, 1, " Yes.")), said((1.1, 1.3, " Do"), (1.3, 2, " you"), (2, 3, " know?"))
    assert spoken(yes, question, turns=turns) == [("Yes.", "A"), ("Do you know?", "B")]
    # It may go on in another segment.
    first = said((0, 1, " Yes."), (1.1, 1.3, " Do"))
    second = said((1.3, 2, " you"), (2, 3, " know?"))
    assert spoken(first, second, turns=turns) == [("Yes.", "A"), ("Do", "B"), ("you know?", "B")]
    # One who is interrupted says but the beginning.
    cut_short = said((0.2, 1.2, " I"), (1.4, 2.4, " no"))
    assert spoken(cut_short, turns=turns) == [("I", "A"), ("no", "B")]
    # What has no marks of sentences is taken as it is.
    words = [(n / 20, (n + 1) / 20, f" {n}") for n in range(60)]
    turns = (Turn(0, 0.5, 0), Turn(0.5, 3, 1))
    assert [speaker for _, speaker in spoken(said(*words), turns=turns)] == ["A", "B"]


def test_segments_without_words_and_without_turns() -> None:
    plain = Segment(0, 4, "one two three four")
    assert spoken(plain) == [("one two", "A"), ("three four", "B")]
    assert [each.words for each in attributed([plain], TURNS, name)[0]] == [(), ()]
    assert attributed([plain], (), name) == [[plain]]
    empty = Segment(0, 1, "")
    assert attributed([empty, plain], TURNS, name)[0] == [empty]
    assert attributed([], TURNS, name) == []
