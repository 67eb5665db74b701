"""OpenDocument (.odt, .odp, .ods): all text that a person reads, in the document, its styles and objects."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from contextlib import closing
from html import unescape
from pathlib import Path

from assistant.errors import DocumentError, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.encoding_detection import decode
from assistant.file_reading.safe_xml import parse_to_edit
from assistant.file_reading.zip_reader import Archive
from assistant.languages import is_right_to_left
from assistant.translation.files.encoded_text import declaring
from assistant.translation.files.formula_words import formula_words
from assistant.translation.files.language_tags import language_of
from assistant.translation.files.markup.page import Page, Role, Tag
from assistant.translation.files.markup.rewriting import Edit
from assistant.translation.files.markup.tokens import TokenKind, escaped
from assistant.translation.files.odf_styles import CopiedStyles, language_edits
from assistant.translation.files.writing import pictures, save_package
from assistant.translation.records import Layout, Lost, NotKept, Paragraph, TranslatedParagraph

_BLOCKS = {
    "text:p", "text:h", "text:list", "text:list-item", "text:list-header", "text:section",
    "text:numbered-paragraph", "text:note-body", "text:table-of-content", "text:illustration-index",
    "text:table-index", "text:object-index", "text:user-index", "text:alphabetical-index",
    "text:bibliography", "text:index-body", "text:index-title",
}  # fmt: skip
_SKIPPED = {
    "office:automatic-styles", "office:styles", "office:font-face-decls", "office:scripts",
    "office:settings", "office:event-listeners", "office:binary-data", "text:sequence-decls",
    "text:variable-decls", "text:user-field-decls", "text:tracked-changes", "text:note-citation",
    "text:table-of-content-source", "text:illustration-index-source", "text:table-index-source",
    "text:object-index-source", "text:user-index-source", "text:alphabetical-index-source",
    "text:bibliography-source", "text:bibliography-configuration", "text:notes-configuration",
    "text:linenumbering-configuration", "table:tracked-changes", "table:named-expressions",
    "table:database-ranges", "dc:creator", "dc:date", "dc:language", "meta:creator-initials",
    "meta:date-string", "meta:generator", "meta:initial-creator", "meta:printed-by",
    "meta:creation-date", "meta:print-date", "meta:editing-cycles", "meta:editing-duration",
    "meta:user-defined", "meta:template", "presentation:date-time-decl",
}  # fmt: skip
_INLINE = {"text:span", "text:a", "text:meta", "text:ruby", "text:ruby-base", "office:annotation-end"}
_OPAQUE = {"math:math", "math", "text:ruby-text", "text:number"}
_HOSTS = {"text:note", "office:annotation", "draw:image-map"}
_SHAPES = "draw:"
_NOT_SHAPES = {"draw:page", "draw:text-box", "draw:layer-set"}
_WHITE = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}
_NUMBERS = {"float", "percentage", "currency", "date", "time", "boolean"}
_STRING_VALUE = re.compile(r"\s+office:string-value\s*=\s*(\"[^\"]*\"|'[^']*')")
_FORMULA = re.compile(r'\s(?:table:formula|table:condition)="([^"]*)"')
_FIELD = re.compile(
    r'\stable:source-field-name="([^"]+)"|<table:filter-condition[^>]*\stable:value="([^"]+)"'
)


class OdfVocabulary:
    xml = True
    repeated = frozenset({"text:p"})
    bare = frozenset({"svg:title", "svg:desc", "dc:title", "dc:subject", "dc:description", "meta:keyword"})
    line_break = "<text:line-break/>"
    ids = re.compile(r"\s(?:xml:id|text:id|text:name|draw:id)\s*=\s*(\"[^\"]*\"|'[^']*')")

    def __init__(self, styles: CopiedStyles, place: str = "") -> None:
        self._styles = styles
        self.place = place
        self._slide = 0
        self._sheet = ""
        self._chart = False
        """Its descriptions name the cells that it shows."""
        self._row = self._column = 0
        self.computed: list[Tag] = []
        """Cells that hold their text as a value, too."""

    def role(self, tag: Tag) -> Role:
        name = tag.name
        if name in ("table:table-cell", "table:covered-table-cell"):
            return self._cell(tag)
        self._note_place(tag)
        if name in _SKIPPED or (self._chart and name in ("svg:desc", "svg:title")):
            return Role.SKIPPED
        if name in _OPAQUE:
            return Role.OPAQUE
        if name in _INLINE:
            return Role.INLINE
        if name in _HOSTS or (name.startswith(_SHAPES) and name not in _NOT_SHAPES):
            return Role.HOST
        if name.startswith("text:") and name not in _BLOCKS:
            # Fields, and what is without words: breaks, bookmarks.
            return Role.INLINE if tag.token.kind is TokenKind.EMPTY else Role.KEPT
        return Role.BLOCK

    def _cell(self, tag: Tag) -> Role:
        column = self._column + 1
        self._column += _count(tag, "table:number-columns-repeated")
        if self._sheet:
            self.place = f"{self._sheet}!{_letters(column)}{self._row}"
        values = tag.values
        if "table:formula" in values or values.get("office:value-type", "") in _NUMBERS:
            return Role.SKIPPED if tag.token.kind is TokenKind.START else Role.BLOCK
        if "office:string-value" in values:
            self.computed.append(tag)
        return Role.BLOCK

    def _note_place(self, tag: Tag) -> None:
        match tag.name:
            case "draw:page":
                self._slide += 1
                self.place = f"slide {self._slide}"
            case "presentation:notes":
                self.place = f"slide {self._slide}, notes" if self._slide else self.place
            case "office:chart":
                self._chart, self.place = True, "chart"
            case "office:spreadsheet":
                self._sheet = "?"
            case "table:table" if self._sheet:
                self._sheet, self._row = tag.values.get("table:name", "?"), 0
            case "table:table-row":
                self._row += _count(tag, "table:number-rows-repeated")
                self._column = 0

    def white_space(self, tag: Tag) -> str:
        return _WHITE.get(tag.name, "")

    def texts(self, tag: Tag) -> Sequence[str]:
        if tag.name == "text:a":
            return ("office:title",)
        if tag.name.startswith("form:"):
            return ("form:label", "form:title")
        if tag.name in ("table:help-message", "table:error-message"):
            return ("table:title",)
        return ()

    def language(self, tag: Tag) -> str:
        return ""

    def around(self, tag: Tag | None, target: str) -> tuple[str, str]:
        if tag is None:
            return f'<text:span text:style-name="{self._styles.of_words()}">', "</text:span>"
        style = self._styles.of_paragraph(tag.values.get("text:style-name", ""))
        return f'<text:p text:style-name="{escaped(style)}">', "</text:p>"


def _count(tag: Tag, name: str) -> int:
    number = tag.values.get(name, "")
    return int(number) if number.isascii() and number.isdigit() else 1


def _letters(column: int) -> str:
    """ "AB" for 28."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _used_words(source: str) -> frozenset[str]:
    """What formulas, filters and pivot tables look for in the cells of a sheet."""
    formulas = [unescape(value) for value in _FORMULA.findall(source)]
    names = frozenset(
        unescape(value).strip().casefold() for pair in _FIELD.findall(source) for value in pair if value
    )
    return formula_words(formulas) | names


