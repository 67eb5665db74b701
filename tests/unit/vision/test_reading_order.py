from __future__ import annotations

import pytest

from assistant.vision.findings import FoundLine
from assistant.vision.reading_order import in_reading_order, with_others
from assistant.vision.records import PixelBox, RecognisedWord


def line(text: str, x0: float, y0: float, width: float = 400, height: float = 20) -> FoundLine:
    box: PixelBox = (x0, y0, x0 + width, y0 + height)
    corners = ((x0, y0), (x0 + width, y0), (x0 + width, y0 + height), (x0, y0 + height))
    return FoundLine((RecognisedWord(text, box, 1.0),), corners)


def texts(lines: tuple[FoundLine, ...]) -> list[str]:
    return [each.text for each in lines]


def test_lines_that_come_in_reverse_are_read_from_the_top() -> None:
    lines = [line(str(number), 0, number * 30) for number in reversed(range(5))]
    assert texts(in_reading_order(lines)) == ["0", "1", "2", "3", "4"]


def test_columns_of_text_are_read_one_after_the_other_below_their_heading() -> None:
    heading = line("heading", 0, 0, 900)
    left = [line(f"left {number}", 0, 60 + number * 30) for number in range(4)]
    right = [line(f"right {number}", 500, 60 + number * 30) for number in range(4)]
    mixed = [part for pair in zip(right, left, strict=True) for part in pair]
    found = in_reading_order([*mixed, heading])
    assert texts(found) == ["heading", *(each.text for each in left), *(each.text for each in right)]
    assert len({each.block for each in found}) == 3


def test_rows_of_a_receipt_are_read_across() -> None:
    names = [line(f"item {number}", 0, number * 24, 200) for number in range(4)]
    prices = [line(f"{number}.99", 600, number * 24 + 2, 60) for number in range(4)]
    found = texts(in_reading_order([*prices, *names]))
    assert found == ["item 0", "0.99", "item 1", "1.99", "item 2", "2.99", "item 3", "3.99"]


@pytest.mark.parametrize(("at_the_top", "more"), [(0.06, 1 / 5000), (-0.05, 1 / 1200)])
def test_rows_of_a_receipt_that_was_photographed_aslant_are_read_across(
    at_the_top: float, more: float
) -> None:
    """Its lines slope, the lower ones more: prices hang lower than the names of the next row.

    Seen from the middle, the upper lines slope one way and the lower ones the other.
    """

    def sloping(text: str, x0: float, y: float, width: float) -> FoundLine:
        slope = at_the_top + more * y
        left, right = y + slope * x0, y + slope * (x0 + width)
        corners = ((x0, left), (x0 + width, right), (x0 + width, right + 20), (x0, left + 20))
        return FoundLine((RecognisedWord(text, (x0, left, x0 + width, right + 20), 1.0),), corners)

    names = [sloping(f"item {number}", 20, number * 24, 200) for number in range(6)]
    prices = [sloping(f"{number}.99", 600, number * 24, 60) for number in range(6)]
    found = texts(in_reading_order([*prices, *names]))
    assert found == [text for number in range(6) for text in (f"item {number}", f"{number}.99")]


def test_a_line_that_was_left_out_goes_where_it_stands_in_its_column() -> None:
    left = [line("a", 0, 0), line("c", 0, 60)]
    right = [line("x", 500, 0), line("z", 500, 60)]
    found = with_others([*left, *right], [line("y", 500, 30), line("b", 0, 30)])
    assert texts(found) == ["a", "b", "c", "x", "y", "z"]
