"""Lines, cells and columns from boxes alone: whatever lies on a page, no word is lost or comes twice."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.formats.pdf import columns, lines
from assistant.documents.formats.pdf.characters import Word

_numbers = st.floats(0, 600, allow_nan=False, width=32)


@st.composite
def words(draw: st.DrawFn) -> list[Word]:
    found = []
    start = 0
    for text in draw(st.lists(st.sampled_from(["word", "17", "a", "שלום", "文", "$", "(5)"]), max_size=40)):
        x, y, em = draw(_numbers), draw(_numbers), draw(st.sampled_from([6.0, 10.0, 10.0, 10.0, 24.0]))
        found.append(Word(text, start, x, y - 0.8 * em, x + 0.5 * em * len(text), y + 0.2 * em, y, em, 0, 1))
        start += len(text)
    return found


@settings(max_examples=40)
@given(words())
def test_blocks_have_every_word_once(items: list[Word]) -> None:
    blocks = columns.blocks(lines.rows(items))
    found = [word.start for block in blocks for line in block.lines for word in line.words]
    assert sorted(found) == [word.start for word in items]


@settings(max_examples=40)
@given(words())
def test_the_pieces_of_a_line_are_its_words(items: list[Word]) -> None:
    for row in lines.rows(items):
        line = lines.line(row)
        assert line is not None
        places = {start: len(text) for text, start in line.pieces if start >= 0}
        assert places == {word.start: len(word.text) for word in row}
        assert line.text == "".join(text for text, _ in line.pieces)


@settings(max_examples=40)
@given(words())
def test_rows_run_from_left_to_right_on_one_baseline(items: list[Word]) -> None:
    for row in lines.rows(items):
        assert [word.x0 for word in row] == sorted(word.x0 for word in row)
        largest = max(word.em for word in row)
        assert max(word.base for word in row) - min(word.base for word in row) <= 1.6 * largest


def word(text: str, x: float, y: float = 100.0) -> Word:
    return Word(text, 0, x, y - 8, x + 5 * len(text), y + 2, y, 10.0, 0, 0)


def line_text(*found: Word) -> str:
    made = lines.line(sorted(found, key=lambda one: one.x0))
    return "" if made is None else made.text


def test_a_wide_gap_parts_cells_and_a_narrow_one_words() -> None:
    assert line_text(word("net", 0), word("sales", 18), word("17", 100)) == "net sales  17"


def test_a_line_spread_out_to_fill_its_column_is_one_cell() -> None:
    assert line_text(word("set", 0), word("out", 26), word("to", 52), word("fill", 73)) == "set out to fill"


def test_pieces_of_a_word_drawn_apart_are_one_word() -> None:
    assert line_text(word("inter", 0), word("est", 25.3)) == "interest"


def test_a_line_of_dots_is_nothing() -> None:
    assert line_text(word(".....", 0), word("......", 30)) == ""
