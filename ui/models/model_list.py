"""Models as a list of cards, as high as all of them together: what lies around it scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QSizePolicy

from ui.common.row_painting import reckoned
from ui.common.theme import theme
from ui.common.virtual_list import RowIndex, VirtualList
from ui.models.card_data import CardAction, ModelRow
from ui.models.card_delegate import CardDelegate, CardRole


class ModelRows(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: list[ModelRow] = []

    def show(self, rows: Sequence[ModelRow]) -> None:
        """Show these; where the models are the same, only what is said of them changes."""
        before, after = self.shown, list(rows)
        if [row.id for row in before] != [row.id for row in after]:
            self.beginResetModel()
            self.shown = after
            self.endResetModel()
            return
        self.shown = after
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(number), self.index(number))

    def row(self, index: RowIndex) -> ModelRow:
        return self.shown[index.row()]

    def index_of(self, id: str) -> QModelIndex:
        """An invalid index if it is not shown."""
        found = (self.index(number) for number, row in enumerate(self.shown) if row.id == id)
        return next(found, QModelIndex())

    def rowCount(self, parent: RowIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: RowIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.row(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.name
            case CardRole.ROW:
                return row
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.accessible_text()
        return None


class ModelList(VirtualList):
    action_wanted = Signal(str, CardAction)
    """For the model of this id."""
    menu_wanted = Signal(ModelRow, QPoint)
    """At this place of the screen."""
    details_wanted = Signal(str)
    remove_wanted = Signal(str)
    reveal_wanted = Signal(QRect)
    """This part of the list is to be seen."""

    def __init__(self, name: str) -> None:
        super().__init__(CardDelegate.height())
        self._delegate = CardDelegate(self)
        self._current = ""
        self.rows = ModelRows(self)
        self.setModel(self.rows)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAcceptDrops(False)
        self.rows.modelAboutToBeReset.connect(self._remember_current)
        self.rows.modelReset.connect(self._rows_reset)
        theme().changed.connect(self.viewport().update)
        self._rows_reset()

    def mark_chosen(self, id: str) -> None:
        """Its details are open."""
        if id != self._delegate.chosen:
            self._delegate.chosen = id
            self.viewport().update()

    # --- mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = event.position().toPoint()
        index = self.indexAt(position)
        if not index.isValid() or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.setCurrentIndex(index)
        row = self.rows.row(index)
        action = self._action_at(index, position)
        if action is CardAction.MENU:
            place = self.visualRect(index)
            corner = reckoned(QPoint(place.right() - 48, place.center().y() + 12), place)
            self.menu_wanted.emit(row, self.viewport().mapToGlobal(corner))
        elif action is not None:
            self.action_wanted.emit(row.id, action)
        else:
            self.details_wanted.emit(row.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()  # its first half has done it

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        row = self.rows.row(index) if index.isValid() else None
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if row is not None:
                self.details_wanted.emit(row.id)
            case Qt.Key.Key_Space if row is not None:
                if row.action is not None:
                    self.action_wanted.emit(row.id, row.action)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if row is not None:
                self.remove_wanted.emit(row.id)
            case _:
                super().keyPressEvent(event)

    def show_menu(self, index: QModelIndex, place: QPoint) -> None:
        self.setCurrentIndex(index)
        self.menu_wanted.emit(self.rows.row(index), place)

    def tip(self, index: QModelIndex) -> str:
        row = self.rows.row(index)
        return "\n".join(filter(None, (row.name, row.badge, row.beside, row.about, row.figures)))

    def scrollTo(
        self,
        index: RowIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """The list itself is whole; what holds it is to scroll."""
        if index.isValid():
            self.reveal_wanted.emit(self.visualRect(index))

    def _action_at(self, index: QModelIndex, position: QPoint) -> CardAction | None:
        if not index.isValid():
            return None
        return self._delegate.action_at(self.visualRect(index), self.rows.row(index), position)

    def hover(self, index: QModelIndex, position: QPoint) -> None:
        hovered = (index.row(), self._action_at(index, position))
        if hovered != self._delegate.hovered:
            self._delegate.hovered = hovered
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if index.isValid() else Qt.CursorShape.ArrowCursor
            )
            self.viewport().update()

    # --- other models

    def _remember_current(self) -> None:
        index = self.currentIndex()
        self._current = self.rows.row(index).id if index.isValid() else ""

    def _rows_reset(self) -> None:
        self.setFixedHeight(self.rows.rowCount() * CardDelegate.height())
        index = self.rows.index_of(self._current)
        if index.isValid():
            selection = self.selectionModel()
            selection.setCurrentIndex(index, selection.SelectionFlag.NoUpdate)
