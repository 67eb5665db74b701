"""Who has the memory: a bar of its parts, and below it the same parts in words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.common import quantities
from ui.common.row_painting import placed
from ui.common.theme import font, mirrors, theme
from ui.common.translation import arg, translate

BAR_HEIGHT = 12
"""Pixels."""
SQUARE = 10
"""Pixels of a side of the colour that stands before a part's words."""
GAP = 8
"""Pixels between bar and legend, and between colour and words."""
PART_GAP = 20
"""Pixels between two parts of the legend."""


@dataclass(frozen=True, slots=True)
class MemoryPart:
    name: str
    size: int
    color: str
    """Name of the theme's colour it is filled with."""


class MemoryBar(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[MemoryPart, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.update)

    def show_parts(self, *parts: MemoryPart) -> None:
        self._parts = tuple(part for part in parts if part.size > 0)
        self.setAccessibleName(arg(translate("models", "Memory: %1"), ", ".join(self.texts())))
        self.updateGeometry()
        self.update()

    def texts(self) -> list[str]:
        return [f"{part.name} {quantities.size(part.size)}" for part in self._parts]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        places = self._legend(width)
        return places[-1].bottom() + 1 if places else BAR_HEIGHT

    def sizeHint(self) -> QSize:
        return QSize(400, self.heightForWidth(400))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.heightForWidth(max(160, self.width())))

    def _legend(self, width: int) -> list[QRect]:
        """Where each part's words go: side by side, as many to a line as there is room for."""
        metrics = QFontMetrics(font(13))
        left, top = 0, BAR_HEIGHT + GAP
        places = []
        for text in self.texts():
            wide = SQUARE + GAP + metrics.horizontalAdvance(text)
            if left and left + wide > width:
                left, top = 0, top + metrics.height() + 4
            places.append(QRect(left, top, wide, metrics.height()))
            left += wide + PART_GAP
        return places

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(0, 0, self.width(), BAR_HEIGHT)
        painter.save()
        rounded = QPainterPath()
        rounded.addRoundedRect(whole, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
        painter.setClipPath(rounded)
        total = sum(part.size for part in self._parts)
        left = 0.0
        for part in self._parts:
            wide = whole.width() * part.size / total
            size = max(2.0, wide - 1)
            at = whole.width() - left - size if mirrors() else left
            painter.fillRect(QRectF(at, 0, size, BAR_HEIGHT), theme().color(part.color))
            left += wide
        painter.restore()
        painter.setFont(font(13))
        for part, place, text in zip(self._parts, self._legend(self.width()), self.texts(), strict=True):
            square = QRect(place.left(), place.center().y() - SQUARE // 2 + 1, SQUARE, SQUARE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(part.color))
            painter.drawRoundedRect(placed(square, self.rect()), 3, 3)
            painter.setPen(theme().color("text2"))
            words_at = placed(place.adjusted(SQUARE + GAP, 0, 4, 0), self.rect())
            painter.drawText(words_at, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
