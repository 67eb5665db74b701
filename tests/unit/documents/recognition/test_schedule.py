"""When pictures are recognised."""

from __future__ import annotations

import threading

import pytest

from assistant.documents.recognition.schedule import AT_ONCE, IDLE, MAINS, OFF, OthersUse, Schedule


class Computer:
    """Whose clock the test sets, and that is as busy as it says."""

    def __init__(self, when: str) -> None:
        self.now = 1000.0
        self.use = 0.0
        self.battery = False
        self.schedule = Schedule(
            when, others_use=lambda: self.use, on_battery=lambda: self.battery, clock=lambda: self.now
        )

    def after(self, seconds: float) -> str:
        """What stands against it after so long, in which it was asked every few seconds."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + 2)
            reason = self.schedule.reason()
        return reason


def test_at_once_and_never() -> None:
    assert Computer(AT_ONCE).schedule.reason() == ""
    assert Computer(OFF).schedule.reason() == "off"


def test_on_mains_power() -> None:
    computer = Computer(MAINS)
    assert computer.schedule.reason() == ""
    computer.battery = True
    assert computer.schedule.reason() == "mains"


def test_an_idle_computer_is_one_that_was_left_alone_for_a_while() -> None:
    computer = Computer(IDLE)
    assert computer.after(30) == "idle"
    assert computer.after(40) == ""
    computer.use = 0.5
    assert computer.after(4) == "idle"
    computer.use = 0.05
    assert computer.after(50) == "idle"
    assert computer.after(20) == ""
    computer.schedule.somebody_is_here()
    assert computer.after(100) == "idle"
    assert computer.after(30) == ""


def test_who_asks_while_another_thread_looks_hears_what_that_sees() -> None:
    looking, seen, now = threading.Event(), threading.Event(), 1000.0

    def others_use() -> float:
        looking.set()
        assert seen.wait(10)
        return 0.9

    schedule = Schedule(IDLE, others_use=others_use, clock=lambda: now)
    now += 300
    answers: list[str] = []
    askers = [threading.Thread(target=lambda: answers.append(schedule.reason())) for _ in range(2)]
    askers[0].start()
    assert looking.wait(10)
    askers[1].start()
    askers[1].join(0.2)
    seen.set()
    for asker in askers:
        asker.join(10)
    assert answers == ["idle", "idle"]


def test_of_a_time_in_which_nobody_looked_nothing_is_known() -> None:
    computer = Computer(IDLE)
    assert computer.after(70) == ""
    computer.now += 600
    assert computer.schedule.reason() == "idle"


def test_the_use_of_others_is_a_part_of_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = {"busy": 100.0, "own": 10.0}
    module = "assistant.documents.recognition.schedule"
    monkeypatch.setattr(f"{module}._busy_seconds", lambda: seconds["busy"])
    monkeypatch.setattr(f"{module}._own_seconds", lambda: seconds["own"])
    clock = iter([50.0, 60.0, 70.0])
    monkeypatch.setattr(f"{module}.time.monotonic", lambda: next(clock))
    monkeypatch.setattr(f"{module}.psutil.cpu_count", lambda: 2)
    others = OthersUse()
    assert others() == 1.0  # nothing is known yet
    seconds |= {"busy": 112.0, "own": 20.0}
    assert others() == pytest.approx(0.1)
    seconds |= {"busy": 112.0, "own": 21.0}
    assert others() == 0.0


def test_the_real_computer_can_be_asked() -> None:
    others = OthersUse()
    others()
    assert 0.0 <= others() <= 1.0
