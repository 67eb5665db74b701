"""The text of a transcript: paragraphs with their times, edited in place, the word that is heard marked.

Every letter carries the number of its segment in its format. What is typed takes that of the letters around
it, so that what was changed is read from the text itself, whatever was done to it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import takewhile

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QTextEdit

from assistant.speech.records import Segment, Word
from assistant.speech.transcripts.records import StoredParagraph, StoredSegment
from ui.common import formatting
from ui.common.layouts import keep_gutter
from ui.common.theme import BODY, font, mirrors, theme
from ui.common.translation import translate
from ui.transcripts.segments_in_text import SEGMENT, SegmentTexts, pieces, word_places
from ui.transcripts.transcript_margin import MARGIN, TranscriptMargin

GAP = 18
"""Pixels between paragraphs: a name fits under the time of a single line."""
MOST_FOUND = 500
"""Places that are marked: more make each step slow."""
EDITED_AFTER_MS = 1500
"""Since the last key."""


class TranscriptText(QTextEdit):
    edited = Signal()
    """Some time after the last change."""
    word_wanted = Signal(Word)
    """Clicked."""
    moment_wanted = Signal(float)
    speaker_wanted = Signal(str, QPoint)
    """A name was clicked, at this place of the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(font(BODY))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.setAcceptDrops(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(translate("transcripts", "Transcript"))
        keep_gutter(self)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)
        self.document().setDocumentMargin(12)
        self.paragraphs: tuple[StoredParagraph, ...] = ()
        self._segments: list[StoredSegment] = []
        """In order of time."""
        self._by_id: dict[int, StoredSegment] = {}
        self._starts: list[float] = []
        self._said = SegmentTexts(self.document())
        self._blocks: dict[int, int] = {}
        """The number of the block that each segment begins in."""
        self._heard: tuple[int, int] | None = None
        """Where the word stands that is heard, and its end."""
        self.found: list[tuple[int, int]] = []
        """Where the words stand that were looked for."""
        self.more_found = False
        """There are more such places."""
        self._current = -1
        self._pressed: QPoint | None = None
        self._filling = False
        self._margin = TranscriptMargin(self, self.shown_paragraphs)
        self._margin.moment_wanted.connect(self.moment_wanted)
        self._margin.speaker_wanted.connect(self.speaker_wanted)
        self._edits = QTimer(self, singleShot=True, interval=EDITED_AFTER_MS)
        self._edits.timeout.connect(self.edited)
        self.textChanged.connect(self._text_changed)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._margin.update())
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._margin.update())
        theme().changed.connect(self._show_marks)
        side = (0, 0, MARGIN, 0) if mirrors() else (MARGIN, 0, 0, 0)
        self.setViewportMargins(*side)

    # --- what is shown

    def show_paragraphs(self, paragraphs: Sequence[StoredParagraph]) -> None:
        """Those that are shown already stay, and the cursor in them."""
        pairs = zip(self.paragraphs, paragraphs, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: _content(pair[0]) == _content(pair[1]), pairs))
        if len(self.paragraphs) != self._block_count():
            same = 0  # paragraphs were joined by hand
        if same < max(len(paragraphs), self._block_count()):
            self._filling = True
            self._write(paragraphs, same)
            self._filling = False
        self.take_times(paragraphs)
        self._heard = None
        self._show_marks()

    def take_times(self, paragraphs: Sequence[StoredParagraph]) -> None:
        """What was typed is kept: these are its times. The text stays as it stands."""
        self.paragraphs = tuple(paragraphs)
        self._segments = [each for paragraph in paragraphs for each in paragraph.segments]
        self._by_id = {each.id: each for each in self._segments}
        self._starts = [each.segment.start for each in self._segments]
        paragraphs_said = enumerate(self._said.by_paragraph())
        self._blocks = {id: number for number, said in paragraphs_said for id, _ in said}
        self._margin.update()

    def texts(self) -> dict[int, str]:
        """What each segment says now, by its number. Those that have no letter left are missing."""
        found: dict[int, str] = {}
        for said in self._said.by_paragraph():
            for id, piece in said:
                found[id] = f"{found[id]} {piece}" if id in found else piece
        return {id: text.strip() for id, text in found.items() if text.strip()}

    def at_once(self) -> None:
        """What was typed is told now."""
        if self._edits.isActive():
            self._edits.stop()
            self.edited.emit()

    # --- times and places

    def hear(self, seconds: float) -> None:
        """Mark the word that is heard at this moment, and keep it in view where it was."""
        place = self._place_of(seconds)
        if place == self._heard:
            return
        followed = self._heard is None or self._in_view(self._heard[0])
        self._heard = place
        self._show_marks()
        if place is not None and followed and not self._edits.isActive():
            self.bring_into_view(place[0])

    def heard_text(self) -> str:
        """The word that is marked."""
        return "" if self._heard is None else self._cursor(*self._heard).selectedText()

    def look_at(self, seconds: float) -> None:
        """Bring what is said at a moment into view, and put the cursor there."""
        place = self._place_of(seconds)
        if place is not None:
            cursor = self.textCursor()
            cursor.setPosition(place[0])
            self.setTextCursor(cursor)
            self.bring_into_view(place[0])

    def word_at(self, position: int) -> Word | None:
        """The word that stands there."""
        block = self.document().findBlock(position)
        for id, piece, start in pieces(block):
            if not start <= position <= start + formatting.utf16_length(piece):
                continue
            stored = self._by_id.get(id)
            words = stored.segment.words if stored is not None else ()
            for _, end, word in word_places(piece, start, words):
                if position <= end:
                    return word
        return None

    def segments_at_cursor(self) -> list[int]:
        """Numbers of those of the paragraph that the cursor is in."""
        return list(dict.fromkeys(id for id, _, _ in pieces(self.textCursor().block())))

    def bring_into_view(self, position: int) -> None:
        if not self._in_view(position):
            cursor = QTextCursor(self.document())
            cursor.setPosition(position)
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.cursorRect(cursor).top() - self.viewport().height() // 3)

    # --- finding

    def find_all(self, words: str) -> int:
        """Mark all places of these words; how many there are. The first after the cursor is looked at."""
        self.found, self._current, self.more_found = [], -1, False
        cursor = QTextCursor(self.document())
        while words and not (cursor := self.document().find(words, cursor)).isNull():
            if len(self.found) == MOST_FOUND:
                self.more_found = True
                break
            self.found.append((cursor.selectionStart(), cursor.selectionEnd()))
        if self.found:
            here = self.textCursor().selectionStart()
            self._current = next((n for n, (a, _) in enumerate(self.found) if a >= here), 0)
            self.bring_into_view(self.found[self._current][0])
        self._show_marks()
        return len(self.found)

    def step_found(self, by: int) -> None:
        if self.found:
            self._current = (self._current + by) % len(self.found)
            self.bring_into_view(self.found[self._current][0])
            self._show_marks()

    @property
    def current_found(self) -> int:
        """Counts from 1; 0: nothing is found."""
        return self._current + 1

    # --- Qt's events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paragraphs come from pauses: there are no others to be made by Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(" ".join(source.text().split()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint() if event.button() is Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._pressed is not None and not self.textCursor().hasSelection():
            word = self.word_at(self.cursorForPosition(self._pressed).position())
            if word is not None:
                self.word_wanted.emit(word)
        self._pressed = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        view = self.viewport().geometry()
        left = view.right() + 1 if mirrors() else view.left() - MARGIN
        self._margin.setGeometry(left, view.top(), MARGIN, view.height())

    # --- for the margin

    def shown_paragraphs(self) -> Iterator[tuple[Segment, int]]:
        """The first segment of each paragraph in view, and its upper edge there."""
        block = self.cursorForPosition(QPoint(1, 1)).block()
        layout, top = self.document().documentLayout(), self.verticalScrollBar().value()
        while block.isValid():
            y = round(layout.blockBoundingRect(block).top()) - top
            if y > self.viewport().height():
                return
            first = next(pieces(block), None)
            if first is not None and first[0] in self._by_id:
                yield self._by_id[first[0]].segment, y
            block = block.next()

    # --- within

    def _write(self, paragraphs: Sequence[StoredParagraph], same: int) -> None:
        document = self.document()
        document.setUndoRedoEnabled(False)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        if same == 0:
            cursor.select(QTextCursor.SelectionType.Document)
        elif same < self._block_count():
            block = document.findBlockByNumber(same - 1)
            cursor.setPosition(block.position() + block.length() - 1)
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        shape = QTextBlockFormat()
        shape.setBottomMargin(GAP)
        shape.setLineHeight(140, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        for number, paragraph in enumerate(paragraphs[same:], same):
            if number:
                cursor.insertBlock(shape)
            else:
                cursor.setBlockFormat(shape)
            self._insert(cursor, paragraph)
        cursor.endEditBlock()
        document.setUndoRedoEnabled(True)

    def _insert(self, cursor: QTextCursor, paragraph: StoredParagraph) -> None:
        at = 0
        for number, each in enumerate(paragraph.segments):
            last = number == len(paragraph.segments) - 1
            text = each.segment.text.strip()
            end = len(paragraph.text) if last else paragraph.text.find(text, at) + len(text)
            shape = QTextCharFormat()
            shape.setProperty(SEGMENT, each.id)
            cursor.insertText(paragraph.text[at:end], shape)
            at = end

    def _block_count(self) -> int:
        return 0 if self.document().isEmpty() else self.document().blockCount()

    def _text_changed(self) -> None:
        if not self._filling:
            self._keep_a_segment()
            self._edits.start()
            self.found, self._current = [], -1
        self._margin.update()

    def _keep_a_segment(self) -> None:
        """Where everything was deleted, what is typed next is said in place of the first segment."""
        cursor = QTextCursor(self.document())
        shape = cursor.blockCharFormat()
        if self.document().isEmpty() and self._segments and not shape.hasProperty(SEGMENT):
            shape.setProperty(SEGMENT, self._segments[0].id)
            cursor.joinPreviousEditBlock()
            cursor.setBlockCharFormat(shape)
            cursor.endEditBlock()

    def _place_of(self, seconds: float) -> tuple[int, int] | None:
        """Where the word stands that is said at a moment, or was said last."""
        number = bisect_right(self._starts, seconds) - 1
        if number < 0:
            return None
        stored = self._segments[number]
        block = self.document().findBlockByNumber(self._blocks.get(stored.id, -1))
        for id, piece, start in pieces(block):
            if id == stored.id:
                found = None
                for a, b, word in word_places(piece, start, stored.segment.words):
                    if found is not None and word.start > seconds:
                        break
                    found = a, b
                return found
        return None

    def _in_view(self, position: int) -> bool:
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(position, self.document().characterCount() - 1))
        rect = self.cursorRect(cursor)
        return rect.top() >= 0 and rect.bottom() <= self.viewport().height()

    def _cursor(self, start: int, end: int) -> QTextCursor:
        last = self.document().characterCount() - 1
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(start, last))
        cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _show_marks(self) -> None:
        marks = [
            self._mark(start, end, "accent_soft" if number != self._current else "mark")
            for number, (start, end) in enumerate(self.found)
        ]
        if self._heard is not None:
            marks.append(self._mark(*self._heard, "mark"))
        self.setExtraSelections(marks)

    def _mark(self, start: int, end: int, token: str) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.cursor = self._cursor(start, end)
        mark.format.setBackground(theme().color(token))
        return mark


def _content(paragraph: StoredParagraph) -> tuple[object, ...]:
    return paragraph.text, paragraph.speaker, tuple(each.id for each in paragraph.segments)
