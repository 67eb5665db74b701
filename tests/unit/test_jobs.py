"""Runs that wait for each other: one at a time, and whoever waits can be stopped."""

from __future__ import annotations

import threading

import pytest

from assistant.errors import Cancelled
from assistant.jobs import CancelToken, turn


def test_a_run_that_waits_for_its_turn_can_be_stopped() -> None:
    lock, token = threading.Lock(), CancelToken()
    with turn(lock, CancelToken()):
        threading.Timer(0.05, token.cancel).start()
        with pytest.raises(Cancelled), turn(lock, token):
            pytest.fail("two at a time")
        assert lock.locked()
    assert not lock.locked()


def test_a_run_that_was_stopped_before_takes_no_turn() -> None:
    lock, token = threading.Lock(), CancelToken()
    token.cancel()
    with pytest.raises(Cancelled), turn(lock, token):
        pytest.fail("it was stopped")
    assert not lock.locked()
