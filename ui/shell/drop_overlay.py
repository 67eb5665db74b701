"""Lies over the window while files are dragged in, and says where they will go before they are let go."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.common import formatting
from ui.common.theme import font, theme
from ui.common.translation import arg, listed, translate

MOST_TILES = 5
"""Collections that are offered beside the one in view."""
TILE_HEIGHT = 48
"""Pixels."""


class DropOverlay(QWidget):
    """The whole window takes the files for one collection; a row of tiles offers the others."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._names: tuple[str, ...] = ()
        self._main = ""
        self._others: tuple[str, ...] = ()
        self._target = ""
        self._sentence = ""
        self.hide()

    @property
    def target(self) -> str:
        """The collection that the files go to when they are let go now."""
        return self._target

    def text(self) -> str:
        if self._sentence:
            return self._sentence
        target = formatting.name(self._target)
        if len(self._names) == 1:
            return arg(translate("shell", "Drop to add “%1” to “%2”"), self._names[0], target)
        text = translate("shell", "Drop to add %n item(s) to “%1”", None, len(self._names))
        return arg(text, target)

    def open(self, names: Sequence[str], main: str, others: Sequence[str]) -> None:
        """`names` of what is dragged; `main` is the collection it goes to, `others` are tiles."""
        self._names = tuple(formatting.name(name) for name in names)
        self._main, self._target = main, main
        self._others = tuple(other for other in others if other != main)[:MOST_TILES]
        self._sentence = ""
        self._show()

    def open_for_page(self, sentence: str, names: Sequence[str] = ()) -> None:
        """`sentence` says what the page in view will do with what is dragged."""
        self._names = tuple(formatting.name(name) for name in names)
        self._main = self._target = ""
        self._others = ()
        self._sentence = sentence
        self._show()

    def _show(self) -> None:
        self.setAccessibleName(self.text())
        self.raise_()
        self.show()

    def move_to(self, position: QPoint) -> None:
        """The mouse is here, in this widget's coordinates."""
        target = self._main
        for name, rect in self._tiles():
            if rect.contains(position):
                target = name
        if target != self._target:
            self._target = target
            self.setAccessibleName(self.text())
            self.update()

    def _zone(self) -> QRect:
        return self.rect().adjusted(16, 16, -16, -16)

    def _tiles(self) -> list[tuple[str, QRect]]:
        if not self._others:
            return []
        zone = self._zone()
        number = len(self._others)
        width = min(200, (zone.width() - 64 - 12 * (number - 1)) // number)
        left = zone.center().x() - (width * number + 12 * (number - 1)) // 2
        top = zone.bottom() - TILE_HEIGHT - 32
        return [
            (name, QRect(left + place * (width + 12), top, width, TILE_HEIGHT))
            for place, name in enumerate(self._others)
        ]

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme().color("bg"))
        veil.setAlphaF(0.94)
        painter.fillRect(self.rect(), veil)
        zone = self._zone()
        painter.setBrush(
            theme().color("accent_soft") if self._target == self._main else Qt.BrushStyle.NoBrush
        )
        painter.setPen(QPen(theme().color("accent"), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(zone), 12, 12)
        middle = zone.center()
        theme().icon("upload-simple", "accent").paint(
            painter, QRect(middle.x() - 20, middle.y() - 92, 40, 40)
        )
        painter.setPen(theme().color("text"))
        self._line(painter, zone, middle.y() - 36, self.text(), 20, QFont.Weight.DemiBold)
        painter.setPen(theme().color("text2"))
        if len(self._names) > 1:
            self._line(painter, zone, middle.y() + 4, listed(self._names, 3), 14)
        if self._names:
            nothing_moves = translate("shell", "The files stay where they are; only their text is read.")
            self._line(painter, zone, middle.y() + 28, nothing_moves, 14)
        tiles = self._tiles()
        if tiles:
            self._line(painter, zone, tiles[0][1].top() - 32, translate("shell", "or into"), 13)
        for name, rect in tiles:
            chosen = name == self._target
            painter.setBrush(theme().color("accent_soft" if chosen else "surface"))
            painter.setPen(QPen(theme().color("accent" if chosen else "border"), 2 if chosen else 1))
            painter.drawRoundedRect(QRectF(rect), 8, 8)
            painter.setPen(theme().color("text"))
            self._line(painter, rect.adjusted(8, 0, -8, 0), rect.top() + 12, formatting.name(name), 14)

    @staticmethod
    def _line(
        painter: QPainter,
        within: QRect,
        top: int,
        text: str,
        pixels: int,
        weight: QFont.Weight = QFont.Weight.Normal,
    ) -> None:
        painter.setFont(font(pixels, weight))
        space = within.width() - 48 if within.width() > 300 else within.width()
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, space)
        place = QRect(within.left(), top, within.width(), painter.fontMetrics().height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)
