"""Tables in text files (.csv, .tsv): any separator, quoting, encoding and size; they are read row by row."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from assistant.documents.formats.shared.pagination import FlowDocument, title_of
from assistant.documents.formats.shared.table_sections import Cells, row_sections
from assistant.file_reading.encoding_detection import encoding_of, numbered_lines

_FIELD_CHARACTERS = 131_072
"""A longer field is a quote that was never closed."""
_LINE_CHARACTERS = 1_000_000
"""A longer line comes in pieces."""
_SAMPLE_LINES = 60
"""Lines by which the separator is found."""
_SEPARATORS = ("\t", ",", ";", "|")
_EXCEL_HINT = re.compile(r"sep=(.)\s*$", re.IGNORECASE)


def open(path: Path, password: str | None) -> FlowDocument:
    """The table at `path`. Raises UnreadableDocument where it is not text."""
    encoding = encoding_of(path)
    separator = _separator(path, encoding)
    return FlowDocument(
        "csv",
        title_of(path),
        lambda: row_sections(_rows(path, encoding, separator), gaps=False),
        empty="only-blank-space",
    )


def _rows(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, Cells]]:
    """Rows with their number from 1, the header row counted, as a spreadsheet would number them."""
    csv.field_size_limit(_FIELD_CHARACTERS)
    lines = _lines(path, encoding)
    consumed: list[str] = []

    def feed() -> Iterator[str]:
        for line in lines:
            consumed.append(line)
            yield line

    reader = csv.reader(feed(), delimiter=separator)
    number = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            # A field beyond all measure is a quote that is never closed: from there on quotes mean nothing.
            lines = itertools.chain(consumed.copy(), lines)
            consumed.clear()
            reader = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
            continue
        if row is None:
            return
        consumed.clear()
        number += 1
        if number > 1 or not _EXCEL_HINT.match(separator.join(row) + "\n"):
            yield number, dict(enumerate(row))


def _lines(path: Path, encoding: str) -> Iterator[str]:
    """Lines with their ends."""
    return (line.replace("\0", "") + "\n" for _, line in numbered_lines(path, encoding, _LINE_CHARACTERS))


def _separator(path: Path, encoding: str) -> str:
    """The sign that parts most lines into the same number of cells."""
    lines: list[str] = []
    for line in _lines(path, encoding):
        if line.strip():
            lines.append(line)
        if len(lines) >= _SAMPLE_LINES:
            break
    if lines and (match := _EXCEL_HINT.match(lines[0])):
        return match.group(1)
    if _only_decimals(lines):
        return "\t"
    best, best_score = ("\t" if path.suffix.lower() in (".tsv", ".tab") else ","), 0.0
    for separator in _SEPARATORS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=separator) if row]
        except csv.Error:
            continue
        widths = list(map(len, rows))
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        if usual > 1:
            # Agreement of the rows and whole cells count most, then the number of cells.
            score = widths.count(usual) / len(widths) + min(usual, 20) / 100 + _whole_cells(rows, separator)
            if score > best_score:
                best, best_score = separator, score
    return best


_DECIMAL = re.compile(
    r"\s*[€$£]?\s*[-+]?\d[\d.' ]*,\d+(?:e[-+]?\d+)?\s*(?:%|[€$£]|[^\W\d_]{1,3})?\s*", re.IGNORECASE
)
"""A number with a decimal comma: the comma parts nothing."""
_DECIMALS = re.compile(r"\s*[-+]?\d+(?:,\d+)?(?:\s+[-+]?\d+(?:,\d+)?)*\s*")
"""A line of such numbers alone, which blanks part if there are several."""


def _only_decimals(lines: list[str]) -> bool:
    """Whether every comma of a table is that of a decimal; a heading may stand above them."""
    numbers = lines if len(lines) < 2 or "," in lines[0] else lines[1:]
    return any("," in line for line in numbers) and all(map(_DECIMALS.fullmatch, numbers))


def _whole_cells(rows: list[list[str]], separator: str) -> float:
    """The share of cells that no other separator would part, and no quote was torn from."""
    cells = whole = 0
    for row in rows:
        for cell in row:
            if not cell.strip():
                continue
            cells += 1
            others = any(other in cell for other in _SEPARATORS if other != separator)
            whole += (not others or _DECIMAL.fullmatch(cell) is not None) and cell.count('"') % 2 == 0
    return whole / cells if cells else 0.0
