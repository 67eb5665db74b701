"""What the styles of a Word document say of its paragraphs: headings and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.documents.formats.shared.safe_xml import Element, attribute, child, children, integer

_HEADING_NAME = re.compile(r"heading\s*([1-9])$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Style:
    base: str
    level: int | None
    list_id: str
    list_depth: int


class Styles:
    """The paragraph styles by their id."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        for element in children(root, "style"):
            name, base = (attribute(child(element, one), "val") for one in ("name", "basedOn"))
            properties = child(element, "pPr")
            outline = child(properties, "outlineLvl")
            level = _heading_level(name) if outline is None else _outline_level(outline)
            style = _Style(base, level, *_list_of(properties))
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

    def _chain(self, identity: str) -> Iterator[_Style]:
        """A style and those it is based on."""
        seen: set[str] = set()
        while identity in self._styles and identity not in seen:
            seen.add(identity)
            yield self._styles[identity]
            identity = self._styles[identity].base


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
