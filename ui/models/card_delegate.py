"""Paints a model's card and says what lies under the mouse: its action or its menu."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.common.buttons_and_labels import draw_line
from ui.common.row_painting import paint_menu_button, paint_progress, placed, reckoned
from ui.common.theme import font, theme
from ui.common.virtual_list import RowIndex
from ui.models.card_data import CardAction, ModelRow

PADDING = 16
"""Pixels between a card's left edge and its icon."""
CARD_GAP = 8
"""Pixels between two cards."""
BUTTON_HEIGHT = 32
"""Pixels; the menu's button is as wide."""
LINE_GAP = 4
"""Pixels between two lines."""
LEAST_NAME_WIDTH = 120
"""Pixels that what stands beside a name leaves to it."""
LEFT = Qt.AlignmentFlag.AlignLeft
MIDDLE = Qt.TextElideMode.ElideMiddle
RIGHT = Qt.TextElideMode.ElideRight


class CardRole(IntEnum):
    ROW = Qt.ItemDataRole.UserRole


class CardDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hovered: tuple[int, CardAction | None] = (-1, None)
        """The row under the mouse and what of it."""
        self.chosen = ""
        """Id of the model whose details are open."""

    @staticmethod
    def height() -> int:
        strong, second = QFontMetrics(_strong()), QFontMetrics(font(13))
        return strong.height() + 2 * second.height() + 2 * LINE_GAP + 2 * 12 + CARD_GAP

    def sizeHint(self, option: QStyleOptionViewItem, index: RowIndex) -> QSize:
        return QSize(0, self.height())

    def action_at(self, rect: QRect, row: ModelRow, position: QPoint) -> CardAction | None:
        position = reckoned(position, rect)
        if self._menu_rect(rect).contains(position):
            return CardAction.MENU
        if row.action is not None and self._action_rect(rect, row.action.label).contains(position):
            return row.action
        return None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: RowIndex) -> None:
        row: ModelRow = index.data(CardRole.ROW)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_background(painter, option, rect, row)
        card = _card(rect)
        icon = QRect(card.left() + PADDING, card.top() + 12, 20, 20)
        theme().icon(row.icon, row.tone.value).paint(painter, placed(icon, rect))
        hovered = self.hovered[1] if self.hovered[0] == index.row() else None
        right = self._paint_button(painter, rect, row, hovered)
        left = icon.right() + 12
        words = QRect(left, card.top() + 12, right - left - 12, card.height() - 24)
        self._paint_text(painter, placed(words, rect), row)
        painter.restore()

    # --- where things are

    @staticmethod
    def _menu_rect(rect: QRect) -> QRect:
        card, size = _card(rect), BUTTON_HEIGHT
        return QRect(card.right() - 8 - size, card.center().y() - size // 2, size, size)

    def _action_rect(self, rect: QRect, text: str) -> QRect:
        width = QFontMetrics(_button()).horizontalAdvance(text) + 28
        menu = self._menu_rect(rect)
        return QRect(menu.left() - width - 4, menu.top(), width, BUTTON_HEIGHT)

    # --- painting

    def _paint_background(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: ModelRow
    ) -> None:
        state: QStyle.StateFlag = option.state
        background = QRectF(_card(rect)).adjusted(0.5, 0.5, -0.5, -0.5)
        chosen = row.id == self.chosen
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.setBrush(theme().color("accent_soft" if chosen else "surface2" if hovered else "surface"))
        painter.setPen(QPen(theme().color("border"), 1))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme().color("accent"), 2))
            background = background.adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(background, 12, 12)

    def _paint_button(self, painter: QPainter, rect: QRect, row: ModelRow, hovered: CardAction | None) -> int:
        """The menu, and the button or what stands in its place. Gives where it begins."""
        menu = self._menu_rect(rect)
        paint_menu_button(painter, placed(menu, rect), hovered=hovered is CardAction.MENU)
        painter.setFont(_button())
        if row.action is not None:
            place = self._action_rect(rect, row.action.label)
            painter.setPen(Qt.PenStyle.NoPen)
            rests = "surface" if row.id == self.chosen else "accent_soft"
            painter.setBrush(theme().color("border" if hovered is row.action else rests))
            shown = placed(place, rect)
            painter.drawRoundedRect(shown, 8, 8)
            painter.setPen(theme().color("accent"))
            painter.drawText(shown, Qt.AlignmentFlag.AlignCenter, row.action.label)
            return place.left()
        if row.state:
            place = self._action_rect(rect, row.state)
            painter.setFont(font(13))
            painter.setPen(theme().color("text2"))
            painter.drawText(placed(place, rect), Qt.AlignmentFlag.AlignCenter, row.state)
            return place.left()
        return menu.left()

    def _paint_text(self, painter: QPainter, rect: QRect, row: ModelRow) -> None:
        second = QFontMetrics(font(13)).height()
        painter.setFont(_strong())
        height = painter.fontMetrics().height()
        first = QRect(rect.left(), rect.top(), rect.width(), height)
        beside = self._paint_first_line(painter, first, row)
        line = QRect(rect.left(), first.bottom() + 1 + LINE_GAP, rect.width(), second)
        if row.badge and not beside:
            end = self._paint_badge(painter, line, line, row.badge) + 8
            line = placed(line.adjusted(end - line.left(), 0, 0, 0), line)
        painter.setFont(font(13))
        if row.fraction is not None:
            bar = QRect(line.left(), line.center().y() - 1, line.width(), 4)
            paint_progress(painter, bar, row.fraction)
        else:
            painter.setPen(theme().color("text2"))
            draw_line(painter, line, row.about, RIGHT, LEFT)
        line = QRect(rect.left(), line.bottom() + 1 + LINE_GAP, rect.width(), second)
        painter.setPen(theme().color(row.tone.value))
        draw_line(painter, line, row.figures, RIGHT, LEFT)

    def _paint_first_line(self, painter: QPainter, line: QRect, row: ModelRow) -> bool:
        """Name, badge and what stands beside them; false if there was no room for the badge."""
        small = QFontMetrics(font(13))
        name = painter.fontMetrics().horizontalAdvance(row.name) + 2
        badge = _badge_width(row.badge) + 8 if row.badge else 0
        beside = small.horizontalAdvance(row.beside) + 14 if row.beside else 0
        room = line.width()
        shows_badge = bool(badge) and name + badge + beside <= room
        wide = min(name, max(LEAST_NAME_WIDTH, room - beside - (badge if shows_badge else 0)))
        painter.setPen(theme().color("text"))
        words = QRect(line.left(), line.top(), wide, line.height())
        draw_line(painter, placed(words, line), row.name, MIDDLE, LEFT)
        left = line.left() + wide + 10
        if shows_badge:
            place = QRect(left, line.top(), room, line.height())
            left = self._paint_badge(painter, place, line, row.badge) + 10
        painter.setFont(font(13))
        painter.setPen(theme().color("text2"))
        rest = QRect(left, line.top(), line.right() - left, line.height())
        if small.horizontalAdvance(row.beside) <= rest.width():
            draw_line(painter, placed(rest, line), row.beside, RIGHT, LEFT)
        return shows_badge

    @staticmethod
    def _paint_badge(painter: QPainter, line: QRect, within: QRect, text: str) -> int:
        """At the beginning of a line, which is a part of `within`. Gives where it ends, as is reckoned."""
        reckoned_at = QRect(line.left(), line.center().y() - 9, _badge_width(text), 20)
        place = QRectF(placed(reckoned_at, within))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent"))
        painter.drawRoundedRect(place, 10, 10)
        painter.setPen(theme().color("on_accent"))
        painter.setFont(_badge())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
        return reckoned_at.right() + 1


def _card(rect: QRect) -> QRect:
    return rect.adjusted(0, 0, 0, -CARD_GAP)


def _strong() -> QFont:
    return font(14, QFont.Weight.DemiBold)


def _button() -> QFont:
    return font(13, QFont.Weight.DemiBold)


def _badge() -> QFont:
    return font(12, QFont.Weight.DemiBold)


def _badge_width(text: str) -> int:
    return QFontMetrics(_badge()).horizontalAdvance(text) + 20
