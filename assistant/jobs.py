"""The vocabulary of long work: a token to stop it, a report of how far it is, the state it is in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import Cancelled

_LOOK_SECONDS = 0.1
"""How often a run that waits for its turn looks whether it was stopped."""


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class CancelToken:
    """Belongs to one run and is never reset, so that an early Stop is not lost."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], None]] = []

    def cancel(self) -> None:
        with self._lock:
            self._event.set()
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()

    def when_cancelled(self, listener: Callable[[], None]) -> None:
        """Have `listener` called on the thread that cancels; at once if that has happened."""
        with self._lock:
            if not self._event.is_set():
                self._listeners.append(listener)
                return
        listener()

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raises Cancelled once `cancel` was called."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Sleep for at most `seconds`; true as soon as the run is cancelled."""
        return self._event.wait(seconds)


@contextmanager
def turn(lock: threading.Lock, token: CancelToken) -> Iterator[None]:
    """Hold a lock that other runs may hold for long.

    Raises:
        Cancelled: this one was stopped before its turn came.
    """
    while not lock.acquire(timeout=_LOOK_SECONDS):
        token.raise_if_cancelled()
    try:
        token.raise_if_cancelled()
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `total` is None while it is not known."""

    doing: str
    done: int = 0
    total: int | None = None
    seconds_left: float | None = None
