"""Runs that are stopped as soon as they say how far they are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from assistant.jobs import Progress
from assistant.workers.run import Run

T = TypeVar("T")


def stopped_at_its_first_word(begin: Callable[[Callable[[Progress], Any]], Run[T]]) -> Run[T]:
    """`begin` starts a run with what is to be told; its first word may come before its start returns."""
    begun = threading.Event()
    runs: list[Run[T]] = []

    def stop(_: Progress) -> None:
        assert begun.wait(60)
        runs[0].cancel()

    runs.append(begin(stop))
    begun.set()
    return runs[0]
