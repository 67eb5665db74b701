"""PURE: where the concepts of a question stand in the indexed terms of a chunk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.documents.questions import Concept
from assistant.documents.terms import SENTENCE_MARK, is_pair_script

_NEAR = 3
"""So many terms apart, two concepts that follow each other in the question count as said together."""


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
    together: float
    """The greatest weight, in one sentence, of concepts that stand side by side as in the question."""


class Lexicon:
    """The concepts of one question, prepared for finding them in many chunks."""

    def __init__(self, concepts: Sequence[Concept], weights: Sequence[float]) -> None:
        """`weights`: of each concept; a rare one tells more."""
        self.concepts = tuple(concepts)
        self.weights = tuple(weights)
        self._by_first: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        self._beginnings: list[tuple[str, int]] = []
        for number, concept in enumerate(concepts):
            for form in concept.forms:
                first, *rest = form.split(" ")
                self._by_first.setdefault(first, []).append((number, tuple(rest)))
                if len(form) == 1 and is_pair_script(form):
                    self._beginnings.append((form, number))

    def weight(self, numbers: Iterable[int]) -> float:
        """Of these concepts together."""
        return sum(self.weights[number] for number in numbers)

    def match(self, indexed: str, context: str) -> Matches:
        """Find the concepts in a chunk; both texts come from `terms.index_terms`."""
        counts: dict[int, int] = {}
        length = 0
        best = together = 0.0
        for sentence in indexed.split(SENTENCE_MARK):
            tokens = sentence.split()
            length += len(tokens)
            places = self._places(tokens)
            if not places:
                continue
            for _, number in places:
                counts[number] = counts.get(number, 0) + 1
            best = max(best, self.weight({number for _, number in places}))
            together = max(together, self._together(places))
        found = frozenset(number for _, number in self._places(context.split()))
        return Matches(counts, found, length, best, together)

    def _places(self, tokens: list[str]) -> list[tuple[int, int]]:
        """(position, concept) in the order of the text."""
        by_first = self._by_first
        places: list[tuple[int, int]] = []
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

    def _together(self, places: list[tuple[int, int]]) -> float:
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
