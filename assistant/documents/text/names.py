"""PURE: which words of a text are names, as far as its language shows them by capital letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby, takewhile

from assistant.documents.text.terms import fold
from assistant.documents.text.word_lists import no_names, stopwords, titles

_NOUNS_ARE_CAPITAL = frozenset({"de", "lb"})
"""Here a name is known by the title before it."""
_WORD = r"[^\W\d_][\w’'-]*"
_WITHIN_SENTENCES = re.compile(rf"(?<=[\w,;’”\"')] ){_WORD}(?: {_WORD})*")
_POSSESSIVE = re.compile(r"(?<=\w)[’']s?$")
_SHORTEST = 3
"""Letters of a name."""
_LEAST_LETTERS = 4
"""So many letters of a name are never its ending."""
_LONGEST_ENDING = 2


def possible_names(text: str, language: str) -> list[tuple[str, ...]]:
    """Words within sentences that may be names, those in a row together: all but those in small letters.

    In a script without capital letters that is any word; where nouns have them, none.
    """
    if language in _NOUNS_ARE_CAPITAL:
        return []
    return [
        tuple(row)
        for found in _WITHIN_SENTENCES.finditer(text)
        for possible, row in groupby(found[0].split(" "), lambda word: not word[0].islower())
        if possible
    ]


def names_in(text: str, language: str) -> tuple[tuple[str, ...], ...]:
    """The names of persons, firms and places in a text, each in its words and without titles.

    None in a script without capital letters.
    Words in capitals throughout are left out: most are short for something that documents write in full.
    """
    rows = (
        _behind_titles(text, language) if language in _NOUNS_ARE_CAPITAL else possible_names(text, language)
    )
    common = no_names() | stopwords(language)
    return tuple(
        dict.fromkeys(
            tuple(_POSSESSIVE.sub("", word) for word in name)
            for row in rows
            for named, name in groupby(row, lambda word: _is_name(word, common))
            if named
        )
    )


def main_part(name: str) -> str:
    """The longest part of a word of a name, in lower case without accents: "brien" of "O’Brien"."""
    return max(re.split(r"\W+", fold(name.casefold())), key=len)


def beginning(part: str) -> str:
    """What every form of a word of a name begins with, of its `main_part`: its ending may differ."""
    return part[: max(_LEAST_LETTERS, len(part) - _LONGEST_ENDING)]


def _behind_titles(text: str, language: str) -> Iterator[tuple[str, ...]]:
    """The capital words that follow a title and are none."""
    pattern = _titled(language)
    for found in pattern.finditer(text) if pattern else ():
        yield tuple(takewhile(lambda word: word[0].isupper(), found[1].split(" ")))


@cache
def _titled(language: str) -> re.Pattern[str] | None:
    known = "|".join(map(re.escape, titles(language)))
    if not known:
        return None
    return re.compile(rf"\b(?:(?:{known})\b\.? )+({_WORD}(?: {_WORD})*)", re.IGNORECASE)


def _is_name(word: str, common: frozenset[str]) -> bool:
    if not word[0].isupper() or word.isupper() or len(word) < _SHORTEST or re.search(r"\d", word):
        return False
    return word.casefold() not in common
