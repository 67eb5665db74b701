"""How long the window's own thread of a running program comes late, and what all threads did meanwhile."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

from tests.benchmarks.window import TICK_MS

WATCHED_MS = 30
"""A beat that is so late is looked into."""
FRAMES = 6
"""Of each thread, the innermost that are told."""


class Stalls(QObject):
    """A timer that should come every moment, and how late it came while something is measured."""

    def __init__(self, parent: QObject, causes: Path, most: int) -> None:
        """
        Args:
            causes: the file that takes what the threads did in the longest stalls.
            most: so many of them.
        """
        super().__init__(parent)
        self._causes, self._most = causes, most
        self._watch = Watch()
        self._watch.start()
        self._beat = QTimer(self, interval=TICK_MS)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._tick)

    @property
    def measuring(self) -> bool:
        return self._beat.isActive()

    def measure(self) -> None:
        """From now on."""
        self._longest = self._work = 0.0
        self._over = 0
        self._watch.seen = []
        self._started = time.perf_counter()
        self._last = (self._started, time.thread_time())
        self._watch.beat = self._started
        self._beat.start()

    def _tick(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        stall = (now[0] - self._last[0]) * 1000 - TICK_MS
        self._over += stall > 25
        self._longest = max(self._longest, stall)
        self._work = max(self._work, (now[1] - self._last[1]) * 1000)
        self._last = now
        self._watch.beat = now[0]

    def tell(self, what: str) -> None:
        """What was measured, as lines for `window.run`; nothing is measured any more."""
        self._beat.stop()
        self._watch.beat = float("inf")
        print(f"{what} stall: {self._longest:.1f}\n{what} work: {self._work:.1f}\n{what} over: {self._over}")
        print(f"{what} seconds: {time.perf_counter() - self._started:.1f}", flush=True)
        worst = sorted(self._watch.seen, reverse=True)[: self._most]
        with self._causes.open("a") as file:
            file.writelines(f"{what}: {late:.0f} ms\n{found}\n" for late, found in worst)


class Watch(threading.Thread):
    """Looks at all threads when the window's is late."""

    def __init__(self) -> None:
        super().__init__(name="watch", daemon=True)
        self.beat = float("inf")
        """When it came last; never late while nothing is measured."""
        self.seen: list[tuple[float, str]] = []
        """How late it was, and what the threads did then."""
        self._window = threading.get_ident()

    def run(self) -> None:
        looked_at = 0.0
        while True:
            time.sleep(0.005)
            beat = self.beat
            if beat != looked_at and (time.perf_counter() - beat) * 1000 > WATCHED_MS:
                looked_at = beat
                found = self._look()
                while self.beat == beat:
                    time.sleep(0.002)
                self.seen.append(((time.perf_counter() - beat) * 1000, found))

    def _look(self) -> str:
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        told = []
        for ident, frame in sys._current_frames().items():
            if ident == self.ident:
                continue
            stack = traceback.extract_stack(frame)[-FRAMES:]
            if stack[-1].name in ("wait", "accept", "recv", "_recv", "select") and ident != self._window:
                continue
            places = [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in stack]
            told.append(f"    {names.get(ident, '?')}: {' > '.join(places)}")
        return "\n".join(told)
