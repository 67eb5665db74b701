"""The answer to a question about documents: its quotes, then what the model generates, then what holds."""

from __future__ import annotations

from collections.abc import Callable

from assistant.chat.records import PromptProgress, TextDelta
from assistant.documents.records import Answer, GroundedAnswer, Quote, Scope
from assistant.errors import AssistantError
from ui.common import error_words, formatting, quantities
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.throttle import Throttle
from ui.common.translation import translate
from ui.documents.quotes_view import QuotesView


class GroundedAnswerController:
    def __init__(self, context: PageContext, quotes_view: QuotesView, show: Callable[[Answer], None]) -> None:
        """`show` puts the quotes into their place as soon as they are there."""
        self._context = context
        self._quotes_view = quotes_view
        self._show = show
        self._throttle = Throttle(context.bridge, self._take)
        self._following: Following[GroundedAnswer] | None = None
        self._quotes: tuple[Quote, ...] | None = None
        self._text = ""
        self._doing = ""

    def ask(self, question: str, scope: Scope, on_error: Callable[[AssistantError], None]) -> None:
        services = self._context.services
        run = services.grounded.ask(services.question(question), scope, on_report=self._throttle.put)

        def failed(error: AssistantError) -> None:
            self._show_last()
            if self._quotes is not None and self._quotes_view.generated is not None:
                self._end(self._text, (), formatting.one_line(error_words.both(error)))
            else:
                on_error(error)

        self._following = self._context.bridge.follow(run, self._done, failed)

    def stop(self) -> None:
        """What has been written stays."""
        if self._following is not None and self._following.wanted:
            self._following.cancel()
            self._show_last()
            self._end(self._text, (), translate("documents", "Stopped."))

    def drop(self) -> None:
        """Another question is asked, or none: the model need not go on."""
        self._throttle.close()
        if self._following is not None:
            self._following.cancel()

    def _take(self, came: list[object]) -> None:
        for report in came:
            if isinstance(report, Answer):
                self._show_quotes(report)
                if report.quotes:
                    self._doing = translate("documents", "reading %n quote(s)…", None, len(report.quotes))
            elif isinstance(report, PromptProgress):
                self._doing = quantities.reading(report)
            elif isinstance(report, TextDelta) and not report.thinking:
                self._text += report.text
                self._doing = ""
            elif isinstance(report, TextDelta):
                self._doing = translate("documents", "thinking…")
        if self._quotes_view.generated is not None:
            self._quotes_view.generated.grow(self._text, self._doing)

    def _show_quotes(self, answer: Answer) -> None:
        self._quotes = answer.quotes
        self._show(answer)
        if answer.quotes:
            self._quotes_view.begin_generated_answer(answer.quotes)

    def _show_last(self) -> None:
        self._throttle.flush()
        self._throttle.close()

    def _end(self, text: str, doubts: tuple[int, ...], note: str) -> None:
        if self._quotes_view.generated is not None:
            self._quotes_view.generated.end(text, doubts, note)

    def _done(self, result: GroundedAnswer) -> None:
        self._show_last()
        if self._quotes != result.answer.quotes:  # one was made longer, or they were not reported
            self._show_quotes(result.answer)
        found = result.checked.doubts
        note = translate("documents", "What no quote supports is marked.") if found else ""
        self._end(result.checked.text, found, note)
