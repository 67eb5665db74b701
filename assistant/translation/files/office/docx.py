"""Word files (.docx, .docm, .dotx, .dotm): body, headers, footers, notes, comments, text boxes, controls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from assistant.file_reading.safe_xml import Element, attribute, child, descendants, local, member_xml, space
from assistant.translation.files.office.drawing_text import DrawingParagraph, alternatives, is_drawing
from assistant.translation.files.office.graphics import all_graphics
from assistant.translation.files.office.office_file import Blocks, Contents, OfficeFile, Part, Writing
from assistant.translation.files.office.package import EditablePackage
from assistant.translation.files.office.plain_places import PlainText, add_description, attribute_text, titles
from assistant.translation.files.office.word_paragraph import WordParagraph, initial_of
from assistant.translation.files.office.word_properties import WordStyles
from assistant.translation.files.office.word_tracked_changes import accept, has_changes
from assistant.translation.records import NotKept

_MARGINS = ("header", "footer", "footnotes", "endnotes", "comments")
_PLACES = {
    "header": "header", "footer": "footer", "footnotes": "footnote", "endnotes": "endnote",
    "comments": "comment",
}  # fmt: skip
_VALUES = frozenset(
    {"tblCaption", "tblDescription", "alias", "listEntry", "helpText", "statusText", "default"}
)
"""Elements whose value is read by people."""
_TEXTS = (
    "{*}p", "{*}docPr", "{*}cNvPr", "{*}textpath", "{*}shape", "{*}rect", "{*}hyperlink", "{*}listItem",
    *(f"{{*}}{name}" for name in sorted(_VALUES)),
)  # fmt: skip
_NUMBER = re.compile(r"%\d")
"""Where Word puts a number."""


def open(path: Path) -> OfficeFile:
    """Raises UnreadableDocument."""
    return OfficeFile(path, _contents)


def _contents(package: EditablePackage) -> Contents:
    main = package.main_part("word/document.xml", "word/document2.xml")
    styles_name = next(iter(package.related(main, "styles")), "")
    styles_root = member_xml(package.archive, styles_name)
    numbering = member_xml(package.archive, next(iter(package.related(main, "numbering")), ""))
    word = _Word(WordStyles(styles_root, numbering))
    texts = [word.part(main, "", needed=True)]
    for kind in _MARGINS:
        texts += [word.part(name, _PLACES[kind]) for name in package.each_related(main, kind)]
    for glossary in package.related(main, "glossaryDocument"):
        texts.append(Part(glossary, word.placeholders))
    parts = [*texts, *all_graphics(package, texts)]
    parts += [Part(name, _collect_numbering) for name in package.each_related(main, "numbering")]
    parts += [Part(name, finish=word.styles) for name in package.each_related(main, "styles")]
    parts += [Part(name, finish=word.settings) for name in package.each_related(main, "settings")]
    parts.append(titles(package.properties()))
    return Contents(parts, _language(styles_root))


def _language(styles: Element | None) -> str:
    defaults = next(descendants(styles, "rPrDefault"), None)
    for tag in descendants(defaults, "lang"):
        return attribute(tag, "val").partition("-")[0].lower()
    return ""


class _Word:
    def __init__(self, styles: WordStyles) -> None:
        self._styles = styles

    def part(self, name: str, place: str, *, needed: bool = False) -> Part:
        collect = partial(self._collect, place=place)
        return Part(name, collect, self._finish, needed, losses=_losses)

    def placeholders(self, root: Element, blocks: Blocks) -> None:
        """What controls show that are not filled in."""
        for part in descendants(root, "docPart"):
            kinds = [attribute(kind, "val") for kind in descendants(child(part, "docPartPr"), "type")]
            if "bbPlcHdr" in kinds:
                self._collect(part, blocks, place="placeholder")

    def _collect(self, root: Element, blocks: Blocks, place: str) -> None:
        accept(root)
        variants = alternatives(root)
        number = 0
        initial: Element | None = None
        for element in root.iter(*_TEXTS):
            name = local(element)
            if name != "p":
                _add_attributes(element, name, place, blocks)
            elif is_drawing(element):
                blocks.add(DrawingParagraph(element, place or "picture", joined=False))
            elif "word" in space(element):
                number += 1
                following = element.getnext()
                if initial_of(element) and following is not None and local(following) == "p":
                    initial = element
                    continue
                where = place or f"paragraph {number}"
                paragraph = WordParagraph(element, where, self._styles, initial)
                blocks.add(paragraph, variants.get(element))
                initial = None

    def _finish(self, root: Element, writing: Writing) -> bool:
        bound = [
            one
            for one in root.iter("{*}dataBinding")
            # The title is translated where it is bound to as well.
            if "core-properties" not in attribute(one, "prefixMappings")
        ]
        for binding in bound:
            # Word would put what it is bound to in the place of the translation.
            binding.getparent().remove(binding)
        turned = not writing.below and self._styles.language(writing.language).around(root)
        return turned or bool(bound)

    def styles(self, root: Element, writing: Writing) -> bool:
        if not writing.below:
            self._styles.language(writing.language).styles(root)
        return not writing.below

    def settings(self, root: Element, writing: Writing) -> bool:
        return not writing.below and self._styles.language(writing.language).settings(root)


def _losses(root: Element) -> Iterator[NotKept]:
    if has_changes(root):
        yield NotKept.TRACKED
    yield from (NotKept.EMBEDDED for _ in root.iter("{*}altChunk"))


def _add_attributes(element: Element, name: str, place: str, blocks: Blocks) -> None:
    if name in ("docPr", "cNvPr"):
        add_description(blocks, element, place or "picture")
    elif name == "textpath":
        blocks.add(attribute_text(element, "string", "text box"))
    elif name in ("shape", "rect"):
        blocks.add(attribute_text(element, "alt", "picture, alternative text"), "description")
    elif name == "hyperlink":
        blocks.add(_value(element, "tooltip", "link"))
    elif name == "listItem":
        blocks.add(_value(element, "displayText", "list", attribute(element, "value")), "list")
    elif name != "default" or local(element.getparent()) == "textInput":
        blocks.add(_value(element, "val", place or "control"), "value")


def _value(element: Element, name: str, place: str, default: str = "") -> PlainText:
    """An attribute in the element's own namespace."""
    key = f"{{{space(element)}}}{name}"
    put: Callable[[str], None] = partial(element.set, key)
    return PlainText(element.get(key, default), place, put)


def _collect_numbering(root: Element, blocks: Blocks) -> None:
    """Words that are counted: "Chapter %1"."""
    for level in descendants(root, "lvl"):
        if attribute(child(level, "numFmt"), "val") != "bullet":
            for element in level.iter("{*}lvlText"):
                text = _value(element, "val", "numbering")
                blocks.add(replace(text, put=partial(_put_numbered, text)), "numbering")


def _put_numbered(old: PlainText, new: str) -> None:
    """`new` in the place of `old`, if Word finds in it where its numbers belong."""
    if sorted(_NUMBER.findall(new)) == sorted(_NUMBER.findall(old.text)):
        old.put(new)
