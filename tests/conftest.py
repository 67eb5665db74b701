"""What every test gets: a home of its own, no screen, and a failure for whatever it leaves behind.

A test fails when it leaves a child process or a thread that keeps the program alive, and when something
was logged at WARNING or above that the test did not announce with `@pytest.mark.allow_log(r"pattern")`.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import psutil
import pytest
from hypothesis import HealthCheck, settings

# Before anything imports Qt or an AI library.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "2")

# How fast examples come says something about the computer, not about what is tested.
settings.register_profile("any computer", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any computer")

BYTECODE = Path(__file__).parents[1] / ".pytest_cache" / "bytecode"

Key = TypeVar("Key")
Value = TypeVar("Value")

TELLS_CHILDREN = Path(f"/proc/self/task/{os.getpid()}/children").exists()

GRACE_SECONDS = 3.0
"""How long a process or a thread that was told to stop may take to be gone."""


def pytest_configure() -> None:
    """Compiled modules are kept, though not among the sources, even where PYTHONDONTWRITEBYTECODE forbids it.

    Each of the hundreds of processes that tests start would compile all that it imports.
    """
    if sys.dont_write_bytecode:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(BYTECODE)
        sys.dont_write_bytecode = False


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All user data in a folder of the test; like a new user's, it does not exist yet."""
    monkeypatch.setenv("OFFLINE_ASSISTANT_HOME", str(tmp_path / "home"))


# --- nothing is left behind ----------------------------------------------------------------------------


def _children() -> dict[tuple[int, float], psutil.Process]:
    """Living descendants by what tells a process apart for good: number and start time."""
    multiprocessing.active_children()  # takes leave of those that have ended
    found = {}
    for process in _descendants(os.getpid()):
        try:
            if process.status() == psutil.STATUS_ZOMBIE or _is_resource_tracker(process):
                continue
            found[process.pid, process.create_time()] = process
        except psutil.Error:
            continue
    return found


def _descendants(pid: int) -> Iterator[psutil.Process]:
    """Found where Linux tells them; to look at every process of the computer takes five times as long."""
    if not TELLS_CHILDREN:
        yield from psutil.Process(pid).children(recursive=True)
        return
    with suppress(OSError):  # it ends just now
        for thread in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{thread}/children").read_text().split():
                with suppress(psutil.Error):
                    yield psutil.Process(int(child))
                yield from _descendants(int(child))


def _is_resource_tracker(process: psutil.Process) -> bool:
    """Python's own helper of `multiprocessing`, which lives as long as the interpreter that started it."""
    return any("resource_tracker" in word for word in process.cmdline())


def _threads() -> dict[threading.Thread, threading.Thread]:
    return {thread: thread for thread in threading.enumerate() if not thread.daemon}


def _left(look: Callable[[], dict[Key, Value]], before: dict[Key, Value]) -> list[Value]:
    """What `look` finds that was not there before, once it had time to go."""
    deadline = time.monotonic() + GRACE_SECONDS
    while True:
        left = [value for key, value in look().items() if key not in before]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.02)


def _describe_process(process: psutil.Process) -> str:
    try:
        return f"process {process.pid}, {process.status()}: {' '.join(process.cmdline())}"
    except psutil.Error:
        return f"process {process.pid}"


def _describe_thread(thread: threading.Thread) -> str:
    frame = sys._current_frames().get(thread.ident or 0)
    stack = "".join(traceback.format_stack(frame)) if frame else ""
    return f"thread {thread.name}\n{stack}"


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test that leaves a child process or a non-daemon thread, and ends those processes."""
    children, threads = _children(), _threads()
    yield
    if request.node.get_closest_marker("keeps_children") is not None:
        return
    processes = _left(_children, children)
    left = [_describe_process(process) for process in processes]
    for process in processes:
        process.kill()
    left += [_describe_thread(thread) for thread in _left(_threads, threads)]
    if left:
        pytest.fail("left behind:\n" + "\n".join(left), pytrace=False)


# --- nothing unexpected is logged ----------------------------------------------------------------------


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _nothing_unexpected_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test during which a warning was logged that no `allow_log` mark announces."""
    listener = _Listener()
    root = logging.getLogger()
    root.addHandler(listener)
    yield
    root.removeHandler(listener)
    expected = [pattern for mark in request.node.iter_markers("allow_log") for pattern in mark.args]
    surprises = [
        f"{record.levelname} {record.name}: {record.getMessage()}"
        for record in listener.records
        if not any(re.search(pattern, record.getMessage()) for pattern in expected)
    ]
    if surprises:
        pytest.fail("unexpected in the log:\n" + "\n".join(surprises), pytrace=False)
