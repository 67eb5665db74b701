"""Electronic books (.epub): pages, tables of contents and metadata; a chapter has one name everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from assistant.errors import DocumentError, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.safe_xml import Element, attribute, child, children, descendants, parse_xml
from assistant.file_reading.zip_reader import Archive, resolve
from assistant.languages import is_right_to_left
from assistant.translation.files.encoded_text import decoded
from assistant.translation.files.html_page import HtmlVocabulary, encoded, page_edits
from assistant.translation.files.language_tags import language_of
from assistant.translation.files.markup.page import Page, Role, Tag
from assistant.translation.files.markup.rewriting import Edit
from assistant.translation.files.markup.tokens import TokenKind
from assistant.translation.files.writing import pictures, save_package
from assistant.translation.records import Layout, Lost, NotKept, Paragraph, TranslatedParagraph

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = {"application/xhtml+xml", "text/html", "text/x-oeb1-document"}
_TOC = "application/x-dtbncx+xml"
_OBFUSCATED_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_ALGORITHM = re.compile(r"EncryptionMethod[^>]*Algorithm\s*=\s*[\"']([^\"']+)")
_READ = {
    "title", "description", "subject", "text", "package", "metadata", "dc-metadata", "ncx", "docTitle",
    "navMap", "navPoint", "navLabel", "navList", "navTarget", "pageList", "guide", "reference",
}  # fmt: skip
"""Elements of a book's metadata and of an old table of contents that hold what a person reads."""


class _BookVocabulary:
    """Metadata, and tables of contents of EPUB 2."""

    xml = True
    repeated = frozenset[str]()
    bare = frozenset({"dc:title", "dc:description", "dc:subject", "text", "ncx:text"})
    line_break = " / "
    ids = re.compile(r"(?!)")
    place = "metadata"

    def role(self, tag: Tag) -> Role:
        return Role.BLOCK if _bare(tag.name) in _READ else Role.SKIPPED

    def white_space(self, tag: Tag) -> str:
        return ""

    def texts(self, tag: Tag) -> Sequence[str]:
        return ("title",) if _bare(tag.name) == "reference" else ()

    def language(self, tag: Tag) -> str:
        return ""

    def around(self, tag: Tag | None, target: str) -> tuple[str, str]:
        return "", ""


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


