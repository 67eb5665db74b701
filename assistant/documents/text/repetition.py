"""PURE: whether two passages say the same, so that one of them is enough."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

_SHARED = 0.85
"""The part of the shorter passage that both must have in one piece."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a passage, as `repeats` compares them."""
    return tuple(text.casefold().split())


def repeats(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether one passage repeats the other, but for what one of them has more at an end.

    Where both have something else at the same place, they differ in a number, a name or a word that may be
    what was asked for: the same clause in two versions of a contract, the same line of two price lists.
    """
    shorter = min(len(first), len(second))
    if not shorter:
        return len(first) == len(second)
    if len(set(first) & set(second)) < _SHARED * min(len(set(first)), len(set(second))):
        return False
    same = SequenceMatcher(None, first, second, autojunk=False).find_longest_match()
    before = same.a and same.b
    behind = same.a + same.size < len(first) and same.b + same.size < len(second)
    return same.size >= _SHARED * shorter and not before and not behind
