"""Paints a document's row and says what lies under the mouse: its action or its menu."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from assistant.documents.records import DocumentInfo, DocumentState
from assistant.errors import UnsupportedFormat
from ui.common import document_state, formatting
from ui.common.buttons_and_labels import draw_line
from ui.common.theme import font, theme
from ui.documents.document_list_model import DocumentRole

MARGIN = 12
BUTTON = 32
BAR = 96
NAME_AT_LEAST = 180
COLLECTION = 132
COLLECTION_FROM = 600
"""Pixels of width from which a row also names its collection."""
TITLE_FROM = 80
"""Pixels that must be left beside the name to begin the title."""
LEFT = Qt.AlignmentFlag.AlignLeft


class RowAction(StrEnum):
    """What a row offers first."""

    STOP = "Stop"
    WHY = "Why?"
    PASSWORD = "Password…"
    RETRY = "Try again"
    MENU = "More"


_HOPELESS = frozenset({UnsupportedFormat.code, "no-text"})
"""What trying again does not mend."""


def main_action(document: DocumentInfo) -> RowAction | None:
    match document.state:
        case DocumentState.QUEUED | DocumentState.INDEXING:
            return RowAction.STOP
        case DocumentState.PARTIAL:
            return RowAction.WHY
        case DocumentState.MISSING:
            return RowAction.RETRY
        case DocumentState.FAILED:
            if document_state.needs_password(document):
                return RowAction.PASSWORD
            return RowAction.WHY if document.error and document.error.code in _HOPELESS else RowAction.RETRY
    return None


def icon_of(document: DocumentInfo) -> tuple[str, str]:
    """The icon's name and its token."""
    match document.state:
        case DocumentState.READY:
            return "check-circle", "accent"
        case DocumentState.PARTIAL:
            return "warning", "warn"
        case DocumentState.MISSING:
            return "link-break", "warn"
        case DocumentState.FAILED:
            return (
                ("lock-simple", "warn")
                if document_state.needs_password(document)
                else ("warning-circle", "error")
            )
    return "clock", "text2"


class DocumentRowDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hovered: tuple[int, RowAction | None] = (-1, None)
        """The row under the mouse and what of it."""
        self.several_collections = False

    @staticmethod
    def height() -> int:
        return QFontMetrics(font(14)).height() + QFontMetrics(font(13)).height() + 22

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, self.height())

    def action_at(self, rect: QRect, document: DocumentInfo, position: QPoint) -> RowAction | None:
        if self._menu_rect(rect).contains(position):
            return RowAction.MENU
        action = main_action(document)
        return action if action is not None and self._action_rect(rect, action).contains(position) else None

    def tooltip(self, index: QModelIndex) -> str:
        """All of what does not fit into the row."""
        document: DocumentInfo = index.data(DocumentRole.DOCUMENT)
        return "\n".join((formatting.name(document.path), index.data(DocumentRole.STATE_WORDS)))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        document: DocumentInfo = index.data(DocumentRole.DOCUMENT)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, rect)
        self._paint_icon(painter, rect, document)
        action = main_action(document)
        hovered = self.hovered[1] if self.hovered[0] == index.row() else None
        self._paint_button(painter, self._menu_rect(rect), RowAction.MENU, hovered)
        right = (
            self._action_rect(rect, action).left() - 4 if action is not None else self._menu_rect(rect).left()
        )
        if action is not None:
            self._paint_button(painter, self._action_rect(rect, action), action, hovered)
        column = self._action_rect(rect, RowAction.PASSWORD).left() - COLLECTION - 4
        if document.state is DocumentState.INDEXING and rect.width() > NAME_AT_LEAST + COLLECTION + 160:
            self._paint_bar(painter, QRect(column, rect.center().y() - 2, BAR, 4), document)
            right = column - 12
        elif self.several_collections and rect.width() >= COLLECTION_FROM:
            self._paint_collection(painter, QRect(column, rect.top(), COLLECTION, rect.height()), document)
            right = column - 12
        left = rect.left() + MARGIN + 32
        self._paint_words(painter, QRect(left, rect.top() + 8, right - left - 8, rect.height() - 16), index)
        painter.restore()

    # --- where things are

    def _menu_rect(self, rect: QRect) -> QRect:
        return QRect(rect.right() - MARGIN + 4 - BUTTON, rect.center().y() - BUTTON // 2, BUTTON, BUTTON)

    def _action_rect(self, rect: QRect, action: RowAction) -> QRect:
        width = QFontMetrics(font(13, QFont.Weight.DemiBold)).horizontalAdvance(action.value) + 20
        return QRect(self._menu_rect(rect).left() - width - 4, rect.center().y() - BUTTON // 2, width, BUTTON)

    # --- painting

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
        state: QStyle.StateFlag = option.state
        ground = QRectF(rect).adjusted(1, 1, -1, -2)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme().color("accent_soft"))
            painter.drawRoundedRect(ground, 8, 8)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme().color("surface2"))
            painter.drawRoundedRect(ground, 8, 8)
        else:
            line = QRect(rect.left() + MARGIN, rect.bottom(), rect.width() - 2 * MARGIN, 1)
            painter.fillRect(line, theme().color("border"))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 8, 8)

    @staticmethod
    def _paint_icon(painter: QPainter, rect: QRect, document: DocumentInfo) -> None:
        place = QRect(rect.left() + MARGIN, rect.center().y() - 10, 20, 20)
        if document.state is not DocumentState.INDEXING:
            icon, token = icon_of(document)
            theme().icon(icon, token).paint(painter, place)
            return
        ring = QRectF(place).adjusted(3, 3, -3, -3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().color("border"), 2.5))
        painter.drawEllipse(ring)
        done = document.pages_done / document.pages if document.pages else 0.25
        painter.setPen(QPen(theme().color("accent"), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(ring, 90 * 16, -round(max(0.04, min(1.0, done)) * 360 * 16))

    @staticmethod
    def _paint_button(painter: QPainter, rect: QRect, action: RowAction, hovered: RowAction | None) -> None:
        if action is hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("border"))
            painter.drawRoundedRect(rect, 8, 8)
        if action is RowAction.MENU:
            theme().icon("dots-three", "text2").paint(painter, rect.adjusted(6, 6, -6, -6))
            return
        painter.setPen(theme().color("accent"))
        painter.setFont(font(13, QFont.Weight.DemiBold))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, action.value)

    @staticmethod
    def _paint_bar(painter: QPainter, rect: QRect, document: DocumentInfo) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("border"))
        painter.drawRoundedRect(rect, 2, 2)
        if document.pages:
            done = QRect(rect)
            done.setWidth(max(4, round(rect.width() * min(1.0, document.pages_done / document.pages))))
            painter.setBrush(theme().color("accent"))
            painter.drawRoundedRect(done, 2, 2)

    @staticmethod
    def _paint_collection(painter: QPainter, rect: QRect, document: DocumentInfo) -> None:
        painter.setFont(font(13))
        painter.setPen(theme().color("text2"))
        draw_line(painter, rect, formatting.name(document.collection), Qt.TextElideMode.ElideRight, LEFT)

    @staticmethod
    def _paint_words(painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
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
            draw_line(painter, first.adjusted(used, 0, 0, 0), title, Qt.TextElideMode.ElideRight, LEFT)
        painter.setFont(font(13))
        wrong = document.state is DocumentState.FAILED and not document_state.needs_password(document)
        painter.setPen(theme().color("error" if wrong else "text2"))
        height = painter.fontMetrics().height()
        second = QRect(rect.left(), rect.bottom() - height + 1, rect.width(), height)
        draw_line(painter, second, index.data(DocumentRole.STATE_WORDS), Qt.TextElideMode.ElideRight, LEFT)
