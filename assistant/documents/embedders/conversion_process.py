"""Makes an embedder in a process of its own, which gives all memory back and may crash alone."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from assistant import atomic_write, network_guard
from assistant.documents.embedders.embedder_folder import MANIFEST, stated
from assistant.errors import AssistantError, DiskFull, ModelTooLarge, ModelUnusable, NoModel, StorageError
from assistant.jobs import CancelToken
from assistant.workers import start_ahead

INCOMING = ".incoming-"
"""Begins the names of what is being made; the number of the process that makes it follows."""
_PROBLEM = "problem.json"
_KINDS: dict[str, type[AssistantError]] = {kind.code: kind for kind in (ModelUnusable, NoModel)}
"""What the process may end with besides StorageError."""
_KILLED = -9
"""Exit status of the process where it got SIGKILL."""
_DISK_FULL = 28
"""Exit status of the process where the disk has no room."""
_CLOCK_SECONDS = 1.0
"""By which the system's times of processes and of files may differ."""
_LOOK_S = 0.2
"""How soon a Stop is noticed."""
_NICENESS = 10
"""How far a conversion stands back for which nobody waits; see nice(2)."""


def make_apart(
    work: Callable[[Path], None], folder: Path, token: CancelToken | None = None, *, nice: bool = False
) -> Path:
    """Have `work` make an embedder; returns where it then lies: in `folder`, under its own name.

    Args:
        work: makes a folder of this path; it is sent to the other process.
        nice: others that need the processor come first.

    Raises:
        DiskFull: there is no room.
        ModelTooLarge: it was killed from outside, most likely because memory ran out.
        StorageError, ModelUnusable, NoModel: it cannot be made; says why.
        Cancelled: `token` was cancelled.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=f"{INCOMING}{os.getpid()}-") as scratch:
        made = Path(scratch) / "embedder"
        status = _ended(work, made, token, nice)
        if status == _KILLED:
            raise ModelTooLarge("embedder-conversion-killed")
        if status == _DISK_FULL:
            raise DiskFull("sentence-model-disk-full")
        _raise_problem(Path(scratch) / _PROBLEM)
        if status or not (made / MANIFEST).is_file():
            raise StorageError("embedder-conversion-crashed", status=status)
        target = folder / stated(made).name
        shutil.rmtree(target, ignore_errors=True)
        with suppress(OSError):  # it may be a file
            target.unlink()
        made.rename(target)
        return target


def _ended(work: Callable[[Path], None], made: Path, token: CancelToken | None, nice: bool) -> int:
    """Run the process; returns its exit status."""
    process = multiprocessing.get_context("spawn").Process(target=_make, args=(work, made, nice))
    with start_ahead.starting:
        process.start()
    try:
        while process.exitcode is None:
            process.join(_LOOK_S)
            if token is not None:
                token.raise_if_cancelled()
        return process.exitcode
    finally:
        process.kill()
        process.join()
        process.close()


def sweep(folder: Path) -> None:
    """Delete what a process has left that was killed while it made an embedder."""
    for left in folder.glob(f"{INCOMING}*"):
        number = left.name.removeprefix(INCOMING).partition("-")[0]
        if not (number.isdigit() and _works_in(left, int(number))):
            shutil.rmtree(left, ignore_errors=True)


def _works_in(folder: Path, pid: int) -> bool:
    """Whether the process that made a folder lives; another one may have its number by now."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and bool(process.create_time() <= _changed_at(folder))
    except (psutil.Error, OSError):
        return False


def _changed_at(folder: Path) -> float:
    """When something in a folder was made or deleted last, in seconds since 1970; rounded up."""
    return folder.stat().st_mtime + _CLOCK_SECONDS


def _raise_problem(file: Path) -> None:
    if file.is_file():
        told = json.loads(file.read_text("utf-8"))
        raise _KINDS.get(told["code"], StorageError)(told["reason"], **told["details"])


def _make(work: Callable[[Path], None], made: Path, nice: bool) -> None:
    """The first that runs in the other process."""
    network_guard.install()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if nice and hasattr(os, "nice"):
        os.nice(_NICENESS)
    problem: AssistantError | None = None
    try:
        work(made)
    except AssistantError as error:
        problem = error
    except OSError as error:
        if atomic_write.disk_is_full(error):
            sys.exit(_DISK_FULL)  # there is no room for words
        problem = StorageError("embedder-not-converted", why=f"{type(error).__name__}: {error}")
    except Exception as error:  # whatever the libraries raise for a folder that is not what it says
        problem = StorageError("embedder-not-converted", why=f"{type(error).__name__}: {error}")
    if problem is not None:
        told = {"code": problem.code, "reason": problem.reason, "details": problem.details}
        try:
            (made.parent / _PROBLEM).write_text(json.dumps(told, default=str), "utf-8")
        except OSError:
            sys.exit(_DISK_FULL)
        sys.exit(1)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
