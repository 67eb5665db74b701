"""PURE: names and years of a question, which must stand in the documents, were they to hold the answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import groupby, takewhile
from typing import TypeAlias

from assistant.documents.text.terms import fold, terms
from assistant.documents.text.word_lists import stopwords

Stands: TypeAlias = Callable[[str], bool]
"""Whether an FTS5 expression is satisfied."""

_YEAR = re.compile(r"(?<![\w.,-])(?:19|20)\d\d(?![a-zA-Z-]|[.,]?\d)")
"""Other numbers are counted out, computed with and defined in too many ways."""
_WORD = r"[^\W\d_][\w’'-]*"
_WORDS = re.compile(rf"(?<=[\w,;:’”\"')] ){_WORD}(?: {_WORD})*")
_TITLED = re.compile(rf"\b(?:Herrn?|Frau|Familie|Firma|Dr\.|Prof\.)(?: {_WORD})+")
_NOUNS_ARE_CAPITAL = frozenset({"de", "lb"})
"""Here a name is known by what stands before it."""
_NO_NAMES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "sir",
        "lord",
        "lady",
        "sr",
        "sra",
        "señor",
        "señora",
        "don",
        "doña",
        "i",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)
"""Capital words that documents may leave out or write in figures."""
_SHORTEST = 3
"""Letters of a name."""
_LETTERS = 4
"""Of a name that must stand there: its ending may differ."""


def asked_years(question: str) -> tuple[str, ...]:
    """The years that a question names, in digits from 0 to 9."""
    plain = "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in question)
    return tuple(dict.fromkeys(_YEAR.findall(plain)))


def asked_names(question: str, language: str) -> tuple[tuple[str, ...], ...]:
    """The names in a question, each in its words, as far as its language shows them by capital letters.

    Words in capitals throughout are left out: most are short for something that documents write in full.
    """
    nouns_are_capital = language in _NOUNS_ARE_CAPITAL
    common = _NO_NAMES | stopwords(language)
    names: list[tuple[str, ...]] = []
    for found in (_TITLED if nouns_are_capital else _WORDS).finditer(question):
        words = found[0].split(" ")[nouns_are_capital:]
        for named, run in groupby(words, lambda word: _is_name(word, common)):
            if named:
                names.append(tuple(run))
            if nouns_are_capital:
                break
    return tuple(dict.fromkeys(names))


def name_stands(name: Sequence[str], language: str, stands: Stands) -> bool:
    """Whether a name does, of whose words some do: both of two; of more, the first and another one.

    Args:
        language: of the question and of what is searched.
    """
    expressions = (_name_expression(word, language) for word in name)
    first, *others = (not wanted or stands(wanted) for wanted in expressions)
    return first and (not others or any(others))


def year_stands(year: str, stands: Stands) -> bool:
    """Whether a year does, also as a fiscal one."""
    return stands(f'"{year}" OR "fy{year}" OR "fy{year[-2:]}"')


def _is_name(word: str, common: frozenset[str]) -> bool:
    if not word[:1].isupper() or word.isupper() or len(word) < _SHORTEST or re.search(r"\d", word):
        return False
    return word.casefold() not in common


def _name_expression(word: str, language: str) -> str:
    """What any form of a word of a name satisfies, and its stem; "" for one that is too short to tell."""
    part = max(re.split(r"[^\w]+", fold(word.casefold())), key=len)
    if len(part) < _SHORTEST:
        return ""
    prefixes = (_common_prefix(part, stem) for stem in terms(part, language))
    return f'"{min((part[: max(_LETTERS, len(part) - 2)], *prefixes), key=len)}"*'


def _common_prefix(one: str, other: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(letter for letter, _ in same)
