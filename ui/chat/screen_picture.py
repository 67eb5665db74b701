"""A part of the screen as a picture: by the desktop itself on Wayland, else by a frame that is drawn."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from ui.common.page_context import PageContext
from ui.common.theme import BODY, font, theme
from ui.common.translation import translate
from ui.portal import is_wayland

LET_GO_MS = 300
"""So long other programs have to paint what the window stood on."""
LEAST = 8
"""Pixels of each side of a frame; a smaller one was a click."""
_SHADE = QColor(0, 0, 0, 110)
"""Over what is not in the frame."""


class ScreenPicture(QObject):
    taken = Signal(object)
    """The picture: a QImage, or a file as bytes."""

    answered = Signal()
    """The desktop has done what it could, or what the person let it do."""

    def __init__(self, context: PageContext, inside: QWidget) -> None:
        """`inside`: something in the window that makes way meanwhile."""
        super().__init__(context)
        self._context = context
        self._inside = inside
        self.frames: list[ScreenFrame] = []
        """One over each screen, while a part is chosen."""

    def take(self) -> None:
        if self.frames:
            return
        if is_wayland():
            self._context.bridge.in_background(_by_portal, self._portal_answered)
        else:
            self._inside.window().hide()
            QTimer.singleShot(LET_GO_MS, self.show_frames)

    def show_frames(self) -> None:
        """Over each screen, as it is now."""
        for screen in QGuiApplication.screens():
            frame = ScreenFrame(screen, screen.grabWindow(0))
            frame.chosen.connect(self._chosen)
            frame.left.connect(self._end)
            self.frames.append(frame)
            frame.open()
        if not self.frames:
            self._end()

    def _chosen(self, image: QImage) -> None:
        self._end()
        self.taken.emit(image)

    def _end(self) -> None:
        frames, self.frames = self.frames, []
        for frame in frames:
            frame.hide()
            frame.deleteLater()
        window = self._inside.window()
        window.show()
        window.activateWindow()

    def _portal_answered(self, answer: bytes | str | None) -> None:
        if isinstance(answer, bytes):
            self.taken.emit(answer)
        elif answer is not None:
            self._context.notices.warn(
                translate("chat", "This desktop does not let programs take pictures of the screen."),
                translate("chat", "Take one with the desktop's own key, and paste it into the message."),
            )
        self.answered.emit()


def _by_portal() -> bytes | str | None:
    """The file that the person had made; None where they wanted none, else what is missing."""
    from ui.portal.connection import Interrupted, NoPortal, PortalConnection, Refused
    from ui.portal.screenshot import screenshot

    try:
        with PortalConnection() as portal:
            return Path(screenshot(portal)).read_bytes()
    except Refused:
        return None
    except (NoPortal, Interrupted, OSError) as error:
        return str(error)


class ScreenFrame(QWidget):
    """Shows one screen as it was, darkened; a frame is drawn with the mouse, Enter takes all, Esc nothing."""

    chosen = Signal(QImage)
    left = Signal()

    def __init__(self, screen: QScreen, picture: QPixmap) -> None:
        super().__init__(
            None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.Tool
        )
        self._picture = picture
        self._from = QPoint()
        self._frame = QRect()
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(translate("chat", "Choose a part of the screen"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def open(self) -> None:
        self.showFullScreen()
        self.raise_()
        self.activateWindow()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._from = event.position().toPoint()
        else:
            self.left.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._frame = QRect(self._from, event.position().toPoint()).normalized() & self.rect()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if min(self._frame.width(), self._frame.height()) >= LEAST:
            self._choose(self._frame)
        else:
            self._frame = QRect()
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.rect())

    def _choose(self, frame: QRect) -> None:
        scale = self._picture.devicePixelRatioF()
        place = QRect(
            QPoint(round(frame.x() * scale), round(frame.y() * scale)),
            QSize(round(frame.width() * scale), round(frame.height() * scale)),
        )
        image = self._picture.copy(place).toImage()
        image.setDevicePixelRatio(1)
        self.chosen.emit(image)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.fillRect(self.rect(), _SHADE)
        if self._frame.isEmpty():
            self._paint_advice(painter)
            return
        painter.setClipRect(self._frame)
        painter.drawPixmap(0, 0, self._picture)
        painter.setClipping(False)
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.drawRect(self._frame)

    def _paint_advice(self, painter: QPainter) -> None:
        words = translate(
            "chat", "Draw a frame around what you want. Enter takes the whole screen, Esc nothing."
        )
        painter.setFont(font(BODY))
        wide = painter.fontMetrics().horizontalAdvance(words) + 48
        place = QRect(0, 0, wide, 40)
        place.moveCenter(QPoint(self.rect().center().x(), self.rect().height() // 8))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("surface"))
        painter.drawRoundedRect(place, 8, 8)
        painter.setPen(theme().color("text"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
