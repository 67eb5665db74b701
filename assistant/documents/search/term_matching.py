"""PURE: where the concepts of a question stand in the indexed terms of a chunk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.documents.search.query_terms import Concept
from assistant.documents.text.terms import ROW_MARK, SENTENCE_MARK, is_pair_script

_NEAR = 3
"""So many terms apart, two concepts that follow each other in the question count as said together."""
_TITLE = 8
"""A line of at most so many terms, figures not counted, may be a title or a label."""
_TITLE_LINE = 24
"""Terms of such a line, its figures counted."""
_TITLE_SHARE = 0.5
"""A title counts if the question says so large a part of it."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What of a question stands in a chunk."""

    counts: dict[int, int]
    """How often each concept, by its number, stands in the text."""
    context: frozenset[int]
    """The concepts that stand in the title or a heading."""
    length: int
    """Terms in the text."""
    sentence: float
    """The weight of the concepts in the sentence that has most of it."""
    adjacent: float
    """The greatest weight, in one sentence, of concepts that stand side by side as in the question."""
    title_match: float
    """The greatest weight of concepts that make up, for the most part, a heading, a short line or a label."""


class ConceptMatcher:
    """The concepts of one question, prepared for finding them in many chunks."""

    def __init__(self, concepts: Sequence[Concept], weights: Sequence[float]) -> None:
        """`weights`: of each concept; a rare one tells more."""
        self.concepts = tuple(concepts)
        self.weights = tuple(weights)
        self.total_weight = sum(weights) or 1.0
        """The weight of all concepts together."""
        self._by_first: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        self._beginnings: list[tuple[str, int]] = []
        self._spans = [max(form.count(" ") + 1 for form in concept.forms) for concept in concepts]
        for number, concept in enumerate(concepts):
            for form in concept.forms:
                first, *rest = form.split(" ")
                self._by_first.setdefault(first, []).append((number, tuple(rest)))
                if len(form) == 1 and is_pair_script(form):
                    self._beginnings.append((form, number))
        self._firsts = frozenset(self._by_first)

    def weight(self, numbers: Iterable[int]) -> float:
        """Of these concepts together."""
        weights = self.weights
        return sum([weights[number] for number in numbers])

    def match(self, indexed: str, context: str) -> Matches:
        """Find the concepts in a chunk; both texts come from `terms.index_terms`."""
        counts: dict[int, int] = {}
        length = 0
        best = adjacent = title_match = 0.0
        for sentence in indexed.split(SENTENCE_MARK):
            found: set[int] = set()
            places: list[tuple[int, int]] = []
            for line in sentence.split(ROW_MARK):
                tokens = line.split()
                here = self._places(tokens)
                if here:
                    if len(tokens) <= _TITLE_LINE:
                        title_match = max(title_match, self._title_match(tokens, here))
                    places += [(length + position, number) for position, number in here]
                    found.update(number for _, number in here)
                length += len(tokens)
            for _, number in places:
                counts[number] = counts.get(number, 0) + 1
            if found:
                best = max(best, self.weight(found))
                adjacent = max(adjacent, self._adjacent(places))
        above: set[int] = set()
        for line in context.split(ROW_MARK):
            tokens = line.split()
            here = self._places(tokens)
            above.update(number for _, number in here)
            title_match = max(title_match, self._title_match(tokens, here))
        return Matches(counts, frozenset(above), length, best, adjacent, title_match)

    def _places(self, tokens: list[str]) -> list[tuple[int, int]]:
        """(position, concept) in the order of the text."""
        by_first = self._by_first
        places: list[tuple[int, int]] = []
        if not self._beginnings and self._firsts.isdisjoint(tokens):
            return places  # most lines of most chunks
        for position, token in enumerate(tokens):
            entries = by_first.get(token)
            if entries is not None:
                for number, rest in entries:
                    if not rest or tuple(tokens[position + 1 : position + 1 + len(rest)]) == rest:
                        places.append((position, number))
            for beginning, number in self._beginnings:
                if token.startswith(beginning) and token != beginning:
                    places.append((position, number))
        return places

    def _title_match(self, tokens: list[str], places: list[tuple[int, int]]) -> float:
        """What a line is worth as a title; its figures are no part of it."""
        if not places:
            return 0.0
        size = len([token for token in tokens if not token[0].isdigit()])
        if not 0 < size <= _TITLE:
            return 0.0
        covered: set[int] = set()
        for position, number in places:
            covered.update(range(position, position + self._spans[number]))
        share = min(1.0, len(covered) / size)
        return self.weight({number for _, number in places}) * share if share >= _TITLE_SHARE else 0.0

    def _adjacent(self, places: list[tuple[int, int]]) -> float:
        total = 0.0
        seen: set[int] = set()
        last: dict[int, int] = {}
        for position, number in places:
            for other in (number - 1, number + 1):
                pair = max(number, other)
                if pair not in seen and other in last and position - last[other] <= _NEAR:
                    seen.add(pair)
                    total += (self.weights[number] + self.weights[other]) / 2
            last[number] = position
        return total
