"""Electronic books (.epub): chapters in the order of the spine, with the titles of the table of contents."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from assistant.documents.formats.html_page import html_sections
from assistant.documents.formats.shared.embedded_pictures import Content, EmbeddedPicture
from assistant.documents.formats.shared.pagination import PagedDocument, PartUnit, title_of
from assistant.documents.formats.shared.text_cleaning import one_line, shortened
from assistant.documents.records import Opened, Section
from assistant.errors import DocumentError, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.encoding_detection import decode
from assistant.file_reading.safe_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    local,
    member_xml,
    parse_html,
    text_of,
)
from assistant.file_reading.zip_reader import Archive, resolve

_PAGES = (".xhtml", ".html", ".htm", ".xml")
MAX_STYLE_SHEETS = 10
"""Of one page."""
MAX_STYLE_BYTES = 1 << 20
"""A larger style sheet is not looked at."""
_HEAD_CHARACTERS = 20_000
_STYLE_SHEET = re.compile(r"<link\b[^<>]*?href=[\"']([^\"'<>]+\.css)[\"']", re.IGNORECASE)
_PICTURE = re.compile(r"<(?:img|(?:\w+:)?image)\b[^<>]*?\b(?:src|href)\s*=\s*[\"']([^\"'<>]+)", re.IGNORECASE)
_FONT_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


def open(path: Path, password: str | None) -> PagedDocument:
    """The book at `path`. Raises UnreadableDocument, and UnsupportedFormat for one with copy protection."""
    archive = Archive(path)
    try:
        book = _Book(archive)
        empty = "chapter-without-text"
        units = [
            PartUnit(f"chapter {number}", partial(book.chapter, name, number), empty)
            for number, name in enumerate(book.spine, start=1)
        ]
        if not units:
            raise UnreadableDocument("book-empty")
        opened = Opened("epub", title_of(path, book.title), "chapter", len(units))
        return PagedDocument(opened, units, archive.close)
    except BaseException:
        archive.close()
        raise


@dataclass(frozen=True, slots=True)
class _Entry:
    """A chapter in the table of contents."""

    anchor: str
    """The id in its file where it begins, "" for the beginning of the file."""
    path: tuple[str, ...]
    """Its title, behind those of what it is a part of."""


class _Book:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.title = ""
        self.spine: list[str] = []
        self._entries: dict[str, list[_Entry]] = {}
        """Of the table of contents, by the file that they lead into."""
        locked = self._locked()
        package = self._package()
        root = member_xml(self._archive, package)
        if root is not None:
            self._read_package(package, root)
        if not self.spine:
            # Without a usable list every page is read, in the order of the archive's names.
            self.spine = sorted(name for name in archive.names if name.lower().endswith(_PAGES[:3]))
        if locked and all(name.lower() in locked for name in self.spine):
            raise UnsupportedFormat("book-locked")

    def chapter(self, name: str, file: int) -> Iterator[Content]:
        """The sections and pictures of a file of the spine; several chapters may be in it."""
        entries = self._entries.get(name, [])
        number = 1 + sum(self._chapters_in(before) for before in self.spine[: file - 1])
        first = next((entry for entry in entries if not entry.anchor), None)
        if first is None and len(entries) == 1:
            first, entries = entries[0], []
        place, above = f"chapter {number}", tuple[str, ...]()
        if first is not None:
            place, above = _place(number, first), first.path
        anchors: dict[str, tuple[str, tuple[str, ...]]] = {}
        inside = [entry for entry in entries if entry.anchor]
        for at, entry in enumerate(inside, start=number + (first is not None)):
            anchors.setdefault(entry.anchor, (_place(at, entry), entry.path))
        text = decode(self._archive.read(name))
        styles = self._styles(name, text)
        sections = html_sections(text, place, above=above, titled=False, anchors=anchors, styles=styles)
        yield from map(_without_repetition, sections)
        yield from self._pictures(name, text)

    def _pictures(self, name: str, text: str) -> Iterator[EmbeddedPicture]:
        for match in _PICTURE.finditer(text):
            picture = resolve(name, html.unescape(match.group(1)))
            if picture in self._archive:
                yield EmbeddedPicture.of_file(partial(self._archive.read, picture), picture)

    def _styles(self, name: str, text: str) -> str:
        """The style sheets that a page names."""
        found = []
        for match in itertools.islice(_STYLE_SHEET.finditer(text[:_HEAD_CHARACTERS]), MAX_STYLE_SHEETS):
            sheet = resolve(name, match.group(1))
            if sheet in self._archive and self._archive.size(sheet) <= MAX_STYLE_BYTES:
                try:
                    found.append(decode(self._archive.read(sheet)))
                except DocumentError:
                    continue
        return "\n".join(found)

    def _chapters_in(self, name: str) -> int:
        return max(1, len(self._entries.get(name, ())))

    def _locked(self) -> set[str]:
        """Members that are encrypted; fonts are often obfuscated, which locks nothing."""
        root = member_xml(self._archive, "META-INF/encryption.xml")
        names: set[str] = set()
        for data in descendants(root, "EncryptedData"):
            method = next(descendants(data, "EncryptionMethod"), None)
            if method is not None and attribute(method, "Algorithm") in _FONT_OBFUSCATION:
                continue
            for reference in descendants(data, "CipherReference"):
                names.add(resolve("", attribute(reference, "URI")).lower())
        return names

    def _package(self) -> str:
        root = member_xml(self._archive, "META-INF/container.xml")
        for rootfile in descendants(root, "rootfile"):
            name = resolve("", attribute(rootfile, "full-path"))
            if name in self._archive:
                return name
        return next((name for name in self._archive.names if name.lower().endswith(".opf")), "")

    def _read_package(self, package: str, root: Element) -> None:
        title = next(descendants(root, "title"), None)
        self.title = one_line(text_of(title))
        manifest: dict[str, tuple[str, str, str]] = {}
        for item in descendants(root, "item"):
            name = resolve(package, attribute(item, "href"))
            if name in self._archive:
                manifest[attribute(item, "id")] = (
                    name,
                    attribute(item, "media-type"),
                    attribute(item, "properties"),
                )
        spine = next(descendants(root, "spine"), None)
        for entry in children(spine, "itemref"):
            found = manifest.get(attribute(entry, "idref"))
            if (
                found
                and found[0] not in self.spine
                and ("html" in found[1] or found[0].lower().endswith(_PAGES))
            ):
                self.spine.append(found[0])
        for name, kind, properties in manifest.values():
            if "nav" in properties.split():
                self._read_navigation(name)
            elif kind == "application/x-dtbncx+xml" or name.lower().endswith(".ncx"):
                self._read_contents(name)

    def _read_navigation(self, name: str) -> None:
        try:
            root = parse_html(decode(self._archive.read(name)))
        except DocumentError:
            return
        for link in root.iter("a") if root is not None else ():
            items = [one for one in link.iterancestors() if local(one) == "li"]
            above = [next(descendants(item, "a"), None) for item in reversed(items[1:])]
            path = [one_line(text_of(one)) for one in above if one is not None]
            nearest = next((one for one in reversed(above) if one is not None), None)
            parent = "" if nearest is None else nearest.get("href") or ""
            self._name(name, link.get("href") or "", parent, [*path, one_line(text_of(link))])

    def _read_contents(self, name: str) -> None:
        root = member_xml(self._archive, name)
        for point in descendants(root, "navPoint"):
            points = [point, *(one for one in point.iterancestors() if local(one) == "navPoint")]
            path = [one_line(text_of(child(one, "navLabel"))) for one in reversed(points)]
            targets = [attribute(child(one, "content"), "src") for one in points[:2]]
            self._name(name, targets[0], targets[1] if len(targets) > 1 else "", path)

    def _name(self, base: str, target: str, parent: str, path: list[str]) -> None:
        """Keeps an entry of the table of contents; what is only a part of a chapter's file is left out."""
        file, title = resolve(base, target), path[-1]
        if not file or not title:
            return
        anchor = unquote(target.partition("#")[2])
        entries = self._entries.setdefault(file, [])
        inner = parent and resolve(base, parent) == file and not parent.partition("#")[2]
        if (inner and anchor) or any(entry.anchor == anchor for entry in entries):
            return
        entries.append(_Entry(anchor, tuple(shortened(one, 200) for one in path if one)))


def _place(number: int, entry: _Entry) -> str:
    return f"chapter {number} · {shortened(entry.path[-1], 80)}"


def _without_repetition(section: Section) -> Section:
    """A chapter's own heading says again what the table of contents said."""
    heading = tuple(
        text
        for at, text in enumerate(section.heading)
        if at == 0 or text.casefold() != section.heading[at - 1].casefold()
    )
    return Section(section.text, section.page, section.location, heading, section.table)
