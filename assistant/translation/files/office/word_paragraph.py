"""A paragraph of a Word document: read as texts with marks, and written again with their translations."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from assistant.file_reading.safe_xml import XML_SPACE, Element, attribute, child, local, space, text_of
from assistant.translation.files.office.inline import (
    Around,
    Container,
    Item,
    Look,
    Point,
    Words,
    paragraphs,
    segments,
)
from assistant.translation.files.office.office_file import Writing, says_the_same
from assistant.translation.files.office.word_properties import (
    WordLanguage,
    WordStyles,
    copied,
    drop,
    new_child,
    put,
)
from assistant.translation.files.office.word_reading import read
from assistant.translation.records import Paragraph, TranslatedParagraph

_NOT_TWICE = frozenset(
    {
        "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd",
        "footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef", "annotationRef",
        "commentReference", "drawing", "pict", "object", "AlternateContent", "fldChar", "instrText", "sdt",
    }
)  # fmt: skip
"""What there must not be two of, or what nobody wants to see twice."""
_COUNTED = frozenset({"seq", "listnum", "autonum", "autonumlgl", "autonumout"})
"""Fields that would count on."""
_ONE_LINE_CONTROLS = ("text", "comboBox", "dropDownList", "date")


class WordParagraph:
    def __init__(
        self, element: Element, place: str, styles: WordStyles, initial: Element | None = None
    ) -> None:
        """`initial`: a paragraph that holds the large letter with which this one begins."""
        self._element = element
        self._initial = initial
        self._styles = styles
        style = attribute(child(child(element, "pPr"), "pStyle"), "val")
        items = read(element)
        if initial is not None:
            look = next((item.look for item in items if isinstance(item, Words)), Look(()))
            items = [Words(_letter(initial), look), *items]
        self._pieces = segments(items, joined=style in styles.titles)
        self.paragraphs: Sequence[Paragraph] = paragraphs(self._pieces, place)

    def write(self, translated: Sequence[TranslatedParagraph], writing: Writing) -> None:
        language = self._styles.language(writing.language)
        items = writing.items(self._pieces, translated)
        if self._initial is not None and not writing.below:
            items = _with_initial(self._initial, items)
        if writing.below:
            if says_the_same(self.paragraphs, translated):
                return
            paragraph = _shell_below(self._element, self._styles)
            items = _without(items)
        else:
            paragraph = self._element
        _Builder(paragraph, language, copies=writing.below).build(items)
        language.paragraph(paragraph)


def initial_of(paragraph: Element) -> bool:
    """Whether a paragraph is the large letter with which the next one begins."""
    frame = child(child(paragraph, "pPr"), "framePr")
    return attribute(frame, "dropCap", "none") != "none" and 0 < len(_letter(paragraph)) <= 3


def _letter(paragraph: Element) -> str:
    return "".join(item.text for item in read(paragraph) if isinstance(item, Words)).strip()


def _with_initial(initial: Element, items: Sequence[Item]) -> list[Item]:
    """The items without their first letter, which is put into a paragraph of its own."""
    texts = list(initial.iter(f"{{{space(initial)}}}t"))
    for at, item in enumerate(items):
        if isinstance(item, Words) and item.text.strip():
            text = item.text.lstrip()
            end = next((end for end, sign in enumerate(text, start=1) if sign.isalnum()), 1)
            for number, one in enumerate(texts):
                one.text = "" if number else text[:end]
            return [*items[:at], replace(item, text=text[end:]), *items[at + 1 :]]
    return list(items)


def _shell_below(original: Element, styles: WordStyles) -> Element:
    """An empty paragraph like the original, after it."""
    paragraph = original.makeelement(original.tag)
    properties = child(original, "pPr")
    if properties is not None:
        kept = copy.deepcopy(properties)
        drop(kept, "pageBreakBefore", "framePr", "pPrChange")
        drop(properties, "sectPr")  # the section ends behind the translation now
        paragraph.append(kept)
        if child(kept, "numPr") is not None or child(kept, "pStyle") is not None:
            # Else it would be counted as an item of its own.
            indent = styles.list_indent(kept)
            new_child(put(kept, "numPr"), "numId", {"val": "0"})
            if indent and child(kept, "ind") is None:
                new_child(kept, "ind", {"left": indent})
    place = original
    for above in original.iterancestors():
        control = child(above, "sdtPr") if local(above) == "sdt" else None
        if control is not None and any(local(one) in _ONE_LINE_CONTROLS for one in control):
            place = above
    place.addnext(paragraph)
    return paragraph


def _result(item: Point) -> Iterator[str]:
    """What a field shows."""
    yield from (one.text for one in item.items if isinstance(one, Words))
    yield from (text_of(text) for node in item.nodes for text in node.iter("{*}t"))


def _is_once(node: Element) -> bool:
    page = local(node) == "br" and attribute(node, "type", "textWrapping") != "textWrapping"
    return page or local(node) in _NOT_TWICE


def _without(items: Iterable[Item]) -> list[Item]:
    """The items of a paragraph that may be there a second time."""
    found: list[Item] = []
    for item in items:
        around = tuple(one for one in item.around if one.node is None or local(one.node) != "sdt")
        if isinstance(item, Words):
            found.append(replace(item, around=around))
        elif item.role in _COUNTED:
            found.extend(Words(text, item.look or Look(()), around) for text in _result(item))
        elif item.items or not any(map(_is_once, item.nodes)):
            found.append(replace(item, around=around))
    return found


class _Builder:
    """Puts items into a paragraph, in the place of what is in it."""

    def __init__(self, paragraph: Element, language: WordLanguage, *, copies: bool) -> None:
        """`copies`: what there is stays where it is."""
        self._paragraph = paragraph
        self._language = language
        self._style = attribute(child(child(paragraph, "pPr"), "pStyle"), "val")
        self._copies = copies
        self._tag = f"{{{space(paragraph)}}}"
        self._used: set[Any] = set()
        self._open: list[tuple[Container, Element]] = []
        self._run: tuple[Look, bool, Element] | None = None
        """The last run, as long as something can be added to it: its look, whether it turns."""
        self._looks: dict[tuple[Look, bool], Element] = {}

    def build(self, items: Iterable[Item]) -> None:
        old = [one for one in self._paragraph if local(one) != "pPr"]
        self._top = self._paragraph.makeelement(self._paragraph.tag)
        for item in items:
            self._add(item, item.around)
        self._go_into(())
        for one in old:
            if one.getparent() is self._paragraph:
                self._paragraph.remove(one)
        for one in list(self._top):
            self._paragraph.append(one)

    def _add(self, item: Item, around: Around) -> None:
        if isinstance(item, Point) and item.items:
            inner = len(item.items[0].around)
            for one in item.items:
                self._add(one, around + one.around[inner:])
            return
        self._go_into(around)
        if isinstance(item, Words):
            self._words(item.text, item.look)
        elif item.look is not None:
            self._extend(item.look).extend(map(self._take, item.nodes))
        else:
            self._run = None
            self._parent.extend(map(self._take, item.nodes))

    @property
    def _parent(self) -> Element:
        return self._open[-1][1] if self._open else self._top

    def _words(self, text: str, look: Look) -> None:
        run = self._extend(look, _turns(text))
        for number, piece in enumerate(text.split("\u2011")):
            if number:
                run.append(run.makeelement(f"{self._tag}noBreakHyphen"))
            last = run[-1] if len(run) and not number else None
            if last is not None and local(last) == "t":
                # Words of one look that something without width stood between.
                last.text = (last.text or "") + piece
                last.set(XML_SPACE, "preserve")
            elif piece:
                words = run.makeelement(f"{self._tag}t")
                words.text = piece
                if piece != piece.strip() or "  " in piece:
                    words.set(XML_SPACE, "preserve")
                run.append(words)

    def _extend(self, look: Look, turns: bool | None = None) -> Element:
        """The run for what looks so: the last one, or a new one. `turns`: None where it is all the same."""
        if self._run is not None and self._run[0] == look and turns in (None, self._run[1]):
            return self._run[2]
        key = (look, bool(turns))
        if key not in self._looks:
            properties = copied(look.properties, self._paragraph)
            self._language.run(properties, self._style, turns=bool(turns))
            self._looks[key] = properties
        run = self._paragraph.makeelement(f"{self._tag}r")
        run.append(copy.deepcopy(self._looks[key]))
        self._parent.append(run)
        self._run = (look, bool(turns), run)
        return run

    def _take(self, node: Element) -> Element:
        """A node of the original; a copy of one that is in use."""
        if self._copies or node in self._used:
            node = copy.deepcopy(node)
        self._used.add(node)
        node.tail = None
        return node

    # --- containers ---

    def _go_into(self, around: Around) -> None:
        common = 0
        for (container, _), wanted in zip(self._open, around, strict=False):
            if container is not wanted:
                break
            common += 1
        while len(self._open) > common:
            container, _ = self._open.pop()
            self._run = None
            for point in container.after:
                self._beside(point)
        for container in around[common:]:
            self._run = None
            parent = self._parent
            for point in container.before:
                self._beside(point)
            self._run = None
            inside = parent if container.node is None else self._shell(container.node, parent)
            self._open.append((container, inside))

    def _beside(self, point: Point) -> None:
        if point.look is None:
            self._parent.extend(map(self._take, point.nodes))
        else:
            self._extend(point.look).extend(map(self._take, point.nodes))

    def _shell(self, element: Element, parent: Element) -> Element:
        """A link or control without what is in it, at the end of `parent`; where its content belongs."""
        shell = element.makeelement(element.tag, dict(element.attrib))
        parent.append(shell)
        inside = shell
        for one in element:
            name = local(one)
            if name == "sdtContent":
                inside = shell.makeelement(one.tag, dict(one.attrib))
                shell.append(inside)
            elif name.endswith("Pr") or name == "fldData":
                shell.append(copy.deepcopy(one))
        return inside


def _turns(text: str) -> bool:
    """Whether a text runs from right to left, or goes along with what does, like a number."""
    if text.isascii():
        return not any(map(str.isalpha, text))
    directions = {unicodedata.bidirectional(character) for character in text}
    return bool(directions & {"R", "AL"}) or "L" not in directions
