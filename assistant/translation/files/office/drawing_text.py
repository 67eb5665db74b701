"""Paragraphs of DrawingML: on slides, in shapes of sheets, in charts and diagrams (ECMA-376, part 1, 21)."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence
from typing import Any

from assistant.file_reading.safe_xml import Element, child, local, space
from assistant.translation.files.office.inline import (
    Item,
    Look,
    Point,
    Words,
    is_symbol_font,
    paragraphs,
    segments,
)
from assistant.translation.files.office.office_file import Blocks, Writing, says_the_same
from assistant.translation.files.office.plain_places import add_description, attribute_text
from assistant.translation.files.target_language import TargetLanguage
from assistant.translation.records import Paragraph, TranslatedParagraph

_UNSEEN = frozenset({"lang", "altLang", "dirty", "err", "smtClean", "smtId", "noProof", "kern", "bmk"})
_TITLES = frozenset({"title", "ctrTitle", "subTitle"})
_STYLES = tuple(
    f"{{*}}{name}" for name in ("lstStyle", "titleStyle", "bodyStyle", "otherStyle", "defaultTextStyle")
)
_MIRRORED = {"l": "r", "r": "l"}
_TABS = re.compile(r"(\t)")
_PLAIN = Look(())


def add_drawing_texts(root: Element, blocks: Blocks, place: str) -> None:
    """Paragraphs, descriptions and tips in the order of the file."""
    variants = alternatives(root)
    titles = _in_titles(root)
    for element in root.iter("{*}p", "{*}cNvPr", "{*}hlinkClick", "{*}hlinkHover"):
        name = local(element)
        if name == "p" and is_drawing(element):
            paragraph = DrawingParagraph(element, place, joined=element in titles)
            blocks.add(paragraph, variants.get(element))
        elif name == "cNvPr":
            add_description(blocks, element, place)
        elif name != "p":
            blocks.add(attribute_text(element, "tooltip", place), "tooltip")


def is_drawing(element: Element) -> bool:
    """Its namespace: there are two of them, and Word has paragraphs of its own."""
    return space(element).endswith("drawingml/main") or space(element).endswith("drawingml/2006/main")


def alternatives(root: Element) -> dict[Element, Element]:
    """Paragraphs that are there once more for older programs, with what holds both variants."""
    found: dict[Element, Element] = {}
    for alternative in root.iter("{*}AlternateContent"):
        for paragraph in alternative.iter("{*}p"):
            found.setdefault(paragraph, alternative)
    return found


def _in_titles(root: Element) -> set[Element]:
    found: set[Element] = set()
    for placeholder in root.iter("{*}ph"):
        if placeholder.get("type") in _TITLES:
            for shape in placeholder.iterancestors("{*}sp"):
                found.update(shape.iter("{*}p"))
                break
    return found


class DrawingParagraph:
    def __init__(self, element: Element, place: str, *, joined: bool) -> None:
        self._element = element
        self._is_title = joined
        self._pieces = segments(list(_read(element)), joined=joined)
        self.paragraphs: Sequence[Paragraph] = paragraphs(self._pieces, place)

    def write(self, translated: Sequence[TranslatedParagraph], writing: Writing) -> None:
        items = writing.items(self._pieces, translated)
        paragraph = self._element
        if writing.below:
            if says_the_same(self.paragraphs, translated):
                return
            paragraph = copy.deepcopy(self._element)
            paragraph.tail = None
            self._element.addnext(paragraph)
        _build(paragraph, items, writing)
        turn(_properties(paragraph), writing.language, aligned=writing.below and not self._is_title)


# --- reading ---


def _read(paragraph: Element) -> Iterable[Item]:
    for one in paragraph:
        name = local(one)
        if name == "r":
            yield from _run(one)
        elif name == "br":
            yield Point((one,), breaks=True)
        elif name and name not in ("pPr", "endParaRPr"):
            yield Point((one,))


def _run(run: Element) -> Iterable[Item]:
    text = child(run, "t")
    properties = child(run, "rPr")
    if text is None or not text.text or _is_symbols(properties):
        yield Point((run,))
        return
    look = _look(properties)
    for piece in _TABS.split(text.text.replace("\n", " ")):
        if piece == "\t":
            yield Point((piece,), look=look, splits=True)
        elif piece:
            yield Words(piece, look)


def _look(properties: Element | None) -> Look:
    if properties is None:
        return _PLAIN
    key = (_attributes(properties), tuple(_key(one) for one in properties if local(one)))
    shown = properties.get("u", "none") != "none" or properties.get("strike", "noStrike") != "noStrike"
    return Look(
        _PLAIN.key if key == ((), ()) else key, properties, shown or "highlight" in map(local, properties)
    )


def _key(element: Element) -> tuple[Any, ...]:
    attributes = tuple(sorted(element.attrib.items()))
    return (element.tag, attributes, *(_key(one) for one in element if local(one)))


def _attributes(properties: Element) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(item for item in properties.attrib.items() if item[0] not in _UNSEEN))


def _is_symbols(properties: Element | None) -> bool:
    font = child(properties, "latin")
    return font is not None and is_symbol_font(font.get("typeface", ""))


# --- writing ---


def _build(paragraph: Element, items: Iterable[Item], writing: Writing) -> None:
    """Put items into a paragraph, in the place of what is in it."""
    tag = f"{{{space(paragraph)}}}"
    content: list[Element] = []
    last: Look | None = None
    for item in items:
        if isinstance(item, Point) and item.look is None:
            last = None
            for node in item.nodes:
                node = copy.deepcopy(node) if writing.below else node
                node.tail = None
                content.append(node)
            continue
        text = item.text if isinstance(item, Words) else "".join(item.nodes)
        look = item.look or _PLAIN
        if last is not None and last == look:
            words = child(content[-1], "t")
            assert words is not None
            words.text += text
            continue
        run = paragraph.makeelement(f"{tag}r")
        properties = paragraph.makeelement(f"{tag}rPr")
        if look.properties is not None:
            properties = copy.deepcopy(look.properties)
            properties.tail = None
        _speak(properties, writing.language)
        words = paragraph.makeelement(f"{tag}t")
        words.text = text
        run.extend((properties, words))
        content.append(run)
        last = look
    kept = [one for one in paragraph if local(one) in ("pPr", "endParaRPr")]
    for one in list(paragraph):
        if one not in kept:
            paragraph.remove(one)
    at = 1 if kept and local(kept[0]) == "pPr" else 0
    for number, one in enumerate(content):
        paragraph.insert(at + number, one)
    for one in kept:
        if local(one) == "endParaRPr":
            _speak(one, writing.language)


def _speak(properties: Element, language: TargetLanguage) -> None:
    properties.set("lang", language.tag)
    for name in ("altLang", "dirty", "err"):
        properties.attrib.pop(name, None)
    if not language.italics and properties.get("i") in ("1", "true"):
        properties.set("i", "0")


def _properties(paragraph: Element) -> Element:
    found = child(paragraph, "pPr")
    if found is None:
        found = paragraph.makeelement(f"{{{space(paragraph)}}}pPr")
        paragraph.insert(0, found)
    return found


def turn(properties: Element, language: TargetLanguage, *, aligned: bool = False) -> bool:
    """Set the direction of a paragraph, or of a level of a style; whether anything changed.

    Left and right mean what they say here. `aligned`: what says nothing of it is left-aligned.
    """
    was = properties.get("rtl") in ("1", "true")
    if was == language.right_to_left:
        return False
    side = properties.get("algn", "l" if aligned else "")
    if side in _MIRRORED:
        properties.set("algn", _MIRRORED[side])
    properties.set("rtl", "1" if language.right_to_left else "0")
    return True


def turn_styles(root: Element, writing: Writing, *, aligned: bool = False) -> bool:
    """Turn the levels of all styles of texts, and tables; whether anything changed."""
    if writing.below:
        return False
    language = writing.language
    changed = False
    for style in root.iter(*_STYLES):
        named = aligned and local(style) != "lstStyle"
        for level in style:
            if local(level).endswith("pPr"):
                changed = turn(level, language, aligned=named) or changed
    for table in root.iter("{*}tbl"):
        properties = child(table, "tblPr")
        if properties is not None and (properties.get("rtl") in ("1", "true")) != language.right_to_left:
            properties.set("rtl", "1" if language.right_to_left else "0")
            changed = True
    return changed
