"""Stands where the documents will be while they are being opened: a word, and rows without words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.common.buttons_and_labels import Label
from ui.common.layouts import vbox
from ui.common.theme import theme
from ui.common.translation import translate
from ui.documents.document_row_delegate import ICON, MARGIN, DocumentRowDelegate

TOP = 44
"""Pixels above the first row, as high as the heading of the list."""
WIDTHS = (0.34, 0.26, 0.41, 0.3)
"""Of the first lines, as shares of the room; a row for each."""


class ListSkeleton(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.words = Label(translate("documents", "Opening your documents…"), "second")
        vbox(self.words, 1, parent=self, margins=(MARGIN, 8, 0, 0))

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("surface2"))
        room, height = self.width() - 2 * MARGIN - 32, DocumentRowDelegate.height()
        right_to_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        for row, share in enumerate(WIDTHS):
            top = TOP + row * height
            for left, line, width in ((0, 18, ICON), (32, 12, room * share), (32, 30, room * 0.2)):
                bar = QRectF(MARGIN + left, top + line, width, ICON if not left else 10)
                if right_to_left:
                    bar.moveRight(self.width() - bar.left())
                painter.drawRoundedRect(bar, 5, 5)
