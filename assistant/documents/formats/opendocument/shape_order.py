"""The shapes of an OpenDocument slide or group in the order in which they are read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.documents.formats.shared.visual_order import Rectangle, reading_order
from assistant.file_reading.safe_xml import Element, attribute, local

_LENGTH = re.compile(r"(-?[\d.]+)(cm|mm|in|pt|pc|px)")
_POINTS = {"cm": 72 / 2.54, "mm": 7.2 / 2.54, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}
_MOVED = re.compile(r"translate\s*\(\s*(\S+?)[\s,]+(\S+?)\s*\)")


def ordered_shapes(shapes: Sequence[Element]) -> list[Element]:
    return [shapes[at] for at in reading_order([_box(shape) for shape in shapes])]


def _box(shape: Element) -> Rectangle | None:
    """Where a shape stands, in points; a group stands where its shapes do, a turned one where it is moved."""
    x, y, width, height = (_length(attribute(shape, name)) for name in ("x", "y", "width", "height"))
    moved = _MOVED.search(attribute(shape, "transform"))
    if moved is not None and (x is None or y is None):
        x, y = _length(moved.group(1)), _length(moved.group(2))
    if x is not None and y is not None:
        return x, y, x + (width or 0.0), y + (height or 0.0)
    inside = [box for one in shape if local(shape) in ("g", "a") and (box := _box(one)) is not None]
    if not inside:
        return None
    x0, y0, x1, y1 = zip(*inside, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _length(text: str) -> float | None:
    match = _LENGTH.fullmatch(text)
    try:
        return float(match.group(1)) * _POINTS[match.group(2)] if match else None
    except ValueError:
        return None