class _Part:
    """A page, a table of contents or the metadata."""

    def __init__(self, name: str, content: bytes, place: str, *, page: bool) -> None:
        self.name = name
        self.source = decoded(content)
        self.is_page = page
        vocabulary: HtmlVocabulary | _BookVocabulary = HtmlVocabulary(xml=True) if page else _BookVocabulary()
        vocabulary.place = place
        self.page = Page(self.source.text, vocabulary)

    def written(
        self, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> tuple[bytes | None, int]:
        """Its content, None where nothing changes; and how many looks hold for a whole sentence."""
        if self.is_page:
            edits = page_edits(self.page, target, layout)
        else:
            edits = list(_language_edits(self.page, target)) if layout is Layout.TRANSLATION else []
        text, whole = self.page.written(translated, target, layout, edits)
        return (encoded(self.source, text) if text != self.source.text else None), whole


class Book:
    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(Archive(path)) as archive:
            self._read(archive)

    def _read(self, archive: Archive) -> None:
        if _is_locked(archive):
            raise UnsupportedFormat("book-locked")
        package = _package(archive)
        root = parse_xml(archive.read(package))
        self.language = next((language_of(str(one.text or "")) for one in descendants(root, "language")), "")
        lost = list(pictures(archive.names))
        self._parts: list[_Part] = []
        for name, place, is_page in _names(archive, package, root):
            try:
                self._parts.append(_Part(name, archive.read(name), place, page=is_page))
            except DocumentError:
                lost.append(Lost(NotKept.PART_UNREADABLE, name))
        if not any(part.is_page for part in self._parts):
            raise UnreadableDocument("book-empty")
        self.lost = tuple(lost)
        self.paragraphs: tuple[Paragraph, ...] = tuple(
            paragraph for part in self._parts for paragraph in part.page.paragraphs
        )

    def write(
        self, output: Path, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> tuple[Lost, ...]:
        written: dict[str, bytes] = {}
        looks = 0
        for part, paragraphs in zip(self._parts, self._consistent(translated), strict=True):
            content, whole = part.written(paragraphs, target, layout)
            looks += whole
            if content is not None:
                written[part.name] = content
        save_package(self._path, output, written)
        return (Lost(NotKept.LOOK, count=looks),) if looks else ()

    def _consistent(self, translated: Sequence[TranslatedParagraph]) -> Iterator[list[TranslatedParagraph]]:
        """The translations of each part; entries of a table of contents as the headings that they name."""
        found: dict[str, str] = {}
        at = 0
        for part in self._parts:
            paragraphs = part.page.paragraphs
            mine = list(translated[at : at + len(paragraphs)])
            at += len(paragraphs)
            for number, (before, after) in enumerate(zip(paragraphs, mine, strict=True)):
                text = found.setdefault(before.text, after.text)
                if text != after.text and not before.marks and len(before.text) < _LONGEST_HEADING:
                    mine[number] = replace(after, text=text, sentences=(), marks=(), tiers=())
            yield mine


_LONGEST_HEADING = 200


def open(path: Path) -> Book:
    """Raises UnreadableDocument; UnsupportedFormat for a book with copy protection."""
    return Book(path)


def _is_locked(archive: Archive) -> bool:
    if _ENCRYPTION not in archive:
        return False
    named = _ALGORITHM.findall(archive.read(_ENCRYPTION).decode("utf-8", "replace"))
    return any(algorithm not in _OBFUSCATED_FONTS for algorithm in named)


def _package(archive: Archive) -> str:
    """The member that lists the others."""
    if _CONTAINER in archive:
        for entry in descendants(parse_xml(archive.read(_CONTAINER)), "rootfile"):
            name = resolve("", attribute(entry, "full-path"))
            if name in archive:
                return name
    found = next((name for name in archive.names if name.lower().endswith(".opf")), "")
    if not found:
        raise UnreadableDocument("book-empty")
    return found


def _names(archive: Archive, package: str, root: Element) -> Iterator[tuple[str, str, bool]]:
    """Members with text: name, place and whether it is a page; those of the spine first, in its order."""
    items = {
        attribute(item, "id"): (resolve(package, attribute(item, "href")), attribute(item, "media-type"))
        for item in children(child(root, "manifest"), "item")
    }
    spine = [attribute(entry, "idref") for entry in children(child(root, "spine"), "itemref")]
    seen: set[str] = set()
    for number, id in enumerate((*spine, *items), 1):
        name, kind = items.get(id, ("", ""))
        if name not in seen and name in archive and (kind in _PAGES or kind == _TOC):
            seen.add(name)
            place = f"chapter {number}" if number <= len(spine) else "table of contents"
            yield name, place, kind in _PAGES
    yield package, "metadata", False


def _language_edits(page: Page, target: str) -> Iterator[Edit]:
    direction = "rtl" if is_right_to_left(target) else "ltr"
    for number, token in enumerate(page.tokens):
        if token.kind not in (TokenKind.START, TokenKind.EMPTY):
            continue
        name = _bare(token.name)
        if name == "language" and number in page.ends:
            yield Edit(token.end, page.tokens[page.ends[number]].start, target)
        elif name in ("package", "ncx", "spine", "title", "description", "subject"):
            tag = page.tag(token)
            named = {attribute.name: attribute for attribute in tag.attributes}
            if "xml:lang" in named:
                yield Edit(named["xml:lang"].start, named["xml:lang"].end, target)
            progression = named.get("page-progression-direction")
            if name == "spine" and progression is not None:
                yield Edit(progression.start, progression.end, direction)
            elif name == "spine" and direction == "rtl":
                yield Edit(token.name_end, token.name_end, ' page-progression-direction="rtl"')
