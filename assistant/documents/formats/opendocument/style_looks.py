"""How the styles of an OpenDocument file set text: raised, struck out, hidden, in a symbol font."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.documents.formats.shared.inline_text import BASELINE, SUBSCRIPT, SUPERSCRIPT
from assistant.documents.formats.shared.symbol_fonts import is_symbol_font
from assistant.file_reading.safe_xml import Element, attribute, child

_MAX_PARENTS = 8
"""Styles that a style is based on."""


@dataclass(frozen=True, slots=True)
class StyleLook:
    shift: int = BASELINE
    struck: bool = False
    hidden: bool = False
    font: str = ""
    """The symbol font that it names."""


PLAIN_STYLE = StyleLook()


class StyleLooks:
    """The styles of text by their name."""

    def __init__(self) -> None:
        self._properties: dict[str, Element] = {}
        self._parents: dict[str, str] = {}
        self._known: dict[str, StyleLook] = {}
        self._families: dict[str, str] = {}
        """Of fonts by the names under which the file declares them."""

    def declare_font(self, face: Element) -> None:
        self._families[attribute(face, "name")] = attribute(face, "font-family").strip("'")

    def learn(self, style: Element) -> None:
        name = attribute(style, "name")
        self._parents[name] = attribute(style, "parent-style-name")
        properties = child(style, "text-properties")
        if properties is not None:
            self._properties[name] = {
                key.rpartition("}")[2]: value for key, value in properties.attrib.items()
            }
        self._known.clear()

    def of(self, name: str) -> StyleLook:
        """How text of this style is set."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def _find(self, name: str) -> StyleLook:
        found: dict[str, str] = {}
        for _ in range(_MAX_PARENTS):
            found = {**self._properties.get(name, {}), **found}
            name = self._parents.get(name, "")
            if not name:
                break
        if not found:
            return PLAIN_STYLE
        through = found.get("text-line-through-style", found.get("text-line-through-type", "none"))
        name = found.get("font-name", "")
        fonts = (name, self._families.get(name, ""), found.get("font-family", ""))
        return StyleLook(
            _shift(found.get("text-position", "")),
            through != "none",
            found.get("display") == "none",
            next((font for font in fonts if is_symbol_font(font)), ""),
        )


def _shift(position: str) -> int:
    """Text positions are "super 58%", or how much of its height a text is raised ("33% 58%", "-8%")."""
    first = position.split()[0] if position.split() else ""
    if first in ("super", "sub"):
        return SUPERSCRIPT if first == "super" else SUBSCRIPT
    height = re.fullmatch(r"(-?\d+(?:\.\d+)?)%", first)
    if height is None or float(height.group(1)) == 0:
        return BASELINE
    return SUPERSCRIPT if float(height.group(1)) > 0 else SUBSCRIPT
