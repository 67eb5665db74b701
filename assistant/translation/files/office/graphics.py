"""Charts and diagrams in Office files: titles, names of series and categories, texts of shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from assistant.file_reading.safe_xml import Element, local
from assistant.translation.files.office import chart_workbooks
from assistant.translation.files.office.drawing_text import add_drawing_texts, turn_styles
from assistant.translation.files.office.office_file import Blocks, Part
from assistant.translation.files.office.package import EditablePackage
from assistant.translation.files.office.plain_places import element_text

_GRAPHICS = ("chart", "chartEx", "diagramData", "diagramDrawing", "chartUserShapes")
_PLACES = {"chart": "chart", "chartEx": "chart", "chartUserShapes": "chart"}
_TEXT_VALUES = frozenset({"strCache", "strLit", "multiLvlStrCache", "tx", "txData", "strDim", "trendline"})
"""What holds values that are words; others hold numbers and formulas."""


def graphics(package: EditablePackage, part: str, place: str) -> Iterator[Part]:
    """The charts and diagrams that a part shows."""
    for kind in _GRAPHICS:
        for name in package.each_related(part, kind):
            named = _PLACES.get(kind, "diagram")
            where = f"{place}, {named}" if place else named
            yield Part(name, partial(_collect, place=where), turn_styles)
            if kind == "chart":
                yield from graphics(package, name, place)
                yield from (
                    Part(workbook, rewrite=chart_workbooks.rewritten)
                    for workbook in package.each_related(name, "package")
                )


def _collect(root: Element, blocks: Blocks, place: str) -> None:
    add_drawing_texts(root, blocks, place)
    for value in root.iter("{*}v", "{*}pt", "{*}name"):
        if _is_words(value):
            blocks.add(element_text(value, place), "value")


def _is_words(value: Element) -> bool:
    if local(value) == "pt" and len(value):
        return False
    return next((True for above in value.iterancestors() if local(above) in _TEXT_VALUES), False)


def all_graphics(package: EditablePackage, parts: Sequence[Part]) -> list[Part]:
    """Those of several parts."""
    return [one for part in parts for one in graphics(package, part.name, "")]
