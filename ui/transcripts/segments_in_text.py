"""Which letters of a text belong to which segment, and where the words of a segment stand among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtGui import QTextBlock, QTextFormat

from assistant.speech.records import Word
from ui.common import formatting

SEGMENT = QTextFormat.Property.UserProperty + 1
"""Of a letter's format: the number of its segment."""


def pieces(block: QTextBlock) -> Iterator[tuple[int, str, int]]:
    """The segments in a block: number, text, and where it begins in the document."""
    held: tuple[int, str, int] | None = None
    at = block.begin()
    while not at.atEnd():
        fragment = at.fragment()
        id = fragment.charFormat().property(SEGMENT)
        if held is not None and (id is None or id == held[0]):
            held = held[0], held[1] + fragment.text(), held[2]
        else:
            if held is not None:
                yield held
            held = int(id or 0), fragment.text(), fragment.position()
        at += 1
    if held is not None and held[0]:
        yield held


def word_places(piece: str, start: int, words: Sequence[Word]) -> Iterator[tuple[int, int, Word]]:
    """Where the words of a segment stand, in Qt's units; those that were typed over are left out."""
    at = 0
    for word in words:
        text = word.text.strip()
        found = piece.find(text, at) if text else -1
        if found >= 0:
            at = found + len(text)
            begin = start + formatting.utf16_length(piece[:found])
            yield begin, begin + formatting.utf16_length(text), word
