"""Places that hold text without looks: attributes, and elements with nothing but text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.file_reading.safe_xml import Element, children
from assistant.translation.files.office.office_file import Blocks, Part, Writing
from assistant.translation.files.readable import has_letters
from assistant.translation.records import Paragraph, TranslatedParagraph

_FILE_NAME = re.compile(r"\S+\.[A-Za-z0-9]{2,4}")
_TITLES = ("title", "subject", "description", "keywords", "category")


@dataclass(frozen=True, slots=True)
class PlainText:
    text: str
    place: str
    put: Callable[[str], None]
    """Writes a text in its place."""

    @property
    def paragraphs(self) -> Sequence[Paragraph]:
        return (Paragraph(self.text.strip(), place=self.place),) if has_letters(self.text) else ()

    def write(self, translated: Sequence[TranslatedParagraph], writing: Writing) -> None:
        new = translated[0].text
        old = self.text.strip()
        if old in writing.kept:
            return
        self.put(f"{old}\n{new}" if writing.below and new != old else new)


def attribute_text(element: Element, name: str, place: str) -> PlainText:
    """`name` as the element has it, with its namespace."""
    return PlainText(element.get(name, ""), place, lambda text: element.set(name, text))


def element_text(element: Element, place: str) -> PlainText:
    def put(text: str) -> None:
        element.text = text

    return PlainText(element.text or "", place, put)


def add_description(blocks: Blocks, element: Element, place: str) -> None:
    """What was written about a picture for those who cannot see it; not the name of its file."""
    for name in ("title", "descr"):
        if not _FILE_NAME.fullmatch(element.get(name, "")):
            blocks.add(attribute_text(element, name, f"{place}, alternative text"), "description")


def titles(name: str) -> Part:
    """The document's properties."""

    def collect(root: Element, blocks: Blocks) -> None:
        for title in _TITLES:
            for element in children(root, title):
                blocks.add(element_text(element, "properties"))

    def finish(root: Element, writing: Writing) -> bool:
        languages = [] if writing.below else children(root, "language")
        for element in languages:
            element.text = writing.language.tag
        return bool(languages)

    return Part(name, collect, finish)
