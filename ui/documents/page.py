"""The documents and asking them: the question, the quotes beside their pages, and the list below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from assistant.documents.event_records import DocumentsChanged
from assistant.documents.records import DEFAULT_COLLECTION, HANDBOOK_COLLECTION, DocumentInfo
from ui.common import formatting
from ui.common.buttons_and_labels import Button, holds_focus
from ui.common.empty_state import EmptyState
from ui.common.layouts import before_gutter
from ui.common.page_context import PageContext
from ui.common.page_frame import COLUMN, MARGIN, Page
from ui.common.theme import text_scale
from ui.common.translation import arg, translate
from ui.documents.actions import DocumentActions
from ui.documents.collection_controller import CollectionController
from ui.documents.document_panel import DocumentPanel
from ui.documents.embedder_advice import EmbedderAdviceBanner
from ui.documents.example_questions_view import ExampleQuestions
from ui.documents.first_start import FirstStart
from ui.documents.handbook_questions import handbook_questions
from ui.documents.list_skeleton import ListSkeleton
from ui.documents.question_controller import QuestionController
from ui.documents.side_panel_controller import SidePanelController
from ui.embedders.controller import EmbedderController
from ui.recognition.controller import RecognitionController
from ui.transcript.link_dialog import LinkDialog

if TYPE_CHECKING:
    from ui.models.chat_model_loader import ChatModelLoader

FILES_FROM = 500
"""Pixels of the page's width from which its header has room for the words "Add files"."""
FOLDER_FROM = 640
"""Pixels of the page's width from which its header has room for the words "Add folder" too."""
_NO_LIMIT = 16_777_215
"""Qt's QWIDGETSIZE_MAX."""


