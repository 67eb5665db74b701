"""PURE: notes, links and lines that lie on a PDF's page, tied to the words that they are about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np

from assistant.documents.formats.attachments import attachment_sections
from assistant.documents.formats.pdf.annotations import Annotations, PageNote
from assistant.documents.formats.pdf.characters import Word
from assistant.documents.formats.shared.inline_text import MAX_ADDRESSES, with_address
from assistant.documents.formats.shared.text_cleaning import shortened
from assistant.documents.records import Box, Section
from assistant.errors import AssistantError

MAX_LINKS = 6 * MAX_ADDRESSES
"""A page with more links is a net of links, whose addresses nobody asks for."""
MAX_MARKED_CHARACTERS = 120
"""Of the words that a note is about."""


def mark_words(words: Sequence[Word], lying: Annotations, rules: Sequence[Box]) -> None:
    """Tells words that they are struck out, and the last word of a link where it leads."""
    if rules or lying.struck:
        lines = sorted(((y0 + y1) / 2, x0, x1) for x0, y0, x1, y1 in rules)
        heights = [height for height, _, _ in lines]
        for word in words:
            # Those that run through the middle of its letters.
            first = bisect_right(heights, word.base - 0.45 * word.em)
            last = bisect_left(heights, word.base - 0.15 * word.em)
            word.struck = any(_strikes(x0, x1, word) for _, x0, x1 in lines[first:last]) or any(
                _covers(box, word) for box in lying.struck
            )
    if 0 < len(lying.links) <= MAX_LINKS:
        for address, links in groupby(lying.links, key=lambda link: link.address):
            # A link over two lines is two, one after the other.
            boxes = [link.box for link in links]
            inside = [word for word in words if any(_covers(box, word) for box in boxes)]
            said = "".join(word.text for word in inside)
            if inside and with_address(said, address) != said:
                max(inside, key=lambda word: (word.base, word.x1)).address = address


def _strikes(x0: float, x1: float, word: Word) -> bool:
    """Whether a line runs over a whole word."""
    return min(x1, word.x1) - max(x0, word.x0) > 0.8 * (word.x1 - word.x0)


def _covers(box: Box, word: Word) -> bool:
    x, y = (word.x0 + word.x1) / 2, word.base - 0.3 * word.em
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def note_sections(
    lying: Annotations, rows: Iterable[Sequence[Sequence[Word]]], number: int, place: str
) -> list[Section]:
    """What people have written on a page for each other, and the files that they have pinned to it."""
    words = [word for found in rows for row in found for word in row]
    texts: list[str] = []
    boxes: list[np.ndarray] = []
    for note in lying.notes:
        marked = " ".join(word.text for word in words if any(_covers(box, word) for box in note.marked))
        if _bare(note.text) == _bare(marked):
            continue  # some programs copy what is marked
        text = _told(note, marked)
        texts.append(text)
        line = np.tile(np.array(note.box, np.float32), (len(text) + 1, 1))
        line[-1] = np.nan
        boxes.append(line)
    found: list[Section] = []
    if texts:
        places = np.concatenate(boxes)[:-1]
        found.append(Section("\n".join(texts), number, f"{place}, notes", boxes=places))
    for file in lying.files:
        found.extend(_pinned(file.name, file.content, number, place))
    return found


def _told(note: PageNote, marked: str) -> str:
    who = f"Comment ({note.author})" if note.author else "Comment"
    about = f" on “{shortened(marked, MAX_MARKED_CHARACTERS)}”" if marked else ""
    return f"{who}{about}: {note.text}"


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _pinned(name: str, content: bytes | None, number: int, place: str) -> list[Section]:
    """A file pinned to a page; one that cannot be read is named."""
    try:
        sections = attachment_sections(name, content or b"")
    except AssistantError as error:
        return [Section(f"Attached file {name}: {error.message}", number, f"{place}, attachment {name}")]
    return [Section(one.text, None, f"{place}, {one.location}", one.heading, one.table) for one in sections]
