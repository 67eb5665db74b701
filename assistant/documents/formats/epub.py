"""Electronic books (.epub): chapters in the order of the spine, with the titles of the table of contents."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from assistant.documents.formats.html_page import html_sections
from assistant.documents.formats.shared.encoding_detection import decode
from assistant.documents.formats.shared.pagination import PagedDocument, PartUnit, title_of
from assistant.documents.formats.shared.safe_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    member_xml,
    parse_html,
    text_of,
)
from assistant.documents.formats.shared.text_cleaning import one_line, shortened
from assistant.documents.formats.shared.zip_reader import Archive, resolve
from assistant.documents.records import Opened, Section
from assistant.errors import DocumentError, UnreadableDocument, UnsupportedFormat

_PAGES = (".xhtml", ".html", ".htm", ".xml")
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


class _Book:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.title = ""
        self.spine: list[str] = []
        self._names: dict[str, str] = {}
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

    def chapter(self, name: str, number: int) -> list[Section]:
        content = self._archive.read(name)
        title = self._names.get(name, "")
        place = f"chapter {number} · {shortened(title, 80)}" if title else f"chapter {number}"
        above = (title,) if title else ()
        sections = html_sections(decode(content), place, above=above, titled=False)
        return [_without_repetition(section, title) for section in sections]

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
            self._name(resolve(name, link.get("href") or ""), text_of(link))

    def _read_contents(self, name: str) -> None:
        root = member_xml(self._archive, name)
        for point in descendants(root, "navPoint"):
            label, content = child(point, "navLabel"), child(point, "content")
            if label is not None and content is not None:
                self._name(resolve(name, attribute(content, "src")), text_of(label))

    def _name(self, target: str, title: str) -> None:
        """The first entry that leads to a chapter names it."""
        if target and one_line(title):
            self._names.setdefault(target, shortened(one_line(title), 200))


def _without_repetition(section: Section, title: str) -> Section:
    """A chapter's own heading says again what the table of contents said."""
    heading = section.heading
    if len(heading) > 1 and heading[0].casefold() == heading[1].casefold() == title.casefold():
        return Section(section.text, section.page, section.location, heading[1:], section.table)
    return section
