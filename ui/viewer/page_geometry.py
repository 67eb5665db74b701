"""PURE: where the pages of a document lie, one below the other, each as wide as the view at zoom 1."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence

from assistant.documents.records import Box

MARGIN = 12
"""Pixels around the pages, and between them."""
TALLEST = 40.0
"""Heights of a page for one width, at the most: some files claim strips of miles."""


class PageGeometry:
    """In pixels from the top left corner of everything; pages count from 1."""

    def __init__(self, sizes: Sequence[tuple[float, float]] = ()) -> None:
        """`sizes`: width and height of each page in points."""
        self._widths = [width for width, _ in sizes]
        self._ratios = [min(TALLEST, height / max(0.1, width)) for width, height in sizes]
        self._above = list(itertools.accumulate(self._ratios, initial=0.0))
        self.width = 100.0
        """Of every page."""

    @property
    def pages(self) -> int:
        return len(self._widths)

    def top(self, page: int) -> float:
        return MARGIN * page + self._above[page - 1] * self.width

    def height_of(self, page: int) -> float:
        return self._ratios[page - 1] * self.width

    @property
    def height(self) -> float:
        """Of everything, with the margins."""
        return MARGIN * (self.pages + 1) + self._above[-1] * self.width

    def page_at(self, y: float) -> int:
        """The page there, or the one above the gap there."""
        found = bisect.bisect_right(range(1, self.pages + 1), y, key=self.top)
        return min(max(1, found), max(1, self.pages))

    def on_page(self, page: int, box: Box) -> tuple[float, float, float, float]:
        """Left, top, width and height of a box on its page, from the page's corner."""
        factor = self.width / max(0.1, self._widths[page - 1])
        return box[0] * factor, box[1] * factor, (box[2] - box[0]) * factor, (box[3] - box[1]) * factor

    def in_points(self, page: int, x: float, y: float) -> tuple[float, float]:
        """A place on a page, from its corner, in its own points."""
        if not 1 <= page <= self.pages:
            return 0.0, 0.0
        factor = self._widths[page - 1] / self.width
        return x * factor, y * factor
