"""What comes from a microphone: its samples as 16-bit ones, and how loud they are."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from operator import mul

FULL = 32767
"""The loudest 16-bit sample."""
_CLIPPED = 32600
_CLIPPING_SECONDS = 1.0
"""So long clipping is told after it was heard: a single peak would flicker."""
_QUIET = 26
"""About -62 dB. A microphone that is on is louder, even where nobody speaks."""
_QUIET_SECONDS = 2.0
_EVERY = 16_000
"""Samples a second that are looked at, of all channels together."""

Convert = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Level:
    """How loud it is now; 1 is the loudest that there is."""

    peak: float = 0.0
    rms: float = 0.0
    clipping: bool = False
    """Louder than the microphone can tell: words become harder to recognise."""
    silent: bool = False
    """Nothing at all has come for a while, not even the noise of a quiet room."""


def as_int16(data: bytes) -> bytes:
    return data


def from_int32(data: bytes) -> bytes:
    return memoryview(data).cast("h")[1::2].tobytes()  # the upper half of each


def from_uint8(data: bytes) -> bytes:
    return array("h", ((sample - 128) << 8 for sample in data)).tobytes()


def from_float(data: bytes) -> bytes:
    return array(
        "h",
        (max(-FULL, min(FULL, int(s * FULL))) if s == s else 0 for s in memoryview(data).cast("f")),
    ).tobytes()


class SoundMeter:
    """Fed with 16-bit samples as they come."""

    def __init__(self, rate: int, channels: int) -> None:
        self.samples_a_second = rate * channels
        self._step = max(1, self.samples_a_second // _EVERY)
        self._clipped_for = 0.0
        self._quiet_for = 0.0
        self.level = Level()

    def feed(self, data: bytes) -> bool:
        """Whether there was any sound in them, be it ever so faint."""
        samples = memoryview(data).cast("h")[:: self._step].tolist()
        if not samples:
            return False
        seconds = len(data) / 2 / self.samples_a_second
        peak = max(max(samples), -min(samples))
        rms = math.sqrt(sum(map(mul, samples, samples)) / len(samples))
        self._clipped_for = _CLIPPING_SECONDS if peak >= _CLIPPED else max(0.0, self._clipped_for - seconds)
        self._quiet_for = self._quiet_for + seconds if peak < _QUIET else 0.0
        self.level = Level(
            min(1.0, peak / FULL),
            min(1.0, rms / FULL),
            self._clipped_for > 0,
            self._quiet_for >= _QUIET_SECONDS,
        )
        return peak > 0
