"""A worker without a process: it takes calls, and the test answers them."""

from __future__ import annotations

import threading
from typing import Any

from assistant.jobs import JobState
from assistant.workers.run import Run

PATIENCE = 5.0
"""Seconds for a call that is made on another thread."""


class FakeWorker:
    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any], Run[Any]]] = []
        self.cancelled: list[Run[Any]] = []
        self._changed = threading.Condition()

    def submit(self, method: str, /, *, on_report: Any = None, **arguments: Any) -> Run[Any]:
        with self._changed:
            run: Run[Any] = Run(len(self.calls) + 1, on_report, self.cancelled.append, lambda *_: None)
            self.calls.append((method, arguments, run))
            self._changed.notify_all()
        return run

    @property
    def methods(self) -> list[str]:
        return [method for method, _, _ in self.calls]

    def wait_for_call(self, seconds: float = PATIENCE) -> None:
        """Until a call waits for its answer."""
        with self._changed:
            came = self._changed.wait_for(lambda: self.calls and not self.calls[-1][2].done(), seconds)
        assert came, self.methods

    def answer(self, value: Any = None, error: Exception | None = None) -> None:
        """The last call ends so."""
        self.wait_for_call()
        self.calls[-1][2].end(JobState.FAILED if error else JobState.DONE, value, error)
