"""The shapes of a slide in the order in which they are read: as they stand on it, not as they were drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from assistant.documents.formats.shared.visual_order import Rectangle, reading_order
from assistant.file_reading.office_package import Package
from assistant.file_reading.safe_xml import (
    Element,
    attribute,
    child,
    descendants,
    integer,
    local,
)

_MAX_DEPTH = 30
"""How deep groups in groups are read."""
_Scale: TypeAlias = tuple[float, float, float, float]
"""Factors, then shifts, of x and y: coordinates of a group → those of the slide."""
_WHOLE: _Scale = (1.0, 1.0, 0.0, 0.0)


def ordered_shapes(package: Package, part: str, tree: Element) -> list[Element]:
    """Shapes, tables and pictures of a slide in reading order; what is grouped stays together."""
    return _Slide(package, part).ordered(tree, _WHOLE, 0)


class _Slide:
    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self._inherited: list[dict[str, Rectangle]] | None = None

    def ordered(self, parent: Element, scale: _Scale, depth: int) -> list[Element]:
        found: list[list[Element]] = []
        boxes: list[Rectangle | None] = []
        for shape in _shapes(parent, depth):
            if local(shape) != "grpSp":
                found.append([shape])
                boxes.append(self._place(shape, scale))
            elif depth < _MAX_DEPTH:
                found.append(self.ordered(shape, _inside(shape, scale), depth + 1))
                frame = _frame(child(child(shape, "grpSpPr"), "xfrm"), "off", "ext")
                boxes.append(_scaled(frame, scale))
        return [shape for at in reading_order(boxes) for shape in found[at]]

    def _place(self, shape: Element, scale: _Scale) -> Rectangle | None:
        box = _scaled(_frame(_transformation(shape), "off", "ext"), scale)
        if box is not None or not placeholder(shape):
            return box
        if self._inherited is None:
            self._inherited = _layouts(self._package, self._part)
        return next((one for names in self._inherited if (one := _inherited(shape, names)) is not None), None)


def all_shapes(tree: Element, depth: int = 0) -> Iterator[Element]:
    """The shapes in the order of the file."""
    for shape in _shapes(tree, depth):
        if local(shape) != "grpSp":
            yield shape
        elif depth < _MAX_DEPTH:
            yield from all_shapes(shape, depth + 1)


def placeholder(shape: Element) -> str:
    """The role of a shape in its layout: title, body, sldNum …; "" for a free one."""
    for element in descendants(child(shape, "nvSpPr"), "ph"):
        return attribute(element, "type", "body")
    return ""


def _shapes(parent: Iterable[Element], depth: int = 0) -> Iterator[Element]:
    """Shapes and groups, with the variants of alternatives that can be read."""
    for element in parent:
        name = local(element)
        if name in ("sp", "graphicFrame", "pic", "cxnSp", "contentPart", "grpSp"):
            yield element
        elif name == "AlternateContent" and depth < _MAX_DEPTH:
            choice, fallback = child(element, "Choice"), child(element, "Fallback")
            inside = list(_shapes(choice, depth + 1)) if choice is not None else []
            if not any(local(one) != "contentPart" for one in inside) and fallback is not None:
                inside = list(_shapes(fallback, depth + 1))
            yield from inside


def _frame(element: Element, offset: str, extent: str) -> Rectangle | None:
    """Place and size that an element's transformation says, as they are written."""
    place, size = child(element, offset), child(element, extent)
    if place is None or size is None:
        return None
    x, y = integer(place.get("x"), 0), integer(place.get("y"), 0)
    return x, y, x + integer(size.get("cx"), 0), y + integer(size.get("cy"), 0)


def _transformation(shape: Element) -> Element | None:
    own = child(shape, "xfrm")
    return own if own is not None else child(child(shape, "spPr"), "xfrm")


def _scaled(box: Rectangle | None, scale: _Scale) -> Rectangle | None:
    if box is None:
        return None
    across, down, right, below = scale
    x0, y0, x1, y1 = box
    return x0 * across + right, y0 * down + below, x1 * across + right, y1 * down + below


def _inside(group: Element, outer: _Scale) -> _Scale:
    """The scale of what is in a group."""
    properties = child(child(group, "grpSpPr"), "xfrm")
    place, own = _frame(properties, "off", "ext"), _frame(properties, "chOff", "chExt")
    if place is None or own is None or own[2] <= own[0] or own[3] <= own[1]:
        return outer
    across = (place[2] - place[0]) / (own[2] - own[0])
    down = (place[3] - place[1]) / (own[3] - own[1])
    right, below = place[0] - own[0] * across, place[1] - own[1] * down
    return outer[0] * across, outer[1] * down, outer[0] * right + outer[2], outer[1] * below + outer[3]


def _layouts(package: Package, part: str) -> list[dict[str, Rectangle]]:
    """Where the layout of a slide, and the master of that, put their placeholders: by number and by role."""
    found: list[dict[str, Rectangle]] = []
    for kind in ("slideLayout", "slideMaster"):
        part = next(iter(package.related(part, kind)), "")
        places: dict[str, Rectangle] = {}
        for shape in descendants(package.optional_xml(part), "sp"):
            box = _frame(child(child(shape, "spPr"), "xfrm"), "off", "ext")
            for mark in descendants(child(shape, "nvSpPr"), "ph"):
                if box is not None:
                    places.setdefault(f"number {attribute(mark, 'idx')}", box)
                    places.setdefault(attribute(mark, "type", "body"), box)
        found.append(places)
    return found


def _inherited(shape: Element, places: dict[str, Rectangle]) -> Rectangle | None:
    for mark in descendants(child(shape, "nvSpPr"), "ph"):
        number, role = attribute(mark, "idx"), attribute(mark, "type", "body")
        return (places.get(f"number {number}") if number else None) or places.get(role)
    return None
