"""Rows of a spreadsheet or a delimited file as sections: blocks of rows that can each be understood alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.documents.formats.assembly import TABLE_CHARACTERS, TABLE_ROWS, looks_like_header
from assistant.documents.formats.cleaning import one_line, shortened
from assistant.documents.records import Section

MAX_CELL_CHARACTERS = 2_000
MAX_HEADER_CHARACTERS = 1_000
_LOOK_AHEAD = 12


def row_sections(
    rows: Iterable[tuple[int, list[str]]],
    *,
    sheet: str = "",
    page: int | None = None,
    above: tuple[str, ...] = (),
    gaps: bool = True,
) -> Iterator[Section]:
    """Sections of the rows that hold anything; `rows` gives each with its number from 1.

    A gap of empty rows ends a table, unless `gaps` is false. Every further block of a long table begins with its header row again.
    """
    table: list[tuple[int, list[str]]] = []
    header: list[str] | None = None
    started = False
    judged = False
    size = 0
    last = 0

    def flush() -> Iterator[Section]:
        nonlocal table, size
        if table:
            yield _section(table, header if started and header else None, sheet, page, above)
        table, size = [], 0

    for number, raw in rows:
        cells = [shortened(one_line(cell), MAX_CELL_CHARACTERS) for cell in raw]
        if not any(cells):
            continue
        if gaps and last and number > last + 1:
            yield from flush()
            header, started, judged = None, False, False
        last = number
        table.append((number, cells))
        size += sum(map(len, cells)) + len(cells)
        if not judged and len(table) >= _LOOK_AHEAD:
            header, judged = _header(table), True
        if len(table) >= TABLE_ROWS or size >= TABLE_CHARACTERS:
            if not judged:
                header, judged = _header(table), True
            yield from flush()
            started = True
    yield from flush()


def _header(table: list[tuple[int, list[str]]]) -> list[str] | None:
    """The row that names the columns: the first one as wide as its table, under what titles there are."""
    rows = [cells for _, cells in table[:_LOOK_AHEAD]]
    widest = max(sum(map(bool, cells)) for cells in rows)
    for index, cells in enumerate(rows[:-1]):
        if sum(map(bool, cells)) * 2 > widest and widest > 1:
            if looks_like_header(rows[index:]) and sum(map(len, cells)) <= MAX_HEADER_CHARACTERS:
                return cells
            return None
    return None


def _section(
    table: list[tuple[int, list[str]]],
    header: list[str] | None,
    sheet: str,
    page: int | None,
    above: tuple[str, ...],
) -> Section:
    rows = [cells for _, cells in table]
    if header is not None:
        rows = [header, *rows]
    # Columns that this block leaves empty would only be gaps.
    width = max(map(len, rows))
    used = [
        any(column < len(cells) and cells[column] for cells in rows[header is not None :])
        for column in range(width)
    ]
    lines = [
        "\t".join(
            cells[column] if column < len(cells) else "" for column in range(width) if used[column]
        ).rstrip("\t")
        for cells in rows
    ]
    first, final = table[0][0], table[-1][0]
    span = f"row {first}" if first == final else f"rows {first}–{final}"
    location = f"sheet {sheet}, {span}" if sheet else span
    heading = (*above, sheet) if sheet else above
    return Section("\n".join(lines), page, location, heading, table=True)
