"""The quotes that an answer in the chat rests on: one line each, which opens its place."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from assistant.documents.records import Quote
from ui.common import formatting, recognition_words
from ui.common.buttons_and_labels import draw_line, plain_tooltip
from ui.common.row_painting import placed
from ui.common.theme import font, theme
from ui.common.translation import arg, translate
from ui.transcript.entry import quote_words

HEIGHT = 28
"""Pixels of a row."""
BADGE = 20
"""Pixels of the number, wide and high."""
LEFT = Qt.AlignmentFlag.AlignLeft


class QuoteList(QWidget):
    wanted = Signal(int)
    """The number of a quote."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []

    def show_quotes(self, quotes: tuple[Quote, ...]) -> None:
        if tuple(row.quote for row in self._rows) == quotes:
            return
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [_Row(quote, self) for quote in quotes]
        for row in self._rows:
            row.clicked.connect(lambda _=False, n=row.quote.n: self.wanted.emit(n))
            row.show()

    def lay_out(self, width: int) -> int:
        """Put the rows below each other; returns how high they are."""
        for place, row in enumerate(self._rows):
            row.setGeometry(0, place * HEIGHT, width, HEIGHT)
        return len(self._rows) * HEIGHT


class _Row(QAbstractButton):
    def __init__(self, quote: Quote, parent: QWidget) -> None:
        super().__init__(parent)
        self.quote = quote
        self._text = formatting.one_line(quote.quote)
        place = formatting.place(formatting.document_name(quote), quote.location)
        self._place = recognition_words.with_source(place, quote.recognised)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        spoken = arg(translate("chat", "Quote %1: %2 From %3"), quote.n, self._text, self._place)
        self.setAccessibleName(spoken)
        self.setToolTip(plain_tooltip(quote_words(quote)))
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(300, HEIGHT)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme().color("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("surface2") if self.underMouse() else Qt.BrushStyle.NoBrush)
        if self.underMouse() or self.hasFocus():
            painter.drawRoundedRect(ground, 8, 8)
        badge = QRect(4, (HEIGHT - BADGE) // 2, BADGE, BADGE)
        shown = placed(badge, self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent_soft"))
        painter.drawRoundedRect(QRectF(shown), 6, 6)
        painter.setPen(theme().color("accent"))
        painter.setFont(font(12, QFont.Weight.DemiBold))
        painter.drawText(shown, Qt.AlignmentFlag.AlignCenter, str(self.quote.n))
        painter.setFont(font(13))
        left = badge.right() + 9
        room = self.width() - left - 6
        metrics = painter.fontMetrics()
        wide = min(metrics.horizontalAdvance(self._place) + 2, round(room * 0.45))
        painter.setPen(theme().color("text2"))
        place = QRect(self.width() - 6 - wide, 0, wide, HEIGHT)
        place, end = placed(place, self.rect()), Qt.AlignmentFlag.AlignRight
        draw_line(painter, place, self._place, Qt.TextElideMode.ElideMiddle, end)
        painter.setPen(theme().color("text"))
        text = QRect(left, 0, room - wide - 14, HEIGHT)
        draw_line(painter, placed(text, self.rect()), self._text, Qt.TextElideMode.ElideRight, LEFT)
