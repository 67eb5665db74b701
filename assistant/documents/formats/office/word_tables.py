"""The rows and cells of a Word table, in their columns."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.documents.formats.shared.safe_xml import Element, attribute, child, integer, local

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


def spread(row: Element, texts: list[str], above: dict[int, str]) -> list[str]:
    """The cells of a row in their columns; one that is merged downwards says its text in every row."""
    spread: list[str] = []
    spread.extend([""] * _small(child(child(row, "trPr"), "gridBefore"), 0))
    for cell, text in zip(cells_of(row), texts, strict=True):
        column = len(spread)
        properties = child(cell, "tcPr")
        merge = child(properties, "vMerge")
        if merge is not None and attribute(merge, "val", "continue") == "continue":
            text = text or above.get(column, "")
        elif merge is not None:
            above[column] = text if len(text) <= 80 else ""
        spread.append(text)
        spread.extend([""] * (_small(child(properties, "gridSpan"), 1) - 1))
    return spread


def _small(element: Element | None, default: int) -> int:
    """How many columns an element counts; `default` without one."""
    return max(1, min(integer(attribute(element, "val"), 1), MAX_SPAN)) if element is not None else default
