"""Rows of a spreadsheet or a delimited file as sections: blocks of rows that can each be understood alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from assistant.documents.formats.shared.section_builder import TABLE_CHARACTERS, TABLE_ROWS, looks_like_header
from assistant.documents.formats.shared.text_cleaning import one_line, shortened
from assistant.documents.records import Section

MAX_CELL_CHARACTERS = 32_767
"""What a cell of Excel can hold."""
MAX_HEADER_CHARACTERS = 1_000
"""A longer row names no columns."""
_LOOK_AHEAD = 12
"""Rows at the top of a table among which the header is looked for."""

Cells: TypeAlias = dict[int, str]
"""The cells of a row by their column from 0; sheets are wide and mostly empty."""
SpanningRow: TypeAlias = tuple[int, Cells, Mapping[int, int]]
"""Number and cells of a row, and over how many columns those go that go over several."""


MAX_SPANNED_ROWS = 1_000
"""Rows in which a cell that is merged over them says its text."""
MAX_SPANNED_COLUMNS = 100
"""Columns that a heading over them names."""
MAX_SPANNED_CHARACTERS = 200
"""A longer text is said once: it is no name of its rows."""


class SpannedRows:
    """Cells that are merged over several rows: a row is understood alone only where it says their text."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[int, str]] = {}
        """By column: the last row, and the text."""

    def fill(self, row: int, cells: Cells, spans: Mapping[int, int]) -> None:
        """Puts the texts of merged cells above into a row that holds anything of its own.

        Args:
            spans: over how many rows the cell at a column goes that begins in this row.
        """
        if not cells:
            return
        for column, (last, text) in list(self._open.items()):
            if row > last:
                del self._open[column]
            elif column not in cells and column not in spans:
                cells[column] = text
        for column, rows in spans.items():
            text = cells.get(column, "")
            if rows > 1 and text and len(text) <= MAX_SPANNED_CHARACTERS:
                self._open[column] = (row + min(rows, MAX_SPANNED_ROWS) - 1, text)

    def filled(self, row: int, texts: list[str], spans: Mapping[int, int]) -> list[str]:
        """Like `fill`, for a row whose cells are all there."""
        cells = _cells(texts)
        self.fill(row, cells, spans)
        return _texts(cells, len(texts))


def _cells(texts: Sequence[str]) -> Cells:
    return {column: text for column, text in enumerate(texts) if text}


def _texts(cells: Cells, least: int) -> list[str]:
    """The texts of all columns up to the last one that has any, of at least so many."""
    return [cells.get(column, "") for column in range(max(least, max(cells, default=-1) + 1))]


def named_columns(rows: Iterable[SpanningRow]) -> Iterator[tuple[int, Cells]]:
    """Rows in which a heading over several columns names each of them.

    Only at the top of a table, where the row below has cells of its own under the heading; elsewhere a cell
    is wide because its text is long.
    """
    held: SpanningRow | None = None
    top = True
    for row in rows:
        if held is not None:
            follows = row[0] == held[0] + 1 and bool(row[1])
            title = len(held[1]) <= 1
            named = top and follows and not title and _name_columns(held[1], held[2], row[1])
            top = not follows or (top and (title or named))
            yield held[0], held[1]
        held = row
    if held is not None:
        yield held[0], held[1]


def _name_columns(cells: Cells, across: Mapping[int, int], below: Cells) -> bool:
    found = False
    for column, columns in across.items():
        text = cells.get(column, "")
        under = range(column, column + min(columns, MAX_SPANNED_COLUMNS))
        if not text or len(text) > MAX_SPANNED_CHARACTERS or sum(at in below for at in under) < 2:
            continue
        found = True
        cells.update({at: text for at in under if at not in cells})
    return found


def with_named_columns(grid: list[list[str]], across: Sequence[Mapping[int, int]]) -> list[list[str]]:
    """Like `named_columns`, for a table that is there as a whole; `across`: of each of its rows."""
    if not any(across):
        return grid
    rows = ((number, _cells(row), across[number]) for number, row in enumerate(grid))
    return [_texts(cells, len(row)) for (_, cells), row in zip(named_columns(rows), grid, strict=True)]


class HiddenColumns:
    """Says of a column that is hidden, once, at its first cell."""

    def __init__(self, columns: Iterable[int]) -> None:
        self._left = set(columns)

    def mark(self, cells: Cells) -> None:
        for column in self._left & cells.keys():
            cells[column] += " [hidden column]"
            self._left.discard(column)


def mark_hidden_row(cells: Cells) -> None:
    """Says of a row that its sheet does not show it."""
    if cells:
        cells[max(cells)] += " [hidden row]"


def row_sections(
    rows: Iterable[tuple[int, Cells]],
    *,
    sheet: str = "",
    page: int | None = None,
    above: tuple[str, ...] = (),
    gaps: bool = True,
) -> Iterator[Section]:
    """Sections of the rows that hold anything; `rows` gives each with its number from 1.

    A gap of empty rows ends a table, unless `gaps` is false. Every further block of a long table begins with
    its header row again.
    """
    table: list[tuple[int, Cells]] = []
    header: Cells | None = None
    started = judged = False
    size = last = 0

    def flush() -> Iterator[Section]:
        nonlocal table, size
        if table:
            yield _section(table, header if started and header else None, sheet, page, above)
        table, size = [], 0

    for number, raw in rows:
        cells = {column: text for column, cell in raw.items() if (text := _cleaned(cell))}
        if not cells:
            continue
        if gaps and last and number > last + 1:
            yield from flush()
            header, started, judged = None, False, False
        last = number
        table.append((number, cells))
        size += sum(map(len, cells.values())) + len(cells)
        full = len(table) >= TABLE_ROWS or size >= TABLE_CHARACTERS
        if not judged and (full or len(table) >= _LOOK_AHEAD):
            header, judged = _header(table), True
        if full:
            yield from flush()
            started = True
    yield from flush()


def _cleaned(cell: str) -> str:
    return shortened(one_line(cell), MAX_CELL_CHARACTERS)


def _header(table: list[tuple[int, Cells]]) -> Cells | None:
    """The row that names the columns: the first one as wide as its table, under what titles there are."""
    rows = [cells for _, cells in table[:_LOOK_AHEAD]]
    widest = max(map(len, rows))
    for index, cells in enumerate(rows[:-1]):
        if len(cells) * 2 > widest and widest > 1:
            following = [list(one.values()) for one in rows[index:]]
            if looks_like_header(following) and sum(map(len, cells.values())) <= MAX_HEADER_CHARACTERS:
                return cells
            return None
    return None


def _section(
    table: list[tuple[int, Cells]],
    header: Cells | None,
    sheet: str,
    page: int | None,
    above: tuple[str, ...],
) -> Section:
    # Columns that this block leaves empty would only be gaps.
    used = sorted({column for _, cells in table for column in cells})
    rows = [cells for _, cells in table]
    if header is not None:
        rows = [header, *rows]
    lines = ["\t".join(cells.get(column, "") for column in used).rstrip("\t") for cells in rows]
    first, final = table[0][0], table[-1][0]
    span = f"row {first}" if first == final else f"rows {first}–{final}"
    location = f"sheet {sheet}, {span}" if sheet else span
    heading = (*above, sheet) if sheet else above
    return Section("\n".join(lines), page, location, heading, table=True)
