"""What a sheet says beside its rows: merged cells, hidden columns, links; its file says it behind them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from assistant.errors import UnreadableDocument
from assistant.file_reading.office_package import Package
from assistant.file_reading.safe_xml import integer

MAX_AREAS = 100_000
"""Merged areas, links and descriptions of columns that are looked at."""
_BLOCK = 1 << 20
_LONGEST_TAG = 4_096
_TAG = re.compile(rb"<(?:\w+:)?(mergeCell|col|hyperlink)\s([^<>]*)/?>")
_ATTRIBUTE = re.compile(rb"(?:\w+:)?(\w+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?$")
_LAST_COLUMN = 16_383


@dataclass(slots=True)
class SheetLayout:
    spans: dict[int, dict[int, int]] = field(default_factory=dict)
    """Row from 1 → column from 0 of each cell that goes over several rows → how many."""
    across: dict[int, dict[int, int]] = field(default_factory=dict)
    """The same of cells that go over several columns."""
    hidden_columns: set[int] = field(default_factory=set)
    addresses: dict[tuple[int, int], str] = field(default_factory=dict)
    """Where the cell at a row and column links to."""


def read_layout(package: Package, part: str) -> SheetLayout:
    """The layout of a sheet. Its XML, which may be huge, is looked through without being parsed."""
    layout = SheetLayout()
    count = 0
    held = b""
    try:
        with package.archive.open(part) as file:
            while block := file.read(_BLOCK):
                held += block
                end = 0
                for match in _TAG.finditer(held):
                    end = match.end()
                    count += 1
                    if count <= MAX_AREAS:
                        found = {
                            key.decode(): html.unescape((one or two).decode("utf-8", "replace"))
                            for key, one, two in _ATTRIBUTE.findall(match.group(2))
                        }
                        _learn(layout, match.group(1), found, partial(package.address, part))
                held = held[max(end, len(held) - _LONGEST_TAG) :]
    except UnreadableDocument:
        pass  # the rows before the damage are read, and say that there is one
    return layout


def _learn(layout: SheetLayout, kind: bytes, found: dict[str, str], address: Callable[[str], str]) -> None:
    if kind == b"col":
        if is_unseen(found.get("hidden", ""), found.get("width", "")):
            first, last = integer(found.get("min"), 1), integer(found.get("max"), 0)
            layout.hidden_columns.update(range(max(0, first - 1), min(last, _LAST_COLUMN + 1)))
        return
    area = _AREA.match(found.get("ref", ""))
    if area is None:
        return
    row, column = int(area.group(2)), column_number(area.group(1))
    if kind == b"mergeCell":
        rows = int(area.group(4) or row) - row + 1
        columns = column_number(area.group(3)) - column + 1 if area.group(3) else 1
        if rows > 1:
            layout.spans.setdefault(row, {})[column] = rows
        if columns > 1:
            layout.across.setdefault(row, {})[column] = columns
        return
    if target := address(found.get("id", "")):
        layout.addresses[row, column] = target


def is_unseen(hidden: str, size: str) -> bool:
    """Whether a row or column is hidden or has no size, as its attributes say."""
    return hidden in ("1", "true") or size in ("0", "0.0")


def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
