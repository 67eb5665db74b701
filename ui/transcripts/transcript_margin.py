"""Times beside the paragraphs of a transcript, and who speaks; each can be clicked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from assistant.speech.records import Segment
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import draw_line
from ui.common.theme import font, mirrors, theme

MARGIN = 96
"""Pixels beside the text, for times and names."""


class TranscriptMargin(QWidget):
    moment_wanted = Signal(float)
    speaker_wanted = Signal(str, QPoint)
    """A name was clicked, at this place of the screen."""

    def __init__(self, parent: QWidget, shown: Callable[[], Iterator[tuple[Segment, int]]]) -> None:
        """`shown`: the first segment of each paragraph in view, and its upper edge there."""
        super().__init__(parent)
        self._shown = shown
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(MARGIN, 0)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        before = ""
        right, left = Qt.TextElideMode.ElideRight, Qt.AlignmentFlag.AlignLeft
        for paragraph, top in self._shown():
            time, name = self._rects(top)
            painter.setPen(theme().color("text2"))
            painter.setFont(font(12))
            draw_line(painter, time, quantities.clock(paragraph.start), right, left)
            if paragraph.speaker and paragraph.speaker != before:
                painter.setPen(theme().color("accent"))
                shown = formatting.name(paragraph.speaker)
                draw_line(painter, name, shown, right, left)
            before = paragraph.speaker

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        for paragraph, top in self._shown():
            time, name = self._rects(top)
            if paragraph.speaker and name.contains(place):
                self.speaker_wanted.emit(paragraph.speaker, self.mapToGlobal(name.bottomLeft()))
                return
            if time.contains(place):
                self.moment_wanted.emit(paragraph.start)
                return

    def _rects(self, top: int) -> tuple[QRect, QRect]:
        """Of the time and the name of a paragraph that begins there."""
        left = 4 if mirrors() else 16
        return QRect(left, top - 1, MARGIN - 20, 18), QRect(left, top + 17, MARGIN - 20, 18)
