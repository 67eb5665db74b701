"""Long work in Python lets the other threads have their turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.translation import turns
from assistant.translation.records import Paragraph, TranslationOptions
from assistant.translation.text_translation import sentences
from assistant.workers.run import Steps
from tests.unit.translation.made_up_engine import House, MadeUpEngine


class Clock:
    def __init__(self) -> None:
        self.moment = 0.0
        self.rests = 0

    def monotonic(self) -> float:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += seconds
        self.rests += 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(turns, "time", clock)
    return clock


def test_a_thread_rests_after_a_while_of_work_not_after_each_thing(clock: Clock) -> None:
    given = turns.Turns()
    for _ in range(100):
        clock.moment += 0.0005
        given.give()
    assert 20 <= clock.rests <= 50


def test_turns_are_given_at_every_step_of_many_paragraphs(tmp_path: Path, clock: Clock) -> None:
    known = {
        f"A dog with the name of Rex sleeps {n}.": f"Ein Hund namens Rex schläft {n}." for n in range(30)
    }
    house = House(tmp_path, MadeUpEngine(known))

    def busy() -> float:
        clock.moment += 1
        return clock.moment

    clock.monotonic = busy  # type: ignore[method-assign]
    paragraphs = [Paragraph(sentence) for sentence in known]
    done = house.translator.translate(Steps(None), paragraphs, TranslationOptions("de"))
    planned, looked_through, arrived, searched_for_marks, finished = [len(paragraphs)] * 5
    assert clock.rests >= planned + looked_through + arrived + searched_for_marks + finished
    clock.rests = 0
    sentences(done)
    assert clock.rests >= len(done)
