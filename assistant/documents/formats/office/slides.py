"""Presentations (.pptx): titles, text, tables, charts, diagrams, notes and comments of each slide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from assistant.documents.formats.office.ooxml import Package, description, graphic_text
from assistant.documents.formats.shared.equations import omml
from assistant.documents.formats.shared.pagination import PagedDocument, slide_units, title_of
from assistant.documents.formats.shared.safe_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    local,
    text_of,
)
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.text_cleaning import flowing, one_line
from assistant.documents.formats.shared.zip_reader import Source
from assistant.documents.records import Opened, Section

_TITLES = frozenset({"title", "ctrTitle"})
_MAX_DEPTH = 30
"""How deep groups in groups are read."""


def open(path: Path, password: str | None) -> PagedDocument:
    """The presentation at `path`. Raises UnreadableDocument."""
    return open_source(path, path)


def open_source(source: Source, path: Path) -> PagedDocument:
    """A presentation from a file or from memory; `path` gives it its name only."""
    package = Package(source)
    try:
        units = slide_units(_slides(package), partial(_read_slide, package))
        opened = Opened("pptx", title_of(path, package.title()), "slide", len(units))
        return PagedDocument(opened, units, package.close)
    except BaseException:
        package.close()
        raise


def _slides(package: Package) -> list[str]:
    """The slides in the order in which they are shown."""
    main = package.main_part("ppt/presentation.xml")
    root = package.optional_xml(main)
    listing = child(root, "sldIdLst")
    targets = (package.target(main, entry) for entry in (listing if listing is not None else ()))
    names = [name for name in targets if name is not None]
    return names or sorted(package.related(main, "slide"), key=lambda name: (len(name), name))


def _read_slide(package: Package, name: str, number: int) -> Iterator[Section]:
    root = package.xml(name)
    place = f"slide {number}"
    tree = next(descendants(root, "spTree"), None)
    shapes = list(_shapes(tree)) if tree is not None else []
    title = next((shape for shape in shapes if _placeholder(shape) in _TITLES and _shape_text(shape)), None)
    build = SectionBuilder(place, page=number)
    if title is not None:
        build.heading(1, _shape_text(title))
    for shape in shapes:
        if shape is not title:
            _shape(package, name, shape, build)
    heading = build.heading_path
    yield from build.finish()
    yield from _notes(package, name, place, number, heading)
    yield from _comments(package, name, place, number, heading)


def _shapes(parent: Iterable[Element], depth: int = 0) -> Iterator[Element]:
    """Shapes, tables and pictures in their stacking order, which is the reading order; groups are opened."""
    for element in parent:
        name = local(element)
        if name in ("sp", "graphicFrame", "pic", "cxnSp", "contentPart"):
            yield element
        elif name == "grpSp" and depth < _MAX_DEPTH:
            yield from _shapes(element, depth + 1)
        elif name == "AlternateContent" and depth < _MAX_DEPTH:
            choice, fallback = child(element, "Choice"), child(element, "Fallback")
            inside = list(_shapes(choice, depth + 1)) if choice is not None else []
            if not any(local(one) != "contentPart" for one in inside) and fallback is not None:
                inside = list(_shapes(fallback, depth + 1))
            yield from inside


def _placeholder(shape: Element) -> str:
    """The role of a shape in its layout: title, body, sldNum …; "" for a free one."""
    properties = child(shape, "nvSpPr")
    for element in descendants(properties, "ph"):
        return attribute(element, "type", "body")
    return ""


def _shape(package: Package, part: str, shape: Element, build: SectionBuilder) -> None:
    name = local(shape)
    if name == "graphicFrame":
        for table in descendants(shape, "tbl"):
            _table(table, build)
            return
        build.paragraph(graphic_text(package, part, shape))
        return
    if name == "sp" and _placeholder(shape) != "sldNum":
        for number, text in enumerate(_paragraphs(child(shape, "txBody"))):
            # The paragraphs of one shape belong together, like the items of a list.
            (build.line if number else build.paragraph)(text)
    if name in ("pic", "sp"):
        properties = next(descendants(shape, "cNvPr"), None)
        told = description(properties) if properties is not None else ""
        if told:
            build.paragraph(f"[{told}]")


def _shape_text(shape: Element) -> str:
    return one_line(" ".join(_paragraphs(child(shape, "txBody"))))


def _paragraphs(body: Element | None) -> Iterator[str]:
    for paragraph in children(body, "p"):
        text = flowing(_text(paragraph))
        if text:
            yield text


def _text(paragraph: Element) -> str:
    pieces: list[str] = []
    for element in paragraph:
        name = local(element)
        if name in ("r", "fld"):
            pieces.append(text_of(child(element, "t")))
        elif name == "br":
            pieces.append("\n")
        elif name == "m":
            pieces.extend(f" ${omml(equation)}$ " for equation in descendants(element, "oMath"))
        elif name == "AlternateContent":
            choice = child(element, "Choice")
            if choice is not None:
                pieces.append(_text(choice))
    return "".join(pieces)


def _table(table: Element, build: SectionBuilder) -> None:
    properties = child(table, "tblPr")
    first_row = properties is not None and attribute(properties, "firstRow") in ("1", "true")
    rows = []
    for row in children(table, "tr"):
        cells = []
        for cell in children(row, "tc"):
            text = " ".join(one_line(_text(paragraph)) for paragraph in descendants(cell, "p"))
            cells.append(text)
        rows.append(cells)
    build.table(rows, headers=1 if first_row and len(rows) > 1 else None)


def _notes(
    package: Package, slide: str, place: str, number: int, heading: tuple[str, ...]
) -> Iterator[Section]:
    build = SectionBuilder(f"{place}, notes", page=number, above=heading)
    for name in package.related(slide, "notesSlide"):
        root = package.optional_xml(name)
        tree = next(descendants(root, "spTree"), None)
        for shape in _shapes(tree) if tree is not None else ():
            if local(shape) == "sp" and _placeholder(shape) in ("body", ""):
                for text in _paragraphs(child(shape, "txBody")):
                    build.paragraph(text)
    yield from build.finish()


def _comments(
    package: Package, slide: str, place: str, number: int, heading: tuple[str, ...]
) -> Iterator[Section]:
    build = SectionBuilder(f"{place}, comments", page=number, above=heading)
    for name in package.related(slide, "comments"):
        root = package.optional_xml(name)
        for comment in root.iter("{*}cm") if root is not None else ():
            old = text_of(child(comment, "text"))
            modern = " ".join(_text(paragraph) for paragraph in descendants(comment, "p"))
            if one_line(old or modern):
                build.paragraph(f"Comment: {one_line(old or modern)}")
    yield from build.finish()
