"""What the styles of a Word document say: headings and lists of its paragraphs, the look of its runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.documents.formats.shared.inline_text import BASELINE, SUBSCRIPT, SUPERSCRIPT
from assistant.documents.formats.shared.symbol_fonts import is_symbol_font
from assistant.file_reading.office_package import boolean
from assistant.file_reading.safe_xml import Element, attribute, child, children, integer, local

_NOTE_MARKS = frozenset({"footnote reference", "endnote reference"})
_RAISED_HALF_POINTS = 4
"""Text that is set so much higher or lower is raised or lowered, whatever it is called."""
_HEADING_NAME = re.compile(r"heading\s*([1-9])$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Style:
    base: str
    level: int | None
    list_id: str
    list_depth: int
    name: str
    look: Element | None
    """Its properties of runs."""


@dataclass(frozen=True, slots=True)
class RunStyle:
    """How a run is set."""

    shift: int = BASELINE
    struck: bool = False
    hidden: bool = False
    note: bool = False
    """The style says that this is the mark of a note."""
    font: str = ""
    """The symbol font that it is set in."""


PLAIN_RUN = RunStyle()


class Styles:
    """The paragraph styles by their id."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        for element in children(root, "style"):
            name, base = (attribute(child(element, one), "val") for one in ("name", "basedOn"))
            properties = child(element, "pPr")
            outline = child(properties, "outlineLvl")
            level = _heading_level(name) if outline is None else _outline_level(outline)
            style = _Style(base, level, *_list_of(properties), name.lower(), child(element, "rPr"))
            self._styles[attribute(element, "styleId")] = style

    def role(self, paragraph: Element) -> tuple[int | None, str, int]:
        """The heading level, None for other text; the list of the paragraph ("" for none), its depth."""
        properties = child(paragraph, "pPr")
        if properties is None:
            return None, "", 0
        style = child(properties, "pStyle")
        chain = list(self._chain(attribute(style, "val"))) if style is not None else []
        level = next((one.level for one in chain if one.level is not None), None)
        if level is None and style is not None and not chain:
            level = _heading_level(attribute(style, "val"))
        outline = child(properties, "outlineLvl")
        if outline is not None:
            level = _outline_level(outline)
        identity, depth = _list_of(properties)
        if not identity:
            for one in chain:
                if one.list_id:
                    return level, one.list_id, one.list_depth or (level - 1 if level else 0)
        return level, identity, depth

    def looks_around(self, paragraph: Element) -> list[Element]:
        """What the style of a paragraph says of how its runs are set, where that changes what is read."""
        style = child(child(paragraph, "pPr"), "pStyle")
        if style is None:
            return []
        chain = self._chain(attribute(style, "val"))
        return [one.look for one in chain if one.look is not None and any(_tells(at) for at in one.look)]

    def run(self, run: Element, around: list[Element]) -> RunStyle:
        """How a run is set, by itself, by the style of its characters and by what is `around` it."""
        properties = child(run, "rPr")
        if properties is None and not around:
            return PLAIN_RUN
        named = child(properties, "rStyle")
        chain = list(self._chain(attribute(named, "val"))) if named is not None else []
        looks = [properties, *(style.look for style in chain if style.look is not None), *around]

        def first(*names: str) -> Element | None:
            for look in looks:
                for name in names:
                    found = child(look, name)
                    if found is not None:
                        return found
            return None

        return RunStyle(
            _shift(first("vertAlign"), first("position")),
            boolean(first("strike", "dstrike")),
            boolean(first("vanish")),
            any(style.name in _NOTE_MARKS for style in chain),
            _symbol_font(first("rFonts")),
        )

    def _chain(self, identity: str) -> Iterator[_Style]:
        """A style and those it is based on."""
        seen: set[str] = set()
        while identity in self._styles and identity not in seen:
            seen.add(identity)
            yield self._styles[identity]
            identity = self._styles[identity].base


def _tells(look: Element) -> bool:
    """Whether a property of runs changes what is read of them."""
    name = local(look)
    return name in ("strike", "dstrike", "vanish", "vertAlign", "position") or (
        name == "rFonts" and bool(_symbol_font(look))
    )


def _outline_level(outline: Element) -> int | None:
    value = attribute(outline, "val")
    return int(value) + 1 if value.isdigit() and int(value) < 9 else None


def _heading_level(name: str) -> int | None:
    match = _HEADING_NAME.match(name)
    if match:
        return int(match.group(1))
    return 1 if name.lower() == "title" else None


def _list_of(properties: Element | None) -> tuple[str, int]:
    numbers = child(properties, "numPr")
    depth = integer(attribute(child(numbers, "ilvl"), "val"), 0)
    return attribute(child(numbers, "numId"), "val"), max(0, depth)


def _shift(alignment: Element | None, position: Element | None) -> int:
    value = attribute(alignment, "val")
    if value in ("superscript", "subscript"):
        return SUPERSCRIPT if value == "superscript" else SUBSCRIPT
    height = integer(attribute(position, "val"), 0)
    if abs(height) < _RAISED_HALF_POINTS:
        return BASELINE
    return SUPERSCRIPT if height > 0 else SUBSCRIPT


def _symbol_font(fonts: Element | None) -> str:
    names = (attribute(fonts, kind) for kind in ("ascii", "hAnsi"))
    return next((name for name in names if is_symbol_font(name)), "")
