"""A small panel above all programs while one dictates into another. It never takes the focus."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QPainter, QPainterPath, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.common.buttons_and_labels import Button, Card, ElidedLabel, IconLabel, Label
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.theme import theme
from ui.common.translation import translate

WIDTH = 440
ABOVE_EDGE = 48
"""Pixels between the panel and the lower edge of the screen."""
_RADIUS = 12
"""Of the style sheet's cards."""
_QUIETEST = 0.01
"""Of the scale, which is logarithmic, as ears are."""


class Overlay(QWidget):
    stop_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus
            | Qt.WindowType.X11BypassWindowManagerHint,  # some managers give what appears the focus
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedWidth(WIDTH)
        self.setWindowTitle(translate("dictation", "Dictation"))
        self._microphone = IconLabel("microphone", "accent")
        self._level = LevelBar()
        self._state = Label("", "second")
        self._language = Label("", "second")
        self._words = ElidedLabel(mode=Qt.TextElideMode.ElideLeft)
        self._stop = Button(translate("dictation", "Stop"), self.stop_wanted.emit, icon="stop-fill")
        self._stop.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        card = Card()
        first = hbox(self._microphone, self._level, self._state, 1, self._language, self._stop, spacing=12)
        vbox(first, self._words, parent=card, margins=(16, 12, 16, 12), spacing=8)
        vbox(card, parent=self, margins=NO_MARGINS)

    def open(self) -> None:
        """Show it on the screen where the mouse is, empty."""
        self.show_words("")
        self.show_language("")
        self.show_level(0)
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        self.adjustSize()
        self.move(room.center().x() - self.width() // 2, room.bottom() - self.height() - ABOVE_EDGE)
        self.show()

    def show_state(self, text: str, *, warn: bool = False) -> None:
        """What is going on, in a word or two."""
        self._state.setText(text)
        self._state.set_kind("warn" if warn else "second")
        self._microphone.show_icon("warning" if warn else "microphone", "warn" if warn else "accent")

    def show_words(self, text: str) -> None:
        """The end of what was said; earlier words give way."""
        self._words.set_text(" ".join(text.split()))

    def show_language(self, name: str) -> None:
        self._language.setText(name)

    def show_level(self, loudness: float) -> None:
        """`loudness`: 0 to 1, of the amplitude."""
        self._level.show_level(loudness)

    def resizeEvent(self, event: QResizeEvent) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))  # rounded without a compositor too
        super().resizeEvent(event)


class LevelBar(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(translate("dictation", "Loudness"))

    def sizeHint(self) -> QSize:
        return QSize(72, 8)

    def show_level(self, loudness: float) -> None:
        share = share_of_scale(loudness)
        if share != self._share:
            self._share = share
            self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        for token, share in (("border", 1.0), ("accent", self._share)):
            bar = QRectF(whole)
            bar.setWidth(whole.width() * share)
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                bar.moveRight(whole.right())
            painter.setBrush(theme().color(token))
            painter.drawRoundedRect(bar, whole.height() / 2, whole.height() / 2)


def share_of_scale(loudness: float) -> float:
    """Of an amplitude from 0 to 1, the share of a bar that shows it."""
    if loudness <= _QUIETEST:
        return 0.0
    return min(1.0, 1 - math.log(loudness) / math.log(_QUIETEST))
