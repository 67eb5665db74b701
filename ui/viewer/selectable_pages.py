"""Pages whose recognised words can be selected, copied and looked at beside their picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
)
from PySide6.QtWidgets import QToolTip

from assistant.documents.records import Box, WordOnPage
from ui.common import formatting
from ui.common.buttons_and_labels import plain_tooltip
from ui.common.menus import Menu
from ui.common.recognition_words import DOUBTFUL, sureness
from ui.common.theme import theme
from ui.common.translation import translate
from ui.viewer.page_marks import fill_once
from ui.viewer.page_words import PageWords, WordPlace
from ui.viewer.pages_view import PagesView

_SELECTED = 0.35
_SEEN = 0.16
"""Opacities of what lies over words that are selected, and over those that are made seen."""


class SelectablePages(PagesView):
    copy_wanted = Signal(str)
    recognition_wanted = Signal(int)
    """Of this page, again."""

    def __init__(self) -> None:
        super().__init__()
        self.words = PageWords()
        self.shows_words = False
        """Each is made seen, and says under the mouse as what it was recognised."""
        self._selects = False
        self._pressed: WordPlace | None = None
        """The word that selecting began at."""
        self.viewport().setMouseTracking(True)

    def clear(self) -> None:
        super().clear()
        self.words.clear()

    def take_words(self, page: int, words: Sequence[WordOnPage]) -> None:
        self.words.put(page, words)
        self.viewport().update()

    def show_words(self, shown: bool) -> None:
        self.shows_words = shown
        self.viewport().update()

    def copy(self) -> bool:
        """What is selected; false where nothing is."""
        if text := formatting.passage(self.words.text()):
            self.copy_wanted.emit(text)
        return bool(text)

    # --- painting

    def paint_marks(self, painter: QPainter, page: int, place: QRectF, image: QImage) -> None:
        super().paint_marks(painter, page, place, image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        if self.shows_words:
            words = self.words.of_page(page)
            self._fill(
                painter, page, [word.box for word in words if word.confidence >= DOUBTFUL], "accent", _SEEN
            )
            self._fill(
                painter, page, [word.box for word in words if word.confidence < DOUBTFUL], "warn", _SEEN
            )
        self._fill(painter, page, self.words.selected_boxes(page), "accent", _SELECTED)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    def _fill(self, painter: QPainter, page: int, boxes: Sequence[Box], token: str, opacity: float) -> None:
        path = QPainterPath()
        for box in boxes:
            path.addRoundedRect(self.on_screen(page, box), 2, 2)
        color = theme().color(token)
        color.setAlphaF(opacity)
        fill_once(painter, path, color)

    # --- the mouse and the keys

    def _word_at(self, position: QPointF) -> WordPlace | None:
        page, x, y = self.on_page(position)
        return self.words.at(page, x, y)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._word_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._selects = place is not None
        extends = (
            bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and self.words.anchor is not None
        )
        if place is None:
            self.words.unselect()
            super().mousePressEvent(event)
        elif extends:
            self._extend(event.position())
        else:
            self.words.unselect()
            self._pressed = place
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._selects and event.buttons() & Qt.MouseButton.LeftButton:
            self._extend(event.position())
            return
        super().mouseMoveEvent(event)
        if not event.buttons():
            over = self._word_at(event.position()) is not None
            self.viewport().setCursor(Qt.CursorShape.IBeamCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._selects:
            super().mouseReleaseEvent(event)
        self._selects = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if (place := self._word_at(event.position())) is not None:
            self.words.select(place, place)
            self._selects = True
            self._pressed = place
            self.viewport().update()

    def _extend(self, position: QPointF) -> None:
        head = self.words.nearest(*self.on_page(position))
        anchor = self.words.anchor or self._pressed
        if head is not None and anchor is not None:
            self.words.select(anchor, head)
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.copy():
            return
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self._select_page(self.page)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        page = self.on_page(QPointF(event.pos()))[0] if by_mouse else self.page
        self.menu_for(page).popup(event.globalPos())

    def menu_for(self, page: int) -> Menu:
        menu = Menu(self)
        if self.words.of_page(page):
            copy = menu.add_item(translate("documents", "Copy"), self.copy, "copy")
            copy.setShortcut(QKeySequence.StandardKey.Copy)
            copy.setEnabled(bool(self.words.text()))
            select = partial(self._select_page, page)
            action = menu.add_item(translate("documents", "Select the whole page"), select)
            action.setShortcut(QKeySequence.StandardKey.SelectAll)
            menu.addSeparator()
        recognise = partial(self.recognition_wanted.emit, page)
        menu.add_item(translate("documents", "Recognise this page…"), recognise, "eye")
        return menu

    def _select_page(self, page: int) -> None:
        self.words.select_page(page)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tooltip(self.tip(event.pos())), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip(self, position: QPoint) -> str:
        """As what the word there was recognised; "" where words are not looked at."""
        place = self._word_at(QPointF(position)) if self.shows_words else None
        if place is None:
            return ""
        word = self.words.word(place)
        return f"{formatting.name(word.text)} · {sureness(word.confidence)}"
