"""PURE: which words of a translation came from which words of the sentence, by the model's attention.

Models that were trained to align (OPUS-MT's "transformer-align") point with one head of attention at the
word that they translate. Others have such a head as well, which points anywhere, and nothing in their files
tells the two apart. So a model is tried on what it is given: where the translation of a word alone stands in
the translation of its sentence, the attention has to point from there to that word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.translation.records import Span

Links = tuple[tuple[Span, Span], ...]
Attention = Sequence[Sequence[float]]
"""For each piece of the translation, how much it looked at each piece of the sentence."""

_LEAST = 0.2
"""Of its attention a word must have given to another one to be linked with it."""
_ALSO = 0.3
"""So much makes a second link."""
_ENOUGH_WORDS = 6
"""Tell whether a model points at what it translates."""
_RIGHT = 0.75
"""The share of them that it must point at."""


@dataclass(slots=True)
class Trust:
    """Whether a model's attention aligns, as far as it was tried."""

    right: int = 0
    tried: int = 0

    @property
    def known(self) -> bool:
        return self.tried >= _ENOUGH_WORDS

    @property
    def good(self) -> bool:
        return self.known and self.right >= _RIGHT * self.tried

    def learn(self, links: Links, word: Span, text: str, alone: str) -> None:
        """
        Args:
            links: of a sentence with this translation.
            word: its place in the sentence.
            alone: what the word became when it was translated by itself.
        """
        place = _only_place(alone.strip(" .,;:!?¡¿。").casefold(), text.casefold())
        if place is None:
            return
        sources = [source for source, target in links if target[0] < place[1] and place[0] < target[1]]
        self.tried += 1
        self.right += any(start < word[1] and word[0] < end for start, end in sources)


def links(
    attention: Attention,
    source: str,
    source_pieces: Sequence[Span],
    target: str,
    target_pieces: Sequence[Span],
    before: int = 0,
) -> Links:
    """Words of `source` and the words of `target` that came from them, in the order of the latter.

    Args:
        before: marks that stand before the pieces of the sentence in the rows of `attention`.
    """
    sources, targets = words(source, source_pieces), words(target, target_pieces)
    weights = [
        [
            sum(attention[row][before + column] for row in target_word for column in source_word)
            / max(1, len(target_word))
            for source_word in sources
        ]
        for target_word in targets
    ]
    linked: set[tuple[int, int]] = set()
    for number, row in enumerate(weights):
        best = max(row, default=0.0)
        linked.update(
            (number, place) for place, weight in enumerate(row) if weight >= _ALSO or weight == best >= _LEAST
        )
    for place in range(len(sources)):
        if all(each != place for _, each in linked):
            number = max(range(len(targets)), key=lambda each: weights[each][place], default=0)
            if targets and weights[number][place] >= _LEAST:
                linked.add((number, place))
    return tuple(
        (_extent(sources[place], source_pieces), _extent(targets[number], target_pieces))
        for number, place in sorted(linked)
    )


def words(text: str, pieces: Sequence[Span]) -> list[list[int]]:
    """The pieces that make up each word; a sign of punctuation is one, and so is each piece of Chinese."""
    found: list[list[int]] = []
    end = -1
    for number, (start, stop) in enumerate(pieces):
        if start == stop:
            continue
        if found and start <= end and _one_word(text[end - 1], text[start]):
            found[-1].append(number)
        else:
            found.append([number])
        end = stop
    return found


def _one_word(before: str, after: str) -> bool:
    return _in_word(before) and _in_word(after) and not (_without_spaces(before) or _without_spaces(after))


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _without_spaces(character: str) -> bool:
    """It is of a script that has none between words."""
    return unicodedata.name(character, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER"))


def _extent(word: Sequence[int], pieces: Sequence[Span]) -> Span:
    return min(pieces[number][0] for number in word), max(pieces[number][1] for number in word)


def _only_place(word: str, text: str) -> Span | None:
    """Where a word stands in a text; None if it does not, or more than once."""
    if not word or text.count(word) != 1:
        return None
    start = text.index(word)
    end = start + len(word)
    whole = not (start and _one_word(text[start - 1], text[start])) and not (
        end < len(text) and _one_word(text[end - 1], text[end])
    )
    return (start, end) if whole else None
