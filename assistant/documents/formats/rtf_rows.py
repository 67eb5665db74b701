"""PURE: the rows of a table of RTF, each with cells of its own widths → cells in common columns."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from assistant.documents.formats.shared.table_sections import with_named_columns

_SAME_EDGE = 40
"""Twips by which the edges of cells may differ that stand below each other."""


@dataclass(slots=True)
class RtfCell:
    """How a cell is defined."""

    edge: int = 0
    """Its right edge, in twips."""
    goes_on_down: bool = False
    """It is merged with the one above it."""
    goes_on_across: bool = False
    """It is merged with the one before it."""


@dataclass(slots=True)
class RtfRow:
    cells: list[str]
    definition: list[RtfCell]


def in_columns(rows: list[RtfRow]) -> list[list[str]]:
    """The texts of all rows; what is merged says its text in every row, and in every column it heads."""
    edges = _edges(rows)
    grid: list[list[str]] = []
    across: list[dict[int, int]] = []
    for row in rows:
        cells: list[str] = []
        wide: dict[int, int] = {}
        begun = 0
        above = grid[-1] if grid else []
        for number, text in enumerate(row.cells):
            cell = row.definition[number] if number < len(row.definition) else RtfCell()
            column = len(cells)
            if cell.goes_on_down and not text and column < len(above):
                text = above[column]
            cells.append(text)
            if edges:
                cells.extend([""] * (_column(edges, cell.edge) - column))
            if not cell.goes_on_across:
                begun = column
            if len(cells) - begun > 1:
                wide[begun] = len(cells) - begun
        grid.append(cells)
        across.append(wide)
    return with_named_columns(grid, across)


def _edges(rows: list[RtfRow]) -> list[int]:
    """The right edges of all columns; none where a row does not say its own."""
    if any(len(row.cells) != len(row.definition) for row in rows):
        return []
    found: list[int] = []
    for edge in sorted({cell.edge for row in rows for cell in row.definition}):
        if not found or edge - found[-1] > _SAME_EDGE:
            found.append(edge)
    # Rows of which none has all the columns do not stand in common ones.
    return found if len(found) == max(len(row.cells) for row in rows) else []


def _column(edges: list[int], edge: int) -> int:
    return max(0, min(bisect_left(edges, edge - _SAME_EDGE), len(edges) - 1))
