"""When pictures are recognised: at once, while nobody uses the computer, on mains power, or never."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import psutil

from assistant import hardware

AT_ONCE, IDLE, MAINS, OFF = "at_once", "idle", "mains", "off"

_QUIET_S = 120.0
"""So long after a question nobody uses the computer."""
_CALM_S = 60.0
"""So long other programs must have left the processor alone."""
_CALM = 0.15
"""The part of the processor that others may use all the same: something always runs."""
_LOOK_S = 2.0
"""Over less time the use of the processor says nothing."""


class Schedule:
    """Asked before each page, and every few seconds while something waits."""

    def __init__(
        self,
        when: str = AT_ONCE,
        *,
        others_use: Callable[[], float] | None = None,
        on_battery: Callable[[], bool] = hardware.on_battery,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`others_use` tells the part of the processor that other programs took since it was last called."""
        self.when = when
        self._others_use = others_use or OthersUse()
        self._on_battery = on_battery
        self._clock = clock
        self._used = float("-inf")
        """When somebody asked something last."""
        self._busy = clock()
        """When other programs were last seen at work."""
        self._looking = threading.Lock()
        """Several threads ask; who did not look would go by what was seen before."""
        self._looked = float("-inf")

    def somebody_is_here(self) -> None:
        self._used = self._clock()

    def reason(self) -> str:
        """Why not now: "idle", "mains" or "off"; "" when nothing stands against it."""
        if self.when == OFF:
            return "off"
        if self.when == MAINS:
            return "mains" if self._on_battery() else ""
        if self.when == IDLE:
            return "" if self._is_idle() else "idle"
        return ""

    def _is_idle(self) -> bool:
        with self._looking:
            now = self._clock()
            if now - self._looked >= _LOOK_S:
                # After a long time without a look nothing is known of what happened meanwhile.
                unseen = now - self._looked > _CALM_S
                self._looked = now
                if self._others_use() > _CALM or unseen:
                    self._busy = now
        return now - self._used >= _QUIET_S and now - self._busy >= _CALM_S


class OthersUse:
    """The part of the processor, 0 to 1, that programs other than this one took since the last call."""

    def __init__(self) -> None:
        self._last: tuple[float, float, float] | None = None

    def __call__(self) -> float:
        now = time.monotonic(), _busy_seconds(), _own_seconds()
        last, self._last = self._last, now
        if last is None or now[0] <= last[0]:
            return 1.0
        others = (now[1] - last[1]) - max(0.0, now[2] - last[2])
        return min(1.0, max(0.0, others) / ((now[0] - last[0]) * (psutil.cpu_count() or 1)))


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def _own_seconds() -> float:
    """Of this process and its children: those that read and recognise."""
    own = psutil.Process()
    seconds = 0.0
    for process in (own, *own.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.Error:  # it has ended
            continue
        seconds += times.user + times.system
    return seconds
