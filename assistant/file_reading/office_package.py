"""The package of an Office document: its parts and how they point at each other."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from assistant.errors import UnreadableDocument
from assistant.file_reading.safe_xml import (
    Element,
    attribute,
    child,
    member_xml,
    parse_xml,
    text_of,
)
from assistant.file_reading.zip_reader import Archive, Source, resolve


@dataclass(frozen=True, slots=True)
class Relationship:
    kind: str
    """The last word of its type: "slide", "footnotes", "hyperlink" …"""
    target: str
    """A member of the package; for an external one, the address as it is written (it is never opened)."""
    external: bool


class Package:
    """An open .docx, .pptx or .xlsx file."""

    def __init__(self, source: Source) -> None:
        """Raises UnreadableDocument."""
        self.archive = Archive(source)
        self._relationships: dict[str, dict[str, Relationship]] = {}

    def main_part(self, *fallbacks: str) -> str:
        """The name of the main part. Raises UnreadableDocument where there is none."""
        for relationship in self.relationships("").values():
            if relationship.kind == "officeDocument" and relationship.target in self.archive:
                return relationship.target
        for name in fallbacks:
            if name in self.archive:
                return name
        raise UnreadableDocument("office-document-missing")

    def relationships(self, part: str) -> dict[str, Relationship]:
        """What `part` points at, by id; nothing where its list is damaged. "" is the package itself."""
        known = self._relationships.get(part)
        if known is not None:
            return known
        found: dict[str, Relationship] = {}
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        root = self.optional_xml(listing)
        for entry in root if root is not None else ():
            identity, target = attribute(entry, "Id"), attribute(entry, "Target")
            kind = attribute(entry, "Type").rstrip("/").rpartition("/")[2]
            external = attribute(entry, "TargetMode") == "External"
            found[identity] = Relationship(kind, target if external else resolve(part, target), external)
        self._relationships[part] = found
        return found

    def related(self, part: str, kind: str) -> list[str]:
        """Members of one kind that `part` points at, in the order of its list."""
        return [
            relationship.target
            for relationship in self.relationships(part).values()
            if relationship.kind == kind and not relationship.external and relationship.target in self.archive
        ]

    def address(self, part: str, identity: str) -> str:
        """Where a link of `part` leads out of the document, by the id of its relationship; "" within it."""
        found = self.relationships(part).get(identity)
        return found.target if found is not None and found.external else ""

    def target(self, part: str, entry: Element) -> str | None:
        """The member that an entry of a list in `part` stands for.

        An entry may have two attributes named id: its own number, and the relationship in a namespace.
        """
        for key, value in entry.attrib.items():
            found = self.relationships(part).get(value) if key.endswith("}id") else None
            if found is not None and found.target in self.archive:
                return found.target
        return None

    def xml(self, part: str) -> Element:
        """The root element of a part. Raises UnreadableDocument."""
        return parse_xml(self.archive.read(part))

    def optional_xml(self, part: str | None) -> Element | None:
        """Like `xml`; None where the part is missing or damaged, for parts that a document can do without."""
        return member_xml(self.archive, part or "")

    def title(self) -> str:
        """The title in the document's properties, "" without one."""
        for name in [*self.related("", "core-properties"), "docProps/core.xml"]:
            root = self.optional_xml(name)
            if root is not None:
                return text_of(child(root, "title"))
        return ""

    def close(self) -> None:
        self.archive.close()


def boolean(element: Element | None) -> bool:
    """The value of a switch such as <w:b/>: present means on unless it says otherwise."""
    return element is not None and attribute(element, "val", "true").lower() not in ("0", "false", "off")
