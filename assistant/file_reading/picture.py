"""PURE: a picture as pixels, as it is read from a file, drawn of a page, and recognised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_MOST_TINT = 16
"""So far apart red, green and blue may lie in a grey picture that was compressed."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows from the top, without padding."""

    width: int
    height: int
    channels: int
    """1: grey; 3: red, green, blue. A byte each, 255 is white."""
    pixels: bytes = field(repr=False)
    dpi: float = 0.0
    """Pixels for an inch of the paper, or of the page that it is shown as; 0 where that is not known."""

    @classmethod
    def of(cls, array: NDArray[Any], dpi: float = 0.0) -> Picture:
        """From rows and columns of bytes, and their channels where there are several."""
        channels = array.shape[2] if array.ndim == 3 else 1
        return cls(array.shape[1], array.shape[0], channels, array.tobytes(), dpi)

    def array(self) -> Pixels:
        """Rows, columns, channels; to be read only."""
        return np.frombuffer(self.pixels, np.uint8).reshape(self.height, self.width, self.channels)


def is_grey(colours: Pixels) -> bool:
    """Whether pixels of three channels show no colour."""
    return int((colours.max(axis=2) - colours.min(axis=2)).max()) <= _MOST_TINT
