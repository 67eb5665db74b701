"""The rows and cells of a Word table, in their columns."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.documents.formats.shared.safe_xml import Element, attribute, child, local


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
    properties = child(row, "trPr")
    before = child(properties, "gridBefore") if properties is not None else None
    spread.extend([""] * (_small(before) if before is not None else 0))
    for cell, text in zip(cells_of(row), texts, strict=True):
        column = len(spread)
        properties = child(cell, "tcPr")
        span = child(properties, "gridSpan") if properties is not None else None
        merge = child(properties, "vMerge") if properties is not None else None
        if merge is not None and attribute(merge, "val", "continue") == "continue":
            text = text or above.get(column, "")
        elif merge is not None:
            above[column] = text if len(text) <= 80 else ""
        spread.append(text)
        spread.extend([""] * (_small(span) - 1 if span is not None else 0))
    return spread


def _small(element: Element) -> int:
    value = attribute(element, "val", "1")
    return max(1, min(int(value), 200)) if value.isdigit() else 1
