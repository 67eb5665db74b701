"""Long jobs done one after the other, each known by a number, any of which can be stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from assistant.errors import WorkerError
from assistant.workers.run import Steps

log = logging.getLogger(__name__)


class JobQueue:
    """Any thread may call."""

    def __init__(
        self,
        name: str,
        do: Callable[[int, Steps], None],
        queued: Callable[[int], None],
        stopped: Callable[[int], None],
    ) -> None:
        """
        Args:
            name: of the thread, while there is one.
            do: does a job, on that thread; a stopped one's steps raise Cancelled. It raises nothing itself.
            queued: told of a job that waits from now on.
            stopped: told of a job that was stopped while it waited.
        """
        self._name = name
        self._do = do
        self._queued = queued
        self._stopped = stopped
        self._changed = threading.Condition()
        self._waiting: list[int] = []
        self._now: int | None = None
        self._steps = Steps(None)
        """Of the job in hand."""
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether the program ends; jobs in hand are stopped then, too."""
        return self._closed

    @property
    def waiting(self) -> int:
        """How many wait behind the one in hand."""
        return len(self._waiting)

    def add(self, ids: Sequence[int]) -> None:
        """Have jobs done; each waits for those before it. One that waits already, or is in hand, stays so."""
        with self._changed:
            for id in ids:
                if id in self._waiting or (id == self._now and not self._steps.token.cancelled):
                    continue
                self._queued(id)
                self._waiting.append(id)
            if self._thread is None and self._waiting and not self._closed:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()

    def stop(self, ids: Sequence[int] | None = None) -> None:
        """Stop these, or all. What `stopped` raises for one of them keeps no other one going."""
        with ExitStack() as afterwards, self._changed:
            if self._now is not None and (ids is None or self._now in ids):
                afterwards.callback(self._steps.cancel)
            chosen = [id for id in self._waiting if ids is None or id in ids]
            self._waiting = [id for id in self._waiting if id not in chosen]
            self._changed.notify_all()
            with ExitStack() as telling:
                for id in reversed(chosen):
                    telling.callback(self._stopped, id)

    def wait(self, ids: Sequence[int], timeout: float | None = None) -> bool:
        """Wait until none of these is waiting or in hand; false when the time is over."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not any(id == self._now or id in self._waiting for id in ids), timeout
            )

    def close(self) -> None:
        """Stop all, and wait for the one in hand."""
        with self._changed:
            self._closed = True
            thread = self._thread
        try:
            self.stop()
        finally:
            if thread is not None:
                thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._now = None
                self._changed.notify_all()
                if not self._waiting:
                    self._thread = None
                    return
                self._now = self._waiting.pop(0)
                id, steps = self._now, Steps(None)
                self._steps = steps
            try:
                self._do(id, steps)
            except Exception:  # a fault in one job must not hold up the others
                log.exception("A job of the %s queue failed", self._name)


def do_to_the_end(
    do: Callable[[], object], reached: Callable[[], float], is_death: Callable[[WorkerError], bool]
) -> None:
    """`do`, and again where its worker dies on the way: another one goes on where that one was.

    Args:
        reached: how far it has come.
        is_death: whether an error says that the worker died.

    Raises:
        WorkerError: two of them died in the same place.
    """
    died_at = -1.0
    while True:
        try:
            do()
        except WorkerError as error:
            if not is_death(error):
                raise
            before, died_at = died_at, reached()
            if died_at <= before:
                raise
        else:
            return
