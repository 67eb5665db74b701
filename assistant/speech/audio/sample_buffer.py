"""PURE: the last part of a sound that goes on, cut by its times."""

from __future__ import annotations

import numpy as np

from assistant.speech.audio.resampler import Samples
from assistant.speech.records import SAMPLE_RATE


class SampleBuffer:
    """Holds what was appended from the time of the last `drop_before` on, so that memory stays flat."""

    def __init__(self, start: float = 0.0) -> None:
        """Args:
        start: the time of the first sample.
        """
        self._first = round(start * SAMPLE_RATE)
        self._blocks: list[Samples] = []
        self._count = 0

    @property
    def end(self) -> float:
        """The time up to which there is sound."""
        return (self._first + self._count) / SAMPLE_RATE

    def append(self, samples: Samples) -> None:
        if len(samples):
            self._blocks.append(samples)
            self._count += len(samples)

    def drop_before(self, time: float) -> None:
        """Forget whole blocks before that."""
        while self._blocks and (self._first + len(self._blocks[0])) <= time * SAMPLE_RATE:
            self._first += len(self._blocks[0])
            self._count -= len(self._blocks.pop(0))

    def cut(self, start: float, end: float) -> Samples:
        """The sound between two times, as far as it is there."""
        first = max(0, round(start * SAMPLE_RATE) - self._first)
        last = max(first, round(end * SAMPLE_RATE) - self._first)
        position, parts = 0, []
        for block in self._blocks:
            if position < last and position + len(block) > first:
                parts.append(block[max(0, first - position) : last - position])
            position += len(block)
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)
