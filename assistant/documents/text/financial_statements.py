"""The statements of financial reports by language: their names, their lines, what is computed from them.

The lists stand in `resources/financial_statements.json`, as typed. Analysts ask for figures ("gross margin")
that a report prints nowhere: it prints the statement whose lines they are computed from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant import paths


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as one language knows it."""

    names: tuple[str, ...]
    telling: tuple[str, ...]
    """Lines that it hardly lacks, and that stand on few other pages."""
    lines: tuple[tuple[str, ...], ...]
    """What its rows usually begin with; each line with all its names."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures that are computed from the same statements."""

    names: tuple[str, ...]
    statements: tuple[str, ...]
    """Their keys."""
    rows: tuple[str, ...]
    """What they are computed from; none where the names are those of rows."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a language has words for; nothing where there is no list."""

    statements: Mapping[str, Statement]
    """By a key that is the same in all languages."""
    figures: tuple[Figures, ...] = ()
    causes: tuple[str, ...] = ()
    """Words that ask for the reasons of a change: they stand in running text, not in a statement."""
    parts: tuple[str, ...] = ()
    """Words for what a company consists of: the statements tell of it as a whole."""


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of a language (ISO 639-1)."""
    kept = _lists().get(language)
    if kept is None:
        return Vocabulary({})
    return Vocabulary(
        {key: _statement(statement) for key, statement in kept["statements"].items()},
        tuple(
            Figures(_split(names), tuple(figures["statements"]), _split(figures["rows"]))
            for names, figures in kept["figures"].items()
        ),
        tuple(kept["causes"].split()),
        tuple(kept["parts"].split()),
    )


def _statement(kept: dict[str, Any]) -> Statement:
    lines = tuple(_split(line) for line in kept["lines"])
    return Statement(_split(kept["names"]), _split(kept["telling"]), lines)


def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split(" | ")) if names else ()


@cache
def _lists() -> dict[str, dict[str, Any]]:
    lists: dict[str, dict[str, Any]] = json.loads(
        (paths.resources() / "financial_statements.json").read_text("utf-8")
    )
    return lists
