"""PURE: by which model, or which two, a language is translated into another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant import languages as names
from assistant.translation.records import EngineChoice, Hop, Route

_FIRST_PIVOTS = ("en", "de", "fr", "es")
"""Tried in this order: most models are made for one of them."""


def translates(choice: EngineChoice, source: str, target: str) -> bool:
    """Whether a model goes straight from one language to the other one."""
    source, target = names.plain(source), names.plain(target)
    if choice.pairs:
        return (source, target) in choice.pairs
    if choice.languages:
        return source != target and {source, target} <= set(choice.languages)
    return choice.chat


def route(choices: Sequence[EngineChoice], source: str, target: str, preferred: str = "") -> Route | None:
    """The best way; None where no model goes it.

    The preferred model comes first: straight, then as one of two. Else one model comes before two, one that
    was made for few languages before one for many, one for any use before one that is not for commercial
    use, and chat models stand last: they take the longest.

    Args:
        preferred: path of a model, "" where the program chooses.
    """
    if names.plain(source) == names.plain(target):
        return None
    chosen = [choice for choice in choices if choice.path == preferred]
    ranked = sorted((choice for choice in choices if choice.path != preferred), key=_rank)
    made = [choice for choice in ranked if not choice.chat]
    return (
        _direct(chosen, source, target)
        or _over_pivot(chosen, [*chosen, *made], source, target)
        or _direct(made, source, target)
        or _over_pivot(made, made, source, target)
        or _direct(ranked, source, target)
    )


def languages(choices: Iterable[EngineChoice]) -> tuple[str, ...]:
    """Those that can be translated into, by their names; a chat model can be asked for any."""
    found: set[str] = set()
    for choice in choices:
        if choice.chat and not choice.languages:
            found.update(names.WIDELY_SPOKEN)
        found.update(choice.languages, (target for _, target in choice.pairs))
    return tuple(sorted(found, key=names.name))


def sources(choices: Sequence[EngineChoice], target: str) -> tuple[str, ...]:
    """The languages that a text is likely to be in, of those that can be translated into one: the widely
    spoken ones and those that a model was made for."""
    made_for = (source for choice in choices for source, _ in choice.pairs)
    likely = dict.fromkeys((*names.WIDELY_SPOKEN, *made_for))
    return tuple(code for code in likely if route(choices, code, target) is not None)


def _rank(choice: EngineChoice) -> tuple[bool, bool, int]:
    return choice.chat, choice.non_commercial, len(choice.pairs) or len(choice.languages) ** 2


def _direct(choices: Iterable[EngineChoice], source: str, target: str) -> Route | None:
    found = next((choice for choice in choices if translates(choice, source, target)), None)
    return Route((Hop(found, source, target),)) if found else None


def _over_pivot(
    some: Sequence[EngineChoice], all_: Sequence[EngineChoice], source: str, target: str
) -> Route | None:
    """Two hops, at least one of them by one of `some`."""
    for pivot in _pivots(all_):
        ways = (_first(some, all_, source, pivot, target), _first(all_, some, source, pivot, target))
        found = next((way for way in ways if way is not None), None)
        if found is not None:
            return found
    return None


def _first(
    before: Sequence[EngineChoice], after: Sequence[EngineChoice], source: str, pivot: str, target: str
) -> Route | None:
    one, other = _direct(before, source, pivot), _direct(after, pivot, target)
    return Route(one.hops + other.hops) if one and other else None


def _pivots(choices: Sequence[EngineChoice]) -> Iterator[str]:
    yield from _FIRST_PIVOTS
    targets = {target for choice in choices for _, target in choice.pairs}
    yield from sorted(targets.difference(_FIRST_PIVOTS))
