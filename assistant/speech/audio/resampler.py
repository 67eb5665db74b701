"""Sound of any rate and number of channels to what is recognised: 16,000 samples a second, one channel."""

from __future__ import annotations

from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt
import samplerate

from assistant.speech.records import SAMPLE_RATE

Samples: TypeAlias = npt.NDArray[np.float32]
"""Shape (n,), mostly within −1 to 1."""

SLOWEST, FASTEST = 1_000, 1_000_000
"""Samples a second, between which there is sound; libsamplerate takes some more."""
_QUALITY = "sinc_fastest"
"""Of libsamplerate: 97 dB, far more than speech needs."""


class Resampler:
    """Takes one block after another; what it holds back of one comes with the next."""

    def __init__(self, rate: int) -> None:
        """Args:
        rate: samples a second of what comes in.
        """
        self._ratio = SAMPLE_RATE / rate
        self._resampler = samplerate.Resampler(_QUALITY, channels=1) if rate != SAMPLE_RATE else None

    def process(self, block: npt.NDArray[np.float32], *, last: bool = False) -> Samples:
        """Args:
        block: shape (n,) or (n, channels); channels are averaged. What is no number counts as silence.
        last: nothing follows.
        """
        mono = block if block.ndim == 1 else block.mean(axis=1, dtype=np.float32)
        if not np.isfinite(mono).all():
            mono = np.nan_to_num(mono, nan=0.0, posinf=1.0, neginf=-1.0)
        if self._resampler is None:
            return mono
        return cast(Samples, self._resampler.process(mono, self._ratio, end_of_input=last))
