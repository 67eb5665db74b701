"""The answer to a question about documents: its quotes, then the words of the model, then what holds."""

from __future__ import annotations

from collections.abc import Callable

from assistant.chat.records import Piece, Reading
from assistant.documents.records import Answer, GroundedAnswer, Scope
from assistant.errors import AssistantError
from ui.common import formatting, quantities
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.throttle import Throttle
from ui.documents.generated_answer_view import GeneratedAnswerView
from ui.documents.quotes_view import QuotesView

STOPPED = "Stopped."
ABSENT = "Not in the documents, it says."
REMOVED = "What no quote supports is marked."


class GroundedAnswerController:
    def __init__(self, context: PageContext, quotes_view: QuotesView, show: Callable[[Answer], None]) -> None:
        """`show` puts the quotes into their place as soon as they are there."""
        self._context = context
        self._quotes_view = quotes_view
        self._show = show
        self._throttle = Throttle(context.bridge, self._take)
        self._following: Following[GroundedAnswer] | None = None
        self._quoted = False
        self._text = ""
        self._doing = ""

    def ask(self, question: str, scope: Scope, on_error: Callable[[AssistantError], None]) -> None:
        services = self._context.services
        run = services.grounded.ask(services.question(question), scope, on_report=self._throttle.put)

        def failed(error: AssistantError) -> None:
            self._throttle.flush()
            self._throttle.close()
            if self._quoted and self._written is not None:
                self._written.end(self._text, (), formatting.one_line(f"{error.message} {error.hint}"))
            else:
                on_error(error)

        self._following = self._context.bridge.follow(run, self._done, failed)

    def stop(self) -> None:
        """What has been written stays."""
        if self._following is not None and self._following.wanted:
            self._following.cancel()
            self._throttle.flush()
            self._throttle.close()
            if self._written is not None:
                self._written.end(self._text, (), STOPPED)

    def drop(self) -> None:
        """Another question is asked, or none: the model need not go on."""
        self._throttle.close()
        if self._following is not None:
            self._following.cancel()

    @property
    def _written(self) -> GeneratedAnswerView | None:
        return self._quotes_view.written

    def _take(self, came: list[object]) -> None:
        for report in came:
            if isinstance(report, Answer):
                self._quoted = True
                self._show(report)
                if report.quotes:
                    self._quotes_view.begin_writing(report.quotes)
                    amount = quantities.count(len(report.quotes), "quote")
                    self._doing = f"reading {amount}…"
            elif isinstance(report, Reading):
                self._doing = quantities.reading(report)
            elif isinstance(report, Piece) and not report.thinking:
                self._text += report.text
                self._doing = ""
            elif isinstance(report, Piece):
                self._doing = "thinking…"
        if self._written is not None:
            self._written.grow(self._text, self._doing)

    def _done(self, result: GroundedAnswer) -> None:
        self._throttle.flush()
        self._throttle.close()
        if not self._quoted:
            self._show(result.answer)
        if self._written is None or result.completion is None:
            return
        found = result.checked.doubts
        note = ABSENT if result.checked.absent else (REMOVED if found else "")
        self._written.end(result.checked.text, found, note)
