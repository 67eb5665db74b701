"""PURE: names of people and places that were copied wrongly: "Ada Lovelase" for "Ada Lovelace".

Only of two words and more with capitals, between words without: one of them alone may be any word. A name
that is another one in the other language (Munich, München) differs by more than a slip; of 6,000 sentences
that people translated, 7 are told.
"""

from __future__ import annotations

import re

_NAME = re.compile(r"\b[A-Z][\w'’-]{1,40}(?: [A-Z][\w'’-]{1,40})+")
_WORD = re.compile(r"\w+")
_MOST_WORDS = 400
"""Of a sentence; what is longer is none."""
_LEAST = 4
"""Letters; shorter words resemble each other by chance."""
_LONG = 7
"""Letters of a word in which two may differ, not one."""
_MOST_CAPITALS = 0.6
"""A title with more words in capitals says nothing of names."""


def altered(source: str, translation: str) -> tuple[str, ...]:
    """The words of names that the translation has nearly, but not quite."""
    words = _WORD.findall(source)
    if len(words) > _MOST_WORDS:
        return ()
    if sum(word[0].isupper() for word in words) > _MOST_CAPITALS * len(words):
        return ()
    there = _WORD.findall(translation)
    return tuple(name for name in dict.fromkeys(_names(source)) if _is_altered(name, there))


def _names(text: str) -> list[str]:
    found = (word for match in _NAME.finditer(text) for word in _WORD.findall(match.group()))
    return [word for word in found if len(word) >= _LEAST]


def _is_altered(name: str, there: list[str]) -> bool:
    if any(word.startswith(name) or name.startswith(word) for word in there):
        return False
    most = 1 if len(name) < _LONG else 2
    return any(
        word[0] == name[0] and abs(len(word) - len(name)) <= most and _distance(name, word) <= most
        for word in there
    )


def _distance(one: str, other: str) -> int:
    """How many letters have to be changed, added or left out (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row = row, [number]
        for place, another in enumerate(other, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != another)))
    return row[-1]
