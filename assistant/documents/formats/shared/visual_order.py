"""PURE geometry: boxes on a slide → the order in which a person reads them.

Recursive cuts along white lanes (XY-cut, Nagy and Seth 1984). What stands in columns is read column by
column, so that a heading comes before what stands under it; what spans the columns is read where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import TypeAlias

Rectangle: TypeAlias = tuple[float, float, float, float]
"""x0, y0, x1, y1; y downwards."""
_Item: TypeAlias = tuple[int, Rectangle]

_OVERLAP = 0.1
"""Boxes that overlap by less than this part of the smaller one stand beside each other."""
_MAX_DEPTH = 40
_MAX_CUT = 300
"""More boxes are read from the top down, without looking for lanes."""


def reading_order(boxes: Sequence[Rectangle | None]) -> list[int]:
    """The places of `boxes` in reading order. One that stands nowhere follows the box before it."""
    items = [(at, box) for at, box in enumerate(boxes) if box is not None]
    followers: dict[int, list[int]] = {}
    last = -1
    for at, box in enumerate(boxes):
        if box is None:
            followers.setdefault(last, []).append(at)
        else:
            last = at
    order = followers.get(-1, [])
    for at in _ordered(items, 0):
        order += [at, *followers.get(at, [])]
    return order


def _ordered(items: list[_Item], depth: int) -> list[int]:
    if not 2 <= len(items) <= _MAX_CUT or depth > _MAX_DEPTH:
        return [at for at, _ in sorted(items, key=_corner)]
    columns = _cut(items, 0)
    if len(columns) > 1 and not _in_rows(items, columns):
        return [at for column in columns for at in _ordered(column, depth + 1)]
    bands = _cut(items, 1)
    if len(bands) < 2:
        return [at for at, _ in sorted(items, key=_corner)]
    if len(columns) > 1:
        return [at for band in bands for at in _ordered(band, depth + 1)]
    order: list[int] = []
    start = 0
    while start < len(bands):
        # Bands that have a lane in common belong together, as headings and what stands under them.
        group, end = bands[start], start + 1
        while len(_cut(group, 0)) > 1 and end < len(bands) and len(_cut(group + bands[end], 0)) > 1:
            group, end = group + bands[end], end + 1
        order += _ordered(group, depth + 1)
        start = end
    return order


def _corner(item: _Item) -> tuple[float, float]:
    return item[1][1], item[1][0]


def _cut(items: list[_Item], axis: int) -> list[list[_Item]]:
    """Groups with white lanes between them, along one axis (0: columns, 1: bands)."""
    order = sorted(items, key=lambda item: (item[1][axis], item[1][1 - axis]))
    groups: list[list[_Item]] = [[order[0]]]
    edge = order[0][1][axis + 2]
    for item in order[1:]:
        start, end = item[1][axis], item[1][axis + 2]
        least = min(one[1][axis + 2] - one[1][axis] for one in (*groups[-1], item))
        if start >= edge - _OVERLAP * max(least, 0.0):
            groups.append([item])
        else:
            groups[-1].append(item)
        edge = max(edge, end)
    return groups


def _in_rows(items: list[_Item], columns: list[list[_Item]]) -> bool:
    """Whether boxes stand in rows that are further apart than their columns are."""
    bands = _cut(items, 1)
    return len(bands) > 1 and median(_gaps(bands, 1)) > median(_gaps(columns, 0))


def _gaps(groups: list[list[_Item]], axis: int) -> list[float]:
    edges = [(min(box[axis] for _, box in group), max(box[axis + 2] for _, box in group)) for group in groups]
    return [two[0] - one[1] for one, two in pairwise(edges)]
