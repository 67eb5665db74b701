"""Probabilities of speech become phrases, and phrases windows."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speech.audio.phrases import HOP_SECONDS, Packer, Phrase, PhraseDetector, PhraseOptions

OPTIONS = PhraseOptions()


def detected(*parts: tuple[float, float], options: PhraseOptions | None = None) -> list[Phrase]:
    """Args:
    parts: probability, and for how many seconds.
    """
    detector = PhraseDetector(options)
    found = []
    for probability, seconds in parts:
        hops = round(seconds / HOP_SECONDS)
        found += detector.feed([probability] * hops, [-20.0 if probability > 0.3 else -80.0] * hops)
    return [*found, *detector.finish()]


def test_silence_has_no_phrases() -> None:
    assert detected((0.0, 100)) == detected() == []


def test_a_phrase_stands_between_silences_with_some_sound_around_it() -> None:
    (phrase,) = detected((0, 2), (1, 3), (0, 2))
    assert phrase.start == pytest.approx(2 - OPTIONS.before, abs=0.05)
    assert phrase.end == pytest.approx(5 + OPTIONS.after, abs=0.05)
    assert (phrase.speech, phrase.loudness) == (1, -20)


def test_a_short_pause_does_not_end_it_and_a_click_is_none() -> None:
    (phrase,) = detected((1, 1), (0, 0.4), (1, 1), (0, 1))
    assert phrase.speech == pytest.approx(2 / 2.4, abs=0.05)
    assert detected((0, 1), (1, 0.07), (0, 2)) == []
    assert len(detected((0, 1), (1, 0.15), (0, 2))) == 1


def test_what_is_unsure_goes_on_but_does_not_begin() -> None:
    assert detected((0.45, 5)) == []
    (phrase,) = detected((0.9, 1), (0.4, 1), (0, 2))
    assert phrase.end == pytest.approx(2.3, abs=0.05)


def test_the_sound_may_end_in_a_phrase() -> None:
    (phrase,) = detected((0, 1), (1, 1))
    assert phrase.end == pytest.approx(2, abs=0.05)


def test_a_long_phrase_is_cut_where_it_is_quietest_and_nothing_falls_between() -> None:
    first, second = detected((1, 20), (0.1, 0.3), (1, 20), (0, 1))
    assert first.end == second.start
    assert 20 <= first.end <= 20.4
    assert second.end == pytest.approx(40.6, abs=0.1)
    everything = detected((1, 200), (0, 1))
    assert all(one.end == other.start for one, other in itertools.pairwise(everything))
    assert all(phrase.end - phrase.start <= OPTIONS.longest for phrase in everything)
    assert everything[-1].end == pytest.approx(200.3, abs=0.1)


def test_began_tells_of_the_phrase_that_is_spoken() -> None:
    detector = PhraseDetector()
    list(detector.feed([0.0] * 100, [-80.0] * 100))
    assert detector.began is None
    assert detector.needed_from == pytest.approx(3.2 - OPTIONS.before)
    list(detector.feed([1.0] * 2, [-20.0] * 2))
    assert detector.began is None  # it may be a click
    list(detector.feed([1.0] * 5, [-20.0] * 5))
    assert detector.began == pytest.approx(3.2 - OPTIONS.before)
    assert detector.needed_from <= detector.began


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.4, 0.6, 1.0]), st.floats(0.03, 12)), max_size=14))
def test_phrases_never_overlap_and_hold_all_that_is_surely_said(parts: list[tuple[float, float]]) -> None:
    detector = PhraseDetector()
    found: list[Phrase] = []
    said: list[float] = []
    hop = 0
    for probability, seconds in parts:
        for _ in range(round(seconds / HOP_SECONDS)):
            needed = detector.needed_from
            new = list(detector.feed([probability], [-20.0]))
            assert all(phrase.start >= needed - 1e-9 for phrase in new)
            found += new
            if probability == 1.0:
                said.append((hop + 0.5) * HOP_SECONDS)
            hop += 1
    found += detector.finish()
    assert all(one.end <= other.start + 1e-9 for one, other in itertools.pairwise(found))
    assert all(0 <= phrase.start < phrase.end <= hop * HOP_SECONDS + 1e-9 for phrase in found)
    assert all(phrase.end - phrase.start <= OPTIONS.longest + 1e-9 for phrase in found)
    missed = [time for time in said if not any(each.start <= time <= each.end for each in found)]
    runs = sum(b - a > HOP_SECONDS * 1.5 for a, b in itertools.pairwise(missed)) + 1
    assert len(missed) * HOP_SECONDS <= OPTIONS.shortest * runs + 1e-9  # clicks alone


def packed(*phrases: tuple[float, float]) -> list[list[tuple[float, float]]]:
    packer = Packer()
    windows = []
    for start, end in phrases:
        windows += packer.add(Phrase(start, end, 1, -20))
    windows += packer.finish()
    assert packer.start is None
    return [[(phrase.start, phrase.end) for phrase in window] for window in windows]


def test_neighbours_are_packed_up_to_what_is_heard_at_once() -> None:
    assert packed() == []
    assert packed((0, 10), (11, 20), (21, 27), (27, 30)) == [[(0, 10), (11, 20), (21, 27)], [(27, 30)]]
    assert packed((0, 1), (7.5, 9)) == [[(0, 1)], [(7.5, 9)]]
    assert packed((0, 40), (40, 41)) == [[(0, 40)], [(40, 41)]]
