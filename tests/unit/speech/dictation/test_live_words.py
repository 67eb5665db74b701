"""Words while they are spoken: what two hypotheses agree on stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.speech.dictation.live_words import LiveWords


def test_what_two_agree_on_is_stable() -> None:
    live = LiveWords()
    assert live.hear("the cat") == ("", "the cat")
    assert live.hear("The cat sat.") == ("The cat", " sat.")
    assert live.hear("The cat, sat on") == ("The cat sat", " on")


def test_what_is_stable_does_not_change_any_more() -> None:
    live = LiveWords()
    live.hear("one two three")
    assert live.hear("one two four") == ("one two", " four")
    assert live.hear("uno dos four five") == ("one two", " four five")
    assert live.hear("") == ("one two", "")


def test_scripts_without_spaces_go_by_letters() -> None:
    live = LiveWords()
    live.hear("今天天气")
    assert live.hear("今天天好") == ("今天天", "好")


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "d."]), max_size=5).map(" ".join), max_size=8))
def test_stable_words_only_grow(hypotheses: list[str]) -> None:
    live, before = LiveWords(), ""
    for text in hypotheses:
        stable, _ = live.hear(text)
        assert stable.startswith(before)
        before = stable
