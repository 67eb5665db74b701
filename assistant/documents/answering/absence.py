"""PURE: whether names and years of a question stand in documents; where they do not, these hold no answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import TypeAlias

from assistant.documents.text.names import beginning, main_part
from assistant.documents.text.terms import terms

Stands: TypeAlias = Callable[[str], bool]
"""Whether an FTS5 expression is satisfied."""

_YEAR = re.compile(r"(?<![\w.,-])(?:19|20)\d\d(?![a-zA-Z-]|[.,]?\d)")
"""Other numbers are counted out, computed with and defined in too many ways."""
_SHORTEST = 3
"""Letters that a part of a name must have to be looked for."""


def asked_years(question: str) -> tuple[str, ...]:
    """The years that a question names, in digits from 0 to 9."""
    plain = "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in question)
    return tuple(dict.fromkeys(_YEAR.findall(plain)))


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


def _name_expression(word: str, language: str) -> str:
    """What any form of a word of a name satisfies, and its stem; "" for one that is too short to tell."""
    part = main_part(word)
    if len(part) < _SHORTEST:
        return ""
    prefixes = (_common_prefix(part, stem) for stem in terms(part, language))
    return f'"{min((beginning(part), *prefixes), key=len)}"*'


def _common_prefix(one: str, other: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(letter for letter, _ in same)
