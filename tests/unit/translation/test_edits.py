"""A translation changed at a place, with its alignment."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.translation.edits import composed, replaced, shifted

TEXT = "abcdefghijkl"
SPAN = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda ends: (min(ends), max(ends)))


@settings(max_examples=60)
@given(SPAN, SPAN, st.text("XYZ", max_size=4))
def test_what_lies_outside_of_a_change_is_aligned_as_before(
    change: tuple[int, int], piece: tuple[int, int], new: str
) -> None:
    text, alignment = replaced(TEXT, (((0, 1), piece),), *change, new)
    assert text == TEXT[: change[0]] + new + TEXT[change[1] :]
    found = [text[slice(*target)] for _, target in alignment]
    if piece[1] <= change[0] or piece[0] >= change[1]:
        assert found == [TEXT[slice(*piece)]][: piece[0] < piece[1]]
    elif piece == change:
        assert found == [new][: len(new)]
    for _, (start, end) in alignment:
        assert 0 <= start < end <= len(text)


def test_over_a_pivot_words_are_aligned_through_it() -> None:
    first = (((0, 3), (0, 2)), ((4, 6), (3, 9)))
    second = (((0, 2), (5, 8)), ((3, 5), (0, 1)), ((6, 9), (2, 4)))
    assert composed(first, second) == (((0, 3), (5, 8)), ((4, 6), (0, 1)), ((4, 6), (2, 4)))
    assert composed(first, ()) == ()


def test_space_at_the_beginning_counts_no_more() -> None:
    assert shifted((((0, 1), (0, 3)), ((2, 3), (4, 9))), 2, 5) == (((0, 1), (0, 1)), ((2, 3), (2, 5)))
