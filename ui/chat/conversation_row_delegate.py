"""Paints the rows of the list of conversations."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from assistant.chat.history.records import HistoryHit
from ui.chat.conversation_list_model import ConversationListModel, Row, title
from ui.common import formatting
from ui.common.buttons_and_labels import draw_line
from ui.common.row_painting import paint_background, paint_menu_button, placed
from ui.common.theme import font, theme
from ui.common.virtual_list import RowIndex

SIDE = 10
"""Pixels between a row's edge and its words."""
MENU = 28
"""Pixels of the button that opens a row's menu, wide and high."""
LEFT = Qt.AlignmentFlag.AlignLeft


class ConversationRowDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hovered = -1
        self.over_menu = False
        self.opened: int | None = None
        """The conversation that is shown beside the list."""

    @staticmethod
    def height(row: Row) -> int:
        line = QFontMetrics(font(14)).height()
        if row.hit is not None:
            return line + QFontMetrics(font(12)).height() + 16
        return line + 16 if row.info is not None else QFontMetrics(font(12)).height() + 18

    def sizeHint(self, option: QStyleOptionViewItem, index: RowIndex) -> QSize:
        return QSize(0, self.height(_row(index)))

    @staticmethod
    def menu_rect(rect: QRect) -> QRect:
        return placed(QRect(rect.right() - MENU - 4, rect.center().y() - MENU // 2, MENU, MENU), rect)

    def is_menu(self, rect: QRect, position: QPoint) -> bool:
        return self.menu_rect(rect).contains(position)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: RowIndex) -> None:
        row = _row(index)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.info is None:
            painter.setFont(font(12, QFont.Weight.DemiBold))
            painter.setPen(theme().color("text2"))
            place = rect.adjusted(SIDE, 8, -SIDE, 0)
            draw_line(painter, place, row.heading, Qt.TextElideMode.ElideRight, LEFT)
            painter.restore()
            return
        hovered = index.row() == self.hovered
        opened = row.info.id == self.opened
        color = "accent_soft" if opened else "surface2" if hovered else ""
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        paint_background(painter, QRectF(rect).adjusted(1, 1, -1, -1), color, focused=focused)
        inner = rect.adjusted(SIDE, 0, -SIDE, 0)
        if hovered:
            inner = placed(rect.adjusted(SIDE, 0, -MENU - 8, 0), rect)
            paint_menu_button(painter, self.menu_rect(rect), hovered=self.over_menu)
        painter.setPen(theme().color("accent" if opened else "text"))
        painter.setFont(font(14, QFont.Weight.DemiBold if opened else QFont.Weight.Normal))
        line = painter.fontMetrics().height()
        first = QRect(inner.left(), rect.top() + 8, inner.width(), line)
        draw_line(painter, first, title(row.info), Qt.TextElideMode.ElideRight, LEFT)
        if row.hit is not None:
            self._paint_snippet(
                painter, QRect(inner.left(), first.bottom() + 1, inner.width(), line), row.hit
            )
        painter.restore()

    @staticmethod
    def _paint_snippet(painter: QPainter, rect: QRect, hit: HistoryHit) -> None:
        text = formatting.one_line(hit.snippet)
        painter.setFont(font(12))
        painter.setPen(theme().color("text2"))
        draw_line(painter, rect, text, Qt.TextElideMode.ElideRight, LEFT)


def _row(index: RowIndex) -> Row:
    model = index.model()
    assert isinstance(model, ConversationListModel)
    return model.row(index)
