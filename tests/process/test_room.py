"""Engines make room for each other: real processes, a computer of imagined size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.workers.service import Engines, Service, free_memory
from assistant.workers.supervisor import Worker

GB = 2**30
PATIENCE = 20.0


class Engine(Service):
    def __init__(self, name: str) -> None:
        self.worker = Worker("tests.process.engines:Engine", name=name)
        super().__init__(self.worker)


@pytest.fixture
def engines() -> Iterator[list[Engine]]:
    made = [Engine(name) for name in ("First", "Second", "Third")]
    yield made
    for engine in made:
        engine.close()


def room(engines: list[Engine], each: int, rest: int) -> Engines:
    """A computer in which each engine that lives takes so much memory, and so much is left besides."""
    made = Engines(lambda: rest + each * sum(engine.pid is None for engine in engines))
    for engine in engines:
        made.add(engine)
    return made


def test_the_one_that_was_idle_longest_goes_first_and_no_more_than_needed(engines: list[Engine]) -> None:
    for engine in (engines[1], engines[0], engines[2]):
        engine.worker.call("echo", value=1)
    assert room(engines, GB, 1).make_room(GB, asking=engines[2])
    assert [engine.pid is None for engine in engines] == [False, True, False]
    assert engines[1].worker.call("echo", value=2) == 2, "it comes back with the next call"


def test_who_is_at_work_or_asks_stays(engines: list[Engine]) -> None:
    for engine in engines:
        engine.worker.call("echo", value=1)
    run = engines[0].worker.submit("wait", seconds=60)
    assert room(engines, GB, 1).make_room(8 * GB, asking=engines[1])
    assert [engine.pid is None for engine in engines] == [False, False, True]
    run.cancel()


@pytest.mark.parametrize("rest", [2 * GB, 0])
def test_nobody_goes_where_there_is_room_or_nothing_can_be_told(engines: list[Engine], rest: int) -> None:
    engines[0].worker.call("echo", value=1)
    assert not room(engines, 0, rest).make_room(GB)
    assert engines[0].pid is not None


def test_this_computer_tells_what_is_free() -> None:
    assert free_memory() > 0
