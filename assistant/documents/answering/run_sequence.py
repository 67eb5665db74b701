"""A run in the parent that is made of runs of several workers, one after the other."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from assistant.errors import Cancelled
from assistant.jobs import CancelToken, JobState
from assistant.workers.supervisor import Run

T = TypeVar("T")
S = TypeVar("S")

_ids = itertools.count(1)


class Steps(Generic[T]):
    """Carries out `work(steps)` on a thread of its own; `run` is what the caller gets.

    Stopping `run` stops the step in hand, and no other is begun.
    """

    def __init__(self, work: Callable[[Steps[T]], T], on_report: Callable[[Any], None] | None) -> None:
        self.token = CancelToken()
        self._lock = threading.Lock()
        self._inner: Run[Any] | None = None
        self.run: Run[T] = Run(next(_ids), on_report, self._cancel, lambda _run, _count: None)
        self.run.begin()
        self._work = work
        threading.Thread(target=self._carry_out, name=f"steps {self.run.id}", daemon=True).start()

    def report(self, value: Any) -> None:
        """Tell the caller how far it is."""
        self.run.report(value)

    def result(self, step: Run[S]) -> S:
        """Wait for what a step gives.

        Raises:
            Cancelled: the whole was stopped.
            AssistantError: the step failed.
        """
        with self._lock:
            self._inner = step
        if self.token.cancelled:  # before it was known that this step runs
            step.cancel()
        return step.result()

    def _cancel(self, _: Run[T]) -> None:
        self.token.cancel()
        with self._lock:
            inner = self._inner
        if inner is not None:
            inner.cancel()

    def _carry_out(self) -> None:
        try:
            value = self._work(self)
        except Cancelled as error:
            self.run.end(JobState.CANCELLED, None, error)
        except Exception as error:
            self.run.end(JobState.FAILED, None, error)
        else:
            self.run.end(JobState.DONE, value, None)
