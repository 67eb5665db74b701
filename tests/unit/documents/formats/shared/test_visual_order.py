"""Boxes in the order in which a person reads them."""

from __future__ import annotations

import pytest

from assistant.documents.formats.shared.visual_order import Rectangle, reading_order


def box(x: float, y: float, width: float = 3, height: float = 1) -> Rectangle:
    return x, y, x + width, y + height


@pytest.mark.parametrize(
    ("boxes", "order"),
    [
        ([box(0, 4), box(0, 2), box(0, 0)], [2, 1, 0]),
        # Two headings, each with its text below it, under a title across both.
        ([box(0, 4), box(4, 2), box(4, 4), box(0, 2), box(0, 0, 7)], [4, 3, 0, 1, 2]),
        # Rows that are further apart than what stands beside each other in them.
        ([box(0, 8), box(5, 0), box(0, 0)], [2, 1, 0]),
        # Cells of a table, its rows further apart than its columns.
        ([box(0, 0), box(3.2, 0), box(0, 2), box(3.2, 2), box(0, 4), box(3.2, 4)], [0, 1, 2, 3, 4, 5]),
        ([None, box(0, 4), None, box(0, 0)], [0, 3, 1, 2]),
        ([], []),
    ],
)
def test_reading_order(boxes: list[Rectangle | None], order: list[int]) -> None:
    assert reading_order(boxes) == order


def test_very_many_boxes_are_ordered_quickly() -> None:
    boxes = [box(at % 50, 5000 - at // 50) for at in range(50_000)]
    assert len(reading_order(boxes)) == 50_000
