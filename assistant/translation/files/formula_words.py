"""PURE: the words that the formulas of a sheet look for in its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LITERAL = re.compile(r'"((?:[^"]|"")+)"')


def formula_words(formulas: Iterable[str]) -> frozenset[str]:
    """Texts in quotes in formulas and conditions, folded: cells that say the same must go on saying it."""
    return frozenset(
        words.replace('""', '"').strip().casefold()
        for formula in formulas
        for words in _LITERAL.findall(formula)
    )
