"""The documents of a collection with what can be done to them: filter, order, menus, remove and undo."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from assistant.documents.records import CollectionInfo, DocumentInfo, DocumentState
from ui.common import document_state, formatting, quantities
from ui.common.buttons_and_labels import Button, IconButton, Label
from ui.common.layouts import GUTTER, NO_MARGINS, hbox, mirrored, vbox
from ui.common.line_field import LineField
from ui.common.menus import Menu
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate, translate_marked
from ui.documents.actions import DocumentActions
from ui.documents.document_list_model import (
    DocumentListModel,
    SortOrder,
    can_be_summarised,
    needs_attention,
)
from ui.documents.document_list_view import DocumentListView
from ui.documents.document_row_delegate import RowAction
from ui.documents.report_view import recognise_words, report_title
from ui.recognition.controller import RecognitionController

UPDATE_AFTER_MS = 60
"""The heading is brought up to date so long after a change, once for all that come meanwhile."""
FILTER_FROM = 8
"""With so many documents a field to find one by name is worth its place."""
FILTER_WIDTH = 150
"""Pixels of that field."""


class DocumentPanel(QWidget):
    open_wanted = Signal(DocumentInfo)
    """To be read in the side panel."""
    details_wanted = Signal(DocumentInfo)
    """How much text each of its pages gave."""
    ask_only_wanted = Signal(DocumentInfo)
    summary_wanted = Signal(DocumentInfo)
    new_collection_wanted = Signal(list)
    """For these documents."""
    fold_wanted = Signal()

    def __init__(
        self, context: PageContext, actions: DocumentActions, recognition: RecognitionController
    ) -> None:
        super().__init__()
        self._context = context
        self._actions = actions
        self._recognition = recognition
        self._collections: tuple[CollectionInfo, ...] = ()
        self._folded = False
        self._worth_filtering = False
        self.model = DocumentListModel(self)
        self.list = DocumentListView(self.model)
        self.fold_button = IconButton("caret-down", "", self.fold_wanted.emit, size=16)
        self.count = Label("", "strong")
        self.attention = Button("", None, kind="link", icon="warning")
        self.filter = LineField()
        self.order = IconButton("sort-ascending", translate("documents", "Order"), self._show_orders)
        self.none_fits = Label("", "second", wrap=True)
        self.none_fits.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_all = Button(translate("documents", "Show all documents"), self.clear_filter)
        nothing = QWidget()
        show_all = hbox(1, self.show_all, 1, margins=NO_MARGINS)
        vbox(self.none_fits, show_all, 1, parent=nothing, spacing=12, margins=(16, 24, 16, 0))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(nothing)
        self._heading = self._make_heading()
        vbox(self._heading, (self._stack, 1), parent=self, margins=NO_MARGINS, spacing=4)
        self.list.action_wanted.connect(self._run_action)
        self.list.menu_wanted.connect(lambda place: self.menu_for(self.list.selected()).popup(place))
        self.list.open_wanted.connect(self.open_wanted)
        self.list.remove_wanted.connect(self._remove)
        recognition.changed.connect(lambda: self.model.set_recognition(recognition.status))
        self._update_timer = QTimer(self, singleShot=True, interval=UPDATE_AFTER_MS)
        self._update_timer.timeout.connect(self._update_heading)
        model = self.model
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.dataChanged):
            signal.connect(self._update_heading_soon)
        self._update_heading()
        self.fold(None)

    def show_collections(self, collections: tuple[CollectionInfo, ...]) -> None:
        self._collections = collections
        self.model.hide_from_all({collection.name for collection in collections if collection.builtin})
        self._update_heading()

    def fold(self, folded: bool | None) -> None:
        """Fold the list to its heading; None: it stands alone and cannot be folded."""
        self.fold_button.setVisible(folded is not None)
        self._heading.setContentsMargins(*mirrored((12 if folded is None else 4, 0, GUTTER, 0)))
        self._stack.setVisible(not folded)
        self.order.setVisible(not folded)
        self.fold_button.set_icon("caret-right" if folded else "caret-down")
        hide = translate("documents", "Hide the documents")
        self.fold_button.rename(translate("documents", "Show the documents") if folded else hide)
        self._folded = bool(folded)
        self._show_filter()

    def _update_heading(self) -> None:
        documents = self.model.of_collection()
        count = translate("documents", "%n document(s)", None, len(documents))
        if self.model.filtered:
            shown = quantities.number(self.model.rowCount())
            count = arg(translate("documents", "%1 of %n document(s)", None, len(documents)), shown)
        self.count.setText(count)
        self._name_attention(sum(map(needs_attention, documents)))
        self._worth_filtering = bool(self.filter.text()) or len(documents) >= FILTER_FROM
        self._show_filter()
        self._show_list(hides_all=not self.model.rowCount() and bool(documents))
        self.list.show_collection_names(len({document.collection for document in documents}) > 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._show_filter()
        super().resizeEvent(event)

    def _show_filter(self) -> None:
        """Where it has a use, and room beside the rest of the heading."""
        beside = (self.fold_button, self.count, self.attention, self.filter, self.order)
        shown = [widget for widget in beside if widget is self.filter or not widget.isHidden()]
        needed = sum(widget.sizeHint().width() for widget in shown if widget is not self.filter)
        needed += FILTER_WIDTH + len(shown) * self._heading.spacing() + 2 * GUTTER
        fits = needed <= self.width() or bool(self.filter.text())
        self.filter.setVisible(not self._folded and self._worth_filtering and fits)

    def _name_attention(self, needing: int) -> None:
        """How many need it; while only these are shown, the button is on and says how to see all again."""
        only = self.attention.isChecked()
        self.attention.setVisible(needing > 0 or only)
        self.attention.set_icon("x" if only else "warning")
        if needing == 1:
            text = translate("documents", "1 needs attention")
        else:
            text = translate("documents", "%n need attention", None, needing)
        every, these = translate("documents", "Show all documents"), translate("documents", "Show only these")
        act = every if only else these
        self.attention.setText(text)
        self.attention.setAccessibleName(f"{text}: {act}")
        self.attention.setToolTip(act)

    def _show_list(self, *, hides_all: bool) -> None:
        """The list or, where the filter hides every document, what it is that hides them."""
        words = formatting.isolate(self.filter.text().strip())
        if not words:
            text = translate("documents", "No document needs attention.")
        elif self.attention.isChecked():
            text = arg(translate("documents", "No document that needs attention matches “%1”."), words)
        else:
            text = arg(translate("documents", "No document matches “%1”."), words)
        self.none_fits.setText(text)
        self._stack.setCurrentIndex(1 if hides_all else 0)

    def _update_heading_soon(self) -> None:
        """Counting ten thousand rows for each one that changes would hold up the window."""
        if not self._update_timer.isActive():
            self._update_timer.start()

    # --- the heading

    def _make_heading(self) -> QHBoxLayout:
        self.attention.setCheckable(True)
        self.attention.toggled.connect(lambda _: self._filter())
        self.filter.setAcceptDrops(False)
        self.filter.setPlaceholderText(translate("documents", "Find by name"))
        self.filter.setAccessibleName(translate("documents", "Find a document by its name"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(FILTER_WIDTH)
        self.filter.textChanged.connect(lambda _: self._filter())
        return hbox(self.fold_button, self.count, self.attention, 1, self.filter, self.order, spacing=8)

    def clear_filter(self) -> None:
        """Show all documents of the collection again."""
        focused = self.show_all.hasFocus()
        self.attention.setChecked(False)
        self.filter.clear()
        if focused:  # the button is gone
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _filter(self) -> None:
        self.model.show_matching(self.filter.text(), self.attention.isChecked())
        self._update_heading()

    def _show_orders(self) -> None:
        menu = Menu(self)
        orders = [(order, translate_marked("documents", str(order))) for order in SortOrder]
        menu.add_choices(orders, self.model.order, self.model.set_order)
        menu.popup_below(self.order)

    # --- doing

    def _remove(self) -> None:
        selected = self.list.selected()
        self._actions.remove([document for document in selected if not self._is_builtin(document)])

    def _run_action(self, document: DocumentInfo, action: RowAction) -> None:
        match action:
            case RowAction.STOP:
                self._stop([document])
            case RowAction.WHY:
                self.details_wanted.emit(document)
            case RowAction.PASSWORD:
                self._actions.ask_password(document)
            case RowAction.RETRY:
                self._actions.retry(document)

    def menu_for(self, documents: list[DocumentInfo]) -> Menu:
        menu = Menu(self)
        own = [document for document in documents if not self._is_builtin(document)]
        if len(documents) == 1:
            self._add_for_one(menu, documents[0])
        unfinished = [each for each in documents if each.state in document_state.UNFINISHED]
        if unfinished:
            menu.add_item(translate("documents", "Stop reading"), partial(self._stop, unfinished), "stop")
        if waiting := [each for each in documents if each.report.waiting]:
            if len(documents) > 1:
                now = partial(self._recognition.recognise, waiting)
                menu.add_item(translate("documents", "Recognise text now"), now, "eye")
            stop = partial(self._stop, waiting)
            menu.add_item(translate("documents", "Do not recognise text"), stop, "stop")
        if own:
            self._add_moving(menu, own)
            menu.addSeparator()
            remove = partial(self._actions.remove, own)
            action = menu.add_item(translate("documents", "Remove"), remove, "trash")
            action.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        return menu

    def _add_for_one(self, menu: Menu, document: DocumentInfo) -> None:
        actions, add = self._actions, menu.add_item
        read = add(translate("documents", "Read"), partial(self.open_wanted.emit, document), "book-open")
        read.setShortcut(QKeySequence(Qt.Key.Key_Return))
        if document.state is not DocumentState.MISSING:
            open_file = partial(self._context.open_file, document.path)
            add(translate("documents", "Open in another program"), open_file, "arrow-square-out")
            open_folder = partial(self._context.open_folder, document.path)
            add(translate("documents", "Show in folder"), open_folder, "folder-open")
        if document.chunks:
            ask = partial(self.ask_only_wanted.emit, document)
            add(translate("documents", "Ask only this document"), ask, "magnifying-glass")
        if can_be_summarised(document):
            summarise = partial(self.summary_wanted.emit, document)
            add(translate("documents", "Summarise"), summarise, "file-text")
        add(report_title(document.unit), partial(self.details_wanted.emit, document), "list-bullets")
        counts = document.report
        if counts.ocr or counts.waiting or (counts.empty and document.state is not DocumentState.READY):
            again = recognise_words(again=bool(document.report.ocr))
            add(again, partial(self._recognition.ask, document), "eye")
        if document_state.can_be_copied_searchable(document):
            copy = partial(self._recognition.export_copy, document)
            add(translate("documents", "Save a searchable copy…"), copy, "export")
        if document_state.needs_password(document):
            add(translate("documents", "Password…"), partial(actions.ask_password, document), "key")
        if needs_attention(document):
            retry = partial(actions.retry, document)
            add(translate("documents", "Try again"), retry, "arrow-counter-clockwise")

    def _add_moving(self, menu: Menu, documents: list[DocumentInfo]) -> None:
        moving = menu.add_menu(translate("documents", "Move to collection"), "folder-simple")
        for name in (collection.name for collection in self._collections if not collection.builtin):
            action = moving.add_item(formatting.name(name), partial(self._actions.move, documents, name))
            action.setEnabled(any(document.collection != name for document in documents))
        moving.addSeparator()
        new = partial(self.new_collection_wanted.emit, documents)
        moving.add_item(translate("documents", "New collection…"), new)

    def _stop(self, documents: Iterable[DocumentInfo]) -> None:
        recognised = []
        for document in documents:
            if document.state in document_state.UNFINISHED:
                self._actions.stop(document.id)
            else:
                recognised.append(document.id)
        if recognised:
            self._recognition.stop(recognised)

    def _is_builtin(self, document: DocumentInfo) -> bool:
        return any(
            collection.builtin and collection.name == document.collection for collection in self._collections
        )
