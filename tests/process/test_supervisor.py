"""Real children: calls, reports, cancelling, each kind of death, and the end."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from assistant import paths
from assistant.errors import (
    AssistantError,
    Cancelled,
    UnreadableDocument,
    WorkerCrashed,
    WorkerError,
    WorkerOutOfMemory,
    WorkerStartFailed,
    WorkerUnresponsive,
)
from assistant.jobs import JobState
from assistant.workers import connection, supervisor
from assistant.workers.messages import SEND_WINDOW
from assistant.workers.supervisor import Worker

ENGINES = "tests.process.engines"
PATIENCE = 20.0
"""Seconds after which a test gives up waiting; a sign of a hang, not a measure."""


@pytest.fixture
def make() -> Iterator[Callable[..., Worker]]:
    """Makes workers and stops them after the test."""
    made: list[Worker] = []

    def worker(engine: str = "Engine", /, **options: Any) -> Worker:
        made.append(Worker(f"{ENGINES}:{engine}", **{"name": "The engine", **options}))
        return made[-1]

    yield worker
    for each in made:
        each.stop()


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.005)


# --- calls


def test_calls_results_and_reports(make: Callable[..., Worker]) -> None:
    worker = make()
    assert worker.pid is None
    assert worker.call("echo", value={"a": [1, "ü", None]}) == {"a": [1, "ü", None]}
    assert worker.pid == worker.call("pid") != os.getpid()
    assert worker.call("guard_level") in ("kernel", "python")

    reports: list[int] = []
    run = worker.submit("count", to=1000, on_report=reports.append)
    assert run.result(PATIENCE) == 1000
    assert reports == list(range(1000)), "all of them, in order, before the result"
    assert run.done()
    assert run.state is JobState.DONE


def test_two_calls_run_side_by_side(make: Callable[..., Worker]) -> None:
    worker = make()
    long = worker.submit("wait", seconds=60)
    assert worker.submit("echo", value=1).result(PATIENCE) == 1
    assert long.state is JobState.RUNNING
    with pytest.raises(TimeoutError):
        long.result(0.01)
    long.cancel()


def test_a_callback_for_the_end_comes_early_or_late(make: Callable[..., Worker]) -> None:
    worker = make()
    ends: queue.Queue[Any] = queue.Queue()
    run = worker.submit("echo", value=5)
    run.when_done(lambda ended: ends.put(ended.result()))
    assert ends.get(timeout=PATIENCE) == 5
    run.when_done(lambda ended: ends.put(ended.state))
    assert ends.get_nowait() is JobState.DONE


def test_errors_arrive_as_what_they_are(make: Callable[..., Worker]) -> None:
    worker = make()
    with pytest.raises(UnreadableDocument) as caught:
        worker.call("fail", how="assistant")
    assert (caught.value.message, caught.value.hint, caught.value.details) == (
        "There is no page 3.",
        "This document has 2.",
        {"page": 3, "pages": 2},
    )
    with pytest.raises(AssistantError, match="KeyError: 'surprise'") as unexpected:
        worker.call("fail", how="surprise")
    assert "engines.py" in unexpected.value.details["traceback"]
    with pytest.raises(AssistantError, match="Unpicklable: this and that"):
        worker.call("fail", how="unpicklable error")
    with pytest.raises(AssistantError, match="There is no page 3"):
        worker.call("fail", how="error that holds a lock")
    with pytest.raises(AssistantError, match="could not be sent back: TypeError"):
        worker.call("fail", how="unpicklable result")
    with pytest.raises(WorkerOutOfMemory):
        worker.call("fail", how="memory")
    with pytest.raises(AssistantError, match="SystemExit"):
        worker.call("fail", how="exit")
    with pytest.raises(AssistantError, match="has no method 'nothing'"):
        worker.call("nothing")
    with pytest.raises(AssistantError, match="has no method '_emit'"):
        worker.call("_emit")
    with pytest.raises(AssistantError, match="cannot be sent to The engine"):
        worker.call("echo", value=threading.Lock())
    pid = worker.pid
    assert worker.call("pid") == pid, "none of that cost the process"


def test_a_flood_of_reports_loses_nothing_and_keeps_memory_bounded(make: Callable[..., Worker]) -> None:
    worker = make()
    seen = most = 0

    def on_report(number: int) -> None:
        nonlocal seen, most
        assert number == seen
        seen += 1
        if number % 5000 == 0:
            time.sleep(0.02)  # let them pile up
            most = max(most, len(run._reports))

    run = worker.submit("count", to=100_000, on_report=on_report)
    assert worker.submit("echo", value=1).result(PATIENCE) == 1, "others get through meanwhile"
    assert run.result(60) == 100_000
    assert seen == 100_000
    assert 0 < most <= SEND_WINDOW


def test_unheard_reports_and_events_do_not_stop_the_child(make: Callable[..., Worker]) -> None:
    worker = make()
    assert worker.call("count", to=2000) == 2000
    worker.call("emit", count=2000)


def test_a_slow_callback_hinders_nobody(make: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CANCEL_SECONDS", 0.5)
    worker = make()
    release = threading.Event()
    pid = worker.call("pid")
    slow = worker.submit("count", to=10_000, on_report=lambda _: release.wait(PATIENCE))
    assert worker.call("echo", value=1) == 1
    slow.cancel()
    with pytest.raises(Cancelled):
        slow.result(0)
    assert worker.call("echo", value=2) == 2
    time.sleep(0.8)
    assert worker.call("pid") == pid, "it listened, although its reports were not taken"
    release.set()


@pytest.mark.allow_log("A callback for .* failed")
def test_a_callback_that_raises_hinders_nobody(make: Callable[..., Worker]) -> None:
    worker = make(on_event=lambda _: 1 / 0)
    ends: queue.Queue[Any] = queue.Queue()
    worker.call("emit", count=3)
    run = worker.submit("count", to=3, on_report=lambda _: 1 / 0)
    run.when_done(lambda _: 1 / 0)
    run.when_done(ends.put)
    assert run.result(PATIENCE) == 3
    assert ends.get(timeout=PATIENCE) is run


def test_events_come_in_order(make: Callable[..., Worker]) -> None:
    events: queue.Queue[int] = queue.Queue()
    worker = make(on_event=events.put)
    worker.call("emit", count=3000)
    assert [events.get(timeout=PATIENCE) for _ in range(3000)] == list(range(3000))


# --- cancelling


def test_cancelling_counts_at_once(make: Callable[..., Worker]) -> None:
    worker = make()
    reports: list[int] = []
    run = worker.submit("count", to=1_000_000, pause=0.001, on_report=reports.append)
    wait_until(lambda: len(reports) > 3)
    ends: queue.Queue[Any] = queue.Queue()
    run.when_done(ends.put)
    run.cancel()
    seen = len(reports)
    assert run.state is JobState.CANCELLED
    with pytest.raises(Cancelled):
        run.result(0)
    assert ends.get(timeout=1) is run
    pid = worker.pid
    worker.call("wait", seconds=0.1)
    assert len(reports) <= seen + 1, "later reports are dropped"
    assert worker.call("pid") == pid
    run.cancel()


def test_cancelling_before_the_engine_is_ready(
    make: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CANCEL_SECONDS", 0.5)
    worker = make()
    run = worker.submit("deaf", seconds=60)
    run.cancel()
    with pytest.raises(Cancelled):
        run.result(0)
    pid = worker.call("pid")
    time.sleep(0.8)
    assert worker.pid == pid, "it was never begun, so nobody had to be killed"


@pytest.mark.allow_log("was restarted")
@pytest.mark.parametrize("method", ["deaf", "holding_the_lock"])
def test_a_call_that_does_not_listen_is_killed(make: Callable[..., Worker], method: str) -> None:
    told: queue.Queue[WorkerError] = queue.Queue()
    worker = make(on_restart=told.put)
    first = worker.call("pid")
    deaf = worker.submit(method, seconds=60)
    bystander = worker.submit("wait", seconds=60)
    time.sleep(0.1)
    began = time.monotonic()
    deaf.cancel()
    with pytest.raises(Cancelled):
        deaf.result(0)
    with pytest.raises(WorkerError, match="was restarted") as caught:
        bystander.result(PATIENCE)
    assert 1.9 < time.monotonic() - began < 3.5
    assert (caught.value.reason, caught.value.details["restarted"]) == ("worker-ignored-stop", True)
    assert told.get(timeout=PATIENCE).code == "worker"
    assert worker.call("pid") != first
    assert gone(first)
    if method == "deaf":
        assert "engines.py" in (paths.logs_folder() / "The-engine.log").read_text(), "where it was stuck"


# --- deaths


@pytest.mark.allow_log("The engine")
def test_each_death_says_what_it_was_and_the_next_call_works(make: Callable[..., Worker]) -> None:
    told: queue.Queue[WorkerError] = queue.Queue()
    worker = make(on_restart=told.put)
    deaths = [
        (("signal", {"number": signal.SIGSEGV}), r"The engine crashed \(invalid memory access"),
        (("null", {}), r"The engine crashed \(invalid memory access"),
        (("signal", {"number": signal.SIGABRT}), r"The engine crashed \(internal error"),
        (("signal", {"number": signal.SIGKILL}), r"The engine was stopped from outside"),
        (("exit", {"status": 3}), r"The engine ended early \(status 3\)\."),
    ]
    for (method, arguments), words in deaths:
        bystander = worker.submit("wait", seconds=60)
        with pytest.raises(WorkerCrashed, match=words) as caught:
            worker.call(method, **arguments)
        with pytest.raises(WorkerCrashed):
            bystander.result(PATIENCE)
        assert told.get(timeout=PATIENCE) is caught.value
        assert worker.call("echo", value=1) == 1
    log = (paths.logs_folder() / "The-engine.log").read_text()
    assert "Fatal Python error: Segmentation fault" in log


@pytest.mark.allow_log("The engine")
def test_the_process_comes_back_without_a_call(make: Callable[..., Worker]) -> None:
    worker = make()
    pid = worker.call("pid")
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: worker.pid not in (None, pid))
    assert worker.call("pid") == worker.pid


@pytest.mark.allow_log("The engine")
def test_killed_from_outside_before_it_is_ready_it_comes_back_too(make: Callable[..., Worker]) -> None:
    worker = make()
    worker.start()
    wait_until(lambda: worker.pid is not None)
    first = worker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: worker.pid not in (None, first))
    assert worker.call("pid") == worker.pid


@pytest.mark.allow_log("The engine needed more")
def test_memory_over_the_limit_is_watched(make: Callable[..., Worker]) -> None:
    worker = make(memory_limit=100_000_000)
    assert worker.call("eat", megabytes=40) == "full"
    with pytest.raises(WorkerOutOfMemory, match="more than the 100 MB"):
        worker.call("eat", megabytes=1000)
    assert worker.call("echo", value=1) == 1


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux limits an allocation")
def test_a_hard_memory_limit_costs_only_the_call(make: Callable[..., Worker]) -> None:
    worker = make(memory_limit=300_000_000, hard_memory_limit=True)
    pid = worker.call("pid")
    with pytest.raises(WorkerOutOfMemory):
        worker.call("eat", megabytes=2000, step=400)
    worker.call("drop")
    assert worker.call("pid") == pid


@pytest.mark.allow_log("did not respond")
def test_a_time_limit_counts_from_the_last_report(make: Callable[..., Worker]) -> None:
    worker = make()
    assert worker.call("count", to=8, pause=0.06, time_limit=0.4) == 8
    bystander = worker.submit("wait", seconds=60)
    began = time.monotonic()
    with pytest.raises(WorkerUnresponsive, match=r"did not respond for 0\.4 seconds"):
        worker.call("deaf", seconds=60, time_limit=0.4)
    assert time.monotonic() - began < 3
    with pytest.raises(WorkerError, match="stopped responding"):
        bystander.result(PATIENCE)
    assert worker.call("echo", value=1) == 1


def test_waiting_for_a_slow_callback_is_not_silence(make: Callable[..., Worker]) -> None:
    worker = make()
    slow = worker.submit("count", to=300, on_report=lambda _: time.sleep(0.002), time_limit=0.3)
    assert slow.result(PATIENCE) == 300


@pytest.mark.allow_log("The engine", "The store is damaged")
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("error", "The engine could not be started: ValueError: there is no model in the box"),
        ("assistant error", "The store is damaged."),
        ("exit", "The engine could not be started: SystemExit: no"),
        ("die", r"The engine crashed \(invalid memory access\) before it was ready"),
        ("status", r"The engine ended early \(status 3\) before it was ready"),
    ],
)
def test_an_engine_that_cannot_be_made(make: Callable[..., Worker], how: str, words: str) -> None:
    told: queue.Queue[WorkerError] = queue.Queue()
    worker = make("Broken", arguments={"how": how}, on_restart=told.put)
    worker.start()
    with pytest.raises(WorkerStartFailed, match=words):
        worker.call("echo", value=1)
    assert isinstance(told.get(timeout=PATIENCE), WorkerStartFailed)
    time.sleep(0.2)
    assert worker.pid is None, "it is not tried again by itself"


@pytest.mark.allow_log("The engine")
def test_what_is_no_engine(make: Callable[..., Worker]) -> None:
    with pytest.raises(WorkerStartFailed, match=r"AttributeError: .*'Nobody'"):
        make("Nobody").call("echo")
    with pytest.raises(WorkerStartFailed, match=r"could not be started: TypeError: .*pickle"):
        make(arguments={"closed": threading.Lock()}).call("echo")


@pytest.mark.allow_log("was not ready")
def test_a_start_has_a_time_limit(make: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "START_SECONDS", 0.5)
    worker = make("Broken", arguments={"how": "sleep"})
    with pytest.raises(WorkerStartFailed, match="was not ready within"):
        worker.call("echo", value=1)


@pytest.mark.allow_log("The engine")
def test_a_child_that_keeps_dying_is_restarted_ever_more_slowly(
    make: Callable[..., Worker], tmp_path: Path
) -> None:
    starts = tmp_path / "starts"
    worker = make("DiesOnceReady", arguments={"file": str(starts), "times": 100})
    worker.start()
    wait_until(lambda: starts.exists() and len(starts.read_text().split()) == 4)
    times = [float(line) for line in starts.read_text().splitlines()]
    assert times[3] - times[2] > 0.5
    time.sleep(0.5)
    assert len(starts.read_text().split()) == 4


@pytest.mark.allow_log("The engine")
def test_a_call_after_deaths_at_start_does_not_wait_long(make: Callable[..., Worker], tmp_path: Path) -> None:
    worker = make("DiesOnceReady", arguments={"file": str(tmp_path / "starts"), "times": 2})
    worker.start()
    wait_until(lambda: (tmp_path / "starts").exists() and len((tmp_path / "starts").read_text().split()) == 3)
    assert worker.call("echo", value=1) == 1


# --- the end


def test_stopping_lets_the_engine_close_and_a_later_call_starts_it(
    make: Callable[..., Worker], tmp_path: Path
) -> None:
    worker = make(arguments={"closed": str(tmp_path / "closed")})
    pid = worker.call("pid")
    pending = worker.submit("wait", seconds=60)
    before = set(threading.enumerate())
    worker.stop()
    assert gone(pid)
    assert worker.pid is None
    with pytest.raises(Cancelled):
        pending.result(0)
    assert (tmp_path / "closed").read_text() == "closed"
    assert not [thread for thread in before if "The engine" in thread.name and thread.is_alive()]
    worker.stop()
    assert worker.call("pid") != pid


def test_stopping_a_call_that_never_ends(make: Callable[..., Worker]) -> None:
    workers = [make(), make()]
    pids = [worker.call("pid") for worker in workers]
    for worker, method in zip(workers, ("deaf", "holding_the_lock"), strict=True):
        worker.submit(method, seconds=60)
    time.sleep(0.1)
    began = time.monotonic()
    supervisor.stop_all()
    assert all(gone(pid) for pid in pids)
    assert time.monotonic() - began < 4, "side by side"


def test_stopping_leaves_no_descriptor_behind(make: Callable[..., Worker]) -> None:
    make().call("pid")
    open_before = None
    for _ in range(3):
        worker = make()
        worker.call("pid")
        worker.stop()
        now = psutil.Process().num_fds()
        assert open_before in (None, now)
        open_before = now


def test_an_idle_process_ends_and_comes_back(make: Callable[..., Worker]) -> None:
    worker = make(idle_seconds=0.3)
    first = worker.call("pid")
    assert worker.call("wait", seconds=0.6) == "waited", "a call is not idleness"
    assert worker.pid == first
    wait_until(lambda: worker.pid is None)
    wait_until(lambda: gone(first))
    assert worker.call("pid") != first


def test_a_process_rests_only_when_it_has_nothing_to_do(make: Callable[..., Worker], tmp_path: Path) -> None:
    starts: list[None] = []
    closed = tmp_path / "closed"
    worker = make(arguments={"closed": str(closed)}, before_start=lambda: starts.append(None))
    assert not worker.stop_if_idle(), "there is none yet"
    pid = worker.call("pid")
    run = worker.submit("wait", seconds=60)
    assert not worker.stop_if_idle()
    run.cancel()
    with pytest.raises(Cancelled):
        run.result(PATIENCE)
    wait_until(worker.stop_if_idle)
    assert gone(pid), "its memory is free"
    assert closed.exists(), "it brought to the disk what it held"
    assert worker.call("pid") != pid
    assert len(starts) == 2


@pytest.mark.allow_log("A callback of a worker failed")
def test_a_failure_before_the_start_does_not_prevent_it(make: Callable[..., Worker]) -> None:
    assert make(before_start=lambda: 1 / 0).call("echo", value=1) == 1


def test_what_a_child_starts_ends_with_it(make: Callable[..., Worker]) -> None:
    worker = make()
    grandchild, program = worker.call("start_grandchild"), worker.call("start_program")
    worker.stop()
    wait_until(lambda: gone(grandchild) and gone(program), 3)


@pytest.mark.allow_log("The engine was stopped")
def test_what_a_child_starts_ends_with_its_crash(make: Callable[..., Worker]) -> None:
    worker = make()
    grandchild, program = worker.call("start_grandchild"), worker.call("start_program")
    with pytest.raises(WorkerCrashed):
        worker.call("signal", number=signal.SIGKILL)
    wait_until(lambda: gone(grandchild) and gone(program), 3)


def test_what_is_printed_goes_to_a_file_that_stays_small(make: Callable[..., Worker]) -> None:
    worker = make()
    worker.call("shout", megabytes=3)
    log = paths.logs_folder() / "The-engine.log"
    assert log.stat().st_size > 3_000_000
    worker.stop()
    worker.call("pid")
    assert log.stat().st_size < 1000
    assert log.with_suffix(".log.1").stat().st_size > 3_000_000


def test_a_home_that_cannot_be_written_costs_only_the_log(
    make: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, "/dev/null/nowhere")
    worker = make()
    worker.call("shout", megabytes=2)
    assert worker.call("echo", value=1) == 1


def test_many_threads_use_one_worker(make: Callable[..., Worker]) -> None:
    worker = make()
    sums: list[int] = []

    def work() -> None:
        sums.append(sum(worker.call("echo", value=number) for number in range(50)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums == [1225] * 8
    assert worker.call("threads") < 20
