"""Paints a document's row and says what lies under the mouse: its action or its menu."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QT_TRANSLATE_NOOP, QModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from assistant.documents.records import DocumentInfo, DocumentState
from assistant.errors import UnsupportedFormat
from ui.common import document_state, formatting
from ui.common.buttons_and_labels import draw_line
from ui.common.row_painting import (
    paint_background,
    paint_menu_button,
    paint_progress,
    placed,
    reckoned,
)
from ui.common.theme import font, in_its_direction, theme
from ui.common.translation import translate_marked
from ui.common.virtual_list import RowIndex
from ui.documents.document_list_model import DocumentRole, needs_attention

MARGIN = 12
"""Pixels at both sides of a row."""
ICON = 20
"""Pixels that the icon of a state is wide and high."""
BUTTON = 32
"""Pixels that a button is high, and the menu's wide."""
BAR = 96
"""Pixels that the bar of progress is wide."""
BAR_FROM = 472
"""Pixels of width from which a row also shows its progress as a bar."""
COLLECTION = 132
"""Pixels that the name of a collection may be wide."""
COLLECTION_FROM = 600
"""Pixels of width from which a row also names its collection."""
TITLE_FROM = 80
"""Pixels that must be left beside the name to begin the title."""
LEFT = Qt.AlignmentFlag.AlignLeft
"""Rows begin there, whatever direction their text has."""


class RowAction(StrEnum):
    """What can be clicked in a row, with its words."""

    STOP = QT_TRANSLATE_NOOP("documents", "Stop")
    WHY = QT_TRANSLATE_NOOP("documents", "Why?")
    PASSWORD = QT_TRANSLATE_NOOP("documents", "Password…")
    RETRY = QT_TRANSLATE_NOOP("documents", "Try again")
    MENU = ""


_BEYOND_RETRY = frozenset({UnsupportedFormat.code, "no-text"})
"""Codes of problems that trying again does not mend."""


def main_action(document: DocumentInfo, *, in_hand: bool = False) -> RowAction | None:
    """What a row offers beside its menu; `in_hand`: it is being read, or its pictures are recognised."""
    if in_hand:
        return RowAction.STOP
    match document.state:
        case DocumentState.PARTIAL if needs_attention(document):
            return RowAction.WHY
        case DocumentState.MISSING:
            return RowAction.RETRY
        case DocumentState.FAILED:
            if document_state.needs_password(document):
                return RowAction.PASSWORD
            hopeless = document.error is not None and document.error.code in _BEYOND_RETRY
            return RowAction.WHY if hopeless else RowAction.RETRY
    return None


def icon_of(document: DocumentInfo) -> tuple[str, str]:
    """The name of the icon of its state, and the theme's colour for it."""
    if document.state is DocumentState.PARTIAL and not needs_attention(document):
        return "clock", "text2"
    match document.state:
        case DocumentState.READY:
            return "check-circle", "accent"
        case DocumentState.PARTIAL:
            return "warning", "warn"
        case DocumentState.MISSING:
            return "link-break", "warn"
        case DocumentState.FAILED if document_state.has_nothing_to_read(document):
            return "image", "text2"
        case DocumentState.FAILED:
            locked = document_state.needs_password(document)
            return ("lock-simple", "warn") if locked else ("warning-circle", "error")
    return "clock", "text2"


def done(document: DocumentInfo) -> float | None:
    """How much of a document that is in hand is read or, after that, recognised; None while unknown."""
    if not document.pages:
        return None
    reads = document.state is DocumentState.INDEXING
    pages = document.pages_done if reads else document.pages - document.report.waiting
    return min(1.0, pages / document.pages)


class DocumentRowDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hovered: tuple[int, RowAction | None] = (-1, None)
        """The row under the mouse and what of it."""
        self.several_collections = False

    @staticmethod
    def height() -> int:
        return QFontMetrics(font(14)).height() + QFontMetrics(font(13)).height() + 22

    def sizeHint(self, option: QStyleOptionViewItem, index: RowIndex) -> QSize:
        return QSize(0, self.height())

    def action_at(
        self, rect: QRect, document: DocumentInfo, position: QPoint, *, in_hand: bool = False
    ) -> RowAction | None:
        position = reckoned(position, rect)
        if self._menu_rect(rect).contains(position):
            return RowAction.MENU
        action = main_action(document, in_hand=in_hand)
        return action if action is not None and self._action_rect(rect, action).contains(position) else None

    def tooltip(self, index: QModelIndex) -> str:
        """All of what does not fit into the row."""
        document: DocumentInfo = index.data(DocumentRole.DOCUMENT)
        return "\n".join((formatting.name(document.path), index.data(DocumentRole.STATE_WORDS)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: RowIndex) -> None:
        document: DocumentInfo = index.data(DocumentRole.DOCUMENT)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_background(painter, option, rect)
        in_hand: bool = index.data(DocumentRole.IN_HAND)
        self._paint_icon(painter, rect, document, in_hand=in_hand)
        action = main_action(document, in_hand=in_hand)
        hovered = self.hovered[1] if self.hovered[0] == index.row() else None
        paint_menu_button(painter, placed(self._menu_rect(rect), rect), hovered=hovered is RowAction.MENU)
        right = self._menu_rect(rect).left()
        if action is not None:
            button = self._action_rect(rect, action)
            self._paint_button(painter, placed(button, rect), action, hovered=hovered is action)
            right = button.left() - 4
        column = self._action_rect(rect, RowAction.PASSWORD).left() - COLLECTION - 4
        if in_hand and rect.width() > BAR_FROM:
            bar = QRect(column, rect.center().y() - 2, BAR, 4)
            paint_progress(painter, placed(bar, rect), done(document))
            right = column - 12
        elif self.several_collections and rect.width() >= COLLECTION_FROM:
            beside = QRect(column, rect.top(), COLLECTION, rect.height())
            self._paint_collection(painter, placed(beside, rect), document)
            right = column - 12
        left = rect.left() + MARGIN + 32
        words = QRect(left, rect.top() + 8, right - left - 8, rect.height() - 16)
        self._paint_words(painter, placed(words, rect), index)
        painter.restore()

    # --- where things are

    def _menu_rect(self, rect: QRect) -> QRect:
        return QRect(rect.right() - MARGIN + 4 - BUTTON, rect.center().y() - BUTTON // 2, BUTTON, BUTTON)

    def _action_rect(self, rect: QRect, action: RowAction) -> QRect:
        width = QFontMetrics(font(13, QFont.Weight.DemiBold)).horizontalAdvance(_words(action)) + 20
        return QRect(self._menu_rect(rect).left() - width - 4, rect.center().y() - BUTTON // 2, width, BUTTON)

    # --- painting

    @staticmethod
    def _paint_background(painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
        state: QStyle.StateFlag = option.state
        color = "surface2" if state & QStyle.StateFlag.State_MouseOver else ""
        if state & QStyle.StateFlag.State_Selected:
            color = "accent_soft"
        if not color:
            line = QRect(rect.left() + MARGIN, rect.bottom(), rect.width() - 2 * MARGIN, 1)
            painter.fillRect(line, theme().color("border"))
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        paint_background(painter, QRectF(rect).adjusted(1, 1, -1, -2), color, focused=focused)

    @staticmethod
    def _paint_icon(painter: QPainter, rect: QRect, document: DocumentInfo, *, in_hand: bool) -> None:
        place = placed(QRect(rect.left() + MARGIN, rect.center().y() - ICON // 2, ICON, ICON), rect)
        if not in_hand:
            icon, token = icon_of(document)
            theme().icon(icon, token).paint(painter, place)
            return
        ring = QRectF(place).adjusted(3, 3, -3, -3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().color("border"), 2.5))
        painter.drawEllipse(ring)
        share = done(document)
        painter.setPen(QPen(theme().color("accent"), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(ring, 90 * 16, -round(max(0.04, 0.25 if share is None else share) * 360 * 16))

    @staticmethod
    def _paint_button(painter: QPainter, rect: QRect, action: RowAction, *, hovered: bool) -> None:
        paint_background(painter, QRectF(rect), "border" if hovered else "", focused=False)
        quiet = action is RowAction.STOP
        painter.setPen(theme().color("text2" if quiet else "accent"))
        painter.setFont(font(13, QFont.Weight.Normal if quiet else QFont.Weight.DemiBold))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, _words(action))

    @staticmethod
    def _paint_collection(painter: QPainter, rect: QRect, document: DocumentInfo) -> None:
        painter.setFont(font(13))
        painter.setPen(theme().color("text2"))
        draw_line(painter, rect, formatting.name(document.collection), Qt.TextElideMode.ElideRight, LEFT)

    @staticmethod
    def _paint_words(painter: QPainter, rect: QRect, index: RowIndex) -> None:
        document: DocumentInfo = index.data(DocumentRole.DOCUMENT)
        painter.setFont(font(14))
        painter.setPen(theme().color("text"))
        first = QRect(rect.left(), rect.top(), rect.width(), painter.fontMetrics().height())
        name = formatting.document_name(document)
        draw_line(painter, first, name, Qt.TextElideMode.ElideMiddle, LEFT)
        used = painter.fontMetrics().horizontalAdvance(name) + 12
        title = formatting.subtitle(document)
        if title and first.width() - used > TITLE_FROM:
            painter.setPen(theme().color("text2"))
            rest = placed(first.adjusted(used, 0, 0, 0), first)
            draw_line(painter, rest, title, Qt.TextElideMode.ElideRight, LEFT)
        painter.setFont(font(13))
        wrong = document.state is DocumentState.FAILED and icon_of(document)[1] == "error"
        painter.setPen(theme().color("error" if wrong else "text2"))
        height = painter.fontMetrics().height()
        second = QRect(rect.left(), rect.bottom() - height + 1, rect.width(), height)
        draw_line(painter, second, index.data(DocumentRole.STATE_WORDS), Qt.TextElideMode.ElideRight, LEFT)


def _words(action: RowAction) -> str:
    return in_its_direction(translate_marked("documents", str(action)))
