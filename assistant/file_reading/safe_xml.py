"""XML and HTML from strangers: no entity is expanded, nothing is fetched, depth and size are bounded.

The only import of lxml. Elements are typed as Any: lxml has no annotations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, TypeAlias

from lxml import etree
from lxml import html as lxml_html

from assistant.errors import DocumentError, UnreadableDocument
from assistant.file_reading.zip_reader import Archive

Element: TypeAlias = Any

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
"""The attribute that says whether spaces at the edges count."""


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


_PIECE_BYTES = 1 << 16
_BOUNDED: dict[str, Any] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
    "remove_comments": True, "remove_pis": True,
}  # fmt: skip
_KEPT: dict[str, Any] = {"remove_comments": False, "remove_pis": False}


def parse_xml(content: bytes) -> Element:
    """The root of an XML document; what is broken in it is mended where that is possible.

    Raises UnreadableDocument where nothing can be made of it.
    """
    for recover in (False, True):
        try:
            root = etree.fromstring(content, etree.XMLParser(**_BOUNDED, recover=recover))
        except (etree.XMLSyntaxError, ValueError):
            continue
        if root is not None:
            return root
    raise UnreadableDocument("not-xml")


def parse_to_edit(content: bytes) -> Element:
    """The root of an XML document that is written again: comments, instructions and white space are kept.

    Nothing is mended: what mending drops would be lost.
    Raises UnreadableDocument.
    """
    parser = etree.XMLParser(**_BOUNDED | _KEPT, strip_cdata=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument("not-xml") from error
    if root is None:
        raise UnreadableDocument("not-xml")
    return root


def serialise(root: Element) -> bytes:
    """The document of a root as it is written to a file, with what stands around the root."""
    tree = root.getroottree()
    content: bytes = etree.tostring(
        tree, encoding="UTF-8", xml_declaration=True, standalone=tree.docinfo.standalone
    )
    return content


def member_xml(archive: Archive, name: str) -> Element | None:
    """The root of a member of an archive; None where it is missing or damaged, for what is not needed."""
    if name not in archive:
        return None
    try:
        return parse_xml(archive.read(name))
    except DocumentError:
        return None


def stream_xml(
    file: Readable, names: frozenset[str], *, marks: frozenset[str] = frozenset()
) -> Iterator[Element]:
    """Elements with these local names, whole, one after the other; the memory of each is freed afterwards.

    An element inside another of these names comes as a part of the outer one only. Elements named in `marks`
    come when they begin, empty, to tell what the following ones belong to.
    Raises UnreadableDocument where the XML ends too early or cannot be read any further.
    """
    tags = [f"{{*}}{name}" for name in names | marks]
    parser = etree.XMLPullParser(events=("start", "end"), tag=tags, **_BOUNDED)
    outer: Element = None
    damage: Exception | None = None
    while damage is None:
        piece = file.read(_PIECE_BYTES)
        try:
            if piece:
                parser.feed(piece)
            else:
                parser.close()
        except etree.XMLSyntaxError as error:
            damage = error
        # What stands before the damage is read all the same.
        for event, element in parser.read_events():
            if event == "start":
                if outer is None:
                    if local(element) in marks:
                        yield element
                    else:
                        outer = element
            elif element is outer:
                yield element
                outer = None
                _forget(element)
        if not piece:
            break
    if damage is not None:
        raise UnreadableDocument("xml-breaks-off") from damage


def _forget(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def parse_html(text: str) -> Element | None:
    """The root of an HTML page, however broken; None where it holds nothing."""
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    # A NUL would end the page early.
    content = text.replace("\0", "").encode("utf-8", "replace")
    if not content.strip():
        return None
    try:
        return lxml_html.document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def local(element: Element) -> str:
    """The name of an element without its namespace; "" for what is not an element."""
    tag = element.tag
    name = _NAMES.get(tag)
    if name is None:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(_NAMES) < 10_000:
            _NAMES[tag] = name
    return name


_NAMES: dict[Any, str] = {}
"""Local names by tag: asking is what a reader does most."""


def space(element: Element) -> str:
    """The namespace of an element."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag[:1] == "{" else ""


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """An attribute by its local name, whatever its namespace."""
    if element is None:
        return default
    value = element.get(name)
    if value is not None:
        return str(value)
    for key, other in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(other)
    return default


def integer(text: str | None, default: int) -> int:
    """The whole number that an attribute holds."""
    try:
        return int(text) if text else default
    except ValueError:
        return default


def child(element: Element | None, name: str) -> Element | None:
    """The first child with a local name."""
    for other in element if element is not None else ():
        if local(other) == name:
            return other
    return None


def children(element: Element | None, name: str) -> list[Element]:
    """The children with a local name."""
    return [other for other in element if local(other) == name] if element is not None else []


def descendants(element: Element | None, name: str) -> Iterator[Element]:
    """All elements below with a local name, in document order."""
    for other in element.iter(f"{{*}}{name}") if element is not None else ():
        if other is not element:
            yield other


def text_of(element: Element | None) -> str:
    """All text inside an element."""
    return "".join(element.itertext()) if element is not None else ""
