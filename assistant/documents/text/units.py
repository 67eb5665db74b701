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

_HOW_MANY = re.compile(
    r"\b(?:how (?:many|much)|wie ?viele?|hoeveel|combien d(?:e |['’])|cu[áa]nt[oa]s?|quant[oiae]s?|"
    r"कितन[ाीे])\s+(\S+)(?:\s+(\S+))?|(?:多少|几)\s*(\S{1,4})",
    re.I,
)
_BETWEEN = re.compile(r"[\s\d.,;:!?？。，、()\[\]/–-]+")
"""What stands between units and other words."""


def asked_unit(question: str) -> tuple[str, str] | None:
    """What is to be measured and the unit that a question of "how many …" names; None for other questions."""
    found = _HOW_MANY.search(question)
    if found is None:
        return None
    first, second, unspaced = (_BETWEEN.sub("", word or "").casefold() for word in found.groups())
    for word in (first, second):
        if word in _measures():
            return _measures()[word], word
    # Where no spaces are written, the longest unit that comes next is meant.
    lengths = range(len(unspaced), 0, -1)
    word = next((unspaced[:length] for length in lengths if unspaced[:length] in _measures()), "")
    return (_measures()[word], word) if word else None


def measured(measure: str, text: str) -> bool:
    """Whether a text has a unit of this measure."""
    words = frozenset(_BETWEEN.split(text.casefold()))
    return any(
        re.search(rf"\d\s*{re.escape(unit)}", text) if is_pair_script(unit) else unit in words
        for unit, of in _measures().items()
        if of == measure
    )


@cache
def _measures() -> dict[str, str]:
    """What each unit measures."""
    lists: dict[str, str] = json.loads((paths.resources() / "units.json").read_text("utf-8"))
    return {unit: measure for measure, units in lists.items() for unit in units.split()}
