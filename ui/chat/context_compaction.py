"""What no longer fits into the model's memory is summarised while the person reads and writes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer

from assistant.errors import AssistantError
from ui.chat.conversation_controller import ConversationController
from ui.chat.history_executor import SerialExecutor
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following

WAIT_MS = 1500
"""After an answer; whoever goes on at once is not kept waiting."""


class CompactionRunner(QObject):
    def __init__(self, desk: PageContext, clerk: SerialExecutor, talk: ConversationController) -> None:
        super().__init__(talk)
        self._desk = desk
        self._clerk = clerk
        self._talk = talk
        self._following: Following[Any] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(WAIT_MS)
        self._soon.timeout.connect(self._begin)
        talk.running_changed.connect(self._running_changed)

    def _running_changed(self, running: bool) -> None:
        if not running:
            self._soon.start()
            return
        self._soon.stop()
        if self._following is not None:
            self._following.cancel()
            self._following = None

    def _begin(self) -> None:
        info, path = self._talk.info, self._talk.path
        if info is not None and path and self._desk.ready:
            services = self._desk.services
            self._clerk.do(lambda: services.recollect(info.id, path), lambda run: self._begun(info.id, run))

    def _begun(self, conversation: int, run: Any) -> None:
        if run is None:
            return
        if self._talk.running:
            run.cancel()
            return
        self._following = self._desk.bridge.follow(run, lambda _: self._done(conversation), self._not_done)

    def _done(self, conversation: int) -> None:
        if self._desk.ready:
            services = self._desk.services
            self._clerk.do(lambda: services.history.info(conversation), self._talk.info_changed)

    def _not_done(self, error: AssistantError) -> None:
        """Nobody asked for it: the next answer says what is wrong."""
