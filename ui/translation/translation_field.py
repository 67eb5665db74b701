"""A text beside its translation: written in its language's direction, sentences shown with their pairs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QToolTip

from assistant.translation.records import Span
from ui.common import formatting
from ui.common.buttons_and_labels import plain_tooltip
from ui.common.text_field import TextField
from ui.common.theme import theme
from ui.common.translation import translate

MARGIN = 12
"""Pixels around the text."""
NOWHERE = -1


class TranslationField(TextField):
    pointed = Signal(int)
    """The mouse, or else the cursor, is at this place of the text; NOWHERE."""

    def __init__(self, name: str, prompt: str) -> None:
        super().__init__(name, prompt, MARGIN)
        self.setProperty("words", "quote")
        self.viewport().setMouseTracking(True)
        self.tip: Callable[[int], str] = lambda _: ""
        """What is said of the text at a place."""
        self._pair: Span | None = None
        self._marked: Sequence[Span] = ()
        self._pointed = NOWHERE
        self.cursorPositionChanged.connect(self._point_by_cursor)
        theme().changed.connect(self._look)

    # --- what is shown

    def show_pair(self, span: Span | None) -> None:
        """The sentence whose pair is looked at."""
        if span != self._pair:
            self._pair = span
            self._look()

    def show_marked(self, spans: Sequence[Span]) -> None:
        """Sentences that the person should look at."""
        self._marked = tuple(spans)
        self._look()

    def replace_text(self, text: str) -> None:
        """Show another text; what stays of it stays in its place, and where it is scrolled to."""
        old = self.toPlainText()
        if text == old:
            return
        start, end = _same_ends(old, text)
        cursor = QTextCursor(self.document())
        cursor.setPosition(formatting.utf16_length(old[:start]))
        cursor.setPosition(formatting.utf16_length(old[: len(old) - end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text[start : len(text) - end])

    def go_to(self, position: int) -> None:
        """Put the cursor there, in view."""
        cursor = self.textCursor()
        cursor.setPosition(position)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def place_below(self, position: int) -> QPoint:
        """Of the screen, under the letter at a place of the text."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        return self.viewport().mapToGlobal(self.cursorRect(cursor).bottomLeft())

    def _look(self) -> None:
        looks = []
        if self._pair is not None:
            pair = QTextCharFormat()
            pair.setBackground(theme().color("accent_soft"))
            looks.append(self._selection(self._pair, pair))
        for span in self._marked:
            marked = QTextCharFormat()
            marked.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            marked.setUnderlineColor(theme().color("warn"))
            looks.append(self._selection(span, marked))
        self.setExtraSelections(looks)

    def _selection(self, span: Span, style: QTextCharFormat) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        last = max(0, self.document().characterCount() - 1)
        cursor.setPosition(min(span[0], last))
        cursor.setPosition(min(span[1], last), QTextCursor.MoveMode.KeepAnchor)
        selection.cursor, selection.format = cursor, style
        return selection

    # --- where the person points

    def position_at(self, point: QPoint) -> int:
        """The place of the text under a point of the viewport; NOWHERE beside the lines."""
        cursor = self.cursorForPosition(point)
        line = self.cursorRect(cursor)
        return cursor.position() if line.top() - 2 <= point.y() <= line.bottom() + 2 else NOWHERE

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not event.buttons():
            self._point(self.position_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_by_cursor()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._point_by_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_by_cursor()

    def _point_by_cursor(self) -> None:
        self._point(self.textCursor().position() if self.hasFocus() else NOWHERE)

    def _point(self, position: int) -> None:
        if position != self._pointed:
            self._pointed = position
            self.pointed.emit(position)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            position = self.position_at(event.pos())
            text = self.tip(position) if position != NOWHERE else ""
            QToolTip.showText(event.globalPos(), plain_tooltip(text) if text else "", self.viewport())
            return True
        return super().viewportEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Only plain text."""
        self.insertPlainText(source.text())


class TargetField(TranslationField):
    """Is read, and asked about: a click or Enter on a sentence."""

    asked = Signal(int)

    def __init__(self) -> None:
        super().__init__(
            translate("translation", "Translation"), translate("translation", "The translation appears here.")
        )
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setUndoRedoEnabled(False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            position = self.position_at(event.position().toPoint())
            if position != NOWHERE:
                self.asked.emit(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.asked.emit(self.textCursor().position())
        else:
            super().keyPressEvent(event)


def _same_ends(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts share at their beginning and, of the rest, at their end."""
    most = min(len(old), len(new))
    start = _longest(most, lambda length: old[:length] == new[:length])
    end = _longest(most - start, lambda length: old.endswith(new[len(new) - length :]))
    return start, end


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    """The greatest length up to which something holds; found by halves, so that long texts cost little."""
    return bisect_left(range(1, most + 1), True, key=lambda length: not holds(length))
