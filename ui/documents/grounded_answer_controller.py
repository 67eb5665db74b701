"""A model's answer to a question about documents: quotes at once, the model when it is loaded, its check."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from assistant.chat.records import PromptProgress, TextDelta
from assistant.documents.grounded_records import GroundedAnswer
from assistant.documents.records import Answer, Scope
from assistant.errors import AssistantError
from ui.common import answer_words, error_words, formatting, quantities
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.throttle import Throttle
from ui.common.translation import arg, translate
from ui.documents.quotes_view import QuotesView

if TYPE_CHECKING:
    from ui.models.chat_model_loader import ChatModelLoader


class GroundedAnswerController(QObject):
    """One question. Lives until another one is asked."""

    model_failed = Signal()
    """The model that was to answer was not loaded."""

    def __init__(
        self,
        context: PageContext,
        models: ChatModelLoader,
        quotes_view: QuotesView,
        show: Callable[[Answer], None],
    ) -> None:
        """`show` puts the quotes into their place as soon as they are there."""
        super().__init__(quotes_view)
        self._context = context
        self._models = models
        self._quotes_view = quotes_view
        self._show = show
        self._throttle = Throttle(context.bridge, self._take)
        self._following: Following[Any] | None = None
        self._answer: Answer | None = None
        self._question = ""
        self._scope = Scope()
        self._on_error: Callable[[AssistantError], None] = lambda _: None
        self._text = ""
        self._doing = ""
        self._reading = ""
        """What the model reads before its first word."""
        self._ended = False
        self._loading = False
        """The answer waits for the model."""
        self._loads = False
        """It is loaded for this answer."""

    @property
    def running(self) -> bool:
        """Whether there is something to stop."""
        return self._quotes_view.generated is not None and not self._ended

    def ask(self, question: str, scope: Scope, on_error: Callable[[AssistantError], None]) -> None:
        self._question, self._scope, self._on_error = question, scope, on_error
        if self._context.services.chat.loaded is not None:
            self._generate()
        else:
            self._following = self._context.run(
                lambda services: services.documents.ask(question, scope), self._found, on_error
            )

    def stop(self) -> None:
        """What has been written stays."""
        if not self.running:
            return
        loads = self._loading and self._loads
        self._drop_run()
        self._throttle.flush()
        self._end_unchecked(translate("documents", "Stopped."))
        if loads:
            self._models.stop()

    def drop(self) -> None:
        """Another question is asked, or none: the model need not go on."""
        self._drop_run()
        self._throttle.close()
        self._ended = True

    def _drop_run(self) -> None:
        self._stop_waiting()
        if self._following is not None:
            self._following.cancel()

    # --- the model is loaded while the quotes are there already

    def _found(self, answer: Answer) -> None:
        self._show_quotes(answer)
        if self._quotes_view.generated is None:
            self._ended = True
        elif self._models.info is not None:
            self._generate()
        else:
            self._wait_for_model()

    def _wait_for_model(self) -> None:
        models = self._models
        self._loading = True
        models.loaded.connect(self._model_loaded)
        models.changed.connect(self._model_changed)
        models.progressed.connect(self._model_progressed)
        if not models.loading:
            self._loads = True
            if not models.ensure(_nothing):
                self._model_changed()

    def _model_progressed(self, doing: str, percent: int) -> None:
        name = self._models.name()
        text = arg(translate("documents", "Loading %1…"), name)
        if percent >= 0:
            text = arg(
                translate("documents", "Loading %1… %2 %", "a model's name and percent"), name, percent
            )
        self._grow(text)

    def _model_loaded(self) -> None:
        self._stop_waiting()
        self._generate()

    def _model_changed(self) -> None:
        if not self._models.loading and self._models.info is None:
            self._stop_waiting()
            self._end_unchecked(translate("documents", "The model was not loaded."))
            self.model_failed.emit()

    def _stop_waiting(self) -> None:
        if self._loading:
            self._loading = False
            self._models.loaded.disconnect(self._model_loaded)
            self._models.changed.disconnect(self._model_changed)
            self._models.progressed.disconnect(self._model_progressed)

    # --- the model answers

    def _generate(self) -> None:
        services = self._context.services
        request = services.requests.question(self._question)
        run = services.grounded.ask(request, self._scope, on_report=self._throttle.put)
        self._following = self._context.bridge.follow(run, self._done, self._failed)

    def _take(self, came: list[object]) -> None:
        if self._ended:
            return
        for report in came:
            if isinstance(report, Answer):
                self._show_quotes(report)
                if report.quotes:
                    count = len(report.quotes)
                    self._reading = translate("documents", "Reading %n quote(s)", None, count)
                    self._doing = f"{self._reading}…"
            elif isinstance(report, PromptProgress):
                self._doing = quantities.reading(report, self._reading)
            elif isinstance(report, TextDelta) and not report.thinking:
                self._text += report.text
                self._doing = translate("documents", "Writing…")
            elif isinstance(report, TextDelta):
                self._doing = translate("documents", "Thinking…")
        self._grow(self._doing)

    def _grow(self, doing: str) -> None:
        if self._quotes_view.generated is not None and not self._ended:
            self._quotes_view.generated.grow(self._text, doing)

    def _show_quotes(self, answer: Answer) -> None:
        """The quotes, and above them the place of an answer if there can be one."""
        if self._answer is not None and self._answer.quotes == answer.quotes:
            return
        self._answer = answer
        self._show(answer)
        if answer.quotes and answer.absence is None:
            self._quotes_view.begin_generated_answer()

    def _failed(self, error: AssistantError) -> None:
        self._throttle.flush()
        if self._quotes_view.generated is not None:
            self._end_unchecked(formatting.one_line(error_words.both(error)))
        else:
            self.drop()
            self._on_error(error)

    def _end_unchecked(self, why: str) -> None:
        """It breaks off. Without a word of it, the best passage answers."""
        view = self._quotes_view
        self._throttle.close()
        if self._text and view.generated is not None:
            not_checked = translate("documents", "%1 This was not compared with the quotes.")
            view.generated.end_unchecked(arg(not_checked, why))
        elif view.generated is not None:
            view.show_passage(why)
        self._ended = True

    def _done(self, result: GroundedAnswer) -> None:
        self._throttle.flush()
        self._throttle.close()
        if self._answer is None:
            self._show_quotes(result.answer)
        view, checked = self._quotes_view, answer_words.checked(result)
        if view.generated is not None and checked.text:
            view.end_generated_answer(result.answer, checked, self._note(result))
        elif view.generated is not None:
            view.show_passage()
        self._ended = True

    def _note(self, result: GroundedAnswer) -> str:
        """Who wrote it, and what its marks mean."""
        name = self._models.name() if result.completion is not None else ""
        marked = result.checked.doubts or result.checked.unsourced
        marks = translate("documents", "What no quote supports is marked.") if marked else ""
        return " · ".join(part for part in (name, marks) if part)


def _nothing() -> None:
    """The loader tells by its signals that the model is there."""
