"""Turns for the other threads: while one works in Python all others wait, the window's among them."""

from __future__ import annotations

import time

_WORK = 0.001
"""Seconds."""
_REST = 0.0005
"""Seconds, in which another thread gets to work."""


class Turns:
    """For one thread with many small things to do, between which it calls `give`."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def give(self) -> None:
        """Let the others have their turn if this thread has worked for long enough.

        Of itself, Python lets them after 5 ms, for each call of Qt that the window makes again.
        """
        if time.monotonic() - self._began > _WORK:
            time.sleep(_REST)
            self._began = time.monotonic()
