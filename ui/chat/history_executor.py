"""Does short blocking work on one thread, one after the other: what is written first is on the disk first."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from assistant.errors import AssistantError
from ui.common.thread_bridge import Following, ThreadBridge, Work

T = TypeVar("T")


class SerialExecutor:
    """For the history, whose calls are short and must keep their order."""

    def __init__(self, bridge: ThreadBridge) -> None:
        self._bridge = bridge
        self._waiting: queue.SimpleQueue[Work[Any] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def do(
        self,
        work: Callable[[], T],
        on_result: Callable[[T], None] = lambda _: None,
        on_error: Callable[[AssistantError], None] | None = None,
    ) -> Following[T]:
        """Do `work` after all that was given before; its result comes back on the GUI thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep_doing, name="window-clerk", daemon=True)
            self._thread.start()
        task = Work(work)
        following = self._bridge.follow(task, on_result, on_error)
        self._waiting.put(task)
        return following

    def finish(self, within: float = 5.0) -> None:
        """Wait until all is done that was given; for the end of the program."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(within)
            self._thread = None

    def _keep_doing(self) -> None:
        while (task := self._waiting.get()) is not None:
            task.do()
