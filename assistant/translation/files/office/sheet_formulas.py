"""What the formulas of a workbook rely on: words and names that must stay as they are."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.errors import UnreadableDocument
from assistant.file_reading.zip_reader import Archive

_FORMULA = re.compile(
    rb"<(?:\w+:)?(f|formula|formula1|formula2|definedName|calculatedColumnFormula|totalsRowFormula)"
    rb"(?:\s[^<>]*)?(?<!/)>([^<]*)<"
)
_TARGET = re.compile(rb"(?:location|ref|sheet)=\"([^\"]*)\"")
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_COLUMN = re.compile(r"\[([^\[\]]+)\]")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*?\bt=\"s\"[^<>]*)>\s*<(?:\w+:)?v>(\d+)<")
_REFERENCE = re.compile(rb"\br=\"([A-Z]{1,3}\d{1,7})\"")


MAX_REFERENCES = 100_000
"""In a workbook of more formulas every sheet is taken to be referred to."""


@dataclass(slots=True)
class Formulas:
    literals: set[str] = field(default_factory=set)
    """Texts that formulas compare with, or that cells may be chosen from; without case."""
    columns: set[str] = field(default_factory=set)
    """Names of columns of tables in formulas; without case."""
    references: list[str] = field(default_factory=list)
    """All that may name a sheet."""
    first_use: dict[int, str] = field(default_factory=dict)
    """The first cell that shows each shared string."""
    complete: bool = True
    """All parts of the workbook could be looked through."""

    def read(self, archive: Archive, parts: Iterable[tuple[str, str]]) -> None:
        """Look through parts; by the name of their sheet, "" for others."""
        for name, sheet in parts:
            try:
                content = archive.read(name)
            except UnreadableDocument:
                self.complete = False
                continue
            for kind, formula in set(_FORMULA.findall(content)):
                self._formula(html.unescape(formula.decode("utf-8", "replace")), kind)
            self.references.extend(
                html.unescape(target.decode("utf-8", "replace")) for target in set(_TARGET.findall(content))
            )
            for attributes, index in _CELL.findall(content) if sheet else ():
                cell = _REFERENCE.search(attributes)
                if int(index) not in self.first_use:
                    place = cell.group(1).decode() if cell else ""
                    self.first_use[int(index)] = f"{sheet}!{place}" if place else sheet

    def _formula(self, formula: str, kind: bytes) -> None:
        for literal in _LITERAL.findall(formula):
            words = literal.replace('""', '"')
            choices = words.split(",") if kind == b"formula1" else []
            self.literals.update(one.strip().casefold() for one in (words, *choices))
        self.columns.update(name.strip("@# ").casefold() for name in _COLUMN.findall(formula))
        self.references.append(formula)

    def name_sheet(self, name: str) -> bool:
        """Whether anything may refer to a sheet by its name."""
        quoted = name.replace("'", "''")
        return (
            not self.complete
            or len(self.references) > MAX_REFERENCES
            or any(
                f"{name}!" in one
                or f"{quoted}'!" in one
                or f"{name}:" in one
                or one == name
                or "INDIRECT" in one
                for one in self.references
            )
        )
