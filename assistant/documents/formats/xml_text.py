"""XML of any vocabulary as text without its tags: papers, books, feeds, data."""

from __future__ import annotations

import re

from assistant.documents.formats.html_inline import MAX_DEPTH, inline_text
from assistant.documents.formats.html_page import html_sections, walk_html
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.documents.records import Section
from assistant.errors import DocumentError
from assistant.file_reading.safe_xml import Element, local, parse_xml

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")

_DOCUMENT_ROOTS = frozenset(
    {
        "article", "book", "fictionbook", "tei", "rss", "feed", "rdf", "html", "topic", "concept",
        "task", "reference", "chapter", "section", "document", "doc",
    }
)  # fmt: skip
_TITLES = frozenset({"title", "head", "article-title", "heading", "caption"})
_LINES = frozenset({"p", "para", "simpara", "v", "ab", "subtitle"})


def xml_sections(text: str) -> list[Section] | None:
    """The text of an XML document without its tags; None where it cannot be read as XML.

    In vocabularies of data, without running text, each value stands behind the name of its element.
    """
    try:
        root = parse_xml(_DECLARATION.sub("", text.lstrip("\ufeff")).encode("utf-8", "replace"))
    except DocumentError:
        return None
    if local(root) in ("wordDocument", "package"):
        from assistant.documents.formats.office.word import flat_sections

        sections = flat_sections(root)
        if sections is not None:
            return sections
    build = SectionBuilder()
    walker = _XmlWalker(
        build, named=local(root).lower() not in _DOCUMENT_ROOTS and not _has_running_text(root)
    )
    walker.visit(root, 0, 1)
    return build.finish()


def _has_running_text(root: Element) -> bool:
    """Whether words stand beside elements anywhere, or in paragraphs."""
    for count, element in enumerate(root.iter()):
        if count > 20_000:
            break
        if (
            local(element).lower() in _LINES
            or (len(element) and (element.text or "").strip())
            or (element.tail or "").strip()
        ):
            return True
    return False


class _XmlWalker:
    def __init__(self, build: SectionBuilder, *, named: bool) -> None:
        self._build = build
        self._named = named

    def visit(self, element: Element, depth: int, level: int) -> None:
        """`level`: that of a heading found here."""
        name = local(element).lower()
        if not name:
            return
        if depth > MAX_DEPTH or _is_mixed(element) or not len(element):
            text = inline_text(element, frozenset())
            if name in _TITLES:
                self._build.heading(level, text)
            elif self._named and text:
                self._build.line(f"{local(element)}: {text}")
            elif _looks_like_html(text):
                for section in html_sections(text, titled=False):
                    self._build.paragraph(section.text)
            else:
                self._build.paragraph(text)
            return
        if name == "table":
            walk_html(element, self._build)
            return
        if not self._named and name not in _LINES and _is_short_group(element):
            self._build.paragraph(" ".join(filter(None, (one_line(text) for text in element.itertext()))))
            return
        titled = any(local(one).lower() in _TITLES or local(one).lower() == "title-group" for one in element)
        for one in element:
            self.visit(one, depth + 1, level + 1 if titled and local(one).lower() not in _TITLES else level)


def _is_short_group(element: Element) -> bool:
    """A name, an address, a date: leaves without running text that make one line together."""
    leaves = list(element)
    return (
        1 < len(leaves) <= 8
        and not any(len(one) or local(one).lower() in _TITLES | _LINES for one in leaves)
        and sum(len(one.text or "") for one in leaves) <= 120
    )


def _is_mixed(element: Element) -> bool:
    return bool((element.text or "").strip()) or any((one.tail or "").strip() for one in element)


def _looks_like_html(text: str) -> bool:
    """Feeds carry pages as escaped text."""
    return "<" in text and re.search(r"<(?:p|br|div|a|img|ul|b|i|span)\b[^>]*>", text) is not None
