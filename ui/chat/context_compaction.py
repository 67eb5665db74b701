"""What no longer fits into the model's memory is summarised while the person reads and writes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer

from assistant.errors import AssistantError
from ui.chat.conversation_controller import ConversationController
from ui.chat.history_executor import HistoryExecutor
from ui.chat.open_conversation import OpenConversation
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following

WAIT_MS = 1500
"""After an answer; whoever goes on at once is not kept waiting."""


class ContextCompaction(QObject):
    def __init__(
        self,
        context: PageContext,
        executor: HistoryExecutor,
        conversation: OpenConversation,
        controller: ConversationController,
    ) -> None:
        super().__init__(controller)
        self._context = context
        self._executor = executor
        self._conversation = conversation
        self._controller = controller
        self._following: Following[Any] | None = None
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._begin)
        controller.running_changed.connect(self._running_changed)

    def _running_changed(self, running: bool) -> None:
        if not running:
            self._timer.start()
            return
        self._timer.stop()
        if self._following is not None:
            self._following.cancel()
            self._following = None

    def _begin(self) -> None:
        info, path = self._conversation.info, self._conversation.path
        if info is not None and path:
            self._executor.do(
                lambda services: services.requests.compact(info.id, path),
                lambda run: self._begun(info.id, run),
            )

    def _begun(self, conversation: int, run: Any) -> None:
        if run is None:
            return
        if self._controller.running:
            run.cancel()
            return
        self._following = self._context.bridge.follow(run, lambda _: self._done(conversation), self._not_done)

    def _done(self, conversation: int) -> None:
        self._executor.do(
            lambda services: services.history.info(conversation), self._conversation.info_changed
        )

    def _not_done(self, error: AssistantError) -> None:
        """Nobody asked for it: the next answer says what is wrong."""
