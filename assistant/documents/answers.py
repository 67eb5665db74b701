"""PURE: from the passages that were found to the sentences that answer best, or to "nothing found"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.documents.matching import Lexicon
from assistant.documents.sentences import Span, rows, sentences
from assistant.documents.terms import index_terms
from assistant.documents.thinning import Ranked

MOST_QUOTES = 5
_EMBEDDED = 16
"""Sentences that are compared with the question by their vectors: about 60 ms."""
_ALIKE = 0.7
_WEAKER = 0.6
"""A quote must reach this part of the best one's score."""

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weighing:
    """What counts how much in choosing a sentence."""

    coverage: float = 1.0
    """The part of the question that stands in the sentence; what stands in its headings counts half."""
    meaning: float = 1.0
    """The cosine of sentence and question, times how well the embedder speaks the language."""
    passage: float = 1.0
    """The score of the passage it stands in, as a part of the best one's."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence or row that answers: its section's text[start:end]."""

    source: Ranked
    start: int
    end: int
    score: float
    coverage: float
    meaning: float
    header: str = ""
    """Of a table's row: the rows at the top that name the columns."""


def choose(
    lexicon: Lexicon,
    question: Vectors,
    passages: Sequence[Ranked],
    embed: Callable[[Sequence[str]], Vectors],
    weighing: Weighing | None = None,
    most: int = MOST_QUOTES,
) -> list[Chosen]:
    """The sentences that answer best, best first, none like another; at most `most`.

    Args:
        question: its vector, of unit length.
        passages: best first.
        embed: from texts to vectors of unit length, shape (n, d).
    """
    found = features(lexicon, question, passages, embed)
    return _different(sorted(found, key=lambda one: -one.score), most)


def features(
    lexicon: Lexicon,
    question: Vectors,
    passages: Sequence[Ranked],
    embed: Callable[[Sequence[str]], Vectors],
    weighing: Weighing | None = None,
) -> list[Chosen]:
    """The sentences that come into question, with what speaks for each."""
    weighing = weighing or Weighing()
    best = max((found.score for found in passages), default=0.0) or 1.0
    rough: list[tuple[float, float, Ranked, Span]] = []
    for found in passages:
        for span in spans(found):
            coverage = _coverage(lexicon, found, span) / lexicon.whole
            rough.append((coverage + found.score / best, coverage, found, span))
    rough.sort(key=lambda one: -one[0])
    rough = rough[:_EMBEDDED]
    vectors = embed([_text(found, span) for _, _, found, span in rough])
    chosen = []
    for (_, coverage, found, span), vector in zip(rough, vectors, strict=True):
        meaning = max(0.0, float(vector @ question)) * found.evidence.trust
        score = (
            weighing.coverage * coverage + weighing.meaning * meaning + weighing.passage * found.score / best
        ) / (weighing.coverage + weighing.meaning + weighing.passage)
        chosen.append(Chosen(found, *_in_section(found, span), score, coverage, meaning))
    return chosen


def spans(found: Ranked) -> list[Span]:
    """The sentences or rows of a passage, as offsets into its text."""
    return rows(found.row.text) if found.row.table else sentences(found.row.text, found.row.language)


def _in_section(found: Ranked, span: Span) -> Span:
    return found.row.start + span[0], found.row.start + span[1]


def _text(found: Ranked, span: Span) -> str:
    text = found.row.text[span[0] : span[1]]
    # A row says little without the name of its table.
    return f"{found.row.heading[-1]}: {text}" if found.row.table and found.row.heading else text


def _coverage(lexicon: Lexicon, found: Ranked, span: Span) -> float:
    text = found.row.text[span[0] : span[1]]
    context = " ".join((found.row.title, *found.row.heading))
    language = found.row.language
    match = lexicon.match(index_terms(text, language, rows=True), index_terms(context, language, rows=True))
    return lexicon.weight(match.counts) + 0.5 * lexicon.weight(match.context - match.counts.keys())


def _different(chosen: Sequence[Chosen], most: int) -> list[Chosen]:
    kept: list[Chosen] = []
    words: list[frozenset[str]] = []
    for one in chosen:
        if len(kept) == most or (kept and one.score < _WEAKER * kept[0].score):
            break
        row = one.source.row
        own = frozenset(row.text[one.start - row.start : one.end - row.start].casefold().split())
        if not any(_alike(own, other) for other in words):
            kept.append(one)
            words.append(own)
    return kept


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    if not first or not second:
        return first == second
    return len(first & second) >= _ALIKE * min(len(first), len(second))
