"""Calls the history on one thread: the calls are short, and what is written first is on the disk first."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.errors import AssistantError
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following, Work

if TYPE_CHECKING:
    from assistant.services import Services

T = TypeVar("T")


class HistoryExecutor:
    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._queue: queue.SimpleQueue[Work[Any] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def do(
        self,
        work: Callable[[Services], T],
        on_result: Callable[[T], object] = lambda _: None,
        on_error: Callable[[AssistantError], object] | None = None,
    ) -> Following[T] | None:
        """As `PageContext.in_background`, but after all that was given before."""
        if not self._context.ready:
            return None
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="window-history", daemon=True)
            self._thread.start()
        services = self._context.services
        task = Work(lambda: work(services))
        following = self._context.bridge.follow(task, on_result, on_error)
        self._queue.put(task)
        return following

    def finish(self, within: float = 5.0) -> None:
        """Wait until all is done that was given; for the end of the program."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(within)
            self._thread = None

    def _run(self) -> None:
        while (task := self._queue.get()) is not None:
            task.do()