class _Member:
    """A part of the package."""

    def __init__(self, name: str, content: bytes) -> None:
        parse_to_edit(content)  # a damaged one is told, not mended
        self.name = name
        self.source = decode(content)
        self.styles = CopiedStyles(self.source)
        self.vocabulary = OdfVocabulary(self.styles, "header or footer" if name == "styles.xml" else "")
        self.page = Page(self.source, self.vocabulary, _used_words(self.source))

    def written(
        self, translated: Sequence[TranslatedParagraph], target: str, layout: Layout, mirrored: bool
    ) -> tuple[str, int]:
        edits = self._values()
        if layout is Layout.TRANSLATION:
            edits += language_edits(self.page, target, mirrored=mirrored)
        text, whole = self.page.written(translated, target, layout, edits)
        return self.styles.added_to(declaring(text, "UTF-8"), target), whole

    def _values(self) -> list[Edit]:
        """Without the values of cells that say again what their paragraphs say."""
        edits = []
        for tag in self.vocabulary.computed:
            found = _STRING_VALUE.search(self.source, tag.token.start, tag.token.end)
            if found:
                edits.append(Edit(*found.span(), ""))
        return edits


class OdfFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(Archive(path)) as archive:
            self._read(archive)

    def _read(self, archive: Archive) -> None:
        if _is_locked(archive):
            raise UnsupportedFormat("translate-locked")
        self._members = [_Member("content.xml", archive.read("content.xml"))]
        lost: list[Lost] = []
        objects = sorted(
            name for name in archive.names if posixpath.basename(name) == "content.xml" and "/" in name
        )
        for name in (*objects, "styles.xml", "meta.xml"):
            try:
                if name in archive:
                    self._members.append(_Member(name, archive.read(name)))
            except DocumentError:
                lost.append(Lost(NotKept.PART_UNREADABLE, name))
        names = archive.names
        if any(name.startswith(("Basic/", "Scripts/")) for name in names):
            lost.append(Lost(NotKept.MACROS))
        if any(name.endswith("signatures.xml") for name in names):
            lost.append(Lost(NotKept.SIGNATURE))
        lost += pictures(names)
        content = self._members[0].source
        embedded = content.count("<draw:object-ole")
        if embedded:
            lost.append(Lost(NotKept.EMBEDDED, count=embedded))
        deleted = content.count("<text:deletion") + content.count("<table:deletion")
        if deleted:
            lost.append(Lost(NotKept.TRACKED, count=deleted))
        left = sum(member.page.left for member in self._members)
        if left:
            lost.append(Lost(NotKept.NAMES, count=left))
        self.lost = tuple(lost)
        self.language = self._language()
        self.paragraphs: tuple[Paragraph, ...] = tuple(
            paragraph for member in self._members for paragraph in member.page.paragraphs
        )

    def _language(self) -> str:
        found = re.search(
            r'<style:default-style[^>]*style:family="(?:paragraph|graphic|table-cell)".*?'
            r'fo:language="([\w-]+)"',
            self._styles(),
            re.DOTALL,
        )
        return language_of(found.group(1)) if found else ""

    def _styles(self) -> str:
        return next((one.source for one in self._members if one.name == "styles.xml"), "")

    def write(
        self, output: Path, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> tuple[Lost, ...]:
        mirrored = self._is_mirrored(target)
        written: dict[str, bytes] = {}
        looks = at = 0
        for member in self._members:
            count = len(member.page.paragraphs)
            text, whole = member.written(translated[at : at + count], target, layout, mirrored)
            at, looks = at + count, looks + whole
            if text != member.source:
                written[member.name] = text.encode("utf-8", "replace")
        save_package(self._path, output, written)
        return (Lost(NotKept.LOOK, count=looks),) if looks else ()

    def _is_mirrored(self, target: str) -> bool:
        """Whether the target runs the other way than the document does."""
        default = re.search(r"<style:default-style.*?</style:default-style>", self._styles(), re.DOTALL)
        runs = "rl" in re.findall(r'style:writing-mode="(rl|lr)-tb"', default.group() if default else "")
        return runs != is_right_to_left(target)


def _is_locked(archive: Archive) -> bool:
    manifest = "META-INF/manifest.xml"
    if manifest not in archive:
        return False
    try:
        return b"encryption-data" in archive.read(manifest)
    except UnreadableDocument:
        return False


def open(path: Path) -> OdfFile:
    """Raises UnreadableDocument; UnsupportedFormat where a password protects it."""
    return OdfFile(path)
