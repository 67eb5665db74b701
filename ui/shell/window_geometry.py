"""Where the window stands and how large it is: kept from start to start, and never more than a screen has."""

from __future__ import annotations

import logging

from PySide6.QtCore import QMargins, QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

from assistant import paths

log = logging.getLogger(__name__)

SMALLEST = QSize(760, 480)
"""Pixels; a screen that has fewer comes first."""
FRAME = QMargins(4, 40, 4, 4)
"""Pixels that the system's frame may take around a window that it has not drawn yet."""


def restore(window: QWidget) -> None:
    """Put it where it stood, or into the middle. Rubbish in the file changes nothing."""
    try:
        known = window.restoreGeometry(paths.window_file().read_bytes())
    except OSError:
        known = False
    fit(window, window.screen().availableGeometry(), centred=not known)
    window.winId()  # there is a handle from here on
    window.windowHandle().screenChanged.connect(lambda screen: fit(window, screen.availableGeometry()))


def fit(window: QWidget, screen: QRect, *, centred: bool = False) -> None:
    """Make it no larger than this part of a screen, with its frame, and move it there."""
    room = screen.marginsRemoved(_frame(window))
    window.setMinimumSize(SMALLEST.boundedTo(room.size()))
    if window.isMaximized() or window.isFullScreen():
        return
    place = QRect(window.geometry().topLeft(), window.size().boundedTo(room.size()))
    if centred:
        place.moveCenter(room.center())
    left = max(room.left(), min(place.left(), room.left() + room.width() - place.width()))
    top = max(room.top(), min(place.top(), room.top() + room.height() - place.height()))
    place.moveTopLeft(QPoint(left, top))
    if place != window.geometry():
        window.setGeometry(place)


def _frame(window: QWidget) -> QMargins:
    outer, inner = window.frameGeometry(), window.geometry()
    if outer == inner:
        return FRAME
    return QMargins(
        inner.left() - outer.left(),
        inner.top() - outer.top(),
        outer.right() - inner.right(),
        outer.bottom() - inner.bottom(),
    )


def save(window: QWidget) -> None:
    """To be called by the owner of the data folder."""
    try:
        paths.window_file().write_bytes(window.saveGeometry().data())
    except OSError as error:
        log.info("the window's place was not saved: %s", error)
