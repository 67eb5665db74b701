"""Gathers what comes many times a second on another thread, and hands it over at the pace of the eye."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from ui.common.thread_bridge import ThreadBridge

SHOW_EVERY_MS = 33
"""The pace of the eye."""
PAUSE_FACTOR = 3
"""Showing what has come takes at most a quarter of the window's time."""


class Throttle(QObject):
    def __init__(self, bridge: ThreadBridge, take: Callable[[list[object]], None]) -> None:
        """`take` gets what has come, in order, on the GUI thread."""
        super().__init__(bridge)
        self._bridge = bridge
        self._take = take
        self._waiting: list[object] = []
        self._posted = False
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOW_EVERY_MS)
        self._timer.timeout.connect(self.flush)

    def put(self, value: object) -> None:
        """From any thread: as `on_report`."""
        self._waiting.append(value)
        if not self._posted:
            self._posted = True
            self._bridge.post(self._start)

    def flush(self) -> None:
        """Hand over now what has come."""
        self._posted = False
        waiting, self._waiting = self._waiting, []
        if waiting and not self._closed:
            began = time.perf_counter()
            self._take(waiting)
            spent = (time.perf_counter() - began) * 1000
            self._timer.setInterval(max(SHOW_EVERY_MS, round(spent * PAUSE_FACTOR)))

    def close(self) -> None:
        """Nothing that still comes is wanted."""
        self._closed = True
        self._timer.stop()

    def _start(self) -> None:
        if not self._closed and not self._timer.isActive():
            self._timer.start()
