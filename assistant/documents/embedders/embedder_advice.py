"""PURE: when another embedder would find more, told by the languages of documents or questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.documents.embedder_records import EmbedderChoice, EmbedderState
from assistant.languages import MANY

_NOISE = 0.02
"""A language of a smaller part is probably a mistake in telling languages."""


def unspoken(spoken: Sequence[str], amounts: Mapping[str, int], part: float) -> tuple[str, ...]:
    """The languages that an embedder does not speak, most frequent first.

    Args:
        spoken: the languages that it speaks; none where nobody knows.
        amounts: how much there is in each language.
        part: those that it does not speak are told if they make up so much together, 0 to 1.
    """
    if MANY in spoken or not spoken:
        return ()
    total = sum(amounts.values())
    strange = [each for each, amount in amounts.items() if each not in spoken and amount > _NOISE * total]
    if not strange or sum(amounts[each] for each in strange) < part * total:
        return ()
    return tuple(sorted(strange, key=lambda each: (-amounts[each], each)))


def best(choices: Sequence[EmbedderChoice], languages: Sequence[str]) -> EmbedderChoice | None:
    """Of those that speak the first language: one that is here, that speaks most of them, that is light."""
    good = [
        each for each in choices if each.state is not EmbedderState.ACTIVE and _speaks(each, languages[:1])
    ]

    def order(choice: EmbedderChoice) -> tuple[bool, int, int]:
        return choice.state is EmbedderState.OFFERED, -_speaks(choice, languages), choice.memory

    return min(good, key=order, default=None)


def _speaks(choice: EmbedderChoice, languages: Sequence[str]) -> int:
    """How many of the languages."""
    return sum(MANY in choice.languages or each in choice.languages for each in languages)
