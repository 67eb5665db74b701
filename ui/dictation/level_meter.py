"""How loud the microphone hears it: a bar, and words where it is too loud or nothing at all."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.common.theme import mirrors, theme
from ui.common.translation import translate
from ui.dictation.sound import Level

HEIGHT = 6
"""Pixels of the bar."""
_FLOOR_DB = -54.0
_PEAK_WIDTH = 3


class LevelMeter(QWidget):
    """Loudness by decibels, and the peak as a mark before it."""

    def __init__(self) -> None:
        super().__init__()
        self._level = Level()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(translate("dictation", "Microphone level"))

    def show_level(self, level: Level) -> None:
        if level != self._level:
            self._level = level
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, HEIGHT)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        self._bar(painter, 0.0, 1.0, "border")
        token = "warn" if self._level.clipping else "accent"
        if loud := _share(self._level.rms):
            self._bar(painter, 0.0, loud, token)
        if peak := _share(self._level.peak):
            self._bar(painter, max(0.0, peak - _PEAK_WIDTH / max(1, self.width())), peak, token)

    def _bar(self, painter: QPainter, start: float, end: float, token: str) -> None:
        if mirrors():
            start, end = 1 - end, 1 - start
        painter.setBrush(theme().color(token))
        bar = QRectF(self.width() * start, 0.0, self.width() * (end - start), float(self.height()))
        painter.drawRoundedRect(bar, HEIGHT / 2, HEIGHT / 2)


def _share(amplitude: float) -> float:
    """Of the bar's width."""
    if amplitude <= 0:
        return 0.0
    return max(0.0, 1 - 20 * math.log10(amplitude) / _FLOOR_DB)
