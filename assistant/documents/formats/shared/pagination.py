"""Documents of known pages and documents that flow: how sections become the parts that are reported."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from assistant.documents.formats.shared.embedded_pictures import (
    Content,
    EmbeddedPicture,
    PartPictures,
    sections_of,
)
from assistant.documents.formats.shared.text_cleaning import one_line, shortened
from assistant.documents.records import Opened, Outcome, Part, Section
from assistant.errors import DocumentError, DocumentGone, Problem, UnreadableDocument
from assistant.file_reading.picture import Picture

log = logging.getLogger(__name__)

Item = TypeVar("Item")

LONG_PART_CHARACTERS = 60_000
"""A sheet with more text than this comes in several parts."""
PART_CHARACTERS = 8_000
"""A part of a format without pages ends at the first section after so many."""


@dataclass(frozen=True, slots=True)
class PartUnit:
    """A page, slide, sheet, chapter or message that can be read on its own."""

    label: str
    read: Callable[[], Iterable[Content]]
    empty: str = ""
    """The reason when nothing is in it; "": that of any part."""


def slide_units(
    slides: Iterable[Item],
    read: Callable[[Item, int], Iterable[Content]],
    none: str = "no-slides",
) -> list[PartUnit]:
    """The units of a presentation. `read`: a slide and its number; `none`: said where there is no slide."""
    empty = "slide-without-text"
    return [
        PartUnit(f"slide {number}", partial(read, slide, number), empty)
        for number, slide in enumerate(slides, start=1)
    ] or [PartUnit("slide 1", tuple, none)]


def sheet_units(
    sheets: Iterable[tuple[str, Item]], read: Callable[[Item, str, int], Iterable[Content]]
) -> list[PartUnit]:
    """The units of a workbook. `sheets`: each with its name; `read`: a sheet, its name and its number."""
    return [
        PartUnit(f"sheet {name}", partial(read, sheet, name, number), "sheet-empty")
        for number, (name, sheet) in enumerate(sheets, start=1)
    ] or [PartUnit("sheet 1", tuple, "no-sheets")]


class PagedDocument:
    """A document whose units are known from the start and are read one by one.

    Where `opened` does not say how many parts there are, a long unit comes in several parts.
    """

    def __init__(
        self, opened: Opened, units: Sequence[PartUnit], close: Callable[[], None] | None = None
    ) -> None:
        self.opened = opened
        self._units = units
        self._close = close
        self._pictures = PartPictures()

    def parts(self, first: int = 1) -> Iterator[Part]:
        pictures: list[EmbeddedPicture] = []
        if self.opened.parts is not None:
            for number in range(max(1, first), len(self._units) + 1):
                unit = self._units[number - 1]
                read = partial(_text_of, unit, pictures)
                part = read_part(number, unit.label, read, unit.empty)
                yield self._pictures.noted(part, pictures)
            return
        number = 0
        for unit in self._units:
            for part in _divided(unit, number + 1, pictures):
                number = part.number
                if number >= first:
                    yield self._pictures.noted(part, pictures)
                pictures.clear()

    def picture(self, part: int, number: int) -> Picture:
        """A picture of a part, counted from 1. Raises DocumentError."""
        return self._pictures.picture(part, number, self.parts)

    def close(self) -> None:
        self._pictures.close()
        if self._close is not None:
            self._close()


class FlowDocument:
    """A document without pages: its sections are gathered into parts of a few thousand characters.

    Args:
        count: read it once now, so that the number of its parts is known.
    """

    def __init__(
        self,
        kind: str,
        title: str,
        sections: Callable[[], Iterator[Content]],
        close: Callable[[], None] | None = None,
        *,
        empty: str = "document-without-text",
        count: bool = False,
    ) -> None:
        self._sections = sections
        self._close = close
        self._empty = empty
        self._pictures = PartPictures()
        self._ready = list(self._read()) if count else None
        self.opened = Opened(kind, title, "part", None if self._ready is None else len(self._ready))

    def parts(self, first: int = 1) -> Iterator[Part]:
        parts = self._read() if self._ready is None else self._ready
        yield from (part for part in parts if part.number >= first)

    def picture(self, part: int, number: int) -> Picture:
        """A picture of a part, counted from 1. Raises DocumentError."""
        return self._pictures.picture(part, number, self.parts)

    def _read(self) -> Iterator[Part]:
        pictures: list[EmbeddedPicture] = []
        for part in _parts_of(lambda: sections_of(self._sections(), pictures), self._empty):
            yield self._pictures.noted(part, pictures)

    def close(self) -> None:
        self._pictures.close()
        if self._close is not None:
            self._close()


def _parts_of(sections: Callable[[], Iterator[Section]], empty: str) -> Iterator[Part]:
    """Parts of about PART_CHARACTERS; what cannot be read any further becomes a last part that failed."""
    number = 1
    held: list[Section] = []
    size = 0
    try:
        for section in sections():
            new_chapter = held and section.heading and held[-1].heading[:1] != section.heading[:1]
            if (new_chapter and size > PART_CHARACTERS // 4) or (
                held and size + len(section.text) > PART_CHARACTERS
            ):
                yield Part(number, f"part {number}", Outcome.TEXT, tuple(held))
                number, held, size = number + 1, [], 0
            held.append(section)
            size += len(section.text)
    except Exception as error:
        if held:
            yield Part(number, f"part {number}", Outcome.TEXT, tuple(held))
            number += 1
        yield failed_part(number, f"part {number}", error)
        return
    if held:
        yield Part(number, f"part {number}", Outcome.TEXT, tuple(held))
    elif number == 1:
        yield empty_part(1, "part 1", empty)


def read_part(number: int, label: str, read: Callable[[], Iterable[Section]], empty: str = "") -> Part:
    """One part, whatever happens: text, empty with a reason, or failed with a reason (never an exception)."""
    kept: list[Section] = []
    try:
        kept.extend(section for section in read() if section.text.strip())
    except Exception as error:
        if kept:
            # Half a page is better than none; the log says what is missing.
            log.info("%s was read in part: %s", label, error)
            return Part(number, label, Outcome.TEXT, tuple(kept))
        return failed_part(number, label, error)
    if kept:
        return Part(number, label, Outcome.TEXT, tuple(kept))
    return empty_part(number, label, empty)


def _text_of(unit: PartUnit, pictures: list[EmbeddedPicture]) -> Iterator[Section]:
    return sections_of(unit.read(), pictures)


def _divided(unit: PartUnit, number: int, pictures: list[EmbeddedPicture]) -> Iterator[Part]:
    """The parts of a unit that may be too long for one."""
    held: list[Section] = []
    size = 0
    several = False
    try:
        for section in sections_of(unit.read(), pictures):
            if held and size + len(section.text) > LONG_PART_CHARACTERS:
                yield Part(number, f"{unit.label}, from {_rows_of(held[0])}", Outcome.TEXT, tuple(held))
                number, held, size, several = number + 1, [], 0, True
            if section.text.strip():
                held.append(section)
                size += len(section.text)
    except Exception as error:
        if held:
            yield Part(number, unit.label, Outcome.TEXT, tuple(held))
            number += 1
        yield failed_part(number, unit.label, error)
        return
    if held:
        label = f"{unit.label}, from {_rows_of(held[0])}" if several else unit.label
        yield Part(number, label, Outcome.TEXT, tuple(held))
    elif not several:
        yield empty_part(number, unit.label, unit.empty)


def _rows_of(section: Section) -> str:
    """ "row 40" of "sheet Prices, rows 40–80"."""
    return section.location.rpartition(", ")[2].partition("–")[0].replace("rows", "row")


def empty_part(number: int, label: str, reason: str = "") -> Part:
    """A part without text; "": for no other reason than that there is none."""
    problem = Problem("no-text", reason or "part-without-text", {} if reason else {"unit": label.split()[0]})
    return Part(number, label, Outcome.EMPTY, problem=problem)


def failed_part(number: int, label: str, error: Exception) -> Part:
    """The part that `error` kept from being read."""
    return Part(number, label, Outcome.FAILED, problem=problem_of(error))


def problem_of(error: Exception) -> Problem:
    """What went wrong, without the words of a library."""
    if isinstance(error, DocumentError):
        return error.problem
    if isinstance(error, FileNotFoundError):
        return DocumentGone("file-gone").problem
    if isinstance(error, MemoryError):
        return UnreadableDocument("part-too-large").problem
    if isinstance(error, RecursionError):
        return UnreadableDocument("part-nested-too-deeply").problem
    log.info("A part could not be read", exc_info=error)
    return UnreadableDocument("part-damaged").problem


def title_of(path: Path, *names: str | None) -> str:
    """The first of `names` that says something, else the name of the file without its suffix."""
    for name in names:
        text = one_line(name or "")
        if (
            len(text) > 2
            and text.lower() not in _MEANINGLESS
            and not text.lower().startswith("microsoft word - ")
        ):
            return shortened(text, 200)
    return one_line(path.stem.encode("utf-8", "replace").decode()) or "Document"


_MEANINGLESS = frozenset(
    {
        "untitled", "untitled document", "document", "document1", "presentation", "presentation1", "slide 1",
        "powerpoint presentation", "powerpoint-präsentation", "présentation powerpoint", "title", "no title",
        "word", "word document", "microsoft word", "book1", "workbook", "unknown", "none", "normal.dotm",
    }
)  # fmt: skip
