"""What rows of lists have in common when they paint themselves."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QStyle

from ui.common.theme import theme

RADIUS = 8
"""Pixels, of a row's corners and of its buttons'."""


def placed(rect: QRect, within: QRect) -> QRect:
    """A part of a row, reckoned from left to right, where it stands in this window."""
    return QStyle.visualRect(QGuiApplication.layoutDirection(), within, rect)


def reckoned(position: QPoint, within: QRect) -> QPoint:
    """A place in a row as its parts are reckoned: from left to right."""
    return QStyle.visualPos(QGuiApplication.layoutDirection(), within, position)


def paint_background(painter: QPainter, rect: QRectF, color: str, *, focused: bool) -> None:
    """A rounded ground in a colour of the theme, or in none for ""; a ring for what has the keyboard."""
    if color:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(color))
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS, RADIUS)


def paint_progress(painter: QPainter, rect: QRect, fraction: float | None) -> None:
    """A bar, filled as far as something is done; empty while that is not known."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("border"))
    painter.drawRoundedRect(rect, 2, 2)
    if fraction is not None:
        done = QRect(rect)
        done.setWidth(max(4, round(rect.width() * fraction)))
        done = placed(done, rect)
        painter.setBrush(theme().color("accent"))
        painter.drawRoundedRect(done, 2, 2)


def paint_menu_button(painter: QPainter, rect: QRect, *, hovered: bool) -> None:
    if hovered:
        paint_background(painter, QRectF(rect), "border", focused=False)
    inset = rect.width() * 3 // 16
    theme().icon("dots-three", "text2").paint(painter, rect.adjusted(inset, inset, -inset, -inset))
