"""The rows and cells of a Word table, in their columns."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.documents.formats.shared.table_sections import MAX_SPANNED_CHARACTERS
from assistant.file_reading.safe_xml import Element, attribute, child, integer, local

MAX_SPAN = 200
"""Columns that one cell takes at most."""


def rows_of(table: Element) -> Iterator[Element]:
    for element in table:
        name = local(element)
        if name == "tr":
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "ins"):
            yield from rows_of(element)


def cells_of(row: Element) -> Iterator[Element]:
    for element in row:
        name = local(element)
        if name == "tc":
            yield element
        elif name in ("sdt", "sdtContent", "customXml"):
            yield from cells_of(element)


def spread(row: Element, texts: list[str], above: dict[int, str]) -> tuple[list[str], dict[int, int]]:
    """The cells of a row in their columns, and over how many columns those go that go over several.

    A cell that is merged downwards says its text in every row.
    """
    spread: list[str] = []
    across: dict[int, int] = {}
    spread.extend([""] * _small(child(child(row, "trPr"), "gridBefore"), 0))
    begun = 0
    for cell, text in zip(cells_of(row), texts, strict=True):
        column = len(spread)
        properties = child(cell, "tcPr")
        merge = child(properties, "vMerge")
        if merge is not None and attribute(merge, "val", "continue") == "continue":
            text = text or above.get(column, "")
        elif merge is not None:
            above[column] = text if len(text) <= MAX_SPANNED_CHARACTERS else ""
        spread.append(text)
        spread.extend([""] * (_small(child(properties, "gridSpan"), 1) - 1))
        sideways = child(properties, "hMerge")
        if sideways is None or attribute(sideways, "val", "continue") != "continue":
            begun = column
        if len(spread) - begun > 1:
            across[begun] = len(spread) - begun
    return spread, across


def _small(element: Element | None, default: int) -> int:
    """How many columns an element counts; `default` without one."""
    return max(1, min(integer(attribute(element, "val"), 1), MAX_SPAN)) if element is not None else default
