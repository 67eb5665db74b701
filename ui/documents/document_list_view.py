"""The list of documents: virtual, good for ten thousand rows, wholly usable from the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView

from assistant.documents.records import DocumentInfo
from ui.common.row_painting import reckoned
from ui.common.theme import theme
from ui.common.translation import translate
from ui.common.virtual_list import VirtualList
from ui.documents.document_list_model import DocumentListModel
from ui.documents.document_row_delegate import DocumentRowDelegate, RowAction


class DocumentListView(VirtualList):
    action_wanted = Signal(DocumentInfo, RowAction)
    menu_wanted = Signal(QPoint)
    """For the selected documents, at this place of the screen."""
    open_wanted = Signal(DocumentInfo)
    remove_wanted = Signal()

    def __init__(self, model: DocumentListModel) -> None:
        super().__init__(DocumentRowDelegate.height())
        self._delegate = DocumentRowDelegate(self)
        self._kept: tuple[set[int], int | None, int] = (set(), None, 0)
        """Before a reset: the ids that are selected, the current one, and how far the list is scrolled."""
        self.documents = model
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName(translate("documents", "Documents"))
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)
        theme().changed.connect(self.viewport().update)

    def selected(self) -> list[DocumentInfo]:
        rows = sorted(self.selectionModel().selectedIndexes(), key=QModelIndex.row)
        return [self.documents.document(index) for index in rows]

    def show_collection_names(self, several: bool) -> None:
        """Rows name their collection only where there is more than one to be seen."""
        if several != self._delegate.several_collections:
            self._delegate.several_collections = several
            self.viewport().update()

    # --- mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        action = self._action_at(index, event.position().toPoint())
        if action is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        elif action is RowAction.MENU:
            place = self.visualRect(index)
            corner = reckoned(QPoint(place.right() - 40, place.center().y() + 16), place)
            self.show_menu(index, self.viewport().mapToGlobal(corner))
        else:
            self.action_wanted.emit(self.documents.document(index), action)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._action_at(index, event.position().toPoint()) is None:
            self.open_wanted.emit(self.documents.document(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        match event.key():
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if index.isValid():
                if not self.selected():  # after a removal the next row is only the current one
                    self.setCurrentIndex(index)
                self.remove_wanted.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if index.isValid():
                self.open_wanted.emit(self.documents.document(index))
            case _:
                super().keyPressEvent(event)

    def show_menu(self, index: QModelIndex, place: QPoint) -> None:
        if not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)
        self.menu_wanted.emit(place)

    def tip(self, index: QModelIndex) -> str:
        return self._delegate.tooltip(index)

    def _action_at(self, index: QModelIndex, position: QPoint) -> RowAction | None:
        if not index.isValid():
            return None
        document = self.documents.document(index)
        in_hand = self.documents.is_in_hand(document)
        return self._delegate.action_at(self.visualRect(index), document, position, in_hand=in_hand)

    def hover(self, index: QModelIndex, position: QPoint) -> None:
        hovered = (index.row(), self._action_at(index, position))
        if hovered != self._delegate.hovered:
            self._delegate.hovered = hovered
            self.viewport().setCursor(
                Qt.CursorShape.ArrowCursor if hovered[1] is None else Qt.CursorShape.PointingHandCursor
            )
            self.viewport().update()

    # --- a new layout keeps what is selected and what is seen

    def _keep(self) -> None:
        current = self.currentIndex()
        model = self.documents
        self._kept = (
            {model.number(index) for index in self.selectionModel().selectedIndexes()},
            model.number(current) if current.isValid() else None,
            self.verticalScrollBar().value(),
        )

    def _restore(self) -> None:
        selected, current, scrolled = self._kept
        model, selection = self.documents, self.selectionModel()
        if current is not None and (index := model.index_of(current)).isValid():
            selection.setCurrentIndex(index, selection.SelectionFlag.NoUpdate)
        for number in selected:
            if (index := model.index_of(number)).isValid():
                selection.select(index, selection.SelectionFlag.Select)
        self.verticalScrollBar().setValue(scrolled)
