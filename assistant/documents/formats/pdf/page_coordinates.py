"""PURE: how a PDF page's own space becomes the page as a person sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page's own space, y upwards, becomes the page as displayed, y downwards."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int
    """Quarter turns, clockwise."""

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.turns % 2 else self.right - self.left

    @property
    def height(self) -> float:
        return self.right - self.left if self.turns % 2 else self.top - self.bottom

    def points(self, x: Any, y: Any) -> tuple[Any, Any]:
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        if self.turns == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def page_points(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as displayed in the page's own space."""
        if self.turns == 1:
            return y + self.left, x + self.bottom
        if self.turns == 2:
            return self.right - x, y + self.bottom
        if self.turns == 3:
            return self.right - y, self.top - x
        return x + self.left, self.top - y

    def page_vector(self, x: float, y: float) -> tuple[float, float]:
        """A direction on the page as displayed in the page's own space."""
        to, start = self.page_points(x, y), self.page_points(0, 0)
        return to[0] - start[0], to[1] - start[1]

    def boxes(self, edges: Floats) -> Floats:
        """(left, bottom, right, top) of the page's own space → (x0, y0, x1, y1) as displayed."""
        one_x, one_y = self.points(edges[:, 0], edges[:, 1])
        two_x, two_y = self.points(edges[:, 2], edges[:, 3])
        return np.stack(
            [
                np.minimum(one_x, two_x),
                np.minimum(one_y, two_y),
                np.maximum(one_x, two_x),
                np.maximum(one_y, two_y),
            ],
            axis=1,
        ).astype(np.float32)
