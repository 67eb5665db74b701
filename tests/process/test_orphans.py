"""No process of ours outlives the program, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]

PARENT = """
import os, sys, threading, time
from assistant import network_guard
from assistant.workers.supervisor import Worker

def main(end):
    network_guard.install()
    worker = Worker("tests.process.engines:Engine", name="The engine")
    grandchild = worker.call("start_grandchild")
    if end == "stuck":
        worker.submit("holding_the_lock", seconds=60)
        time.sleep(0.2)
    print(worker.pid, grandchild, flush=True)
    if end in ("killed", "stuck"):
        time.sleep(60)
    if end == "raise":
        raise RuntimeError("the program fails")
    if end == "exit":
        sys.exit(4)
    if end == "busy exit":
        worker.submit("deaf", seconds=60)
        worker.submit("count", to=10**9, on_report=lambda _: time.sleep(60))
        time.sleep(0.2)
        sys.exit(4)
    if end == "os._exit":
        os._exit(4)

if __name__ == "__main__":
    main(sys.argv[1])
"""


@pytest.fixture
def start(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Starts a program with a child and a grandchild; gives it and the numbers of all its processes."""
    started: list[subprocess.Popen[str]] = []

    def start(end: str) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
        script = tmp_path / "parent.py"
        script.write_text(PARENT)
        program = subprocess.Popen(
            [sys.executable, str(script), end],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        started.append(program)
        assert program.stdout is not None
        numbers = [int(word) for word in program.stdout.readline().split()]
        assert len(numbers) == 2
        family = list(living(numbers))
        if end in ("killed", "stuck"):
            family = psutil.Process(program.pid).children(recursive=True)
            assert {process.pid for process in family} > set(numbers), "multiprocessing has a helper as well"
        return program, family

    yield start
    for program in started:
        program.kill()
        program.communicate()


def living(numbers: list[int]) -> Iterator[psutil.Process]:
    """A program that ends at once may take its children with it before they are looked at."""
    for number in numbers:
        with suppress(psutil.NoSuchProcess):
            yield psutil.Process(number)


def all_gone(family: list[psutil.Process], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(process.is_running() and process.status() != "zombie" for process in family):
            return True
        time.sleep(0.02)
    return False


def test_nothing_outlives_a_program_that_is_killed(start) -> None:  # type: ignore[no-untyped-def]
    program, family = start("killed")
    program.send_signal(signal.SIGKILL)
    assert all_gone(family, 3)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only EOF tells a child, which has to listen")
def test_not_even_a_child_that_cannot_listen(start) -> None:  # type: ignore[no-untyped-def]
    program, family = start("stuck")
    program.send_signal(signal.SIGKILL)
    assert all_gone(family, 3)


@pytest.mark.parametrize(
    ("end", "status", "most_seconds"),
    [("raise", 1, 2), ("exit", 4, 2), ("os._exit", 4, 2), ("busy exit", 4, 4), ("return", 0, 2)],
)
def test_nothing_outlives_a_program_that_ends(  # type: ignore[no-untyped-def]
    start, end: str, status: int, most_seconds: float
) -> None:
    program, family = start(end)
    began = time.monotonic()
    _, errors = program.communicate(timeout=20)
    assert program.returncode == status, errors
    assert time.monotonic() - began < most_seconds + 1
    assert all_gone(family, 2)
    assert errors.count("Traceback") == (1 if end == "raise" else 0), errors


def test_eof_alone_ends_a_child_in_order(tmp_path: Path) -> None:
    """Without the kernel's help and without a signal: what every system has."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys, time\n"
        "from assistant.workers import child\n"
        "child._die_with_parent = lambda: None\n"
        "from multiprocessing import get_context\n"
        "def run(connection, spec):\n"
        "    child._die_with_parent = lambda: None\n"
        "    child.main(connection, spec)\n"
        "if __name__ == '__main__':\n"
        "    ours, childs = get_context('spawn').Pipe()\n"
        "    spec = child.EngineSpec('e', 'tests.process.engines:Engine', {'closed': sys.argv[1]})\n"
        "    process = get_context('spawn').Process(target=run, args=(childs, spec))\n"
        "    process.start()\n"
        "    childs.close()\n"
        "    ours.recv()\n"
        "    print(process.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "closed")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as program:
        assert program.stdout is not None
        child = psutil.Process(int(program.stdout.readline()))
        program.kill()
    assert all_gone([child], 3)
    assert (tmp_path / "closed").read_text() == "closed"
