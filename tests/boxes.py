"""How well boxes lie over each other."""

from __future__ import annotations

Box = tuple[float, float, float, float]


def intersection_over_union(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    areas = [(x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in (one, other)]
    return both / (sum(areas) - both)
