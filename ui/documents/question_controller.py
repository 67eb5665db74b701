"""A question from the moment it is written until its quotes are shown, or that there are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from assistant.documents.records import Answer, DocumentInfo, Scope
from assistant.errors import AssistantError
from ui.common import document_state, formatting
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.translation import arg, translate
from ui.documents.collection_controller import CollectionController
from ui.documents.document_list_model import DocumentListModel
from ui.documents.grounded_answer_controller import GroundedAnswerController
from ui.documents.question_field import QuestionField
from ui.documents.quotes_view import QuotesView

if TYPE_CHECKING:
    from ui.models.chat_model_loader import ChatModelLoader

SAY_AFTER_MS = 200
"""An answer that comes sooner needs no words that it is searched for."""
EXPLAIN_AFTER_MS = 1800
"""After so much more it is said why it takes long."""


class QuestionController(QObject):
    """Only the latest question counts: an earlier one's answer is dropped."""

    opened = Signal()
    """The place of the answer has come into view, or says something new."""
    answered = Signal()
    closed = Signal()

    def __init__(
        self,
        context: PageContext,
        model: DocumentListModel,
        collections: CollectionController,
        chat_models: Callable[[], ChatModelLoader],
    ) -> None:
        """`chat_models` is asked for only once there is a model that may answer."""
        super().__init__(model)
        self._chat_models = chat_models
        self._unusable: Path | None = None
        """The model that could not be loaded: it is not tried again with every question."""
        self._context = context
        self._model = model
        self._collections = collections
        self._question = ""
        self._ask_again = False
        """It found nothing while some of what it asks was still being read."""
        self._left = 0
        """How many of the documents were not read when it was asked."""
        self._document: DocumentInfo | None = None
        """The only one that is asked."""
        self._following: Following[Any] | None = None
        self._grounded: GroundedAnswerController | None = None
        self._slow_timer = QTimer(self, singleShot=True)
        self._slow_timer.timeout.connect(self._say_slow)
        self.field = QuestionField()
        self.quotes_view = QuotesView()
        self.quotes_view.hide()
        self.field.asked.connect(self.ask)
        self.field.escaped.connect(self.escape)
        self.field.narrowing_dropped.connect(lambda: self.narrow(None))
        self.quotes_view.closed.connect(self.close)
        self.quotes_view.everywhere_wanted.connect(self._ask_everywhere)
        self.quotes_view.stop_wanted.connect(self.stop)
        collections.chosen.connect(lambda _: self.narrow(None))

    @property
    def is_open(self) -> bool:
        return not self.quotes_view.isHidden()

    def narrow(self, document: DocumentInfo | None) -> None:
        """Ask this one document, or the whole collection again."""
        self._document = document
        self.field.narrow(None if document is None else formatting.document_name(document))
        collection = self._collections.current
        if document is not None:
            self.field.set_prompt(translate("documents", "Ask this document…"))
            self.field.take_focus()
        elif collection is None:
            self.field.set_prompt(translate("documents", "Ask your documents…"))
        elif self._collections.is_builtin(collection):
            self.field.set_prompt(translate("documents", "Ask the handbook…"))
        else:
            self.field.set_prompt(arg(translate("documents", "Ask “%1”…"), formatting.name(collection)))

    def ask(self, question: str) -> None:
        self._question = question
        self._ask_again = False
        self._drop()
        if not self._context.ready:
            self._open(translate("documents", "Opening your documents…"))
            self._context.services_ready.connect(self._ask_now, Qt.ConnectionType.SingleShotConnection)
            return
        models = self._answering_model()
        if models is not None:
            self._grounded = GroundedAnswerController(self._context, models, self.quotes_view, self._show)
            self._grounded.model_failed.connect(lambda: setattr(self, "_unusable", models.chosen))
            self._grounded.ask(question, self._scope(), self._cannot_answer)
        else:
            self._following = self._context.run(
                lambda services: services.documents.ask(question, self._scope()),
                self._answered,
                self._cannot_answer,
            )
        self._slow_timer.start(SAY_AFTER_MS)

    def _answering_model(self) -> ChatModelLoader | None:
        """Where the model comes from that answers; None if none is loaded or can be."""
        services = self._context.services
        chosen = services.settings.chat.model
        if services.chat.loaded is None and not (chosen and Path(chosen).is_file()):
            return None
        models = self._chat_models()
        if services.chat.loaded is None and models.info is None and models.chosen == self._unusable:
            return None
        return models

    def stop(self) -> bool:
        """Stop what the model does for the answer; false if it does nothing."""
        if self._grounded is None or not self._grounded.running:
            return False
        self._grounded.stop()
        return True

    def escape(self) -> None:
        """Stop first; then close the answer."""
        if not self.stop() and (self.is_open or self.field.text()):
            self.field.clear()
            self.close()

    def documents_changed(self) -> None:
        """A question that found nothing is asked again when half of what was left is read, and so on."""
        if self._ask_again and self._unfinished() <= self._left // 2:
            self.ask(self._question)

    def close(self) -> None:
        """Take the answer away and give the question's field the keyboard."""
        self._drop()
        self._question = ""
        self._ask_again = False
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
        self._slow_timer.stop()
        if self._following is not None:
            self._following.drop()
            self._following = None
        if self._grounded is not None:
            self._grounded.drop()
            self._grounded = None

    def _say_slow(self) -> None:
        if self._slow_timer.interval() == SAY_AFTER_MS:
            self._open(translate("documents", "Searching…"))
            self._slow_timer.start(EXPLAIN_AFTER_MS)
        else:
            self._open(translate("documents", "Search is starting; the first question takes a few seconds…"))

    def _open(self, text: str) -> None:
        self.quotes_view.say(text)
        self.quotes_view.show()
        self.opened.emit()

    def _answered(self, answer: Answer) -> None:
        self._drop()
        self._show(answer)

    def _show(self, answer: Answer) -> None:
        self._slow_timer.stop()
        self._left = self._unfinished()
        self._ask_again = not answer.quotes and self._left > 0
        self.quotes_view.show_answer(answer, self._place(), self._tips(self._left), self._ask_again)
        self.quotes_view.show()
        self.answered.emit()

    def _cannot_answer(self, error: AssistantError) -> None:
        self.close()
        self._context.notices.error(error)

    def _scope(self) -> Scope:
        if self._document is not None:
            return Scope(documents=(self._document.id,))
        return Scope(collection=self._collections.current)

    def _place(self) -> str | None:
        """The name of what is asked; None for all documents."""
        if self._document is not None:
            return formatting.isolate(formatting.document_name(self._document))
        collection = self._collections.current
        return None if collection is None else formatting.isolate(formatting.name(collection))

    def _searched(self) -> list[DocumentInfo]:
        if self._document is not None:
            return [self._model.get(self._document.id) or self._document]
        # Without documents of one's own it is the handbook that answers.
        return self._model.of_collection() or list(self._model.all())

    def _unfinished(self) -> int:
        return sum(document.state in document_state.UNFINISHED for document in self._searched())

    def _tips(self, unfinished: int) -> list[str]:
        """What to try when nothing was found."""
        tips = [translate("documents", "Try words the document itself uses, or a name or number from it.")]
        if unfinished == 1:
            text = translate("documents", "1 document is still being read; then the question is asked again.")
            tips.insert(0, text)
        elif unfinished:
            text = translate(
                "documents",
                "%n documents are still being read; then the question is asked again.",
                None,
                unfinished,
            )
            tips.insert(0, text)
        waiting = sum(document.report.waiting > 0 for document in self._searched())
        if waiting == 1:
            tips.append(translate("documents", "1 document has pages whose text is still to be recognised."))
        elif waiting:
            text = translate(
                "documents", "%n documents have pages whose text is still to be recognised.", None, waiting
            )
            tips.append(text)
        reports = [document.report for document in self._searched()]
        silent = sum(report.empty > 0 and not report.waiting for report in reports)
        if silent == 1:
            tips.append(
                translate("documents", "1 document has pages without text, which cannot be searched.")
            )
        elif silent:
            text = translate(
                "documents", "%n documents have pages without text, which cannot be searched.", None, silent
            )
            tips.append(text)
        return tips
