"""PURE: the arithmetic that turns what keyword and vector search say of a chunk into one score."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from assistant.documents.search.term_matching import ConceptMatcher, Matches

_K1 = 1.2
"""How soon a term that is said again adds nothing, as usual for BM25."""
_B = 0.75
"""How much longer chunks are held back, as usual for BM25."""
_CONTEXT = 0.5
"""A term in the title or a heading counts as much as half a term in the text."""

_TRANSLATED = 0.4
"""Of a question's words, so many stand, translated, in a passage in another language that means the same."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts. Each is worth at most its weight, so that the sum has a limit."""

    keywords: float = 0.2
    """BM25, as a part of the best BM25 of this question."""
    sentence: float = 0.8
    """The part of the question that stands in one sentence."""
    adjacent: float = 1.0
    """The part of the question whose words stand side by side as in the question."""
    closeness: float = 1.6
    """Closeness in meaning, as a part of the best one; times how well the embedder speaks the language."""
    page: float = 0.8
    """The part of the question that stands anywhere on the page."""
    title_match: float = 0.15
    """The part of the question that a title or label on the page consists of, as a part of the best one."""
    mentioned: float = 0.8
    """How plainly the question names the document."""
    statement: float = 1.5
    """The part of a financial statement that stands on the page, where the question needs one."""

    total: float = field(init=False)
    """The best score there could be, before it is divided by this."""

    def __post_init__(self) -> None:
        weights = (getattr(self, each.name) for each in fields(self) if each.init)
        object.__setattr__(self, "total", float(sum(weights)))


@dataclass(frozen=True, slots=True)
class ChunkEvidence:
    """What is known of one chunk, each from 0 to 1."""

    keywords: float = 0.0
    sentence: float = 0.0
    adjacent: float = 0.0
    closeness: float = 0.0
    fluency: float = 0.0
    """How well the embedder speaks both the question's and the chunk's language."""
    foreign: float = 0.0
    """1 for a chunk in another language than the question, whose words cannot stand there."""
    page: float = 0.0
    title_match: float = 0.0
    mentioned: float = 0.0
    statement: float = 0.0


def fused(evidence: ChunkEvidence, weights: Weights) -> float:
    """One score, 0 to 1; it never falls when any part of the evidence rises."""
    meaning = evidence.fluency * evidence.closeness
    words = (
        weights.keywords * evidence.keywords
        + weights.sentence * evidence.sentence
        + weights.adjacent * evidence.adjacent
        + weights.page * evidence.page
    )
    all_words = weights.keywords + weights.sentence + weights.adjacent + weights.page
    words += (all_words - words) * _TRANSLATED * evidence.foreign * meaning
    value = (
        words
        + weights.closeness * meaning
        + weights.title_match * evidence.title_match
        + weights.mentioned * evidence.mentioned
        + weights.statement * evidence.statement
    )
    return value / weights.total if weights.total else 0.0


def rarity(frequency: int, chunks: int) -> float:
    """The weight of a concept that stands in `frequency` of `chunks`: BM25's inverse document frequency."""
    frequency = min(frequency, chunks)
    return math.log(1 + (chunks - frequency + 0.5) / (frequency + 0.5))


def bm25(matches: Mapping[int, Matches], matcher: ConceptMatcher) -> dict[int, float]:
    """BM25 (Robertson and Zaragoza 2009) of each chunk; the usual length is the mean of these chunks."""
    if not matches:
        return {}
    usual = sum(match.length for match in matches.values()) / len(matches) or 1.0
    scores: dict[int, float] = {}
    for identity, match in matches.items():
        damping = _K1 * (1 - _B + _B * match.length / usual)
        score = 0.0
        for number in match.counts.keys() | match.context:
            count = match.counts.get(number, 0) + (_CONTEXT if number in match.context else 0.0)
            score += matcher.weights[number] * count * (_K1 + 1) / (count + damping)
        scores[identity] = score
    return scores


def relative(scores: Mapping[int, float]) -> dict[int, float]:
    """Each score as a part of the best one; what is not above 0 becomes 0.

    Only the upper end is scaled. Scaling the lower end to 0 as well (min-max) blows up the small differences
    of an embedder that does not speak the language: xquad-zh fell from .969 to .922, -hi from .960 to .915.
    """
    best = max(scores.values(), default=0.0)
    if best <= 0:
        return dict.fromkeys(scores, 0.0)
    return {identity: max(0.0, score) / best for identity, score in scores.items()}


def ordered(scores: Mapping[int, float]) -> list[int]:
    """Best first; equal ones in the order of their numbers."""
    return sorted(scores, key=lambda identity: (-scores[identity], identity))


def within_budget(frequencies: Sequence[int], budget: int) -> list[int]:
    """Which concepts to ask the keyword index for: the rarest ones, together in at most `budget` chunks.

    The rarest one is always asked for. Those left out count all the same once the chunks are there.
    """
    chosen: list[int] = []
    spent = 0
    for index in sorted(range(len(frequencies)), key=lambda i: (frequencies[i], i)):
        if chosen and spent + frequencies[index] > budget:
            break
        chosen.append(index)
        spent += frequencies[index]
    return sorted(chosen)
