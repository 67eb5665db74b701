"""Word documents (.docx): headings, numbered lists, tables, notes, text boxes, comments, equations."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.documents.formats.office.ooxml import pictures
from assistant.documents.formats.office.word_inline import SKIPPED, InlineReader, asks_only, choice
from assistant.documents.formats.office.word_numbering import BULLET, Numbering
from assistant.documents.formats.office.word_styles import Styles
from assistant.documents.formats.office.word_tables import cells_of, rows_of, spread
from assistant.documents.formats.shared.embedded_pictures import Content
from assistant.documents.formats.shared.pagination import FlowDocument, title_of
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.table_sections import with_named_columns
from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.documents.records import Section
from assistant.errors import DocumentError, UnreadableDocument
from assistant.file_reading.office_package import Package, boolean
from assistant.file_reading.safe_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    local,
    space,
    stream_xml,
)
from assistant.file_reading.zip_reader import Source

COUNTED_BYTES = 4 << 20
"""A document of at most so many bytes of XML is read when it is opened, so that its parts are counted."""
LAYOUT_CELL_CHARACTERS = 1_500
"""A table with a longer cell is a page layout: its cells are read as running text."""

_BLOCKS = frozenset({"p", "tbl", "altChunk"})
_BLOCKS_AND_WRAPPERS = _BLOCKS | {"sdt", "sdtContent", "customXml", "AlternateContent"}


def open(path: Path, password: str | None) -> FlowDocument:
    """The document at `path`. Raises UnreadableDocument."""
    return open_source(path, path)


def open_source(source: Source, path: Path) -> FlowDocument:
    """A document from a file or from memory; `path` gives it its name only."""
    package = Package(source)
    try:
        main = package.main_part("word/document.xml", "word/document2.xml")
        title = title_of(path, package.title())
        small = package.archive.size(main) <= COUNTED_BYTES
        return FlowDocument(
            "docx", title, lambda: _Reader(package, main).content(), package.close, count=small
        )
    except BaseException:
        package.close()
        raise


def flat_sections(root: Element) -> list[Section] | None:
    """The sections of a Word document in one XML file (Word 2003, flat OPC); None where it is not one."""
    body = next(descendants(root, "body"), None)
    if body is None or "word" not in space(body).lower():
        return None
    return list(_Reader(None, "").read(body))


class _Reader:
    def __init__(self, package: Package | None, part: str) -> None:
        self._package = package
        self._part = part
        self._build = SectionBuilder()
        self._styles = Styles(self._companion("styles"))
        self._numbering = Numbering(self._companion("numbering"))
        notes = {
            "footnoteReference": self._by_id("footnotes", "footnote"),
            "endnoteReference": self._by_id("endnotes", "endnote"),
        }
        self._inline = InlineReader(package, self._styles, notes, self._by_id("comments", "comment"))
        self._begun = ""
        """A paragraph whose end was deleted in a tracked change: it goes on in the next one."""
        self._initial = False
        """What has begun is a large letter in a frame of its own, with which the next paragraph begins."""
        self._depth = 0
        self._boxes_inside = False

    def read(self, body: Element) -> Iterator[Section]:
        """The sections of a body that is in memory."""
        self._deep_blocks(body)
        self._build.paragraph(self._begun)
        yield from self._build.finish()

    def _deep_blocks(self, parent: Element) -> None:
        for element in parent:
            if local(element) in ("p", "tbl"):
                self._block(element)
            else:
                self._deep_blocks(element)

    def content(self) -> Iterator[Content]:
        """The sections and pictures of the package's main part."""
        if self._package is None:
            return
        try:
            with self._package.archive.open(self._part) as file:
                for element in stream_xml(file, _BLOCKS):
                    if not any(map(_is_left_out, element.iterancestors())):
                        self._block(element)
                        yield from self._build.take()
                        yield from pictures(self._package, self._part, element)
        except UnreadableDocument:
            # What stands before the damage is whole.
            yield from self._build.finish()
            raise
        self._build.paragraph(self._begun)
        yield from self._build.finish()
        yield from self._margins()

    # --- companions of the main part ---

    def _companion(self, kind: str) -> Element | None:
        if self._package is None:
            return None
        names = self._package.related(self._part, kind)
        return self._package.optional_xml(names[0]) if names else None

    def _by_id(self, kind: str, name: str) -> dict[str, Element]:
        return {
            attribute(element, "id"): element
            for element in children(self._companion(kind), name)
            if attribute(element, "type") in ("", "normal")
        }

    # --- blocks ---

    def _block(self, element: Element) -> None:
        name = local(element)
        if name == "p":
            self._paragraph(element)
        elif name == "tbl":
            self._table(element)
        elif name == "altChunk":
            self._foreign(element)
        elif name == "AlternateContent":
            self._blocks(choice(element))
        elif name not in SKIPPED and not (name == "sdt" and asks_only(element)):
            self._blocks(element)

    def _blocks(self, parent: Iterable[Element]) -> None:
        self._depth += 1
        if self._depth < 120:
            for element in parent:
                if local(element) in _BLOCKS_AND_WRAPPERS:
                    self._block(element)
        self._depth -= 1

    def _paragraph(self, element: Element) -> None:
        found = self._inline.read(element, self._part)
        joint = "" if self._initial and not found.spaced else " "
        text, self._begun = f"{self._begun}{joint}{found.text}".strip(), ""
        properties = child(element, "pPr")
        dropped = attribute(child(properties, "framePr"), "dropCap", "none") != "none"
        self._initial = dropped and len(text) <= 3
        if self._initial or child(child(properties, "rPr"), "del") is not None:
            self._begun, text = text, ""
        level, mark = self._role(element) if text else (None, "")
        if level is not None:
            self._build.heading(level, f"{mark} {text}" if mark not in ("", BULLET) else text)
        elif mark:
            self._build.item(text, mark)
        else:
            self._build.paragraph(text)
        for graphic in found.graphics:
            self._build.paragraph(graphic)
        for box in found.boxes:
            self._blocks(box)
        for note in found.notes:
            self._build.paragraph(note)

    def _role(self, element: Element) -> tuple[int | None, str]:
        """The heading level, if it is a heading, and the number or bullet before the paragraph."""
        level, identity, depth = self._styles.role(element)
        return level, self._numbering.label(identity, depth) if identity else ""

    def _table(self, element: Element) -> None:
        rows = list(rows_of(element))
        self._boxes_inside = next(element.iter("{*}txbxContent", "{*}Fallback"), None) is not None
        cells = [[self._cell_text(cell) for cell in cells_of(row)] for row in rows]
        longest = max((len(text) for row in cells for text in row), default=0)
        if max(map(len, cells), default=0) <= 1 or longest > LAYOUT_CELL_CHARACTERS:
            for row in rows:
                for cell in cells_of(row):
                    self._blocks(cell)
            return
        header = 0
        grid: list[list[str]] = []
        wide: list[dict[int, int]] = []
        above: dict[int, str] = {}
        for row, texts in zip(rows, cells, strict=True):
            if header == len(grid) and boolean(child(child(row, "trPr"), "tblHeader")):
                header += 1
            in_columns, across = spread(row, texts, above)
            grid.append(in_columns)
            wide.append(across)
        self._build.table(with_named_columns(grid, wide), headers=header or None)

    def _cell_text(self, cell: Element) -> str:
        lines: list[str] = []
        for paragraph in descendants(cell, "p"):
            if self._boxes_inside and any(
                local(above) in ("txbxContent", "Fallback") for above in paragraph.iterancestors()
            ):
                continue
            found = self._inline.read(paragraph, self._part)
            if found.text:
                level, mark = self._role(paragraph)
                lines.append(f"{mark} {found.text}" if mark and level is None else found.text)
            lines.extend(filter(None, found.graphics))
            lines.extend(text for box in found.boxes if (text := self._cell_text(box)))
            lines.extend(found.notes)
        return "\n".join(lines)

    def _foreign(self, element: Element) -> None:
        """A piece of another format that Word takes in when it opens the document."""
        if self._package is None:
            return
        relationship = self._package.relationships(self._part).get(attribute(element, "id"))
        if relationship is None or relationship.external:
            return
        try:
            content = self._package.archive.read(relationship.target)
            for section in _foreign_sections(content, relationship.target):
                self._build.add(section)
        except DocumentError:
            return

    def _margins(self) -> Iterator[Section]:
        """Headers and footers, each different line once."""
        lines: dict[str, None] = {}
        if self._package is None:
            return
        for kind in ("header", "footer"):
            for name in self._package.related(self._part, kind):
                root = self._package.optional_xml(name)
                for paragraph in descendants(root, "p"):
                    text = one_line(self._inline.read(paragraph, name).text)
                    if any(letter.isalpha() for letter in text):
                        lines[text] = None
        if lines:
            yield Section("\n".join(lines), None, "headers and footers")


