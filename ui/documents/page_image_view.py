"""The image of a page, with boxes marked on it; scrolls to them and can be enlarged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from assistant.documents.records import Box, PagePicture
from ui.common.theme import font, theme
from ui.common.translation import arg, translate

ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
"""Steps of the buttons and keys; at 1 the page fills the width of the view."""
MOST_PIXELS_WIDE = 3600
"""Of the image asked for, in device pixels; a larger zoom enlarges that image."""
MARGIN = 12
"""Pixels around the page."""
SHARPEN_AFTER_MS = 120
"""An image is asked for only when the size has been the same this long."""
DARK_BELOW = 110
"""Lightness, of 255, below which ink or paper is dark."""


class PageImageView(QAbstractScrollArea):
    width_wanted = Signal(int)
    """The picture should be this wide, in device pixels."""
    page_wanted = Signal(int)
    """-1 for the page before, 1 for the one after."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._size = QSize(1, 1)
        self._scale = 1.0
        self._boxes: tuple[Box, ...] = ()
        self._words = ""
        self._zoom = 1.0
        self._dragged_from: QPoint | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(translate("documents", "Page"))
        self._sharpen_timer = QTimer(self, singleShot=True, interval=SHARPEN_AFTER_MS)
        self._sharpen_timer.timeout.connect(self._sharpen)
        theme().changed.connect(self.viewport().update)

    # --- what is shown

    def say(self, text: str) -> None:
        """Words in place of a picture, e.g. that it is being opened."""
        self._image = None
        self._words = text
        self._lay_out()
        self.viewport().update()

    def show_page(self, picture: PagePicture, boxes: Sequence[Box], *, scroll: bool) -> None:
        """Show the picture; with `scroll` the first box comes into view."""
        borrowed = QImage(
            picture.pixels, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGB32
        )
        # A copy with the fourth byte set: marking multiplies, and would take that for transparency.
        self._image = borrowed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self._size = QSize(picture.width, picture.height)
        self._scale = picture.scale
        self._boxes = tuple(boxes)
        self._words = ""
        self.setAccessibleName(arg(translate("documents", "Page %1 of %2"), picture.page, picture.pages))
        self._lay_out()
        if scroll:
            self._show_boxes()
        self.viewport().update()

    def wanted_width(self) -> int:
        """Device pixels that fill the view at the present zoom."""
        width = (self._room() * self._zoom) * self.devicePixelRatioF()
        return max(64, min(MOST_PIXELS_WIDE, round(width)))

    @property
    def zoom(self) -> float:
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        zoom = min(ZOOMS[-1], max(ZOOMS[0], zoom))
        if zoom == self._zoom:
            return
        bars = self.horizontalScrollBar(), self.verticalScrollBar()
        ratio = zoom / self._zoom
        middle = [(bar.value() + bar.pageStep() / 2) * ratio - bar.pageStep() / 2 for bar in bars]
        self._zoom = zoom
        self._lay_out()
        for bar, value in zip(bars, middle, strict=True):
            bar.setValue(round(value))
        self.viewport().update()
        self._sharpen_timer.start()

    def zoom_in(self) -> None:
        self.set_zoom(next((zoom for zoom in ZOOMS if zoom > self._zoom + 0.01), ZOOMS[-1]))

    def zoom_out(self) -> None:
        self.set_zoom(next((zoom for zoom in reversed(ZOOMS) if zoom < self._zoom - 0.01), ZOOMS[0]))

    def box_on_screen(self, number: int = 0) -> QRectF:
        """Where a marked box is in the viewport."""
        return self._on_screen(self._boxes[number])

    # --- geometry; the page is laid out in widget pixels

    def _room(self) -> int:
        return max(32, self.viewport().width() - 2 * MARGIN)

    def _page(self) -> QRectF:
        """The page in the viewport."""
        width = self._room() * self._zoom
        height = width * self._size.height() / max(1, self._size.width())
        free = max(0.0, (self.viewport().width() - 2 * MARGIN - width) / 2)
        left = MARGIN + free - self.horizontalScrollBar().value()
        return QRectF(left, MARGIN - self.verticalScrollBar().value(), width, height)

    def _on_screen(self, box: Box) -> QRectF:
        page = self._page()
        factor = self._scale * page.width() / max(1, self._size.width())
        return QRectF(
            QPointF(page.left() + box[0] * factor, page.top() + box[1] * factor),
            QPointF(page.left() + box[2] * factor, page.top() + box[3] * factor),
        ).adjusted(-2, -1.5, 2, 1.5)

    def _lay_out(self) -> None:
        page, port = self._page(), self.viewport().size()
        for bar, length, seen in (
            (self.horizontalScrollBar(), page.width(), port.width()),
            (self.verticalScrollBar(), page.height(), port.height()),
        ):
            most = 0 if self._image is None else max(0, round(length + 2 * MARGIN - seen))
            bar.setRange(0, most)
            bar.setPageStep(seen)
            bar.setSingleStep(40)

    def _show_boxes(self) -> None:
        if not self._boxes:
            self.verticalScrollBar().setValue(0)
            return
        around = reduce(QRectF.united, map(self._on_screen, self._boxes))
        port = self.viewport().size()
        down = around.top() - max(24.0, (port.height() - around.height()) / 3)
        self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() + down))
        if around.right() > port.width() or around.left() < 0:
            self.horizontalScrollBar().setValue(
                round(self.horizontalScrollBar().value() + around.left() - 24)
            )

    def _sharpen(self) -> None:
        if self._image is not None and self.wanted_width() != self._image.width():
            self.width_wanted.emit(self.wanted_width())

    # --- events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme().color("surface2"))
        if self._image is None:
            painter.setPen(theme().color("text2"))
            painter.setFont(font(14))
            space = self.viewport().rect().adjusted(24, 24, -24, -24)
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(space, flags, self._words)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        page = self._page()
        ratio = self.devicePixelRatioF()
        if abs(self._image.width() - page.width() * ratio) < 1.5:  # pixel for pixel, which is sharpest
            self._image.setDevicePixelRatio(ratio)
            corner = QPointF(round(page.left() * ratio) / ratio, round(page.top() * ratio) / ratio)
            painter.drawImage(corner, self._image)
        else:
            self._image.setDevicePixelRatio(1)
            painter.drawImage(page, self._image)
        for box in self._boxes:
            self._mark(painter, self._on_screen(box), box)
        painter.setPen(theme().color("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(page.adjusted(0, 0, -0.5, -0.5))

    def _mark(self, painter: QPainter, place: QRectF, box: Box) -> None:
        """Like a text marker: what is printed stays legible. Dark places are lightened instead."""
        painter.setPen(Qt.PenStyle.NoPen)
        if self._is_dark(box):
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)
            painter.setBrush(theme().color("paper_mark_dark"))
        else:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.setBrush(theme().color("paper_mark"))
        painter.drawRoundedRect(place, 3, 3)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge = theme().color("paper_mark_edge")
        edge.setAlphaF(0.55)
        painter.setPen(QPen(edge, 1))
        painter.drawRoundedRect(place, 3, 3)

    def _is_dark(self, box: Box) -> bool:
        assert self._image is not None
        area = QRectF(
            box[0] * self._scale,
            box[1] * self._scale,
            (box[2] - box[0]) * self._scale,
            (box[3] - box[1]) * self._scale,
        ).toRect()
        area = area.intersected(QRect(QPoint(0, 0), self._size))
        if area.isEmpty():
            return False
        steps = 12
        light = 0
        for column in range(steps):
            for row in range(3):
                x = area.left() + area.width() * (2 * column + 1) // (2 * steps)
                y = area.top() + area.height() * (2 * row + 1) // 6
                light += (
                    self._image.pixelColor(min(x, area.right()), min(y, area.bottom())).lightness()
                    > DARK_BELOW
                )
        return light * 2 < steps * 3

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        self._sharpen_timer.start()
        super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self._zoom * (1.0015 ** event.angleDelta().y()))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_PageDown | Qt.Key.Key_Space if bar.value() < bar.maximum():
                bar.triggerAction(bar.SliderAction.SliderPageStepAdd)
            case Qt.Key.Key_PageDown | Qt.Key.Key_Space | Qt.Key.Key_Right:
                self.page_wanted.emit(1)
            case Qt.Key.Key_PageUp if bar.value() > 0:
                bar.triggerAction(bar.SliderAction.SliderPageStepSub)
            case Qt.Key.Key_PageUp | Qt.Key.Key_Left:
                self.page_wanted.emit(-1)
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal if control:
                self.zoom_in()
            case Qt.Key.Key_Minus if control:
                self.zoom_out()
            case Qt.Key.Key_0 if control:
                self.set_zoom(1.0)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._dragged_from = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            moved = event.position().toPoint() - self._dragged_from
            self._dragged_from = event.position().toPoint()
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self.viewport().unsetCursor()
