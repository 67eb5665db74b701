"""The outline of a document: its bookmarks or headings, each of which leads to its place."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from assistant.documents.viewer_records import OutlineEntry
from ui.common import formatting
from ui.common.buttons_and_labels import draw_line
from ui.common.row_painting import paint_background
from ui.common.theme import font, theme
from ui.common.translation import translate
from ui.common.virtual_list import PickList, RowIndex

SHARE = 0.4
"""Of the panel's width."""
_LEAST, _MOST = 160, 320
"""Pixels."""
_INDENT = 14
_DEEPEST = 5
"""Levels that are still indented."""


class OutlinePane(PickList):
    chosen = Signal(OutlineEntry)

    def __init__(self) -> None:
        super().__init__(_OutlineDelegate.height())
        self._model = _OutlineModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_OutlineDelegate(self))
        self.setAccessibleName(translate("documents", "Outline"))
        self.picked.connect(self._choose)

    @property
    def entries(self) -> tuple[OutlineEntry, ...]:
        return self._model.entries

    def take_share(self, width: int) -> None:
        """Be as wide as is right beside a document, in a panel of this width."""
        self.setFixedWidth(max(_LEAST, min(_MOST, round(width * SHARE))))

    def show_entries(self, entries: tuple[OutlineEntry, ...]) -> None:
        self._model.replace(entries)

    def show_page(self, page: int) -> None:
        """Mark the last entry that begins on or before a page."""
        self._mark([entry.page is not None and entry.page <= page for entry in self.entries])

    def show_section(self, section: int) -> None:
        """Mark the last entry that begins at or before a section."""
        self._mark([entry.section is not None and entry.section <= section for entry in self.entries])

    def _mark(self, begun: list[bool]) -> None:
        row = max((row for row, here in enumerate(begun) if here), default=-1)
        if row != self.currentIndex().row():
            self.setCurrentIndex(self._model.index(row, 0) if row >= 0 else QModelIndex())

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self._model.entry(index))


class _OutlineModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: tuple[OutlineEntry, ...] = ()

    def replace(self, entries: tuple[OutlineEntry, ...]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def entry(self, index: RowIndex) -> OutlineEntry:
        return self.entries[index.row()]

    def rowCount(self, parent: RowIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: RowIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        texts = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        return formatting.one_line(self.entry(index).title) if index.isValid() and role in texts else None


class _OutlineDelegate(QStyledItemDelegate):
    @staticmethod
    def height() -> int:
        return QFontMetrics(font(13)).height() + 14

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: RowIndex) -> None:
        model = index.model()
        assert isinstance(model, _OutlineModel)
        entry = model.entry(index)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hovered = "surface2" if state & QStyle.StateFlag.State_MouseOver else ""
        paint_background(
            painter,
            QRectF(rect.adjusted(8, 1, -4, -1)),
            "accent_soft" if chosen else hovered,
            focused=bool(state & QStyle.StateFlag.State_HasFocus),
        )
        painter.setFont(font(13, QFont.Weight.DemiBold if entry.level == 0 else QFont.Weight.Normal))
        painter.setPen(theme().color("accent" if chosen else "text" if entry.level == 0 else "text2"))
        indent = 16 + _INDENT * min(entry.level, _DEEPEST)
        title = formatting.one_line(entry.title)
        place = rect.adjusted(indent, 0, -12, 0)
        if formatting.is_right_to_left(title):
            place = rect.adjusted(16, 0, 4 - indent, 0)
        draw_line(painter, place, title, Qt.TextElideMode.ElideRight)
        painter.restore()
