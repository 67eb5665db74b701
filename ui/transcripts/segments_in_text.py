"""Which letters of a text belong to which segment, and where the words of a segment stand among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtGui import QTextBlock, QTextDocument, QTextFormat

from assistant.speech.records import Word
from ui.common import formatting

SEGMENT = QTextFormat.Property.UserProperty + 1
"""Of a letter's format: the number of its segment."""


class SegmentTexts:
    """What the segments in each paragraph say; only paragraphs that have changed are read anew.

    To read a transcript of ten hours takes a tenth of a second, which whoever types would notice.
    """

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._known: list[tuple[tuple[int, str], ...] | None] = [None] * document.blockCount()
        document.contentsChange.connect(self._contents_changed)

    def by_paragraph(self) -> Iterator[tuple[tuple[int, str], ...]]:
        """Numbers of segments with their text, in order; one that was torn apart comes several times."""
        for number, known in enumerate(self._known):
            if known is None:
                block = self._document.findBlockByNumber(number)
                known = self._known[number] = tuple((id, text) for id, text, _ in pieces(block))
            yield known

    def _contents_changed(self, at: int, _: int, added: int) -> None:
        first = self._document.findBlock(at).blockNumber()
        end = self._document.findBlock(at + added)
        total = self._document.blockCount()
        fresh = (end.blockNumber() if end.isValid() else total - 1) - first + 1
        gone = len(self._known) - total + fresh
        self._known[first : first + gone] = [None] * fresh


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
