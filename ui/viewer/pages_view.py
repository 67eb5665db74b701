"""The pages of a document below each other, with marks on them; only those in view are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from assistant.documents.records import Box, PagePicture
from assistant.documents.viewer_records import PageLayout
from ui.common import quantities
from ui.common.theme import font, theme
from ui.common.translation import arg, translate
from ui.viewer.page_geometry import MARGIN, PageGeometry
from ui.viewer.page_marks import paint_marks
from ui.viewer.page_pictures import PagePictures

ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
"""Steps of the buttons and keys; at 1 a page fills the width of the view."""
MOST_PIXELS = 5_000_000
"""Of a picture that is asked for; a larger zoom enlarges it."""
SHARPEN_AFTER_MS = 120
"""Pictures of another size are asked for only when the zoom has been the same this long."""
SCROLLED_AFTER_MS = 40
"""Pages that are merely scrolled past are not asked for."""
_AT_ONCE = 2
"""Pictures that are asked for and have not come yet."""


class Spot(NamedTuple):
    """A point of a page that is looked at."""

    page: int
    on_page: QPointF
    """In parts of the page's width."""
    in_view: QPointF


class PagesView(QAbstractScrollArea):
    picture_wanted = Signal(int, int)
    """Of this page, so many device pixels wide."""
    page_changed = Signal(int)
    """Another page is looked at."""
    zoom_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._geometry = PageGeometry()
        self._pictures = PagePictures()
        self._waiting: set[int] = set()
        self._failed: dict[int, str] = {}
        self._marks: dict[int, tuple[Box, ...]] = {}
        """What is marked faintly."""
        self._place: tuple[int, tuple[Box, ...]] = (0, ())
        """The page and the boxes of what is looked at."""
        self._zoom = 1.0
        self._page = 1
        self._named = 0, 0
        """The page, and of how many, that a screen reader is told of."""
        self._dragged_from: QPoint | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._ask_timer = QTimer(self, singleShot=True)
        self._ask_timer.timeout.connect(self._ask)
        theme().changed.connect(self.viewport().update)

    # --- what is shown

    def show_layout(self, layout: PageLayout) -> None:
        self.clear()
        self._geometry = PageGeometry(layout.sizes)
        self._lay_out()
        self._tell_page()

    def clear(self) -> None:
        """Forget the document and give the memory of its pictures back."""
        self._pictures.clear()
        self._waiting.clear()
        self._failed.clear()
        self._marks = {}
        self._place = (0, ())
        self._page = 1
        self._geometry = PageGeometry()
        self._ask_timer.stop()
        self._lay_out()
        self.verticalScrollBar().setValue(0)
        self.viewport().update()

    def take_picture(self, picture: PagePicture) -> None:
        self._waiting.discard(picture.page)
        if 1 <= picture.page <= self._geometry.pages:
            self._pictures.put(picture, self.pages_in_view())
            self.viewport().update()
            self._ask()

    def take_failure(self, page: int, words: str) -> None:
        """Said in the place of its picture."""
        self._waiting.discard(page)
        self._failed[page] = words
        self.viewport().update()
        self._ask()

    def mark(self, marks: Mapping[int, tuple[Box, ...]]) -> None:
        """Boxes that are marked faintly, by page."""
        self._marks = dict(marks)
        self.viewport().update()

    def go_to(self, page: int, boxes: Sequence[Box] = ()) -> None:
        """Bring a page to the top, or a place on it into view, which is marked."""
        page = min(max(1, page), max(1, self._geometry.pages))
        self._place = (page, tuple(boxes))
        if boxes:
            self._show_place()
        elif self._geometry.pages:
            self.verticalScrollBar().setValue(round(self._geometry.top(page) - MARGIN))
        self.viewport().update()
        self._tell_page()
        self._ask()

    def spot(self) -> Spot | None:
        """What is looked at, to return to; None where there is no page."""
        return self._anchor()

    def return_to(self, spot: Spot) -> None:
        """Bring it to where it was, or the last page where there are fewer now."""
        self._lay_out(spot._replace(page=min(spot.page, max(1, self._geometry.pages))))
        self._tell_page()
        self._ask()

    @property
    def page(self) -> int:
        """The one that is looked at: where it was led to, or that in the upper half of the view."""
        return self._page

    def pages_in_view(self) -> range:
        if not self._geometry.pages:
            return range(0)
        top = self.verticalScrollBar().value()
        first = self._geometry.page_at(top + MARGIN + 1)  # a gap shows nothing of the page above it
        return range(first, self._geometry.page_at(top + self.viewport().height()) + 1)

    def has_picture(self, page: int) -> bool:
        """Whether the page is drawn as sharp as it is wanted."""
        image = self._pictures.get(page)
        return image is not None and image.width() == self.wanted_width(page)

    # --- zoom

    @property
    def zoom(self) -> float:
        return self._zoom

    def set_zoom(self, zoom: float, around: QPointF | None = None) -> None:
        """The marked place stays where it is, if it is in view, or else what lies `around` this point."""
        zoom = min(ZOOMS[-1], max(ZOOMS[0], zoom))
        if zoom != self._zoom:
            spot = self._anchor(around)
            self._zoom = zoom
            self._lay_out(spot)
            self._show_beginning()
            self.zoom_changed.emit()
            self._ask_timer.start(SHARPEN_AFTER_MS)

    def zoom_in(self) -> None:
        self.set_zoom(next((zoom for zoom in ZOOMS if zoom > self._zoom + 0.01), ZOOMS[-1]))

    def zoom_out(self) -> None:
        self.set_zoom(next((zoom for zoom in reversed(ZOOMS) if zoom < self._zoom - 0.01), ZOOMS[0]))

    def wanted_width(self, page: int) -> int:
        """Device pixels that fill the view at the present zoom."""
        ratio = self._geometry.height_of(page) / self._geometry.width
        most = math.sqrt(MOST_PIXELS / max(0.01, ratio))
        return max(64, round(min(most, self._geometry.width * self.devicePixelRatioF())))

    # --- geometry

    def page_on_screen(self, page: int) -> QRectF:
        """Where a page is in the viewport."""
        free = max(0.0, (self.viewport().width() - 2 * MARGIN - self._geometry.width) / 2)
        left = MARGIN + free - self.horizontalScrollBar().value()
        top = self._geometry.top(page) - self.verticalScrollBar().value()
        return QRectF(left, top, self._geometry.width, self._geometry.height_of(page))

    def place_on_screen(self) -> QRectF:
        """What is looked at, in the viewport; empty where nothing is marked."""
        page, boxes = self._place
        return reduce(QRectF.united, (self.on_screen(page, box) for box in boxes), QRectF())

    def box_on_screen(self, number: int = 0) -> QRectF:
        """Where a box of what is looked at is in the viewport."""
        page, boxes = self._place
        return self.on_screen(page, boxes[number])

    def on_screen(self, page: int, box: Box) -> QRectF:
        """Where a box of a page is in the viewport."""
        corner = self.page_on_screen(page).topLeft()
        return QRectF(*self._geometry.on_page(page, box)).translated(corner).adjusted(-2, -1.5, 2, 1.5)

    def on_page(self, position: QPointF) -> tuple[int, float, float]:
        """The page at a point of the viewport, and where on it that is, in points."""
        page = self._geometry.page_at(position.y() + self.verticalScrollBar().value())
        corner = self.page_on_screen(page).topLeft() if self._geometry.pages else QPointF()
        return page, *self._geometry.in_points(page, position.x() - corner.x(), position.y() - corner.y())

    def _anchor(self, around: QPointF | None = None) -> Spot | None:
        if not self._geometry.pages:
            return None
        port = QRectF(self.viewport().rect())
        place = self.place_on_screen()
        spot = place.center() if place.intersects(port) else around or QPointF(port.center().x(), 0)
        page = self._geometry.page_at(spot.y() + self.verticalScrollBar().value())
        corner = self.page_on_screen(page).topLeft()
        return Spot(page, (spot - corner) / self._geometry.width, spot)

    def _lay_out(self, anchor: Spot | None = None) -> None:
        """Lay the pages out for the present zoom, with the anchor where it was."""
        geometry, port = self._geometry, self.viewport().size()
        geometry.width = max(32, port.width() - 2 * MARGIN) * self._zoom
        for bar, length, seen in (
            (self.horizontalScrollBar(), geometry.width + 2 * MARGIN, port.width()),
            (self.verticalScrollBar(), geometry.height, port.height()),
        ):
            bar.setRange(0, max(0, round(length - seen)) if geometry.pages else 0)
            bar.setPageStep(seen)
            bar.setSingleStep(40)
        if anchor is not None:
            corner = self.page_on_screen(anchor.page).topLeft()
            moved = corner + anchor.on_page * geometry.width - anchor.in_view
            self.horizontalScrollBar().setValue(round(self.horizontalScrollBar().value() + moved.x()))
            self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() + moved.y()))
        self.viewport().update()

    def _show_place(self) -> None:
        around, port = self.place_on_screen(), self.viewport().size()
        down = around.top() - max(24.0, (port.height() - around.height()) / 3)
        self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() + down))
        if around.right() > port.width() or around.left() < 0:
            bar = self.horizontalScrollBar()
            bar.setValue(round(bar.value() + around.left() - 24))

    def _show_beginning(self) -> None:
        """A marked place that is wider than the view shows where it begins."""
        place, port = self.place_on_screen(), QRectF(self.viewport().rect())
        if place.intersects(port) and place.width() > port.width() - 2 * MARGIN:
            bar = self.horizontalScrollBar()
            bar.setValue(round(bar.value() + place.left() - MARGIN))

    def _tell_page(self) -> None:
        if not self._geometry.pages:
            return
        place, _ = self._place
        middle = self.verticalScrollBar().value() + self.viewport().height() / 2
        shown = self._geometry.page_at(middle)
        page = place if place in self.pages_in_view() and abs(place - shown) <= 1 else shown
        if (page, self._geometry.pages) != self._named:  # with each step of scrolling it would be too often
            self._named = page, self._geometry.pages
            number, total = map(quantities.number, self._named)
            self.setAccessibleName(arg(translate("documents", "Page %1 of %2"), number, total))
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)

    def _ask(self) -> None:
        """Ask for the pictures of the pages in view, then for those of their neighbours."""
        pages = self.pages_in_view()
        if not pages or not self.isVisible():
            return
        for page in (self._page, *pages, pages[-1] + 1, pages[0] - 1):
            if len(self._waiting) >= _AT_ONCE or not 1 <= page <= self._geometry.pages:
                continue
            known = page in self._waiting or page in self._failed or self.has_picture(page)
            if not known:
                self._waiting.add(page)
                self.picture_wanted.emit(page, self.wanted_width(page))

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme().color("surface2"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for page in self.pages_in_view():
            self._paint_page(painter, page, self.page_on_screen(page))

    def _paint_page(self, painter: QPainter, page: int, place: QRectF) -> None:
        image = self._pictures.get(page)
        if image is None:
            painter.fillRect(place, theme().color("surface"))
            painter.setPen(theme().color("text2"))
            painter.setFont(font(14))
            words = self._failed.get(page) or arg(translate("documents", "Page %1"), quantities.number(page))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            seen = place.intersected(QRectF(self.viewport().rect()))
            painter.drawText(seen.adjusted(24, 24, -24, -24), flags, words)
        else:
            ratio = self.devicePixelRatioF()
            if abs(image.width() - place.width() * ratio) < 1.5:  # pixel for pixel, which is sharpest
                image.setDevicePixelRatio(ratio)
                corner = QPointF(round(place.left() * ratio) / ratio, round(place.top() * ratio) / ratio)
                painter.drawImage(corner, image)
            else:
                image.setDevicePixelRatio(1)
                painter.drawImage(place, image)
            self.paint_marks(painter, page, place, image)
        painter.setPen(theme().color("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(0, 0, -0.5, -0.5))

    def paint_marks(self, painter: QPainter, page: int, place: QRectF, image: QImage) -> None:
        of_page, boxes = self._place
        strong = boxes if of_page == page else ()
        others = [box for box in self._marks.get(page, ()) if box not in strong]
        scale = image.width() / place.width()

        def marks(boxes: Sequence[Box]) -> Iterator[tuple[QRectF, QRectF]]:
            for box in boxes:
                on_screen = self.on_screen(page, box)
                corner = on_screen.topLeft() - place.topLeft()
                yield on_screen, QRectF(corner * scale, on_screen.size() * scale)

        paint_marks(painter, marks(others), image, faint=True)
        paint_marks(painter, marks(strong), image, faint=False)

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out(self._anchor())
        self._ask_timer.start(SHARPEN_AFTER_MS)
        super().resizeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()
        self._tell_page()
        if not self._ask_timer.isActive():
            self._ask_timer.start(SCROLLED_AFTER_MS)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self._zoom * (1.0015 ** event.angleDelta().y()), event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_PageDown | Qt.Key.Key_Space:
                bar.triggerAction(bar.SliderAction.SliderPageStepAdd)
            case Qt.Key.Key_PageUp:
                bar.triggerAction(bar.SliderAction.SliderPageStepSub)
            case Qt.Key.Key_Right:
                self.go_to(self._page + 1)
            case Qt.Key.Key_Left:
                self.go_to(self._page - 1)
            case Qt.Key.Key_Home:
                self.go_to(1)
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
