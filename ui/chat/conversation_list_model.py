"""The rows of the list of conversations: which there are, in which order, and how each is painted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from assistant.chat.history.records import ConversationInfo, HistoryHit
from ui.common import formatting
from ui.common.buttons_and_labels import draw_line
from ui.common.theme import font, theme

UNTITLED = "New conversation"
SIDE = 10
MENU = 28
LEFT = Qt.AlignmentFlag.AlignLeft
DAY = 86_400
RowIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """A heading, a conversation, or a place where what was looked for stands."""

    heading: str = ""
    info: ConversationInfo | None = None
    hit: HistoryHit | None = None


class ConversationModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def rowCount(self, parent: RowIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: RowIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if row.info is None:
                return row.heading
            pinned = ", pinned" if row.info.pinned else ""
            return f"{title(row.info)}{pinned}" + (f": {row.hit.snippet}" if row.hit else "")
        return None

    def flags(self, index: RowIndex) -> Qt.ItemFlag:
        if self._rows[index.row()].info is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def row(self, index: RowIndex) -> Row:
        return self._rows[index.row()]

    def rows(self) -> list[Row]:
        return list(self._rows)

    def index_of(self, conversation: int) -> QModelIndex:
        for number, row in enumerate(self._rows):
            if row.info is not None and row.info.id == conversation:
                return self.index(number, 0)
        return QModelIndex()

    def show(self, rows: Sequence[Row]) -> None:
        if list(rows) != self._rows:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()


def title(info: ConversationInfo) -> str:
    return formatting.name(info.title) or UNTITLED


def by_day(conversations: Sequence[ConversationInfo], now: float | None = None) -> list[Row]:
    """The pinned first, then the latest, under the days they were last spoken in."""
    rows: list[Row] = []
    heading = ""
    now = time.time() if now is None else now
    ordered = sorted(conversations, key=lambda info: (not info.pinned, -info.changed))
    for info in ordered:
        name = "Pinned" if info.pinned else day(info.changed, now)
        if name != heading:
            heading = name
            rows.append(Row(heading))
        rows.append(Row(info=info))
    return rows


def day(moment: float, now: float) -> str:
    """ "Today", "Yesterday", "This week", "This month", or the month's name."""
    then, today = time.localtime(moment), time.localtime(now)
    midnight = now - (today.tm_hour * 3600 + today.tm_min * 60 + today.tm_sec)
    if moment >= midnight:
        return "Today"
    if moment >= midnight - DAY:
        return "Yesterday"
    if moment >= midnight - 6 * DAY:
        return "Last 7 days"
    if (then.tm_year, then.tm_mon) == (today.tm_year, today.tm_mon):
        return "Earlier this month"
    return time.strftime("%B" if then.tm_year == today.tm_year else "%B %Y", then)


class ConversationPainter(QStyledItemDelegate):
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
        return QRect(rect.right() - MENU - 4, rect.center().y() - MENU // 2, MENU, MENU)

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
        self._paint_ground(painter, option, rect, row.info.id == self.opened, hovered)
        inner = rect.adjusted(SIDE, 0, -SIDE, 0)
        if hovered:
            inner.setRight(self.menu_rect(rect).left() - 4)
            self._paint_menu(painter, rect)
        opened = row.info.id == self.opened
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
    def _paint_ground(
        painter: QPainter, option: QStyleOptionViewItem, rect: QRect, opened: bool, hovered: bool
    ) -> None:
        ground = QRectF(rect).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if opened or hovered:
            painter.setBrush(theme().color("accent_soft" if opened else "surface2"))
            painter.drawRoundedRect(ground, 8, 8)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 8, 8)

    def _paint_menu(self, painter: QPainter, rect: QRect) -> None:
        place = self.menu_rect(rect)
        if self.over_menu:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("border"))
            painter.drawRoundedRect(place, 8, 8)
        theme().icon("dots-three", "text2").paint(painter, place.adjusted(5, 5, -5, -5))

    @staticmethod
    def _paint_snippet(painter: QPainter, rect: QRect, hit: HistoryHit) -> None:
        """The words that were looked for stand out, and come into view if they stand far behind."""
        text = formatting.one_line(hit.snippet)
        painter.setFont(font(12))
        painter.setPen(theme().color("text2"))
        draw_line(painter, rect, text, Qt.TextElideMode.ElideRight, LEFT)


def _row(index: RowIndex) -> Row:
    model = index.model()
    assert isinstance(model, ConversationModel)
    return model.row(index)
