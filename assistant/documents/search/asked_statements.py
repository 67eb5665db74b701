"""PURE: which financial statements a question needs, and how much of one stands on a page.

A statement is told by its lines: nearly all of them stand on its page, and some at most on any other,
whatever the page is called. So neither the index of the statements nor the auditor's report, which name
them all, is taken for one.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.documents.search.query_terms import Concept, match_expression
from assistant.documents.search.term_matching import ConceptMatcher
from assistant.documents.store.rows import IndexedChunk
from assistant.documents.text.financial_statements import vocabulary
from assistant.documents.text.terms import terms

_FEW = 0.4
"""So large a part of a statement's lines many a page with figures has; five-year summaries have .6."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question needs of financial statements."""

    statements: tuple[str, ...]
    """Their keys."""
    rows: tuple[str, ...] = ()
    """The terms of the rows that its figures are computed from."""


def asked_statements(question: str, language: str) -> Asked:
    """The statements that a question names, or that a figure in it is computed from, and from which rows.

    A figure does not count behind a word like "why", or in a question about segments or regions: what is
    asked then stands elsewhere.
    """
    words = vocabulary(language)
    asked = f" {' '.join(terms(question, language))} "

    def place(names: tuple[str, ...], within: str = asked) -> int:
        """Where the first of the names begins; -1 where there is none."""
        places = (within.find(f" {name} ") for name in _terms(names, language))
        return min((found for found in places if found >= 0), default=-1)

    rows: dict[str, None] = {}
    needed = {key: None for key, statement in words.statements.items() if place(statement.names) >= 0}
    if place(words.parts) < 0:
        cause = place(words.causes)
        told = asked if cause < 0 else asked[: cause + 1]
        for figures in words.figures:
            if place(figures.names, told) >= 0:
                needed.update(dict.fromkeys(figures.statements))
                rows.update(dict.fromkeys(_terms(figures.rows, language)))
    return Asked(tuple(needed), tuple(rows))


class StatementMatcher:
    """The lines of the statements that a question needs, prepared for finding them on many pages."""

    def __init__(self, asked: Asked, languages: Sequence[str]) -> None:
        """`languages`: those that the documents are written in."""
        lines: list[Concept] = []
        telling: list[Concept] = []
        self._statements: list[range] = []
        for key, language in itertools.product(asked.statements, languages):
            statement = vocabulary(language).statements.get(key)
            if statement is not None:
                self._statements.append(range(len(lines), len(lines) + len(statement.lines)))
                lines += (Concept(_terms(names, language)) for names in statement.lines)
                telling.append(Concept(_terms(statement.telling, language)))
        self._matcher = ConceptMatcher(lines, [1.0] * len(lines))
        self._rows = ConceptMatcher([Concept(asked.rows)] if asked.rows else [], [1.0])
        self.expression = match_expression(telling)
        """For the keyword index: finds a chunk of each statement, and few others."""

    def lines(self, page: Iterable[IndexedChunk]) -> frozenset[int]:
        """The lines that stand on a page, by number."""
        return frozenset(line for chunk in page for line in self._matcher.match(chunk.terms, "").counts)

    def is_row(self, indexed: str) -> bool:
        """Whether a figure is computed from a row; its text comes from `terms.index_terms`."""
        return bool(self._rows.match(indexed, "").counts)

    def share(self, lines: Collection[int]) -> float:
        """How much of a statement these lines are, 0 to 1; 0 where they are no more than elsewhere."""
        share = max(
            (sum(line in lines for line in statement) / len(statement) for statement in self._statements),
            default=0.0,
        )
        return max(0.0, share - _FEW) / (1 - _FEW)


@lru_cache(maxsize=1024)
def _terms(names: tuple[str, ...], language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(terms(name, language)) for name in names))
