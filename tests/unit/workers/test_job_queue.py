"""Jobs one after the other: each stopped, resumed or waited for by its number."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from assistant.errors import Cancelled, StorageError
from assistant.workers.job_queue import JobQueue
from assistant.workers.run import Steps

LONG = 30.0


class Jobs(JobQueue):
    """Each job is held until it may pass; `told` has what became of it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []
        self.begun = threading.Semaphore(0)
        self.may_pass = threading.Event()
        super().__init__("jobs", self.do, self.tell("queued"), self.tell("stopped"))

    def tell(self, what: str):  # type: ignore[no-untyped-def]
        return lambda id: self.told.append((what, id))

    def do(self, id: int, steps: Steps) -> None:
        self.told.append(("begun", id))
        self.begun.release()
        try:
            while not self.may_pass.wait(0.01):
                steps.token.raise_if_cancelled()
            self.told.append(("done", id))
        except Cancelled:
            self.told.append(("cancelled", id))


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def test_each_waits_for_those_before_it(jobs: Jobs) -> None:
    jobs.add([1, 2])
    jobs.add([2, 1])  # they wait already
    assert jobs.begun.acquire(timeout=LONG)
    assert jobs.waiting == 1
    jobs.may_pass.set()
    assert jobs.wait([1, 2], LONG)
    assert jobs.told == [("queued", 1), ("queued", 2), ("begun", 1), ("done", 1), ("begun", 2), ("done", 2)]


def test_any_of_them_can_be_stopped(jobs: Jobs) -> None:
    jobs.add([1, 2, 3])
    assert jobs.begun.acquire(timeout=LONG)
    assert not jobs.wait([1], 0)
    jobs.stop([2])
    assert jobs.wait([2], 0)
    jobs.stop([1])
    assert jobs.begun.acquire(timeout=LONG)
    jobs.stop()
    assert jobs.wait([1, 2, 3], LONG)
    told = [("stopped", 2), ("begun", 1), ("cancelled", 1), ("begun", 3), ("cancelled", 3)]
    assert [each for each in jobs.told if each[0] != "queued"] == [told[1], told[0], *told[2:]]


def test_one_that_is_being_stopped_can_be_wanted_again(jobs: Jobs) -> None:
    jobs.add([1])
    assert jobs.begun.acquire(timeout=LONG)
    jobs.stop([1])
    jobs.add([1])
    jobs.may_pass.set()
    assert jobs.wait([1], LONG)
    assert jobs.told[-1] == ("done", 1)


def test_at_the_end_nothing_begins_any_more(jobs: Jobs) -> None:
    jobs.add([1, 2])
    assert jobs.begun.acquire(timeout=LONG)
    jobs.close()
    assert jobs.closed
    assert jobs.told[-1] == ("cancelled", 1)
    assert ("stopped", 2) in jobs.told


def test_a_failure_to_tell_of_one_that_is_stopped_keeps_no_other_one_going() -> None:
    failed = []

    def fail(id: int) -> None:
        failed.append(id)
        raise StorageError("history-closed")

    jobs = Jobs()
    jobs._stopped = fail
    jobs.add([1, 2, 3])
    assert jobs.begun.acquire(timeout=LONG)
    with pytest.raises(StorageError):
        jobs.close()
    assert jobs.told[-1] == ("cancelled", 1)
    assert failed == [2, 3]
    assert jobs.waiting == 0
