"""Marks on a page's picture, like those of a text marker: what is printed stays legible."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from ui.common.theme import theme

DARK_BELOW = 110
"""Lightness, of 255, below which ink or paper is dark."""
_FAINT = 0.45
"""Opacity of the marks of other places that were found."""


def paint_mark(painter: QPainter, place: QRectF, image: QImage, area: QRectF, *, faint: bool) -> None:
    """Mark `place` on the screen, which is `area` of the picture. Dark places are lightened instead."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setOpacity(_FAINT if faint else 1.0)
    if _is_dark(image, area):
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)
        painter.setBrush(theme().color("paper_mark_dark"))
    else:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.setBrush(theme().color("paper_mark"))
    painter.drawRoundedRect(place, 3, 3)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setOpacity(1.0)
    if faint:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    edge = theme().color("paper_mark_edge")
    edge.setAlphaF(0.55)
    painter.setPen(QPen(edge, 1))
    painter.drawRoundedRect(place, 3, 3)


def _is_dark(image: QImage, place: QRectF) -> bool:
    area = place.toRect().intersected(QRect(QPoint(0, 0), image.size()))
    if area.isEmpty():
        return False
    steps = 12
    light = 0
    for column in range(steps):
        for row in range(3):
            x = area.left() + area.width() * (2 * column + 1) // (2 * steps)
            y = area.top() + area.height() * (2 * row + 1) // 6
            color = image.pixelColor(min(x, area.right()), min(y, area.bottom()))
            light += color.lightness() > DARK_BELOW
    return light * 2 < steps * 3
