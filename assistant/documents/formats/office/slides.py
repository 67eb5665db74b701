"""Presentations (.pptx): titles, text, tables, charts, diagrams, notes and comments of each slide."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from assistant.documents.formats.office.ooxml import description, graphic_text, pictures
from assistant.documents.formats.office.slide_shapes import all_shapes, ordered_shapes, placeholder
from assistant.documents.formats.shared.embedded_pictures import Content
from assistant.documents.formats.shared.equations import omml
from assistant.documents.formats.shared.inline_text import (
    BASELINE,
    PLAIN,
    SUBSCRIPT,
    SUPERSCRIPT,
    InlineText,
    Look,
    with_address,
)
from assistant.documents.formats.shared.pagination import PagedDocument, slide_units, title_of
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.symbol_fonts import is_symbol_font, private_symbols, symbols
from assistant.documents.formats.shared.table_sections import SpannedRows, with_named_columns
from assistant.documents.formats.shared.text_cleaning import flowing, one_line
from assistant.documents.records import Opened, Section
from assistant.file_reading.office_package import Package
from assistant.file_reading.safe_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    integer,
    local,
    text_of,
)
from assistant.file_reading.zip_reader import Source

_TITLES = frozenset({"title", "ctrTitle"})


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


def _read_slide(package: Package, name: str, number: int) -> Iterator[Content]:
    root = package.xml(name)
    hidden = attribute(root, "show", "1") in ("0", "false")
    place = f"slide {number} (hidden)" if hidden else f"slide {number}"
    tree = next(descendants(root, "spTree"), None)
    shapes = ordered_shapes(package, name, tree) if tree is not None else []
    texts = SlideText(package, name)
    title = next((shape for shape in shapes if placeholder(shape) in _TITLES and texts.line(shape)), None)
    build = SectionBuilder(place, page=number)
    if title is not None:
        build.heading(1, texts.line(title))
    for shape in shapes:
        if shape is not title:
            _shape(package, name, shape, build, texts)
    heading = build.heading_path
    yield from build.finish()
    yield from _notes(package, name, place, number, heading)
    yield from _comments(package, name, place, number, heading)
    if tree is not None:
        yield from pictures(package, name, tree)


def _shape(package: Package, part: str, shape: Element, build: SectionBuilder, texts: SlideText) -> None:
    name = local(shape)
    if name == "graphicFrame":
        for table in descendants(shape, "tbl"):
            _table(table, build, texts)
            return
        build.paragraph(graphic_text(package, part, shape))
        return
    if name == "sp" and placeholder(shape) != "sldNum":
        paragraphs = list(texts.paragraphs(child(shape, "txBody")))
        if paragraphs:
            paragraphs[-1] = with_address(paragraphs[-1], texts.address(shape))
        for number, text in enumerate(paragraphs):
            # The paragraphs of one shape belong together, like the items of a list.
            (build.line if number else build.paragraph)(text)
    if name in ("pic", "sp"):
        properties = next(descendants(shape, "cNvPr"), None)
        told = description(properties) if properties is not None else ""
        if told:
            build.paragraph(with_address(f"[{told}]", texts.address(shape)))


class SlideText:
    """Reads the paragraphs of a part, which knows where its links lead."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part

    def address(self, shape: Element) -> str:
        """Where a click on a whole shape leads out of the presentation."""
        return self._target(child(next(descendants(shape, "cNvPr"), None), "hlinkClick"))

    def line(self, shape: Element) -> str:
        """The text of a shape on one line."""
        return one_line(" ".join(self.paragraphs(child(shape, "txBody"))))

    def paragraphs(self, body: Element | None) -> Iterator[str]:
        for paragraph in children(body, "p"):
            text = self.paragraph(paragraph)
            if text:
                yield text

    def paragraph(self, paragraph: Element) -> str:
        text = InlineText()
        self._collect(paragraph, text)
        return flowing(text.text())

    def _collect(self, paragraph: Element, text: InlineText) -> None:
        for element in paragraph:
            name = local(element)
            if name in ("r", "fld"):
                properties = child(element, "rPr")
                text.add(_in_font(properties, text_of(child(element, "t"))), self._look(properties))
            elif name == "br":
                text.add("\n")
            elif name == "m":
                for equation in descendants(element, "oMath"):
                    text.add(f" ${omml(equation)}$ ")
            elif name == "AlternateContent":
                choice = child(element, "Choice")
                if choice is not None:
                    self._collect(choice, text)

    def _look(self, properties: Element | None) -> Look:
        """How a run is set."""
        if properties is None:
            return PLAIN
        raised = integer(properties.get("baseline"), 0)
        shift = SUPERSCRIPT if raised > 0 else SUBSCRIPT if raised < 0 else BASELINE
        address = self._target(child(properties, "hlinkClick"))
        return Look(shift, properties.get("strike", "noStrike") != "noStrike", address=address)

    def _target(self, link: Element | None) -> str:
        return self._package.address(self._part, attribute(link, "id"))


def _in_font(properties: Element | None, text: str) -> str:
    """The text of a run as its font shows it."""
    latin, special = (attribute(child(properties, kind), "typeface") for kind in ("latin", "sym"))
    if is_symbol_font(latin):
        return symbols(latin, text)
    return private_symbols(special, text) if is_symbol_font(special) else text


def _table(table: Element, build: SectionBuilder, texts: SlideText) -> None:
    properties = child(table, "tblPr")
    first_row = properties is not None and attribute(properties, "firstRow") in ("1", "true")
    rows: list[list[str]] = []
    across: list[dict[int, int]] = []
    spanned = SpannedRows()
    for row in children(table, "tr"):
        cells: list[str] = []
        spans: dict[int, int] = {}
        across.append({})
        for cell in children(row, "tc"):
            text = one_line(" ".join(texts.paragraph(paragraph) for paragraph in descendants(cell, "p")))
            if (rows_spanned := integer(cell.get("rowSpan"), 1)) > 1:
                spans[len(cells)] = rows_spanned
            if (wide := integer(cell.get("gridSpan"), 1)) > 1:
                across[-1][len(cells)] = wide
            cells.append(text)
        rows.append(spanned.filled(len(rows), cells, spans))
    build.table(with_named_columns(rows, across), headers=1 if first_row and len(rows) > 1 else None)


def _notes(
    package: Package, slide: str, place: str, number: int, heading: tuple[str, ...]
) -> Iterator[Section]:
    build = SectionBuilder(f"{place}, notes", page=number, above=heading)
    for name in package.related(slide, "notesSlide"):
        root = package.optional_xml(name)
        tree = next(descendants(root, "spTree"), None)
        texts = SlideText(package, name)
        for shape in all_shapes(tree) if tree is not None else ():
            if local(shape) == "sp" and placeholder(shape) in ("body", ""):
                for text in texts.paragraphs(child(shape, "txBody")):
                    build.paragraph(text)
    yield from build.finish()


def _comments(
    package: Package, slide: str, place: str, number: int, heading: tuple[str, ...]
) -> Iterator[Section]:
    build = SectionBuilder(f"{place}, comments", page=number, above=heading)
    for name in package.related(slide, "comments"):
        root = package.optional_xml(name)
        texts = SlideText(package, name)
        for comment in root.iter("{*}cm") if root is not None else ():
            old = text_of(child(comment, "text"))
            modern = " ".join(texts.paragraph(paragraph) for paragraph in descendants(comment, "p"))
            if one_line(old or modern):
                build.paragraph(f"Comment: {one_line(old or modern)}")
    yield from build.finish()
