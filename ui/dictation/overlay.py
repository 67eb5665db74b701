"""A small panel above all programs while one dictates into another. It never takes the focus."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QPainterPath, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.common.buttons_and_labels import Button, Card, ElidedLabel, IconLabel, Label
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.translation import translate
from ui.dictation.level_meter import LevelMeter
from ui.dictation.sound import Level

WIDTH = 440
METER_WIDTH = 72
ABOVE_EDGE = 48
"""Pixels between the panel and the lower edge of the screen."""
_RADIUS = 12
"""Of the style sheet's cards."""


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
        self._level = LevelMeter()
        self._level.setFixedWidth(METER_WIDTH)
        self._state = Label("", "second")
        self._language = Label("", "second")
        self._words = ElidedLabel(mode=Qt.TextElideMode.ElideLeft)
        self._warning = Label(kind="second", wrap=True)
        self._stop = Button(translate("dictation", "Stop"), self.stop_wanted.emit, icon="stop-fill")
        self._stop.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        card = Card()
        first = hbox(self._microphone, self._level, self._state, 1, self._language, self._stop, spacing=12)
        vbox(first, self._words, self._warning, parent=card, margins=(16, 12, 16, 12), spacing=8)
        vbox(card, parent=self, margins=NO_MARGINS)

    def open(self) -> None:
        """Show it on the screen where the mouse is, empty."""
        self.show_words("")
        self.show_language("")
        self.show_level(Level())
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        self.adjustSize()
        self.move(room.center().x() - self.width() // 2, room.bottom() - self.height() - ABOVE_EDGE)
        self.show()

    def show_state(self, text: str) -> None:
        """What is going on, in a word or two."""
        self._show_state(text, warn=False)

    def show_words(self, text: str) -> None:
        """The end of what was said; earlier words give way."""
        self._words.set_text(" ".join(text.split()))
        self._show_one(self._words)

    def show_warning(self, state: str, text: str) -> None:
        """A sentence or two in place of the words."""
        self._show_state(state, warn=True)
        self._warning.setText(text)
        self._show_one(self._warning)

    def _show_state(self, text: str, *, warn: bool) -> None:
        self._state.setText(text)
        self._state.set_kind("warn" if warn else "second")
        self._microphone.show_icon("warning" if warn else "microphone", "warn" if warn else "accent")
        for each in (self._level, self._language):
            each.setVisible(not warn)
        self._stop.setText(translate("dictation", "Close") if warn else translate("dictation", "Stop"))
        self._stop.setAccessibleName(self._stop.text().strip())
        self._stop.set_icon("x" if warn else "stop-fill")

    def _show_one(self, shown: QWidget) -> None:
        for each in (self._words, self._warning):
            each.setVisible(each is shown)
        lower = self.geometry().bottom()
        self.adjustSize()
        self.move(self.x(), lower - self.height() + 1)

    def show_language(self, name: str) -> None:
        self._language.setText(name)

    def show_level(self, level: Level) -> None:
        self._level.show_level(level)

    def resizeEvent(self, event: QResizeEvent) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))  # rounded without a compositor too
        super().resizeEvent(event)
