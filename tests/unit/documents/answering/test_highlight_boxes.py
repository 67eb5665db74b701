"""One box for each line of a quote."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from assistant.documents.answering.highlight_boxes import line_boxes
from assistant.documents.records import CharBoxes

NOWHERE = (np.nan,) * 4


def boxes(*rows: tuple[float, float, float, float]) -> CharBoxes:
    return np.array(rows, dtype=np.float32).reshape(-1, 4)


def line(y: float, first: int, count: int, width: float = 5, height: float = 10) -> list[tuple[float, ...]]:
    return [(x * width, y, (x + 1) * width, y + height) for x in range(first, first + count)]


def test_a_box_for_each_line() -> None:
    page = boxes(*line(0, 0, 10), NOWHERE, *line(12, 0, 4))  # type: ignore[arg-type]
    assert line_boxes(page, 0, len(page)) == ((0.0, 0.0, 50.0, 10.0), (0.0, 12.0, 20.0, 22.0))


def test_only_the_quote() -> None:
    page = boxes(*line(0, 0, 10))  # type: ignore[arg-type]
    assert line_boxes(page, 2, 5) == ((10.0, 0.0, 25.0, 10.0),)


def test_a_space_does_not_cut_but_a_column_does() -> None:
    words = boxes(*line(0, 0, 3), NOWHERE, *line(0, 4, 3))  # type: ignore[arg-type]
    assert line_boxes(words, 0, 7) == ((0.0, 0.0, 35.0, 10.0),)
    cells = boxes(*line(0, 0, 3), NOWHERE, *line(0, 60, 3))  # type: ignore[arg-type]
    assert len(line_boxes(cells, 0, 7)) == 2


def test_raised_letters_stay_in_their_line() -> None:
    page = boxes((0, 0, 5, 10), (5, 0, 10, 10), (10, -2, 13, 4), (13, 0, 18, 10))
    assert line_boxes(page, 0, 4) == ((0.0, -2.0, 18.0, 10.0),)


def test_lines_that_slope_are_told_apart() -> None:
    """As of a scan that lay askew: the end of a line is as low as the beginning of the next."""
    page = boxes(
        *[
            (x, 12 * row + x * 0.03, x + 5, 12 * row + x * 0.03 + 10)
            for row in range(3)
            for x in range(0, 400, 5)
        ]
    )
    found = line_boxes(page, 0, len(page))
    assert [(x0, x1) for x0, _, x1, _ in found] == [(0.0, 400.0)] * 3
    assert [y0 for _, y0, _, _ in found] == [0.0, 12.0, 24.0]


def test_text_that_runs_down_the_page_is_one_line() -> None:
    page = boxes(*[(0, y * 10, 10, y * 10 + 9) for y in range(6)])
    assert len(line_boxes(page, 2, 6)) <= 4
    tall = boxes(*[(0, y * 30, 10, y * 30 + 25) for y in range(6)])
    assert line_boxes(tall, 0, 6) == ((0.0, 0.0, 10.0, 175.0),)


def test_nothing_has_no_boxes() -> None:
    assert line_boxes(boxes(NOWHERE), 0, 1) == ()
    assert line_boxes(boxes(), 0, 0) == ()
    assert line_boxes(boxes((0, 0, 5, 10)), 5, 9) == ()


@settings(max_examples=80)
@given(
    hnp.arrays(np.float32, st.tuples(st.integers(0, 30), st.just(4)), elements=st.floats(0, 1000, width=32)),
    st.integers(-2, 35),
    st.integers(-2, 35),
)
def test_every_character_lies_in_a_box(page: CharBoxes, start: int, end: int) -> None:
    found = line_boxes(page, start, end)
    for x0, y0, x1, y1 in page[max(0, start) : max(0, end)].tolist():
        if x1 > x0 and y1 > y0:
            assert any(
                a <= x0 + 0.06 and b <= y0 + 0.06 and c >= x1 - 0.06 and d >= y1 - 0.06
                for a, b, c, d in found
            )
