"""The conversations at the left of the chat: search, pinned, by day, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from assistant.chat.history.records import ConversationInfo, HistoryHit
from ui.chat.conversation_list_model import ConversationListModel, Row, by_day, title
from ui.chat.conversation_row_delegate import ConversationRowDelegate
from ui.common.buttons_and_labels import Button, Label
from ui.common.layouts import NO_MARGINS, before_gutter, hbox, vbox
from ui.common.line_field import LineField
from ui.common.menus import Menu, MenuButton
from ui.common.theme import theme
from ui.common.translation import arg, translate
from ui.common.virtual_list import VirtualList

WIDTH = 248
"""Pixels of the list."""
FOLDER_WIDTH = 110
"""Pixels that the name of the folder shown may take."""
SEARCH_AFTER_MS = 180
"""After the last key: whoever types on is not searched for in between."""


class ConversationList(QWidget):
    search_wanted = Signal(str)

    def __init__(self, folder_menu: Callable[[], Menu]) -> None:
        super().__init__()
        self.setAccessibleName(translate("chat", "Conversations"))
        self._search_timer = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._search_timer.timeout.connect(self._search)
        self.new = Button(translate("chat", "New conversation"), icon="note-pencil")
        self.folder_button = MenuButton("", folder_menu)
        self.show_folder_name(None)
        self.search = LineField()
        self.search.setClearButtonEnabled(True)
        self.search.setAcceptDrops(False)
        self.search.setPlaceholderText(translate("chat", "Search"))
        self.search.setAccessibleName(translate("chat", "Search in all conversations"))
        self.search.textChanged.connect(lambda _: self._search_timer.start())
        self.view = ConversationView()
        self.nothing = Label("", "second", wrap=True)
        self.nothing.setContentsMargins(10, 12, 10, 0)
        self.nothing.hide()
        head, search = hbox(self.folder_button, 1), before_gutter(self.search)
        vbox(head, search, self.nothing, (self.view, 1), parent=self, spacing=8, margins=NO_MARGINS)

    def _search(self) -> None:
        self.search_wanted.emit(self.search.text().strip())

    def show_conversations(self, conversations: Sequence[ConversationInfo], nothing: str) -> None:
        """`nothing` is said where there is none."""
        self.view.show_rows(by_day(conversations))
        self._say_nothing("" if conversations else nothing)

    def show_hits(self, hits: Sequence[HistoryHit]) -> None:
        rows = [Row(info=hit.conversation, hit=hit) for hit in hits]
        self.view.show_rows(rows)
        self._say_nothing("" if hits else translate("chat", "Nothing found in your conversations."))

    def show_folder_name(self, name: str | None) -> None:
        """Of the folder that is shown; None: all conversations."""
        name = translate("chat", "All conversations") if name is None else name
        self.folder_button.set_elided(name, FOLDER_WIDTH)
        self.folder_button.setAccessibleName(arg(translate("chat", "Shown: %1"), name))

    def _say_nothing(self, text: str) -> None:
        self.nothing.setText(text)
        self.nothing.setVisible(bool(text))


class ConversationView(VirtualList):
    open_wanted = Signal(int, object)
    """A conversation, and the message to show in it or None."""
    menu_wanted = Signal(object, QPoint)
    """For a ConversationInfo, at this place of the screen."""
    remove_wanted = Signal(object)
    rename_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(ConversationRowDelegate.height(Row("x")))
        self._model = ConversationListModel(self)
        self._delegate = ConversationRowDelegate(self)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(VirtualList.SelectionMode.SingleSelection)
        self.setAccessibleName(translate("chat", "Conversations"))
        theme().changed.connect(self.viewport().update)

    def rows(self) -> list[Row]:
        return self._model.rows()

    def show_rows(self, rows: Sequence[Row]) -> None:
        scrolled = self.verticalScrollBar().value()
        self._model.show(rows)
        header = self.verticalHeader()
        for number, row in enumerate(rows):
            header.resizeSection(number, self._delegate.height(row))
        self.verticalScrollBar().setValue(scrolled)

    def show_opened(self, conversation: int | None) -> None:
        self._delegate.opened = conversation
        index = self._model.index_of(conversation) if conversation is not None else QModelIndex()
        if index.isValid() and not self.hasFocus():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        self.viewport().update()

    # --- mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = event.position().toPoint()
        index = self.indexAt(position)
        super().mousePressEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        row = self._model.row(index)
        if row.info is None:
            return
        if self._delegate.is_menu(self.visualRect(index), position):
            place = self._delegate.menu_rect(self.visualRect(index)).bottomLeft()
            self.menu_wanted.emit(row.info, self.viewport().mapToGlobal(place))
        else:
            self._open(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        info = self._model.row(index).info if index.isValid() else None
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if info is not None:
                self._open(index)
            case Qt.Key.Key_Delete if info is not None:
                self.remove_wanted.emit(info)
            case Qt.Key.Key_F2 if info is not None:
                self.rename_wanted.emit(info)
            case _:
                super().keyPressEvent(event)

    def show_menu(self, index: QModelIndex, place: QPoint) -> None:
        if (info := self._model.row(index).info) is not None:
            self.menu_wanted.emit(info, place)

    def tip(self, index: QModelIndex) -> str:
        info = self._model.row(index).info
        return title(info) if info is not None else ""

    def _open(self, index: QModelIndex) -> None:
        row = self._model.row(index)
        assert row.info is not None
        self.open_wanted.emit(row.info.id, row.hit.message if row.hit is not None else None)

    def hover(self, index: QModelIndex, position: QPoint) -> None:
        is_row = index.isValid() and self._model.row(index).info is not None
        hovered = index.row() if is_row else -1
        over_menu = is_row and self._delegate.is_menu(self.visualRect(index), position)
        if (hovered, over_menu) != (self._delegate.hovered, self._delegate.over_menu):
            self._delegate.hovered, self._delegate.over_menu = hovered, over_menu
            shape = Qt.CursorShape.PointingHandCursor if is_row else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()