def _is_left_out(above: Element) -> bool:
    """Whether what stands inside this element is deleted, said elsewhere, or only asks to be filled in."""
    name = local(above)
    return name in ("Fallback", "del", "moveFrom") or (name == "sdt" and asks_only(above))


def _foreign_sections(content: bytes, name: str) -> Iterable[Section]:
    """Sections of HTML, RTF, another Word document or plain text inside a document."""
    suffix = name.rpartition(".")[2].lower()
    if content.startswith(b"PK\x03\x04"):
        inner = open_source(io.BytesIO(content), Path(name))
        return [section for part in inner.parts() for section in part.sections]
    if content.lstrip().startswith(b"{\\rtf"):
        from assistant.documents.formats.rtf import rtf_sections

        return rtf_sections(content)
    if suffix in ("mht", "mhtml") or content[:200].lower().lstrip().startswith((b"mime-version", b"from:")):
        from assistant.documents.formats.mail.mailbox import page_sections

        return page_sections(content)
    from assistant.documents.formats.html_page import html_sections
    from assistant.file_reading.encoding_detection import decode

    text = decode(content)
    if suffix in ("htm", "html", "xhtml") or "<html" in text[:500].lower():
        return html_sections(text)
    builder = SectionBuilder()
    builder.preformatted(text)
    return builder.finish()
