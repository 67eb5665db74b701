"""A run's own order: reports, then its end; nothing after a cancel. And runs that are made of runs."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from assistant.errors import Cancelled, UserInputError
from assistant.jobs import JobState
from assistant.workers.messages import SEND_WINDOW
from assistant.workers.run import ACKNOWLEDGE_EVERY, Run, Steps
from tests.told import told


def make(on_report: Any = None) -> tuple[Run[Any], list[Run[Any]], list[tuple[int, int]]]:
    cancels: list[Run[Any]] = []
    taken: list[tuple[int, int]] = []
    return Run(7, on_report, cancels.append, lambda run, count: taken.append((run, count))), cancels, taken


def test_the_end_waits_for_the_reports_before_it() -> None:
    go, seen = threading.Event(), []

    def on_report(value: int) -> None:
        go.wait(5)
        seen.append(value)

    run, _, taken = make(on_report)
    assert run.state is JobState.QUEUED
    run.begin()
    assert run.state is JobState.RUNNING
    for value in range(SEND_WINDOW):
        run.report(value)
    assert run.waits_for_callback
    assert run.end(JobState.DONE, "value", None)
    assert not run.done()
    assert not run.end(JobState.FAILED, None, told(UserInputError, "too late")), "the first end counts"
    run.report("too late")
    go.set()
    assert run.result(5) == "value"
    assert seen == list(range(SEND_WINDOW))
    assert taken == [(7, ACKNOWLEDGE_EVERY)] * (SEND_WINDOW // ACKNOWLEDGE_EVERY)


def test_a_cancel_overtakes_reports_and_a_waiting_end() -> None:
    go, seen, began = threading.Event(), [], threading.Event()

    def on_report(value: int) -> None:
        seen.append(value)
        began.set()
        go.wait(5)

    run, cancels, _ = make(on_report)
    for value in range(5):
        run.report(value)
    run.end(JobState.DONE, "value", None)
    assert began.wait(5)
    run.cancel()
    with pytest.raises(Cancelled):
        run.result(0)
    assert run.state is JobState.CANCELLED
    go.set()
    run.cancel()
    assert cancels == [run]
    assert seen == [0]


def test_a_run_can_be_cancelled_from_its_own_callback() -> None:
    seen = []

    def on_report(value: int) -> None:
        seen.append(value)
        run.cancel()

    run, _, _ = make(on_report)
    for value in range(5):
        run.report(value)
    with pytest.raises(Cancelled):
        run.result(5)
    assert seen == [0]


def test_reports_that_nobody_wants_are_acknowledged() -> None:
    run, _, taken = make()
    for value in range(ACKNOWLEDGE_EVERY):
        run.report(value)
    assert taken == [(7, ACKNOWLEDGE_EVERY)]
    assert not run.waits_for_callback


def test_an_error_is_raised_each_time_it_is_asked_for() -> None:
    run, _, _ = make()
    run.end(JobState.FAILED, None, told(UserInputError, "no"))
    for _ in range(2):
        with pytest.raises(UserInputError):
            run.result()
    assert not run.end(JobState.CANCELLED, None, Cancelled()), "what has ended cannot be cancelled"
    assert run.state is JobState.FAILED


def test_a_run_without_an_end_times_out() -> None:
    run, _, _ = make()
    with pytest.raises(TimeoutError):
        run.result(0.01)


# --- derived runs ----------------------------------------------------------------------------------------


def test_a_derived_run_passes_on_reports_and_gives_the_result() -> None:
    seen: list[int] = []
    parts = [make()[0] for _ in range(2)]

    def begin(number: int) -> Run[int]:
        parts[number].end(JobState.DONE, number, None)
        return parts[number]

    def work(steps: Steps) -> list[int]:
        steps.report(7)
        return [steps.result(begin, number) for number in range(2)]

    assert Run.derived(work, seen.append).result(5) == [0, 1]
    assert seen == [7]


def test_a_derived_run_fails_as_what_is_inside() -> None:
    part, _, _ = make()
    part.end(JobState.FAILED, None, told(UserInputError, "no"))
    with pytest.raises(UserInputError):
        Run.derived(lambda steps: steps.result(lambda: part)).result(5)


def test_a_step_may_cancel_its_run_while_it_is_started() -> None:
    run: Run[int]
    ready = threading.Event()
    inner: Run[int] = Run(1, None, lambda _: None, lambda _run, _count: None)
    inner.begin()

    def start() -> Run[int]:
        assert ready.wait(5)
        run.cancel()
        return inner

    run = Run.derived(lambda steps: steps.result(start))
    ready.set()
    with pytest.raises(Cancelled):
        run.result(5)
    with pytest.raises(Cancelled):
        inner.result(5)


def test_cancelling_a_derived_run_stops_what_is_inside_and_starts_nothing_more() -> None:
    part, cancels, _ = make()
    started, ended, seen = threading.Event(), threading.Event(), []

    def begin() -> Run[Any]:
        started.set()
        return part

    def work(steps: Steps) -> None:
        try:
            with pytest.raises(Cancelled):
                steps.result(begin)
            steps.report("too late")
            steps.result(begin)
        finally:
            ended.set()

    run = Run.derived(work, seen.append)
    assert started.wait(5)
    started.clear()
    run.cancel()
    with pytest.raises(Cancelled):
        run.result(0)
    assert cancels == [part]
    assert ended.wait(5)
    assert not started.is_set()
    assert seen == []
