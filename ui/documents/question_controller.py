"""A question from the moment it is written until its quotes are shown, or that there are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from assistant.documents.records import Answer, DocumentInfo, DocumentState, Scope
from assistant.errors import AssistantError
from ui.common import formatting, quantities
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.documents.collection_chooser import CollectionChooser
from ui.documents.document_list_model import DocumentListModel
from ui.documents.grounded_answer_controller import GroundedAnswerController
from ui.documents.question_field import QuestionField
from ui.documents.quotes_view import QuotesView

SAY_AFTER_MS = 200
EXPLAIN_AFTER_MS = 1800
_UNFINISHED = frozenset({DocumentState.QUEUED, DocumentState.INDEXING})


class QuestionController(QObject):
    """Only the latest question counts: an earlier one's answer is dropped."""

    opened = Signal()
    """The place of the answer has come into view, or says something new."""
    answered = Signal()
    closed = Signal()

    def __init__(
        self, context: PageContext, model: DocumentListModel, collections: CollectionChooser
    ) -> None:
        super().__init__(model)
        self._context = context
        self._model = model
        self._collections = collections
        self._question = ""
        self._again = False
        self._only: DocumentInfo | None = None
        self._following: Following[Any] | None = None
        self._writing: GroundedAnswerController | None = None
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.timeout.connect(self._say_slow)
        self.field = QuestionField()
        self.quotes_view = QuotesView()
        self.quotes_view.hide()
        self.field.asked.connect(self.ask)
        self.field.cleared.connect(self.close)
        self.field.narrowing_dropped.connect(lambda: self.narrow(None))
        self.quotes_view.closed.connect(self.close)
        self.quotes_view.everywhere_wanted.connect(self._ask_everywhere)
        self.quotes_view.stop_wanted.connect(self._stop_writing)
        collections.chosen.connect(lambda _: self.narrow(None))

    @property
    def is_open(self) -> bool:
        return not self.quotes_view.isHidden()

    def narrow(self, document: DocumentInfo | None) -> None:
        """Ask this one document, or the whole collection again."""
        self._only = document
        self.field.narrow(None if document is None else formatting.document_name(document))
        collection = self._collections.current
        if document is not None:
            self.field.set_place("this document")
            self.field.take_focus()
        elif collection is None:
            self.field.set_place("your documents")
        elif self._collections.is_builtin(collection):
            self.field.set_place("the handbook")
        else:
            self.field.set_place(f"“{formatting.name(collection)}”")

    def ask(self, question: str) -> None:
        self._question = question
        self._again = False
        self._drop()
        if not self._context.ready:
            self._open("Opening your documents…")
            self._context.services_ready.connect(self._ask_now, Qt.ConnectionType.SingleShotConnection)
            return
        services = self._context.services
        if services.chat.loaded is not None:
            self._writing = GroundedAnswerController(self._context, self.quotes_view, self._show)
            self._writing.ask(question, self._scope(), self._cannot_answer)
        else:
            run = services.documents.ask(question, self._scope())
            self._following = self._context.bridge.follow(run, self._answered, self._cannot_answer)
        self._slow.start(SAY_AFTER_MS)

    def documents_changed(self) -> None:
        """A question that found nothing is asked once more when all that it asks has been read."""
        if self._again and all(document.state not in _UNFINISHED for document in self._searched()):
            self.ask(self._question)

    def close(self) -> None:
        """Take the answer away and give the question's field the keyboard."""
        self._drop()
        self._question = ""
        self._again = False
        self.quotes_view.hide()
        self.closed.emit()
        self.field.take_focus()

    def _ask_now(self) -> None:
        if self._question and self.is_open:
            self.ask(self._question)

    def _ask_everywhere(self) -> None:
        question = self._question
        self._collections.choose(None)
        self.ask(question)

    def _drop(self) -> None:
        self._slow.stop()
        if self._following is not None:
            self._following.drop()
            self._following = None
        if self._writing is not None:
            self._writing.drop()
            self._writing = None

    def _stop_writing(self) -> None:
        if self._writing is not None:
            self._writing.stop()

    def _say_slow(self) -> None:
        if self._slow.interval() == SAY_AFTER_MS:
            self._open("Searching…")
            self._slow.start(EXPLAIN_AFTER_MS)
        else:
            self._open("The reader is starting; the first question takes a few seconds…")

    def _open(self, text: str) -> None:
        self.quotes_view.say(text)
        self.quotes_view.show()
        self.opened.emit()

    def _answered(self, answer: Answer) -> None:
        self._drop()
        self._show(answer)

    def _show(self, answer: Answer) -> None:
        self._slow.stop()
        unfinished = [document for document in self._searched() if document.state in _UNFINISHED]
        self._again = not answer.quotes and bool(unfinished)
        narrowed = self._only is not None or self._collections.current is not None
        self.quotes_view.show_answer(answer, self._where(), self._tips(unfinished), narrowed=narrowed)
        self.quotes_view.show()
        self.answered.emit()

    def _cannot_answer(self, error: AssistantError) -> None:
        self.close()
        self._context.notices.error(error)

    def _scope(self) -> Scope:
        if self._only is not None:
            return Scope(documents=(self._only.id,))
        return Scope(collection=self._collections.current)

    def _where(self) -> str:
        if self._only is not None:
            return formatting.isolate(f"“{formatting.document_name(self._only)}”")
        collection = self._collections.current
        return (
            "all documents" if collection is None else formatting.isolate(f"“{formatting.name(collection)}”")
        )

    def _searched(self) -> list[DocumentInfo]:
        if self._only is not None:
            return [self._model.get(self._only.id) or self._only]
        # Without documents of one's own it is the handbook that answers.
        return self._model.of_collection() or list(self._model.all())

    def _tips(self, unfinished: Sequence[DocumentInfo]) -> list[str]:
        tips = []
        if unfinished:
            are = "is" if len(unfinished) == 1 else "are"
            reading = f"{quantities.count(len(unfinished), 'document')} {are} still being read"
            tips.append(f"{reading}; this question is asked again then.")
        tips.append("Try the words that the document itself uses, or a name or number from it.")
        silent = sum(1 for document in self._searched() if document.report.empty)
        if silent:
            have = "has" if silent == 1 else "have"
            tips.append(
                f"{quantities.count(silent, 'document')} {have} pages without text, which cannot be searched."
            )
        return tips
