"""PURE: when another embedder would find more, told by the languages of documents and questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assistant.documents.embedder_records import EmbedderAdvice, EmbedderChoice, EmbedderState
from assistant.languages import MANY

_PART = 0.2
"""So much of the documents or questions in languages that the embedder does not speak is worth a change."""
_MOST = 0.5
"""So much of the first documents, and a new data folder begins with another embedder by itself."""
_NOISE = 0.02
"""A language of a smaller part is probably a mistake in telling languages."""
_FEWEST_QUESTIONS = 5


def worth_changing(
    spoken: Sequence[str], documents: Mapping[str, int], questions: Sequence[str]
) -> tuple[str, ...]:
    """The languages for which another embedder is recommended, most frequent first.

    Args:
        spoken: the languages of the active embedder.
        documents: how many characters there are in each language.
        questions: the languages of the last questions.
    """
    asked = Counter(questions) if len(questions) >= _FEWEST_QUESTIONS else Counter[str]()
    for amounts in (documents, asked):
        strange = _unspoken(spoken, amounts)
        if _part(strange, amounts) >= _PART:
            return strange
    return ()


def worth_beginning(spoken: Sequence[str], documents: Mapping[str, int]) -> tuple[str, ...]:
    """The languages for which a new data folder with these first documents begins with another one."""
    strange = _unspoken(spoken, documents)
    return strange if _part(strange, documents) >= _MOST else ()


def best(
    choices: Sequence[EmbedderChoice], languages: tuple[str, ...], *, here: bool = False
) -> EmbedderAdvice | None:
    """Of those that speak the languages one that is here, and of several the lightest.

    Args:
        here: none that has to be got first.
    """
    good = [
        each
        for each in choices
        if each.state is not EmbedderState.ACTIVE
        and not (here and each.state is EmbedderState.OFFERED)
        and (MANY in each.languages or set(languages) <= set(each.languages))
    ]
    if not good:
        return None
    found = min(good, key=lambda each: (each.state is EmbedderState.OFFERED, each.memory))
    return EmbedderAdvice(found.id, found.name, found.state is not EmbedderState.OFFERED, languages)


def _unspoken(spoken: Sequence[str], amounts: Mapping[str, int]) -> tuple[str, ...]:
    """The languages that an embedder does not speak, most frequent first; none where that is not known."""
    if MANY in spoken or not spoken:
        return ()
    least = _NOISE * sum(amounts.values())
    strange = [each for each, amount in amounts.items() if each not in spoken and amount > least]
    return tuple(sorted(strange, key=lambda each: (-amounts[each], each)))


def _part(languages: Iterable[str], amounts: Mapping[str, int]) -> float:
    return sum(amounts[each] for each in languages) / (sum(amounts.values()) or 1)
