from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from assistant.errors import Cancelled
from assistant.jobs import CancelToken
from assistant.vision import side_by_side
from assistant.vision.side_by_side import Deadlines, Turns

NOBODY = CancelToken()


def test_what_is_done_alone_waits_for_all_others_and_they_for_it() -> None:
    turns = Turns()
    done: list[str] = []
    hold, both = threading.Event(), threading.Barrier(3)

    def together(name: str) -> None:
        with turns.together(NOBODY):
            if name != "later":
                both.wait(9)
                hold.wait(9)
            done.append(name)

    def alone() -> None:
        with turns.alone(NOBODY):
            done.append("alone")

    with ThreadPoolExecutor(4) as threads:
        first = [threads.submit(together, name) for name in ("one", "two")]
        both.wait(9)  # they run side by side
        waiting = threads.submit(alone)
        while not turns._want_alone:
            wait([waiting], 0.001)
        threads.submit(together, "later")  # does not get before it
        hold.set()
        wait(first)
    assert sorted(done[:2]) == ["one", "two"]
    assert done[2:] == ["alone", "later"]


def test_whoever_waits_for_a_turn_can_be_stopped() -> None:
    turns, token = Turns(), CancelToken()
    token.cancel()
    with turns.alone(NOBODY):
        for turn in (turns.alone, turns.together):
            with pytest.raises(Cancelled), turn(token):
                pass
    with turns.together(NOBODY):  # they have left nothing behind
        pass


class Watch:
    """Of faulthandler: when the process would end."""

    def __init__(self) -> None:
        self.left: float | None = None

    def dump_traceback_later(self, seconds: float, exit: bool) -> None:
        assert exit
        self.left = seconds

    def cancel_dump_traceback_later(self) -> None:
        self.left = None


def test_the_earliest_deadline_counts_and_ends_with_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch()
    monkeypatch.setattr(side_by_side, "faulthandler", watch)
    deadlines = Deadlines()

    def left() -> int:
        assert watch.left is not None
        return round(watch.left / 100)

    with deadlines.within(900, "one"):
        assert left() == 9
        with deadlines.within(500, "two"):
            assert left() == 5
            deadlines.shorten(200, "two")
            assert left() == 2
        assert left() == 9
        deadlines.shorten(100, "two")  # has ended: nobody else has less time for that
        assert left() == 9
        deadlines.shorten(2000, "one")
        assert left() == 9
    assert watch.left is None
