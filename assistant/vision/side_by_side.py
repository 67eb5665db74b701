"""Pictures that are recognised at the same time: how many, and how they keep out of each other's way."""

from __future__ import annotations

import faulthandler
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant import hardware
from assistant.jobs import CancelToken

_MOST = 2
_LOOK_SECONDS = 0.1


def pictures_at_once() -> int:
    """Tesseract reads each on one core. More than two would need too much memory."""
    return min(_MOST, hardware.usable_cores())


class Turns:
    """Some work may be done side by side, other work only alone; the latter comes first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._together = 0
        self._alone = False
        self._want_alone = 0

    @contextmanager
    def together(self, token: CancelToken) -> Iterator[None]:
        """
        Raises:
            Cancelled: stopped before its turn came.
        """
        with self._changed:
            self._wait(lambda: not self._alone and not self._want_alone, token)
            self._together += 1
        try:
            yield
        finally:
            with self._changed:
                self._together -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self, token: CancelToken) -> Iterator[None]:
        """Raises as `together` does."""
        with self._changed:
            self._want_alone += 1
            try:
                self._wait(lambda: not self._alone and not self._together, token)
                self._alone = True
            finally:
                self._want_alone -= 1
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()

    def _wait(self, free: Callable[[], bool], token: CancelToken) -> None:
        while not self._changed.wait_for(free, _LOOK_SECONDS):
            token.raise_if_cancelled()
        token.raise_if_cancelled()


class Deadlines:
    """Ends the process once any of several works takes too long, whatever that keeps from running."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: dict[object, float] = {}

    @property
    def running(self) -> int:
        return len(self._ends)

    @contextmanager
    def within(self, seconds: float, work: object) -> Iterator[None]:
        """`work` is anything that stands for this one alone."""
        with self._lock:
            self._ends[work] = time.monotonic() + seconds
            self._set()
        try:
            yield
        finally:
            with self._lock:
                del self._ends[work]
                self._set()

    def shorten(self, seconds: float, work: object) -> None:
        """From now on, if it still runs."""
        with self._lock:
            if work in self._ends:
                self._ends[work] = min(self._ends[work], time.monotonic() + seconds)
                self._set()

    def _set(self) -> None:
        if not self._ends:
            faulthandler.cancel_dump_traceback_later()
            return
        left = min(self._ends.values()) - time.monotonic()
        faulthandler.dump_traceback_later(max(left, 0.001), exit=True)
