"""One call in flight, seen from the parent; and runs of the parent's own, made of such calls."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar, cast

from assistant.errors import Cancelled
from assistant.jobs import CancelToken, JobState

T = TypeVar("T")
S = TypeVar("S")
P = ParamSpec("P")

ACKNOWLEDGE_EVERY = 64
"""Reports that are acknowledged together; a fraction of messages.SEND_WINDOW."""

_log = logging.getLogger(__name__)


class Run(Generic[T]):
    """One call in flight. Its reports and callbacks come on a thread of its own, the reports before the end.

    `cancel` counts at once, whatever the engine does: nothing of the run is delivered afterwards.
    """

    def __init__(
        self,
        run_id: int,
        on_report: Callable[[Any], None] | None,
        on_cancel: Callable[[Run[T]], None],
        on_acknowledged: Callable[[int, int], None],
    ) -> None:
        """Made by `Worker.submit`. `on_acknowledged(run id, count)` is told of reports dealt with."""
        self.id = run_id
        self._on_report = on_report
        self._on_cancel = on_cancel
        self._on_acknowledged = on_acknowledged
        self._changed = threading.Condition()
        self._state = JobState.QUEUED
        self._value: T | None = None
        self._error: Exception | None = None
        self._outcome: tuple[JobState, T | None, Exception | None] | None = None
        """How it ends, once the reports before it are delivered."""
        self._reports: list[Any] = []
        self._delivering = False
        self._idle = False
        """The delivering thread waits for more."""
        self._unacknowledged = 0
        self._callbacks: list[Callable[[Run[T]], None]] = []

    @staticmethod
    def derived(
        work: Callable[[Steps], S],
        on_report: Callable[[Any], None] | None = None,
        on_cancel: Callable[[], None] | None = None,
    ) -> Run[S]:
        """A run of the parent's own: `work(steps)`, on a thread, whose result or error is the run's.

        `on_cancel` is called on the thread that cancels it, before `cancel` returns.
        """
        steps = Steps(on_report)
        if on_cancel is not None:
            steps.token.when_cancelled(on_cancel)
        run: Run[S] = Run(0, None, lambda _: steps.cancel(), lambda _run, _count: None)
        run.begin()

        def do() -> None:
            try:
                value = work(steps)
            except Cancelled as stop:
                run.end(JobState.CANCELLED, None, stop)
            except Exception as error:
                run.end(JobState.FAILED, None, error)
            else:
                run.end(JobState.DONE, value, None)

        threading.Thread(target=do, name="derived run", daemon=True).start()
        return run

    # --- for the caller

    @property
    def state(self) -> JobState:
        return self._state

    def done(self) -> bool:
        """Whether `result` answers at once."""
        return self._state not in (JobState.QUEUED, JobState.RUNNING)

    def result(self, timeout: float | None = None) -> T:
        """Wait for the result, at most `timeout` seconds.

        Raises:
            AssistantError: the run failed.
            Cancelled: it was stopped.
            TimeoutError: it goes on, but the time is over.
        """
        with self._changed:
            if not self._changed.wait_for(self.done, timeout):
                raise TimeoutError
        if self._error is not None:
            raise self._error
        return cast(T, self._value)

    def cancel(self) -> None:
        """Stop it. Nothing happens if it has ended."""
        if self.end(JobState.CANCELLED, None, Cancelled()):
            self._on_cancel(self)

    def when_done(self, callback: Callable[[Run[T]], None]) -> None:
        """Call `callback(run)` at its end, on a thread of the run; at once if it has ended."""
        with self._changed:
            if not self.done():
                self._callbacks.append(callback)
                return
        callback(self)

    # --- for the supervisor

    def begin(self) -> None:
        with self._changed:
            if self._state is JobState.QUEUED:
                self._state = JobState.RUNNING

    def report(self, value: Any) -> None:
        """Have a report delivered. Returns at once."""
        with self._changed:
            if self._outcome is not None or self.done():
                return
            if self._on_report is None:
                self._unacknowledged += 1
                if self._unacknowledged % ACKNOWLEDGE_EVERY == 0:
                    self._on_acknowledged(self.id, ACKNOWLEDGE_EVERY)
                return
            self._reports.append(value)
            if not self._delivering:
                self._delivering = True
                threading.Thread(target=self._deliver, name=f"run {self.id}", daemon=True).start()
            elif self._idle:
                self._changed.notify_all()

    def end(self, state: JobState, value: T | None, error: Exception | None) -> bool:
        """End it so, after its reports if it was not cancelled. False if it has ended already."""
        with self._changed:
            if self.done() or (self._outcome is not None and state is not JobState.CANCELLED):
                return False
            self._outcome = (state, value, error)
            if self._delivering and state is not JobState.CANCELLED:
                self._changed.notify_all()
                return True
            self._settle()
            callbacks = self._callbacks
        if callbacks:
            threading.Thread(
                target=self._call_back, args=(callbacks,), name=f"run {self.id} ended", daemon=True
            ).start()
        return True

    @property
    def waits_for_callback(self) -> bool:
        """Whether reports have come that its callback has not dealt with yet."""
        return self._delivering and not self._idle

    def _settle(self) -> None:
        assert self._outcome is not None
        self._state, self._value, self._error = self._outcome
        self._reports.clear()
        self._changed.notify_all()

    def _deliver(self) -> None:
        """Give out the reports, and then the end."""
        assert self._on_report is not None
        delivered = 0
        while True:
            with self._changed:
                self._idle = True
                self._changed.wait_for(lambda: self._reports or self._outcome is not None)
                self._idle = False
                if self.done():
                    return
                if not self._reports:
                    self._settle()
                    callbacks = self._callbacks
                    break
                reports, self._reports = self._reports, []
            for value in reports:
                if self.done():  # cancelled meanwhile
                    return
                try:
                    self._on_report(value)
                except Exception:
                    _log.exception("A callback for reports failed")
                delivered += 1
                if delivered % ACKNOWLEDGE_EVERY == 0:
                    self._on_acknowledged(self.id, ACKNOWLEDGE_EVERY)
        self._call_back(callbacks)

    def _call_back(self, callbacks: list[Callable[[Run[T]], None]]) -> None:
        for callback in callbacks:
            try:
                callback(self)
            except Exception:
                _log.exception("A callback for the end of a run failed")


class Steps:
    """What the work of a derived run is made of: other runs, one after another, and reports in between."""

    def __init__(self, on_report: Callable[[Any], None] | None) -> None:
        self.token = CancelToken()
        self._on_report = on_report

    def result(self, start: Callable[P, Run[S]], /, *arguments: P.args, **named: P.kwargs) -> S:
        """Start another run and wait for its result. Once the whole was stopped, none is started.

        Raises:
            Cancelled: the whole was stopped.
            AssistantError: the other run failed.
        """
        self.token.raise_if_cancelled()
        step = start(*arguments, **named)
        self.token.when_cancelled(step.cancel)  # at once, where that came while it was started
        return step.result()

    def report(self, value: Any) -> None:
        """Hand a report to the caller at once, so that who reports too fast has to wait."""
        if self._on_report is None or self.token.cancelled:
            return
        try:
            self._on_report(value)
        except Exception:
            _log.exception("A callback for reports failed")

    def cancel(self) -> None:
        """Stop the step in hand; no other is started."""
        self.token.cancel()
