"""Whether what a model wrote was said."""

from __future__ import annotations

import pytest

from assistant.speech import acceptance
from assistant.speech.audio.phrases import Phrase
from assistant.speech.decoder import Hypothesis
from assistant.speech.records import Segment, Word

INVENTED = {"thank you", "okay"}


def said(
    text: str, *, no_speech: float = 0.0, sure: float = -0.2, speech: float = 1.0, at: float = 0.0
) -> bool:
    hypothesis = Hypothesis(Segment(at, at + 1, text), no_speech, sure, 1.0)
    return acceptance.is_said(hypothesis, [Phrase(0, 2, speech, -20)], INVENTED)


def test_what_is_clear_is_said() -> None:
    assert said("Thank you.")
    assert said("Any words", no_speech=0.9)
    assert said("Any words", sure=-1.5)


@pytest.mark.parametrize("sound", [{"no_speech": 0.3}, {"sure": -0.6}, {"speech": 0.4}])
def test_what_is_often_invented_is_not_said_where_the_sound_is_doubtful(sound: dict[str, float]) -> None:
    assert not said("Thank you!", **sound)
    assert not said(" THANK  you", **sound)
    assert said("Thank you for that.", **sound)


def test_unlikely_words_in_what_is_no_speech_are_not_said() -> None:
    assert not said("Any words", no_speech=0.7, sure=-1.1)
    assert not said("Any words", speech=0.3, sure=-1.1)


def test_marks_and_silence_are_nothing() -> None:
    assert not said("...")
    assert not said("♪ ♪")
    assert not said("")
    assert not said("Any words", at=3)  # nobody speaks there


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("no no no no", None),
        ("very very very very good", None),
        ("a b c d e f g", None),
        ("", None),
        ("so we go we go we go we go we go we go", 3),
        ("la la la la la la", 1),
        ("我" * 60, 1),
        ("one two three four " * 6, 4),
    ],
)
def test_a_loop_is_found_where_it_begins(text: str, start: int | None) -> None:
    assert acceptance.loop_start(text) == start


def test_text_that_packs_well_repeats_itself() -> None:
    assert acceptance.repeats_itself(Hypothesis(Segment(0, 1, "a"), 0, 0, 2.5))
    assert not acceptance.repeats_itself(Hypothesis(Segment(0, 1, "a"), 0, 0, 2.0))


@pytest.mark.parametrize(
    ("text", "known", "sure", "compression", "goes_on"),
    [
        ("And you?", "I am here.", -0.9, 1.0, True),
        ("And you?", "I am here.", -1.1, 1.0, False),
        ("And you?", "I am here.", -0.2, 2.5, False),
        ("…", "I am here.", -0.2, 1.0, False),
        ("I am here!", "Hello, I am here.", -0.2, 1.0, False),
        ("I am here now.", "I am here.", -0.2, 1.0, True),
    ],
)
def test_only_likely_and_new_words_go_on_from_known_ones(
    text: str, known: str, sure: float, compression: float, goes_on: bool
) -> None:
    hypothesis = Hypothesis(Segment(0, 1, text), 0.0, sure, compression)
    assert acceptance.goes_on(hypothesis, known) is goes_on


@pytest.mark.parametrize(("lasts", "goes_on"), [(0.2, True), (0.0, False)])
def test_words_for_which_no_sound_is_left_do_not_go_on(lasts: float, goes_on: bool) -> None:
    words = (Word(0.3, 0.7, " Eight."), Word(0.7, 0.7 + lasts, " Nine."))
    hypothesis = Hypothesis(Segment(0.3, 0.7, "Eight. Nine.", words), 0.0, -0.2, 1.0)
    assert acceptance.goes_on(hypothesis, "Six. Seven.") is goes_on
