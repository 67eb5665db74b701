"""What is made when it is first used, once, whichever thread that is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from assistant.errors import Cancelled

T = TypeVar("T")


class FirstUse(Generic[T]):
    """functools.cached_property may make two where two threads ask at once (from Python 3.12 on)."""

    def __init__(self, make: Callable[[], T]) -> None:
        """Args:
        make: called by the first who asks; if it raises, by the next one again.
        """
        self._make = make
        self._made: T | None = None
        self._closed = False
        self._lock = threading.Lock()

    def get(self) -> T:
        """
        Raises:
            Cancelled: it was closed before anybody used it.
        """
        with self._lock:
            if self._made is None:
                if self._closed:
                    raise Cancelled
                self._made = self._make()
            return self._made

    def close(self, close: Callable[[T], object]) -> None:
        """Close what was made, if it was; who asks meanwhile waits. Nothing is made from then on."""
        with self._lock:
            self._closed = True
            if self._made is not None:
                close(self._made)
