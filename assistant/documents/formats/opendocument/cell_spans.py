"""Over how many rows and columns the cells of an OpenDocument table go."""

from __future__ import annotations

from assistant.file_reading.safe_xml import Element, attribute, integer


def note_spans(cell: Element, column: int, down: dict[int, int], across: dict[int, int]) -> None:
    """Notes for a cell's column over how many rows and columns it goes, if over several."""
    for name, spans in (("number-rows-spanned", down), ("number-columns-spanned", across)):
        spanned = integer(attribute(cell, name), 1)
        if spanned > 1:
            spans[column] = spanned
