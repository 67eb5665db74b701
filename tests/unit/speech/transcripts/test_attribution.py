"""What is said, given to those who say it."""

from __future__ import annotations

from assistant.speech.records import Segment, Word
from assistant.speech.speakers.records import Turn
from assistant.speech.transcripts.attribution import attribution

TURNS = (Turn(0, 2, 0), Turn(2.2, 4, 1), Turn(3.5, 6, 0))


def name(number: int) -> str:
    return "AB"[number]


def said(*words: tuple[float, float, str]) -> Segment:
    timed = tuple(Word(start, end, text) for start, end, text in words)
    return Segment(timed[0].start, timed[-1].end, "".join(word.text for word in timed).strip(), timed)


def test_a_segment_is_divided_where_the_speaker_changes() -> None:
    segment = said((0.1, 0.5, " Are"), (0.5, 1.9, " you?"), (2.3, 2.6, " Yes."), (5, 5.5, " Good."))
    first, second, third = attribution(TURNS, name)(segment)
    assert [(each.text, each.speaker) for each in (first, second, third)] == [
        ("Are you?", "A"), ("Yes.", "B"), ("Good.", "A"),
    ]  # fmt: skip
    assert (first.start, first.end, second.start, second.end, third.end) == (0.1, 1.9, 2.3, 2.6, 5.5)
    assert [word.text for word in second.words] == [" Yes."]


def test_a_word_is_said_by_whom_it_overlaps_most_or_who_is_nearest() -> None:
    give = attribution(TURNS, name)
    assert [each.speaker for each in give(said((1.8, 2.4, " over")))] == ["A"]
    assert [each.speaker for each in give(said((3.3, 4.4, " both")))] == ["A"]
    assert [each.speaker for each in give(said((3.3, 4.0, " both")))] == ["B"]
    assert [each.speaker for each in give(said((2.05, 2.07, " before")))] == ["A"]
    assert [each.speaker for each in give(said((2.15, 2.17, " nearer")))] == ["B"]
    assert [each.speaker for each in give(said((9, 9.5, " after")))] == ["A"]
    assert [each.speaker for each in give(said((2.3, 2.3, " instant")))] == ["B"]


def test_a_long_turn_that_began_early_counts() -> None:
    give = attribution((Turn(0, 100, 0), Turn(1, 2, 1), Turn(3, 4, 1), Turn(98, 99, 1)), name)
    assert [each.speaker for each in give(said((50, 51, " long")))] == ["A"]


def test_segments_without_words_and_without_turns() -> None:
    plain = Segment(0, 4, "one two three four")
    assert [(each.text, each.speaker, each.words) for each in attribution(TURNS, name)(plain)] == [
        ("one two", "A", ()), ("three four", "B", ()),
    ]  # fmt: skip
    assert attribution((), name)(plain) == [plain]
    empty = Segment(0, 1, "")
    assert attribution(TURNS, name)(empty) == [empty]
