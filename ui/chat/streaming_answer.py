"""One answer from the moment it is asked for until its last word is on the disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.chat.history.records import READ_ONLY_TEXT, MessageState, StoredMessage
from assistant.chat.records import Completion, PromptProgress, TextDelta
from assistant.documents.grounded_records import GroundedAnswer, Summary
from assistant.documents.records import Quote
from assistant.errors import AssistantError
from ui.chat.history_executor import HistoryExecutor
from ui.common import answer_words, quantities
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following, Running
from ui.common.throttle import Throttle


class StreamingAnswer(QObject):
    """Its pieces go to the disk on the thread they come on, and to the eye a few times a second."""

    grew = Signal()
    ended = Signal(object)
    """The StoredMessage as it is on the disk now."""

    def __init__(self, context: PageContext, executor: HistoryExecutor, writer: Any) -> None:
        """`writer` is a PartialAnswer of the history."""
        super().__init__(context)
        self._context = context
        self._executor = executor
        self._writer = writer
        self.message: StoredMessage = writer.message
        self.text: str = self.message.content
        self.thinking: str = self.message.thinking
        self.status = ""
        """What happens now, as long as there is nothing to read."""
        self.reading = ""
        """What the model reads before its first word; "" for the conversation."""
        self.quotes: tuple[Quote, ...] = ()
        """What the answer may cite."""
        self.read_only_text = False
        """It is about pictures, and its model does not see."""
        self._throttle = Throttle(context.bridge, self._show)
        self._following: Following[Any] | None = None
        self._take: Callable[[object], None] = lambda _: None
        self._began = time.monotonic()

    # --- for the controller

    def receive(self, report: object) -> None:
        """Takes a report of the engine, on any thread: as `on_report`."""
        if isinstance(report, TextDelta):
            self._writer.append(report.text, thinking=report.thinking)
        self._throttle.put(report)

    def follow(self, run: Running[Any], take: Callable[[object], None] = lambda _: None) -> None:
        """Wait for the run's end; `take` gets the reports that are neither words nor progress."""
        self._take = take
        self._following = self._context.bridge.follow(run, self._done, self._not_done)

    def stop(self) -> None:
        """What has been written stays."""
        if self._following is not None and self._following.wanted:
            self._following.cancel()
            self._finish(MessageState.STOPPED)

    def show_status(self, status: str) -> None:
        self.status = status
        self.grew.emit()

    # --- what comes

    def _show(self, came: list[object]) -> None:
        for report in came:
            if isinstance(report, TextDelta):
                if report.thinking:
                    self.thinking += report.text
                else:
                    self.text += report.text
                self.status = ""
            elif isinstance(report, PromptProgress):
                self.status = quantities.reading(report, self.reading)
            else:
                self._take(report)
        self.grew.emit()

    def _done(self, result: Any) -> None:
        self._throttle.flush()
        completion = result.completion if isinstance(result, GroundedAnswer | Summary) else result
        text: str | None = _text(result)
        thinking = completion.thinking if completion is not None else None
        if self.message.content:  # an answer that was continued: only its end came
            text, thinking = None, None
        meta = self._context.services.requests.answer_meta(result)
        self._finish(MessageState.COMPLETE, text=text, thinking=thinking or None, **meta)

    def _not_done(self, error: AssistantError) -> None:
        kept = {**error.problem.as_json(), "reason": error.reason, "details": error.details}
        self._finish(MessageState.FAILED, error=kept)

    def _finish(self, state: MessageState, **values: Any) -> None:
        self._throttle.flush()
        self._throttle.close()
        self.status = ""
        writer = self._writer
        if self.read_only_text:
            values[READ_ONLY_TEXT] = True
        values.setdefault("seconds", round(time.monotonic() - self._began, 3))
        self._executor.do(lambda _: writer.finish(state, **values), self.ended.emit, self._not_stored)

    def _not_stored(self, error: AssistantError) -> None:
        self._context.notices.error(error)
        self.ended.emit(self.message)


def _text(result: Completion | GroundedAnswer | Summary) -> str:
    match result:
        case GroundedAnswer():
            return answer_words.checked(result).text
        case Summary():
            return result.checked.text
        case _:
            return result.text
