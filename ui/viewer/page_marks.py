"""Marks on a page's picture, like those of a text marker: what is printed stays legible."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from ui.common.theme import theme

DARK_BELOW = 110
"""Lightness, of 255, below which ink or paper is dark."""
_FAINT = 0.45
"""Opacity of the marks of other places that were found."""


def paint_marks(
    painter: QPainter, marks: Iterable[tuple[QRectF, QRectF]], image: QImage, *, faint: bool
) -> None:
    """Mark places on the screen. Dark places are lightened instead.

    Args:
        marks: each a place on the screen, and the area of the picture that it is.
    """
    light, dark = QPainterPath(), QPainterPath()
    for place, area in marks:
        path = dark if _is_dark(image, area) else light
        path.addRoundedRect(place, 3, 3)
    painter.setOpacity(_FAINT if faint else 1.0)
    modes = QPainter.CompositionMode
    for path, mode, token in (
        (light, modes.CompositionMode_Multiply, "paper_mark"),
        (dark, modes.CompositionMode_Screen, "paper_mark_dark"),
    ):
        painter.setCompositionMode(mode)
        fill_once(painter, path, theme().color(token))
    painter.setCompositionMode(modes.CompositionMode_SourceOver)
    painter.setOpacity(1.0)
    if faint:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    edge = theme().color("paper_mark_edge")
    edge.setAlphaF(0.55)
    painter.setPen(QPen(edge, 1))
    for path in (light, dark):
        painter.drawPath(path.simplified())


def fill_once(painter: QPainter, path: QPainterPath, color: QColor) -> None:
    """Where rectangles of the path overlap, as lines of a sloping scan do, they are not filled twice."""
    path.setFillRule(Qt.FillRule.WindingFill)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPath(path)


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