class DocumentsPage(Page):
    summary_wanted = Signal(DocumentInfo)

    def __init__(
        self,
        context: PageContext,
        actions: DocumentActions,
        embedders: EmbedderController,
        recognition: RecognitionController,
        chat_models: Callable[[], ChatModelLoader],
        first_model: Callable[[], QWidget],
    ) -> None:
        """`first_model` makes what helps to choose the first model."""
        super().__init__(translate("documents", "Documents"))
        self._context = context
        self._actions = actions
        self._loaded = False
        self._gone: set[int] = set()
        self._documents_folded = True
        self._chat_models = chat_models
        self._first_model = first_model
        self.first_start: FirstStart | None = None
        self.collections = CollectionController(context, actions)
        self.document_panel = DocumentPanel(context, actions, recognition)
        self.questions = QuestionController(context, self.document_panel.model, self.collections, chat_models)
        self.examples = ExampleQuestions(context, self.document_panel.model, self.collections)
        self.side_panel = SidePanelController(context, self.document_panel.model, recognition)
        self.embedder_advice = EmbedderAdviceBanner(context, embedders)
        self._build()
        self._connect()

    def came_into_view(self) -> None:
        self.questions.field.take_focus()

    def stop_answer(self) -> bool:
        return self.questions.stop()

    def escape(self) -> None:
        """Close the answer that is there."""
        self.questions.escape()

    def ask_handbook(self, question: str) -> None:
        self.collections.choose(HANDBOOK_COLLECTION)
        self.questions.field.ask(question)

    def resizeEvent(self, event: QResizeEvent) -> None:
        for button, room in ((self.add_folder, FOLDER_FROM), (self.add_files, FILES_FROM)):
            label = button.accessibleName()
            tight = self.width() < room * text_scale()
            button.setText("" if tight else label)
            button.setToolTip(label if tight else "")
        others = [self.title, *(b for b in (self.add_folder, self.add_files) if not b.isHidden())]
        taken = sum(widget.sizeHint().width() for widget in others) + 4 * self.header.spacing()
        self.collections.fit(min(self.width() - 2 * MARGIN, COLUMN) - taken)
        super().resizeEvent(event)

    # --- how it is put together

    def _build(self) -> None:
        folder, files = translate("documents", "Add folder"), translate("documents", "Add files")
        self.add_folder = Button(folder, self._choose_folder, icon="folder-simple-plus")
        self.add_files = Button(files, self._choose_files, kind="primary", icon="plus")
        self.header.addWidget(self.collections.button)
        self.header.addStretch(1)
        self.header.addWidget(self.add_folder)
        self.header.addWidget(self.add_files)
        self._below = QStackedWidget()
        self._empty: dict[str, EmptyState] = {}
        self._below.addWidget(ListSkeleton())  # until the documents are known
        self._below.addWidget(self.document_panel)
        self.content.addLayout(before_gutter(self.embedder_advice))
        self.content.addLayout(before_gutter(self.questions.field))
        self.content.addLayout(before_gutter(self.examples))
        self.content.addWidget(self.questions.quotes_view, 1)
        self.content.addWidget(self._below, 1)

    def _connect(self) -> None:
        bridge, questions, side_panel = self._context.bridge, self.questions, self.side_panel
        document_panel = self.document_panel
        bridge.documents_changed.connect(self._documents_changed)
        bridge.indexing.connect(document_panel.model.set_status)
        self._context.services_ready.connect(self._load)
        self._actions.added.connect(lambda added: self._show_added(added.documents))
        self.collections.changed.connect(self._collections_changed)
        self.collections.chosen.connect(self._show_collection)
        self.collections.renamed.connect(document_panel.model.rename_collection)
        self.examples.asked.connect(questions.field.ask)
        questions.opened.connect(self._arrange)
        questions.answered.connect(self._answered)
        questions.closed.connect(self._arrange)
        questions.closed.connect(side_panel.close_quote)
        questions.quotes_view.quote_wanted.connect(side_panel.show_quote)
        questions.quotes_view.copy_wanted.connect(side_panel.copy_quote)
        questions.quotes_view.translation_wanted.connect(
            lambda quote: self._context.translation_wanted.emit(formatting.passage(quote.quote).strip())
        )
        questions.quotes_view.text_copy_wanted.connect(self._context.copy)
        questions.quotes_view.link_wanted.connect(
            lambda address: LinkDialog(self, address, self._context.notices).open()
        )
        side_panel.quote_shown.connect(questions.quotes_view.mark_chosen)
        side_panel.summary_wanted.connect(self.summary_wanted)
        document_panel.summary_wanted.connect(self.summary_wanted)
        side_panel.password_wanted.connect(self._actions.ask_password)
        side_panel.retry_wanted.connect(self._actions.retry)
        document_panel.open_wanted.connect(side_panel.show_document)
        document_panel.details_wanted.connect(side_panel.show_report)
        document_panel.ask_only_wanted.connect(questions.narrow)
        document_panel.new_collection_wanted.connect(self.collections.make)
        document_panel.fold_wanted.connect(self._fold_or_unfold)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(side_panel.find_words)
        if self._context.ready:
            self._load()

    def _choose_files(self) -> None:
        self._actions.choose_files(self.collections.target)

    def _choose_folder(self) -> None:
        self._actions.choose_folder(self.collections.target)

    # --- the documents

    def _load(self) -> None:
        self.collections.load()
        self._context.run(lambda services: services.documents.documents(HANDBOOK_COLLECTION), self._put)
        self._context.run(lambda services: services.documents.documents(), self._documents_loaded)

    def _documents_loaded(self, documents: tuple[DocumentInfo, ...]) -> None:
        self._put(documents)
        self._loaded = True
        self._show_what_fits()

    def _put(self, documents: tuple[DocumentInfo, ...]) -> None:
        rows = {document.id: document for document in documents if document.id not in self._gone}
        # Those that events have brought are newer.
        rows.update({document.id: document for document in self.document_panel.model.all()})
        self.document_panel.model.replace(rows.values())

    def _documents_changed(self, changed: DocumentsChanged) -> None:
        if not self._loaded:
            self._gone.update(changed.gone)
        self.document_panel.model.apply(changed.documents, changed.gone)
        if any(not self.collections.knows(document.collection) for document in changed.documents):
            self.collections.load()
        self._show_what_fits()
        self.questions.documents_changed()

    def _show_added(self, added: Sequence[DocumentInfo]) -> None:
        """What was added just now is seen, whatever was shown before."""
        if added and self.collections.current not in (None, added[0].collection):
            self.collections.choose(added[0].collection)
        if added and not any(map(self.document_panel.model.fits_filter, added)):
            self.document_panel.clear_filter()
        if self.isVisible():
            self.questions.field.take_focus()  # the next thing is a question

    def _collections_changed(self) -> None:
        self.document_panel.show_collections(self.collections.all())
        self._show_what_fits()

    def _show_collection(self, name: str | None) -> None:
        self.document_panel.model.show_collection(name)
        self._show_what_fits()

    # --- what is shown below the question

    def _show_what_fits(self) -> None:
        """The list, or the word of an empty place."""
        if self._loaded:
            shown = self.document_panel if self.document_panel.model.holds_any else self._empty_state()
            before = self._below.currentWidget()
            if shown is not before:
                focused = before is not None and holds_focus(before)
                self._below.setCurrentWidget(shown)
                if focused:  # what had the keys is gone
                    self.questions.field.take_focus()
            for button in (self.add_files, self.add_folder):
                button.setVisible(shown is not self.first_start)
            self._arrange()
            self.examples.refresh(not self._context.bridge.reading)

    def _empty_state(self) -> QWidget:
        collection = self.collections.current
        own = any(document.collection != HANDBOOK_COLLECTION for document in self.document_panel.model.all())
        if collection is None or (collection == DEFAULT_COLLECTION and not own):
            return self._first_start()
        if collection not in self._empty:
            self._empty[collection] = self._make_empty_state(collection)
            self._below.addWidget(self._empty[collection])
        return self._empty[collection]

    def _first_start(self) -> FirstStart:
        if self.first_start is None:
            first = self.first_start = FirstStart(
                self._choose_files, lambda: self.ask_handbook(handbook_questions()[0])
            )
            self._below.addWidget(first)
            loader = self._chat_models()
            first.model_way.setVisible(loader.chosen is None)
            loader.changed.connect(lambda: first.model_way.setVisible(loader.chosen is None))
            if loader.chosen is None:
                first.offer_model(self._first_model())
        return self.first_start

    def _make_empty_state(self, collection: str) -> EmptyState:
        add = (translate("documents", "Add files"), "plus", self._choose_files)
        if self.collections.is_builtin(collection):
            return EmptyState(
                "book-open",
                translate("documents", "The handbook is being read"),
                translate("documents", "It will be here in a moment."),
            )
        return EmptyState(
            "folder-simple",
            arg(translate("documents", "Nothing in “%1” yet"), formatting.name(collection)),
            translate(
                "documents",
                "Drop files here, or move documents here from another collection with the menu of "
                "their rows.",
            ),
            (add,),
        )

    def _arrange(self) -> None:
        """Quotes get the room while an answer is shown; the list folds to its heading below them."""
        answering = self.questions.is_open
        self.examples.set_answering(answering)
        listing = self._below.currentWidget() is self.document_panel
        self._below.setVisible(listing or not answering)
        folded = answering and self._documents_folded
        self.document_panel.fold(folded if answering else None)
        self.content.setStretchFactor(self.questions.quotes_view, 3 if answering else 0)
        self.content.setStretchFactor(self._below, 0 if folded else 2)
        heading = self.document_panel.fold_button.sizeHint().height() + 8
        self._below.setMaximumHeight(heading if folded else _NO_LIMIT)

    def _answered(self) -> None:
        self._documents_folded = True
        self._arrange()
        self.side_panel.close_quote()

    def _fold_or_unfold(self) -> None:
        self._documents_folded = not self._documents_folded
        self._arrange()
