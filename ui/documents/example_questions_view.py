"""A few questions that the person's own documents invite, until the first one was asked, or the handbook."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from assistant.documents.event_records import IndexingState
from assistant.documents.records import HANDBOOK_COLLECTION, DocumentState
from ui.common import formatting
from ui.common.buttons_and_labels import Button, Label, plain_tooltip
from ui.common.flow_layout import FlowLayout
from ui.common.layouts import clear, mirrored
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.translation import arg, translate
from ui.documents.collection_controller import CollectionController
from ui.documents.document_list_model import DocumentListModel
from ui.documents.handbook_questions import handbook_questions

LOOK_AFTER_MS = 500
"""Documents often come together; they are looked at once."""
WIDEST = 520
"""Pixels of a question: headings often differ only at their end."""
_READ = (DocumentState.READY, DocumentState.PARTIAL)


class ExampleQuestions(QWidget):
    asked = Signal(str)

    def __init__(
        self, context: PageContext, model: DocumentListModel, collections: CollectionController
    ) -> None:
        super().__init__()
        self._context = context
        self._model = model
        self._collections = collections
        self._following: Following[tuple[str, ...]] | None = None
        self._seen: tuple[str | None, frozenset[int]] = None, frozenset()
        """The collection, and the documents, that the questions are made from."""
        self._wanted = True
        self._answering = False
        self._layout = FlowLayout(spacing=6)
        self.setLayout(self._layout)
        self.hide()
        self._timer = QTimer(self, singleShot=True, interval=LOOK_AFTER_MS)
        self._timer.timeout.connect(self._look)
        context.bridge.indexing.connect(lambda status: self.refresh(status.state is IndexingState.IDLE))

    def questions(self) -> list[str]:
        """Those that are shown."""
        buttons = self.findChildren(Button) if not self.isHidden() else []
        return [button.property("question") for button in buttons]

    def refresh(self, idle: bool = True) -> None:
        """Other documents are there, or another collection is shown; while some are read, once is enough."""
        if self._wanted and self._of_now() != self._seen and (idle or not self._layout.count()):
            self._timer.start()

    def set_answering(self, answering: bool) -> None:
        """An answer takes the place. After the first one from one's own documents they are not needed."""
        self._answering = answering
        if answering and self._of_now()[1]:
            self._wanted = False
        self._show_or_hide()

    def _of_now(self) -> tuple[str | None, frozenset[int]]:
        collection = self._collections.current
        return collection, frozenset(
            document.id
            for document in self._model.of_collection()
            if document.state in _READ and document.collection != HANDBOOK_COLLECTION
        )

    def _look(self) -> None:
        self._seen = collection, documents = self._of_now()
        if self._following is not None:
            self._following.drop()
        if not documents:
            self._show(handbook_questions() if collection == HANDBOOK_COLLECTION else ())
            return
        self._following = self._context.run(
            lambda services: services.documents.example_questions(collection),
            self._show,
            lambda _: None,  # nobody asked for them
        )

    def _show(self, questions: tuple[str, ...]) -> None:
        clear(self._layout)
        label = Label(translate("documents", "Try asking:"), "second")
        label.setContentsMargins(*mirrored((12, 0, 0, 0)))
        if questions:
            self._layout.addWidget(label)
        for question in questions:
            shown = formatting.one_line(question)
            button = Button("", partial(self.asked.emit, question), kind="link")
            button.set_elided(shown, WIDEST)
            button.setProperty("question", question)
            button.setAccessibleName(arg(translate("documents", "Ask: %1"), shown))
            button.setToolTip(plain_tooltip(shown))
            label.setFixedHeight(button.sizeHint().height())
            self._layout.addWidget(button)
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        self.setVisible(self._wanted and not self._answering and self._layout.count() > 0)
