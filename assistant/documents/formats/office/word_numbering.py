"""The numbers that Word puts before headings and list items; they are computed, not stored in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.file_reading.safe_xml import Element, attribute, child, children, integer

BULLET = "•"
_LEVELS = 9
"""How deep a list can be."""
_PLACE = re.compile(r"%([1-9])")


@dataclass(slots=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of one document; `label` counts on, so it is asked once for each paragraph, in order."""

    def __init__(self, root: Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, list[int]] = {}
        self._restarted: set[tuple[str, int]] = set()
        abstracts: dict[str, dict[int, _Level]] = {}
        for element in children(root, "abstractNum"):
            abstracts[attribute(element, "abstractNumId")] = {
                _number(attribute(level, "ilvl")): _read_level(level) for level in children(element, "lvl")
            }
        for element in children(root, "num"):
            abstract = attribute(child(element, "abstractNumId"), "val")
            found = _List(abstract, dict(abstracts.get(abstract, {})))
            for override in children(element, "lvlOverride"):
                depth = _number(attribute(override, "ilvl"))
                level = child(override, "lvl")
                if level is not None:
                    found.levels[depth] = _read_level(level)
                start = child(override, "startOverride")
                if start is not None:
                    found.starts[depth] = _number(attribute(start, "val"), 1)
            self._lists[attribute(element, "numId")] = found

    def label(self, identity: str, depth: int) -> str:
        """The mark of the next paragraph of list `identity` at `depth` (from 0): "3.", "b)", "•" or ""."""
        found = self._lists.get(identity)
        if found is None or identity == "0" or not 0 <= depth < _LEVELS:
            return ""
        counters = self._counters.setdefault(found.abstract, [0] * _LEVELS)
        level = found.levels.get(depth, _Level(text=f"%{depth + 1}."))
        if depth in found.starts and (identity, depth) not in self._restarted:
            self._restarted.add((identity, depth))
            counters[depth] = found.starts[depth]
        else:
            counters[depth] = counters[depth] + 1 if counters[depth] else level.start
        for deeper in range(depth + 1, _LEVELS):
            counters[deeper] = 0
        if level.form == "bullet":
            return BULLET
        if level.form == "none":
            return level.text if not _PLACE.search(level.text) else ""

        def fill(place: re.Match[str]) -> str:
            index = int(place.group(1)) - 1
            of = found.levels.get(index, _Level())
            value = counters[index] or of.start
            return written(value, "decimal" if level.legal else of.form)

        return _PLACE.sub(fill, level.text).strip()


def _read_level(element: Element) -> _Level:
    def value(name: str, default: str) -> str:
        return attribute(child(element, name), "val", default)

    return _Level(
        value("numFmt", "decimal"),
        value("lvlText", ""),
        _number(value("start", "1"), 1),
        child(element, "isLgl") is not None,
    )


def _number(text: str, default: int = 0) -> int:
    return max(0, min(integer(text, default), 1_000_000))


def written(value: int, form: str) -> str:
    """A number in the form of a list: decimal, lowerLetter, upperRoman …; forms not known are decimal."""
    if form == "none":
        return ""
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * min(1 + (value - 1) // 26, 9)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman") and 0 < value < 4000:
        roman = ""
        rest = value
        for amount, sign in _ROMAN:
            roman += sign * (rest // amount)
            rest %= amount
        return roman if form == "upperRoman" else roman.lower()
    if form == "decimalZero":
        return f"{value:02}"
    return str(value)


_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
