"""Strings of workbooks: in cells and comments, with runs of several looks, and in headers with codes."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from assistant.file_reading.safe_xml import XML_SPACE, Element, child, local, space
from assistant.translation.files.office.inline import (
    Item,
    Look,
    Point,
    Segment,
    Words,
    paragraphs,
    segments,
)
from assistant.translation.files.office.office_file import Writing, says_the_same
from assistant.translation.records import NotKept, Paragraph, TranslatedParagraph

_LINE_END = re.compile(r"((?:_x000[dD]_|\r)?\n)")
_PLAIN = Look(())
_CODE = re.compile(r'(&"[^"]*"|&K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|&\d+|&.)', re.DOTALL)
"""Codes of headers and footers (ECMA-376, part 1, 18.3.1.39)."""
_SIDES = frozenset({"&L", "&C", "&R"})


class SheetString:
    """The string of a cell or comment: an element with texts, or with runs."""

    def __init__(self, element: Element, place: str) -> None:
        self._element = element
        self._pieces = segments(list(_read(element)))
        self.paragraphs: Sequence[Paragraph] = paragraphs(self._pieces, place)

    def write(self, translated: Sequence[TranslatedParagraph], writing: Writing) -> None:
        if any(one.text in writing.kept for one in self.paragraphs):
            writing.lost[NotKept.NAMES, ""] += 1
            return
        items = writing.items(self._pieces, translated)
        if writing.below:
            if says_the_same(self.paragraphs, translated):
                return
            items = [*_read(self._element), Point(("\n",)), *items]
        _build(self._element, items, writing)


class HeaderText:
    """A header or footer of a sheet: texts between codes for sides, looks and numbers of pages."""

    def __init__(self, element: Element, place: str) -> None:
        self._element = element
        self._pieces = segments(list(_read_codes(element.text or "")))
        self.paragraphs: Sequence[Paragraph] = paragraphs(self._pieces, place)

    def write(self, translated: Sequence[TranslatedParagraph], writing: Writing) -> None:
        rest = iter(translated)
        written = ""
        for piece in self._pieces:
            old = "".join(map(_coded, piece.items if isinstance(piece, Segment) else piece))
            if not isinstance(piece, Segment):
                written += old
                continue
            done = next(rest)
            new = "".join(map(_coded, piece.translated(done).items))
            written += f"{old}\n{new}" if writing.below and done.text != piece.text else new
        self._element.text = written


def _read(element: Element) -> Iterator[Item]:
    for one in element:
        name = local(one)
        if name == "t":
            yield from _lines(one.text or "", _PLAIN)
        elif name == "r":
            yield from _lines(getattr(child(one, "t"), "text", None) or "", _look(child(one, "rPr")))


def _lines(text: str, look: Look) -> Iterator[Item]:
    for piece in _LINE_END.split(text):
        if piece.endswith("\n"):
            yield Point((piece,), look=look, breaks=True)
        elif piece:
            yield Words(piece, look)


def _look(properties: Element | None) -> Look:
    if properties is None:
        return _PLAIN
    names = {local(one) for one in properties}
    key = tuple(sorted((local(one), tuple(sorted(one.attrib.items()))) for one in properties if local(one)))
    return Look(key, properties, bool(names & {"u", "strike"}))


def _build(element: Element, items: Iterable[Item], writing: Writing) -> None:
    runs: list[tuple[Look, str]] = []
    for item in items:
        look = item.look or (runs[-1][0] if runs else _PLAIN)
        text = item.text if isinstance(item, Words) else "".join(item.nodes)
        if runs and runs[-1][0] == look:
            runs[-1] = (look, runs[-1][1] + text)
        else:
            runs.append((look, text))
    tag = f"{{{space(element)}}}"
    for one in list(element):
        # The reading of what was there before goes with it.
        if local(one) in ("t", "r", "rPh", "phoneticPr"):
            element.remove(one)
    plain = all(look.properties is None for look, _ in runs)
    new = [_text(element, tag, "".join(text for _, text in runs))] if plain else []
    for look, text in () if plain else runs:
        run = element.makeelement(f"{tag}r")
        if look.properties is not None:
            properties: Any = copy.deepcopy(look.properties)
            properties.tail = None
            upright(properties, writing)
            run.append(properties)
        run.append(_text(element, tag, text))
        new.append(run)
    for number, one in enumerate(new):
        element.insert(number, one)


def upright(properties: Element, writing: Writing) -> bool:
    """Take italics away where the script has none; whether there were any."""
    slanted = [one for one in properties if local(one) == "i"] if not writing.language.italics else []
    for one in slanted:
        properties.remove(one)
    return bool(slanted)


def _text(parent: Element, tag: str, text: str) -> Element:
    element = parent.makeelement(f"{tag}t")
    element.text = text
    if text != text.strip() or "\n" in text or "  " in text:
        element.set(XML_SPACE, "preserve")
    return element


# --- headers and footers ---


def _read_codes(text: str) -> Iterator[Item]:
    for piece in _CODE.split(text):
        if piece == "&&":
            yield Words("&", _PLAIN)
        elif piece.startswith("&"):
            yield Point((piece,), splits=piece in _SIDES)
        elif piece:
            yield from _lines(piece, _PLAIN)


def _coded(item: Item) -> str:
    if isinstance(item, Point):
        return "".join(item.nodes)
    return item.text.replace("&", "&&")
