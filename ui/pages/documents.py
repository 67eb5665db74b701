"""The documents and asking them: the question, the quotes beside their pages, and the list below."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from assistant.documents.records import (
    DEFAULT_COLLECTION,
    HANDBOOK_COLLECTION,
    Answer,
    CollectionInfo,
    DocumentInfo,
    DocumentsChanged,
    DocumentState,
    IndexingState,
    IndexingStatus,
    PartReport,
    Quote,
    Scope,
)
from assistant.errors import AssistantError
from ui import words
from ui.bridge import Following
from ui.deeds import Deeds
from ui.desk import Desk
from ui.widgets.ask_field import AskField
from ui.widgets.basics import Button
from ui.widgets.collections_view import CollectionsView
from ui.widgets.dialogs import Question
from ui.widgets.empty_state import EmptyState
from ui.widgets.evidence import Evidence, with_source
from ui.widgets.page import Page
from ui.widgets.report_view import ReportView
from ui.widgets.shelf import Shelf
from ui.widgets.source_view import SourceView

HANDBOOK_QUESTION = "Which kinds of files can I add?"
ADD_FOLDER = "Add folder"
TIGHT_UNDER = 580
"""Pixels of width that cannot hold all words of the header."""
SAY_AFTER_MS = 200
EXPLAIN_AFTER_MS = 1800
REPORT_EVERY_MS = 1000
"""An open report of a document that is being read grows this often."""
_UNFINISHED = frozenset({DocumentState.QUEUED, DocumentState.INDEXING})
_ALL = "All documents"


class DocumentsPage(Page):
    def __init__(self, desk: Desk, deeds: Deeds) -> None:
        super().__init__("Documents")
        self._desk = desk
        self._deeds = deeds
        self._collections: tuple[CollectionInfo, ...] = ()
        self._planned: list[str] = []
        """Collections that were named but hold nothing yet."""
        self._only: DocumentInfo | None = None
        self._asking: Following[Answer] | None = None
        self._question = ""
        self._ask_again = False
        self._loaded = False
        self._gone: set[int] = set()
        self._shelf_folded = True

        self.collection_button = Button(
            _ALL, self._show_collection_menu, kind="quiet", icon="caret-down", icon_last=True
        )
        self.add_folder = Button(
            ADD_FOLDER, lambda: deeds.choose_folder(self.target()), icon="folder-simple-plus"
        )
        self.add_files = Button(
            "Add files", lambda: deeds.choose_files(self.target()), kind="primary", icon="plus"
        )
        self.header.addWidget(self.collection_button)
        self.header.addStretch(1)
        self.header.addWidget(self.add_folder)
        self.header.addWidget(self.add_files)

        self.ask_field = AskField()
        self.evidence = Evidence()
        self.evidence.hide()
        self.shelf = Shelf(deeds)
        self._below = QStackedWidget()
        self._below.addWidget(self.shelf)
        self._empty: dict[str, EmptyState] = {}
        self._opening = QWidget()
        self._below.addWidget(self._opening)
        self.content.addWidget(self.ask_field)
        self.content.addWidget(self.evidence, 1)
        self.content.addWidget(self._below, 1)
        self._below.setCurrentWidget(self._opening)

        self._source: SourceView | None = None
        self._report: ReportView | None = None
        self._managing: CollectionsView | None = None
        self._shown_quote: Quote | None = None
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.timeout.connect(self._say_slow)
        self._report_timer = QTimer(self)
        self._report_timer.setSingleShot(True)
        self._report_timer.setInterval(REPORT_EVERY_MS)
        self._report_timer.timeout.connect(self._fetch_open_report)
        self._connect()

    # --- for the window

    def target(self) -> str:
        """The collection that new files go to."""
        shown = self.shelf.model.collection
        return DEFAULT_COLLECTION if shown is None or self._is_builtin(shown) else shown

    def collection_names(self) -> list[str]:
        """Collections that files can go to, the one that is shown first."""
        names = [collection.name for collection in self._collections if not collection.builtin]
        return list(dict.fromkeys([self.target(), DEFAULT_COLLECTION, *names, *self._planned]))

    def came_into_view(self) -> None:
        self.ask_field.take_focus()

    def escape(self) -> bool:
        """Close what is open on this page; false if nothing is."""
        if self.evidence.isHidden():
            return False
        self._close_answer()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        tight = self.width() < TIGHT_UNDER
        self.add_folder.setText("" if tight else ADD_FOLDER)
        self.add_folder.setToolTip(ADD_FOLDER if tight else "")
        super().resizeEvent(event)

    # --- the documents

    def _connect(self) -> None:
        bridge = self._desk.bridge
        bridge.documents_changed.connect(self._documents_changed)
        bridge.indexing.connect(self._indexing)
        self._deeds.collections_changed.connect(self._load_collections)
        self._desk.services_ready.connect(self._load)
        self._desk.panel.closed.connect(self._panel_closed)
        self.ask_field.asked.connect(self._ask)
        self.ask_field.cleared.connect(self._close_answer)
        self.ask_field.narrowing_dropped.connect(lambda: self._narrow(None))
        self.evidence.quote_wanted.connect(self._show_quote)
        self.evidence.copy_wanted.connect(self._copy_quote)
        self.evidence.closed.connect(self._close_answer)
        self.evidence.everywhere_wanted.connect(self._ask_everywhere)
        self.shelf.details_wanted.connect(self._show_report)
        self.shelf.ask_only_wanted.connect(self._narrow)
        self.shelf.new_collection_wanted.connect(self._new_collection)
        self.shelf.fold_wanted.connect(self._fold_or_unfold)
        if self._desk.ready:
            self._load()

    def _load(self) -> None:
        self._load_collections()
        documents = self._desk.services.documents
        self._desk.bridge.follow(documents.documents(HANDBOOK_COLLECTION), self._put)
        self._desk.bridge.follow(documents.documents(), self._documents_loaded)

    def _documents_loaded(self, documents: tuple[DocumentInfo, ...]) -> None:
        self._put(documents)
        self._loaded = True
        self._show_what_fits()

    def _put(self, documents: tuple[DocumentInfo, ...]) -> None:
        rows = {document.id: document for document in documents if document.id not in self._gone}
        rows.update({document.id: document for document in self.shelf.model.all()})  # events are newer
        self.shelf.model.replace(rows.values())

    def _load_collections(self) -> None:
        if self._desk.ready:
            self._desk.bridge.follow(self._desk.services.documents.collections(), self._collections_loaded)

    def _collections_loaded(self, collections: tuple[CollectionInfo, ...]) -> None:
        self._collections = collections
        known = {collection.name for collection in collections}
        self._planned = [name for name in self._planned if name not in known]
        self.shelf.show_collections(self._with_planned())
        if self._managing is not None:
            self._managing.show_collections(self._with_planned())
        self._show_what_fits()

    def _documents_changed(self, changed: DocumentsChanged) -> None:
        if not self._loaded:
            self._gone.update(changed.gone)
        known = {collection.name for collection in self._collections}
        self.shelf.model.apply(changed.documents, changed.gone)
        if any(document.collection not in known for document in changed.documents):
            self._load_collections()
        self._show_what_fits()
        self._refresh_report(changed)
        self._ask_again_if_read()

    def _indexing(self, status: IndexingStatus) -> None:
        self.shelf.model.set_status(status if status.state is IndexingState.RUNNING else None)

    def _ask_again_if_read(self) -> None:
        """A question that found nothing is asked once more when all that it asks has been read."""
        if self._ask_again and all(d.state not in _UNFINISHED for d in self._searched_documents()):
            self._ask(self._question)

    def _show_what_fits(self) -> None:
        """The list, or the word of an empty place."""
        if not self._loaded:
            return
        shown = self.shelf.model.collection
        if self.shelf.model.of_collection():
            self._below.setCurrentWidget(self.shelf)
        else:
            self._below.setCurrentWidget(self._empty_state(shown))
        self._arrange()

    def _empty_state(self, collection: str | None) -> EmptyState:
        own = any(document.collection != HANDBOOK_COLLECTION for document in self.shelf.model.all())
        key = (
            "first"
            if not own and (collection is None or collection == DEFAULT_COLLECTION)
            else collection or ""
        )
        if key not in self._empty:
            self._empty[key] = self._make_empty_state(key)
            self._below.addWidget(self._empty[key])
        return self._empty[key]

    def _make_empty_state(self, key: str) -> EmptyState:
        add = ("Add files", "plus", lambda: self._deeds.choose_files(self.target()))
        if key == "first":
            handbook = ("Try it with the handbook", "book-open", self._try_handbook)
            return EmptyState(
                "files",
                "Ask your own documents",
                "Drop files or folders anywhere on this window; they stay on this computer, and every "
                "answer shows the page it comes from.",
                (add, handbook),
            )
        if self._is_builtin(key):
            return EmptyState("book-open", "The handbook is being read", "It will be here in a moment.")
        return EmptyState(
            "folder-simple",
            f"Nothing in “{words.name(key)}” yet",
            "Drop files here, or move documents here from another collection with the menu of their rows.",
            (add,),
        )

    def _try_handbook(self) -> None:
        self._show_collection(HANDBOOK_COLLECTION)
        self.ask_field.ask(HANDBOOK_QUESTION)

    def _arrange(self) -> None:
        """Quotes get the room while an answer is shown; the list folds to its heading below them."""
        answering = not self.evidence.isHidden()
        listing = self._below.currentWidget() is self.shelf
        self._below.setVisible(listing or not answering)
        folded = answering and self._shelf_folded
        self.shelf.fold(folded if answering else None)
        self.content.setStretchFactor(self.evidence, 3 if answering else 0)
        self.content.setStretchFactor(self._below, 0 if folded else 2)
        self._below.setMaximumHeight(self.shelf.fold_button.sizeHint().height() + 8 if folded else 16_777_215)

    def _fold_or_unfold(self) -> None:
        self._shelf_folded = not self._shelf_folded
        self._arrange()

    # --- collections

    def _with_planned(self) -> tuple[CollectionInfo, ...]:
        return (*self._collections, *(CollectionInfo(name, 0, False) for name in self._planned))

    def _is_builtin(self, name: str) -> bool:
        return name == HANDBOOK_COLLECTION or any(c.builtin and c.name == name for c in self._collections)

    def _show_collection(self, name: str | None) -> None:
        self.shelf.model.show_collection(name)
        title = _ALL if name is None else words.name(name)
        shown = self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, 220)
        self.collection_button.setText(shown.replace("&", "&&"))
        self.collection_button.setAccessibleName(f"Collection: {title}")
        self._narrow(None)
        self._show_what_fits()

    def _show_collection_menu(self) -> None:
        menu = self.collection_menu()
        menu.popup(self.collection_button.mapToGlobal(self.collection_button.rect().bottomLeft()))

    def collection_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        choices: list[tuple[str | None, str]] = [(None, _ALL)]
        for collection in self._with_planned():
            amount = f"   {words.number(collection.documents)}" if collection.documents else ""
            choices.append((collection.name, f"{words.name(collection.name)}{amount}"))
        for name, title in choices:
            action = menu.addAction(title.replace("&", "&&"), partial(self._show_collection, name))
            action.setCheckable(True)
            action.setChecked(name == self.shelf.model.collection)
            group.addAction(action)
        menu.addSeparator()
        menu.addAction("New collection…", lambda: self._new_collection([]))
        menu.addAction("Follow a folder…", lambda: self._deeds.choose_folder_to_watch(self.target()))
        menu.addAction("Collections and folders…", self._manage)
        return menu

    def _new_collection(self, documents: Sequence[DocumentInfo]) -> None:
        def named(name: str) -> None:
            name = " ".join(name.split())
            if all(
                name.casefold() != known.casefold()
                for known in [*self.collection_names(), HANDBOOK_COLLECTION]
            ):
                self._planned.append(name)
                self.shelf.show_collections(self._with_planned())
            if documents:
                self._deeds.move(documents, name)
            self._show_collection(name)
            if self._managing is not None:
                self._managing.show_collections(self._with_planned())

        text = "Documents in a collection can be asked by themselves."
        Question(self.window(), "New collection", text, "Create", "Name of the collection", named).open()

    def _manage(self) -> None:
        if self._managing is None:
            self._managing = CollectionsView()
            self._managing.new_wanted.connect(lambda: self._new_collection([]))
            self._managing.watch_wanted.connect(self._deeds.choose_folder_to_watch)
            self._managing.unwatch_wanted.connect(self._deeds.unwatch)
            self._managing.show_wanted.connect(self._show_collection)
        self._managing.show_collections(self._with_planned())
        self._desk.panel.open(self._managing, "Collections")

    # --- asking

    def _narrow(self, document: DocumentInfo | None) -> None:
        """Ask this one document, or the whole collection again."""
        self._only = document
        self.ask_field.narrow(document.title if document is not None else None)
        collection = self.shelf.model.collection
        if document is not None:
            self.ask_field.set_place("this document")
            self.ask_field.take_focus()
        elif collection is None:
            self.ask_field.set_place("your documents")
        else:
            self.ask_field.set_place(
                "the handbook" if self._is_builtin(collection) else f"“{words.name(collection)}”"
            )

    def _scope(self) -> Scope:
        if self._only is not None:
            return Scope(documents=(self._only.id,))
        return Scope(collection=self.shelf.model.collection)

    def _ask(self, question: str) -> None:
        self._question = question
        self._ask_again = False
        if not self._desk.ready:
            self._ask_when_ready()
            return
        if self._asking is not None:
            self._asking.drop()
        run = self._desk.services.documents.ask(question, self._scope())
        self._asking = self._desk.bridge.follow(run, self._show_answer, self._cannot_answer)
        self._slow.start(SAY_AFTER_MS)

    def _ask_when_ready(self) -> None:
        self._open_evidence("Opening your documents…")
        self._desk.services_ready.connect(self._ask_now, Qt.ConnectionType.SingleShotConnection)

    def _ask_now(self) -> None:
        if self._question and not self.evidence.isHidden():
            self._ask(self._question)

    def _say_slow(self) -> None:
        if self._slow.interval() == SAY_AFTER_MS:
            self._open_evidence("Searching…")
            self._slow.start(EXPLAIN_AFTER_MS)
        else:
            self._open_evidence("The reader is starting; the first question takes a few seconds…")

    def _open_evidence(self, text: str) -> None:
        self.evidence.say(text)
        self.evidence.show()
        self._arrange()

    def _show_answer(self, answer: Answer) -> None:
        self._slow.stop()
        self._asking = None
        unfinished = [d for d in self._searched_documents() if d.state in _UNFINISHED]
        self._ask_again = not answer.quotes and bool(unfinished)
        narrowed = self._only is not None or self.shelf.model.collection is not None
        self.evidence.show_answer(answer, self._searched(), self._tips(unfinished), narrowed=narrowed)
        self.evidence.show()
        self._shelf_folded = True
        self._arrange()
        if self._shown_quote is not None:
            self._desk.panel.close_panel()

    def _cannot_answer(self, error: AssistantError) -> None:
        self._slow.stop()
        self._asking = None
        self._close_answer()
        self._desk.notices.error(error)

    def _searched(self) -> str:
        if self._only is not None:
            return words.isolate(f"“{words.name(self._only.title)}”")
        collection = self.shelf.model.collection
        return "all documents" if collection is None else words.isolate(f"“{words.name(collection)}”")

    def _searched_documents(self) -> list[DocumentInfo]:
        if self._only is not None:
            return [self.shelf.model.get(self._only.id) or self._only]
        # Without documents of one's own it is the handbook that answers.
        return self.shelf.model.of_collection() or list(self.shelf.model.all())

    def _tips(self, unfinished: Sequence[DocumentInfo]) -> list[str]:
        tips = []
        if unfinished:
            are = "is" if len(unfinished) == 1 else "are"
            reading = f"{words.count(len(unfinished), 'document')} {are} still being read"
            tips.append(f"{reading}; this question is asked again then.")
        tips.append("Try the words that the document itself uses, or a name or number from it.")
        silent = sum(1 for document in self._searched_documents() if document.report.empty)
        if silent:
            have = "has" if silent == 1 else "have"
            tips.append(
                f"{words.count(silent, 'document')} {have} pages without text, which cannot be searched."
            )
        return tips

    def _ask_everywhere(self) -> None:
        self._show_collection(None)
        self._ask(self._question)

    def _close_answer(self) -> None:
        if self._asking is not None:
            self._asking.drop()
            self._asking = None
        self._slow.stop()
        self._question = ""
        self._ask_again = False
        self.evidence.hide()
        self._arrange()
        if self._shown_quote is not None:
            self._desk.panel.close_panel()
        self.ask_field.take_focus()

    # --- the side panel

    def _show_quote(self, quote: Quote) -> None:
        self._shown_quote = quote
        self.evidence.mark_chosen(quote)
        place = words.place(quote.location, "", quote.heading)
        self._desk.panel.open(self._source_view(), words.name(quote.title), place)
        document = self.shelf.model.get(quote.document)
        pictured = bool(quote.boxes) or (document is not None and document.kind == "pdf")
        self._source_view().show_quote(self._desk.services, quote, pictured=pictured)

    def _show_page(self, document: DocumentInfo, page: int) -> None:
        if document.kind == "pdf":
            self._desk.panel.open(self._source_view(), words.name(document.title), "")
            self._source_view().show_page(self._desk.services, document.id, document.path, page)

    def _source_view(self) -> SourceView:
        if self._source is None:
            self._source = SourceView(self._desk.bridge)
            self._source.open_wanted.connect(self._deeds.open_file)
            self._source.copy_wanted.connect(self._copy_quote)
        return self._source

    def _copy_quote(self, quote: Quote) -> None:
        self._deeds.copy(with_source(quote), "Quote and source")

    def _show_report(self, document: DocumentInfo) -> None:
        if self._report is None:
            self._report = ReportView()
            self._report.page_wanted.connect(self._show_page)
            self._report.open_wanted.connect(self._deeds.open_file)
        self._shown_quote = None
        self.evidence.mark_chosen(None)
        self._report.show_document(document)
        self._desk.panel.open(
            self._report, words.name(document.title), f"in {words.name(document.collection)}"
        )
        self._fetch_report(document.id)

    def _fetch_report(self, number: int) -> None:
        def arrived(parts: tuple[PartReport, ...]) -> None:
            if (
                self._report is not None
                and self._report.document is not None
                and self._report.document.id == number
            ):
                self._report.show_parts(parts)

        self._desk.bridge.follow(self._desk.services.documents.report(number), arrived)

    def _fetch_open_report(self) -> None:
        if self._report is not None and self._report.document is not None and self._desk.ready:
            self._fetch_report(self._report.document.id)

    def _refresh_report(self, changed: DocumentsChanged) -> None:
        """While a document is read, its open report grows."""
        report = self._report
        if report is None or report.document is None or self._desk.panel.shown is not report:
            return
        for document in changed.documents:
            if document.id == report.document.id:
                report.show_document(document)
                if not self._report_timer.isActive():
                    self._report_timer.start()

    def _panel_closed(self) -> None:
        self._shown_quote = None
        self.evidence.mark_chosen(None)
        if self._source is not None:
            self._source.clear()
