"""What is made with its first use: once, whoever asks, and again only where making it failed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.errors import Cancelled
from assistant.first_use import FirstUse


def test_threads_that_ask_at_once_get_the_same() -> None:
    at_once = threading.Barrier(4)
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    first_use = FirstUse(make)

    def ask(_: int) -> object:
        at_once.wait(timeout=30)
        return first_use.get()

    with ThreadPoolExecutor(4) as threads:
        got = list(threads.map(ask, range(4)))
    assert got == made * 4


def test_what_could_not_be_made_is_tried_again() -> None:
    outcomes = iter([OSError("not now"), "made"])

    def make() -> str:
        outcome = next(outcomes)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    first_use = FirstUse(make)
    with pytest.raises(OSError, match="not now"):
        first_use.get()
    assert (first_use.get(), first_use.get()) == ("made", "made")


def test_only_what_was_made_is_closed_and_nothing_is_made_afterwards() -> None:
    used, unused, closed = FirstUse(lambda: "made"), FirstUse(lambda: "late"), list[str]()
    used.get()
    for first_use in (used, unused):
        first_use.close(closed.append)
    assert closed == ["made"]
    assert used.get() == "made"
    with pytest.raises(Cancelled):
        unused.get()
