"""The texts that were translated, in the side panel: looked through, searched, opened again, deleted."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from assistant.translation.memory.records import PastText
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import AT_THE_LEFT, AT_THE_RIGHT, ElidedLabel, IconButton, Label
from ui.common.empty_state import EmptyState
from ui.common.layouts import GUTTER, before_gutter, hbox, vbox
from ui.common.line_field import LineField
from ui.common.menus import Menu
from ui.common.page_context import PageContext
from ui.common.row_list import RowList
from ui.common.translation import arg, translate
from ui.translation.language_menus import pair_name

SEARCH_PAUSE_MS = 200


class PastTextRow(QFrame):
    def __init__(self, view: HistoryView, past: PastText) -> None:
        super().__init__()
        self.setProperty("card", "quote")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._view = view
        self.past = past
        source, text = formatting.one_line(past.source), formatting.one_line(past.text)
        end = Qt.TextElideMode.ElideRight
        self.source, self.text = ElidedLabel(source, "strong", end), ElidedLabel(text, "", end)
        for label in (self.source, self.text):
            label.set_side(AT_THE_RIGHT if formatting.is_right_to_left(label.text()) else AT_THE_LEFT)
        self.second = Label(_words(past), "small")
        delete = IconButton(
            "trash",
            arg(translate("translation", "Delete “%1” from the history"), source[:40]),
            self._delete,
            size=16,
        )
        words = vbox(self.source, self.text, self.second, spacing=2)
        hbox(
            (words, 1), (delete, 0, Qt.AlignmentFlag.AlignTop), parent=self, spacing=4, margins=(10, 8, 4, 8)
        )
        self.setAccessibleName(f"{source}, {text}, {self.second.text()}")
        self.setToolTip(translate("translation", "Open this text again"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._view.open_wanted.emit(self.past)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self._view.open_wanted.emit(self.past)
            case Qt.Key.Key_Delete:
                self._delete()
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
            case _:
                super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = Menu(self)
        view = self._view
        menu.add_item(
            translate("translation", "Open"), partial(view.open_wanted.emit, self.past), "translate"
        )
        menu.add_item(
            translate("translation", "Copy the translation"),
            partial(view.copy_wanted.emit, self.past.text),
            "copy",
        )
        menu.add_item(translate("translation", "Delete"), self._delete, "trash")
        menu.popup(event.globalPos())

    def _delete(self) -> None:
        self._view.delete(self.past)


class HistoryView(QWidget):
    open_wanted = Signal(PastText)
    copy_wanted = Signal(str)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._texts: tuple[PastText, ...] = ()
        self.rows: list[PastTextRow] = []
        self.search = LineField(prompt=translate("translation", "Search the history"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self.load)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self._list = RowList(lambda: self._show(self._texts))
        self.nothing = EmptyState("clock", "", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._list)
        self._stack.addWidget(self.nothing)
        search = before_gutter(self.search)
        vbox(search, (self._stack, 1), parent=self, spacing=8, margins=(16, 8, 16 - GUTTER, 12))

    def load(self) -> None:
        wanted = self.search.text().strip()

        def loaded(texts: tuple[PastText, ...]) -> None:
            if wanted == self.search.text().strip():
                self._show(texts)

        self._context.in_background(lambda services: services.translations.past_texts(wanted), loaded)

    def delete(self, past: PastText) -> None:
        self._context.in_background(
            lambda services: services.translations.forget_text(past.id), lambda _: self.load()
        )

    def _show(self, texts: tuple[PastText, ...]) -> None:
        self._texts = texts
        self.rows = [PastTextRow(self, past) for past in self._list.wanted(texts)]
        self._list.set_rows(self.rows)
        if self.search.text().strip():
            self.nothing.title.setText(translate("translation", "Nothing found"))
            self.nothing.text.set_text(
                translate("translation", "Try other words, of the text or its translation.")
            )
        else:
            self.nothing.title.setText(translate("translation", "Nothing translated yet"))
            self.nothing.text.set_text(translate("translation", "Texts that you translate are kept here."))
        self._stack.setCurrentIndex(0 if texts else 1)


def _words(past: PastText) -> str:
    """ "English into German · Today 16:12"."""
    pair = pair_name(past.source_language, past.target_language)
    return f"{pair} · {quantities.moment(datetime.fromtimestamp(past.created))}"
