"""Starts a process before it is known what its engine will be told: both sides then import side by side."""

from __future__ import annotations

import atexit
import multiprocessing
import threading
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess

from assistant.workers import child

_context = multiprocessing.get_context("spawn")
_ahead: dict[str, tuple[Pipe, BaseProcess]] = {}
"""Processes that nobody has taken yet, by engine."""
starting = threading.Lock()
"""Held while a process starts: multiprocessing looks after its other children then, without a lock."""


def start_ahead(engine: str) -> None:
    """Have a process import an engine ("module:Class"); the first worker that wants this engine gets it.

    To be called on the main thread: Linux ends a child when the thread that started it ends.
    """
    ours, childs = _context.Pipe()
    process = _context.Process(target=child.main_ahead, args=(childs, engine), name=engine, daemon=False)
    with starting:
        process.start()
    childs.close()
    _ahead[engine] = ours, process


def take(engine: str) -> tuple[Pipe, BaseProcess] | None:
    """The process that was started ahead for this engine, if there is one and it lives."""
    pipe, process = _ahead.pop(engine, (None, None))
    if pipe is None or process is None:
        return None
    if process.is_alive():
        return pipe, process
    pipe.close()
    process.close()
    return None


@atexit.register
def _end_what_nobody_took() -> None:
    for engine in list(_ahead):
        if taken := take(engine):
            taken[1].kill()
