"""Units by what they measure: which one a question asks for, and whether a text has one of the same kind.

The words stand in `resources/units.json`, of all languages together, in lower case. Those of time and of
money are not among them: they stand nearly everywhere.
"""

from __future__ import annotations

import json
import re
from functools import cache

from assistant import paths
from assistant.documents.text.terms import is_pair_script
from assistant.text_folding import compatible

_HOW_MANY = re.compile(
    r"\b(?:combien d(?:e\s+|['’])|(?:how (?:many|much)|wie ?viele?|hoeveel|cu[áa]nt[oa]s?|quant[oiae]s?|"
    r"कितन[ाीे])\s+)(\S+)(?:\s+(\S+))?|(?:多少|几)\s*(\S{1,4})",
    re.I,
)
_NUMERAL = r"[\d〇零一二两兩三四五六七八九十百千万萬半几幾]"
"""Digits and signs for numbers, where no spaces are written."""
_BETWEEN = re.compile(r"[\s.,;:!?。，、()\[\]/–-]+")
"""What stands between units and other words."""
_DIGITS_BEFORE = re.compile(r"^\d+")
_UNCERTAIN = "also money or books"
"""Asked for, these units do not tell what is to be measured."""


def asked_unit(question: str) -> tuple[str, str] | None:
    """What is to be measured and the unit that a question of "how many …" names; None for other questions."""
    found = _HOW_MANY.search(compatible(question))
    if found is None:
        return None
    measures, uncertain = _measures(), frozenset(_lists()[_UNCERTAIN])
    first, second, unspaced = ("".join(_words(word or "")) for word in found.groups())
    # Where no spaces are written, the longest unit that comes next is meant.
    lengths = range(len(unspaced), 0, -1)
    longest = next((unspaced[:length] for length in lengths if unspaced[:length] in measures), "")
    known = [word for word in (first, second, longest) if word in measures]
    if not known or not uncertain.isdisjoint(known):
        return None
    # Of square metres, in whatever order they are said, it is the word beside the length that counts.
    return min((measures[word] for word in known), key=lambda measure: measure == "length"), " ".join(known)


def measured(measure: str, text: str) -> bool:
    """Whether a text has a unit of this measure."""
    plain = compatible(text).casefold()
    words = frozenset(_words(plain))
    return any(
        _stands_unspaced(unit, plain) if is_pair_script(unit) else unit in words
        for unit, of in _measures().items()
        if of == measure
    )


def _words(text: str) -> list[str]:
    """The words in lower case, without the digits that are written onto a unit: "kg" of "31kg", and "m2"."""
    return [word for raw in _BETWEEN.split(text.casefold()) if (word := _DIGITS_BEFORE.sub("", raw))]


def _stands_unspaced(unit: str, text: str) -> bool:
    """A single character may be a part of any word, and is a unit behind a number or in brackets only."""
    return unit in text if len(unit) > 1 else re.search(rf"(?:{_NUMERAL}\s*|\(){unit}", text) is not None


@cache
def _lists() -> dict[str, list[str]]:
    lists: dict[str, str] = json.loads((paths.resources() / "units.json").read_text("utf-8"))
    return {measure: compatible(units).split() for measure, units in lists.items()}


@cache
def _measures() -> dict[str, str]:
    """What each unit measures."""
    return {unit: measure for measure, units in _lists().items() for unit in units if measure != _UNCERTAIN}
