"""PowerPoint 97 to 2003 (.ppt) without LibreOffice: the texts of each slide and its notes (MS-PPT)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import olefile

from assistant.documents.formats.legacy.ppt_runs import with_shifts
from assistant.documents.formats.shared.ole import title_in
from assistant.documents.formats.shared.pagination import PagedDocument, slide_units, title_of
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.text_cleaning import flowing, one_line
from assistant.documents.records import Opened, Section
from assistant.errors import PasswordRequired, UnreadableDocument

_DOCUMENT, _SLIDE, _NOTES, _LISTING, _SLIDE_ENTRY = 1000, 1006, 1008, 4080, 1011
_OUTLINE_REFERENCE, _TEXT_HEADER, _TEXT_WIDE, _TEXT_BYTES, _STYLES = 3998, 3999, 4000, 4008, 4001
_TEXTS = frozenset({_TEXT_WIDE, _TEXT_BYTES})
_PIECES = frozenset({_SLIDE_ENTRY, _OUTLINE_REFERENCE, _TEXT_HEADER, *_TEXTS, _STYLES})
_USER_EDIT, _PERSIST_DIRECTORY, _SLIDE_ATOM = 4085, 6002, 1007
_TITLE_KINDS = frozenset({0, 6})
"""Kinds of text that are titles."""
MAX_DEPTH = 40
"""How deep containers in containers are read."""


@dataclass(frozen=True, slots=True)
class _Record:
    kind: int
    instance: int
    container: bool
    start: int
    end: int


@dataclass(slots=True)
class _Slide:
    texts: list[tuple[int, str]] = field(default_factory=list)
    """Kind of text (0 and 6 are titles) and the text itself."""
    notes: list[str] = field(default_factory=list)


def open_presentation(path: Path) -> PagedDocument:
    """The presentation at `path`. Raises UnreadableDocument, or PasswordRequired where it is locked."""
    try:
        with olefile.OleFileIO(str(path)) as ole:
            content = ole.openstream("PowerPoint Document").read()
            user = ole.openstream("Current User").read() if ole.exists("Current User") else b""
            title = title_in(ole)
    except Exception as error:  # olefile raises whatever a damaged file leads it to
        raise UnreadableDocument("legacy-presentation-damaged") from error
    if len(user) >= 16 and struct.unpack_from("<I", user, 12)[0] == 0xF3D1C4DF:
        raise PasswordRequired("legacy-presentation-locked", wrong=False)
    try:
        slides = _Reader(content, user).slides()
    except (struct.error, IndexError, ValueError, RecursionError) as error:
        raise UnreadableDocument("legacy-presentation-damaged") from error
    units = slide_units(slides, _sections, "no-slides-found")
    return PagedDocument(Opened("ppt", title_of(path, title), "slide", len(units)), units)


def _sections(slide: _Slide, number: int) -> Iterator[Section]:
    build = SectionBuilder(f"slide {number}", page=number)
    titles = [text for kind, text in slide.texts if kind in _TITLE_KINDS]
    if titles:
        build.heading(1, one_line(titles[0]))
    for kind, text in slide.texts:
        if not (titles and kind in _TITLE_KINDS and text is titles[0]):
            build.paragraph(text)
    heading = build.heading_path
    yield from build.finish()
    build = SectionBuilder(f"slide {number}, notes", page=number, above=heading)
    for text in slide.notes:
        build.paragraph(text)
    yield from build.finish()


class _Reader:
    def __init__(self, content: bytes, user: bytes) -> None:
        self._content = content
        self._places = self._persistent(user)

    def slides(self) -> list[_Slide]:
        """The slides in their order; where the list of them is damaged, in that of the file."""
        outlines = self._outlines(0)
        notes = self._notes()
        slides: list[_Slide] = []
        for reference, texts in outlines:
            place = self._places.get(reference)
            slide = _Slide()
            if place is not None and place.kind == _SLIDE:
                self._fill(slide, place, texts)
                slide.notes = notes.get(self._notes_number(place), [])
            else:
                slide.texts = texts
            slides.append(slide)
        if not slides:
            for record in self._records(0, len(self._content)):
                if record.kind == _SLIDE:
                    slide = _Slide()
                    self._fill(slide, record, [])
                    slides.append(slide)
        return slides

    def _record(self, at: int) -> _Record | None:
        if at + 8 > len(self._content):
            return None
        first, kind, size = struct.unpack_from("<HHI", self._content, at)
        end = at + 8 + size
        if end > len(self._content):
            return None
        return _Record(kind, first >> 4, first & 15 == 15, at + 8, end)

    def _records(self, at: int, end: int) -> Iterator[_Record]:
        while at < end:
            record = self._record(at)
            if record is None:
                return
            yield record
            at = record.end

    def _below(self, record: _Record, depth: int = 0) -> Iterator[_Record]:
        """All records inside a container, in their order."""
        if depth > MAX_DEPTH:
            return
        for one in self._records(record.start, record.end):
            yield one
            if one.container or one.kind == 0xF00D:
                yield from self._below(one, depth + 1)

    def _persistent(self, user: bytes) -> dict[int, _Record]:
        """Where the objects lie that have a number; the last edit counts (MS-PPT 2.1.2)."""
        places: dict[int, int] = {}
        at = struct.unpack_from("<I", user, 16)[0] if len(user) >= 20 else 0
        seen: set[int] = set()
        while at and at not in seen:
            seen.add(at)
            record = self._record(at)
            if record is None or record.kind != _USER_EDIT or record.end - record.start < 16:
                break
            before, directory = struct.unpack_from("<II", self._content, record.start + 8)
            listing = self._record(directory)
            if listing is not None and listing.kind == _PERSIST_DIRECTORY:
                position = listing.start
                while position + 4 <= listing.end:
                    head = struct.unpack_from("<I", self._content, position)[0]
                    number, count = head & 0xFFFFF, head >> 20
                    position += 4
                    for index in range(min(count, (listing.end - position) // 4)):
                        offset = struct.unpack_from("<I", self._content, position + 4 * index)[0]
                        places.setdefault(number + index, offset)
                    position += 4 * count
            at = before
        found = ((number, self._record(offset)) for number, offset in places.items())
        return {number: record for number, record in found if record is not None}

    def _outlines(self, instance: int) -> list[tuple[int, list[tuple[int, str]]]]:
        """The objects of a list (0 slides, 2 notes), each with the texts of its placeholders."""
        document = next((one for one in self._places.values() if one.kind == _DOCUMENT), None)
        if document is None:
            document = next(
                (one for one in self._records(0, len(self._content)) if one.kind == _DOCUMENT), None
            )
        outlines: list[tuple[int, list[tuple[int, str]]]] = []
        for listing in self._records(document.start, document.end) if document is not None else ():
            if listing.kind != _LISTING or listing.instance != instance:
                continue
            kind = 4
            for one, text in self._pieces(self._records(listing.start, listing.end)):
                if one.kind == _SLIDE_ENTRY:
                    outlines.append((struct.unpack_from("<I", self._content, one.start)[0], []))
                elif one.kind == _TEXT_HEADER:
                    kind = struct.unpack_from("<I", self._content, one.start)[0]
                    if outlines:
                        outlines[-1][1].append((kind, ""))
                elif one.kind in _TEXTS and outlines and outlines[-1][1]:
                    outlines[-1][1][-1] = (kind, text)
        return outlines

    def _pieces(self, records: Iterable[_Record]) -> Iterator[tuple[_Record, str]]:
        """What texts are made of, in order; each text as the styles behind it raise its characters."""
        pieces = [one for one in records if one.kind in _PIECES]
        for one, behind in zip_longest(pieces, pieces[1:]):
            styles = behind if behind is not None and behind.kind == _STYLES else None
            yield one, self._text(one, styles) if one.kind in _TEXTS else ""

    def _text(self, record: _Record, styles: _Record | None = None) -> str:
        raw = self._content[record.start : record.end]
        text = raw.decode("utf-16-le", "replace") if record.kind == _TEXT_WIDE else raw.decode("latin-1")
        if styles is not None:
            text = with_shifts(text, self._content[styles.start : styles.end])
        return flowing(text.replace("\x0b", "\n"))

    def _fill(self, slide: _Slide, record: _Record, outline: list[tuple[int, str]]) -> None:
        kind = 4
        used: set[int] = set()
        for one, text in self._pieces(self._below(record)):
            if one.kind == _TEXT_HEADER:
                kind = struct.unpack_from("<I", self._content, one.start)[0]
            elif one.kind == _OUTLINE_REFERENCE:
                index = struct.unpack_from("<I", self._content, one.start)[0]
                if index < len(outline) and index not in used:
                    used.add(index)
                    slide.texts.append(outline[index])
            elif one.kind in _TEXTS:
                slide.texts.append((kind, text))
        rest = [text for index, text in enumerate(outline) if index not in used]
        slide.texts = [(kind, text) for kind, text in [*slide.texts, *rest] if text and text != "*"]

    def _notes_number(self, slide: _Record) -> int:
        for one in self._records(slide.start, slide.end):
            if one.kind == _SLIDE_ATOM and one.end - one.start >= 20:
                return int(struct.unpack_from("<I", self._content, one.start + 16)[0])
        return 0

    def _notes(self) -> dict[int, list[str]]:
        """Texts of notes pages by their own number in the list of notes."""
        found: dict[int, list[str]] = {}
        document = next((one for one in self._places.values() if one.kind == _DOCUMENT), None)
        for listing in self._records(document.start, document.end) if document is not None else ():
            if listing.kind != _LISTING or listing.instance != 2:
                continue
            for one in self._records(listing.start, listing.end):
                if one.kind != _SLIDE_ENTRY or one.end - one.start < 16:
                    continue
                reference = struct.unpack_from("<I", self._content, one.start)[0]
                number = struct.unpack_from("<I", self._content, one.start + 12)[0]
                place = self._places.get(reference)
                if place is not None and place.kind == _NOTES:
                    slide = _Slide()
                    self._fill(slide, place, [])
                    found[number] = [text for kind, text in slide.texts if kind == 2 or kind == 4]
        return found
