"""A small picture that is opened with a click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from ui.common import formatting
from ui.common.theme import theme
from ui.common.thumbnails import thumbnails
from ui.common.translation import arg, translate

RADIUS = 8
"""Pixels of the corners."""
_LONGEST = 4
"""A picture is cut where it is longer than so many times its other side."""


@dataclass(frozen=True, slots=True)
class ShownPicture:
    path: str
    """"" until it is known."""
    name: str
    width: int
    height: int


def said_name(picture: ShownPicture) -> str:
    """What it is called, where it had no name too."""
    return formatting.name(picture.name) if picture.name else translate("common", "Picture")


class PictureButton(QAbstractButton):
    """As large as it is made; of a picture with other proportions the middle is seen."""

    def __init__(self, picture: ShownPicture, size: QSize, do: Callable[[], object]) -> None:
        super().__init__()
        self.setFixedSize(size)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda: do())
        self.show_picture(picture)
        thumbnails().read.connect(self._was_read)
        theme().changed.connect(self.update)

    def show_picture(self, picture: ShownPicture) -> None:
        self.picture = picture
        name = said_name(picture)
        self.setAccessibleName(arg(translate("common", "%1: show it larger"), name))
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def _was_read(self, path: str) -> None:
        if path == self.picture.path:
            self.update()

    def _image(self) -> QImage | None:
        """Read so large that it fills the button."""
        if not self.picture.path:
            return None
        scale = self.devicePixelRatioF()
        wide, high = self.width() * scale, self.height() * scale
        if self.picture.width and self.picture.height:
            fill = max(wide / self.picture.width, high / self.picture.height)
            wide = min(self.picture.width * fill, wide * _LONGEST)
            high = min(self.picture.height * fill, high * _LONGEST)
        return thumbnails().get(self.picture.path, QSize(round(wide + 0.5), round(high + 0.5)))

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(frame, RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), theme().color("surface2"))
        image = self._image()
        if image is None or image.isNull():
            self._paint_icon(painter, "image" if image is None else "link-break")
        else:
            painter.drawImage(self.rect(), image, _middle(image.size(), self.size()))
        painter.restore()
        focused = self.hasFocus()
        painter.setPen(QPen(theme().color("accent" if focused else "border"), 2 if focused else 1))
        painter.drawPath(outline)

    def _paint_icon(self, painter: QPainter, icon: str) -> None:
        side = min(24, self.height() // 2)
        place = QRect(QPoint(0, 0), QSize(side, side))
        place.moveCenter(self.rect().center())
        theme().icon(icon).paint(painter, place)


def _middle(image: QSize, shown: QSize) -> QRect:
    """The part of an image that fills a place of other proportions."""
    part = shown.scaled(image, Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(QPoint(0, 0), part)
    place.moveCenter(QRect(QPoint(0, 0), image).center())
    return place
