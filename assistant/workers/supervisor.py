"""The parent's side of an engine's process: starts it, talks to it, and replaces it when it dies."""

from __future__ import annotations

import atexit
import itertools
import logging
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

from assistant.errors import Cancelled, WorkerError, WorkerStartFailed
from assistant.jobs import JobState
from assistant.workers import crash_errors
from assistant.workers.child import EngineSpec, in_words
from assistant.workers.connection import START_SECONDS, Connection, Fault, PendingCall
from assistant.workers.messages import Acknowledged, Call, Cancel
from assistant.workers.run import Run

__all__ = ["Run", "Worker", "stop_all"]

_MEMORY_CHECK_SECONDS = 0.2
"""How often a process with a memory limit is looked at while it has calls."""

_DEATH_CHECK_SECONDS = 5.0
"""How often the process itself is looked at. Its death shows as EOF at once if nobody else holds the pipe."""

_IDLE_STOP_SECONDS = 10.0
"""An engine ends in less than this, whatever it has to bring to the disk."""

_STEADY_SECONDS = 30.0
"""A child that was ready for so long is not one that dies at its start."""

_RESTARTS = 6
"""Restarts in a row without a sign of success; after them only a call starts another."""

_ids = itertools.count(1)
_log = logging.getLogger(__name__)
_workers: weakref.WeakSet[Worker] = weakref.WeakSet()
_exiting = threading.Event()


class Worker:
    """An engine in a process of its own. All methods may be called from any thread and from callbacks.

    The process is started by `start` or by the first call, and again after an unexpected death: at once,
    unless it keeps dying without having answered a call. Calls that were pending when it died fail with
    a WorkerError; none is repeated by itself.
    """

    def __init__(
        self,
        engine: str,
        arguments: dict[str, Any] | None = None,
        *,
        name: str,
        on_event: Callable[[Any], None] | None = None,
        on_restart: Callable[[WorkerError], None] | None = None,
        memory_limit: int | None = None,
        hard_memory_limit: bool = False,
        idle_seconds: float | None = None,
        before_start: Callable[[], object] | None = None,
    ) -> None:
        """Starts nothing yet.

        Args:
            engine: "module:Class", imported in the child alone; see child.CallContext.
            arguments: for its constructor.
            name: what people call it; begins its error messages and names its log file.
            on_event: gets what the engine emits, in order, on a thread of its own.
            on_restart: told of each unexpected death, on a thread of its own.
            memory_limit: bytes that it may use beyond what it uses when ready. Looked at five times a second;
                a child over it is killed and its calls fail with WorkerOutOfMemory.
            hard_memory_limit: also let an allocation beyond the limit fail at once (Linux): a MemoryError
                in the one call, where the library allows it. Not for libraries that reserve much ahead.
            idle_seconds: stop the process after so long without a call and without an event.
            before_start: called before each start of the process, on a thread of the worker's own.
        """
        self.name = name
        self._spec = EngineSpec(name, engine, arguments or {}, memory_limit if hard_memory_limit else None)
        self._on_event = on_event
        self._on_restart = on_restart
        self._memory_limit = memory_limit
        self._memory_base = 0
        self._idle_seconds = idle_seconds
        self._before_start = before_start
        self._changed = threading.Condition()
        self._queued: dict[int, PendingCall] = {}
        """Calls that no process has yet."""
        self._connection: Connection | None = None
        self._monitor: threading.Thread | None = None
        self._wanted = False
        self._stopping = False
        self._stopping_if_idle = False
        self._failures = 0
        self._not_before = self._died_at = 0.0
        _workers.add(self)

    # --- for the caller

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        connection = self._connection
        return connection.pid if connection is not None and not connection.closing else None

    @property
    def idle_since(self) -> float:
        """When the last call or event ended (time.monotonic); 0 while there is no process."""
        connection = self._connection
        return connection.idle_since if connection is not None else 0.0

    def start(self) -> None:
        """Have the process started. Returns at once; calls and on_restart are told what goes wrong."""
        with self._changed:
            self._wanted = True
            self._wake()

    def submit(
        self,
        method: str,
        /,
        *,
        on_report: Callable[[Any], None] | None = None,
        time_limit: float | None = None,
        **arguments: Any,
    ) -> Run[Any]:
        """Call a method of the engine. Returns at once, also while the process is being started.

        Args:
            on_report: gets the call's reports in order, on a thread of the run.
            time_limit: seconds without a result and without a report after which the child is killed and the
                run fails with WorkerUnresponsive. The time of starting does not count.
        """
        run: Run[Any] = Run(next(_ids), on_report, self._cancelled, self._acknowledge)
        pending = PendingCall(run, Call(run.id, method, arguments), time_limit)
        if _exiting.is_set():
            run.end(JobState.CANCELLED, None, Cancelled())
            return run
        with self._changed:
            if self._connection is not None and not self._connection.closing and not self._connection.ended:
                self._connection.take(pending)
            else:
                self._queued[run.id] = pending
            self._wake()
        return run

    def call(self, method: str, /, **arguments: Any) -> Any:
        """`submit`, with the same arguments, and wait for the result."""
        return self.submit(method, **arguments).result()

    def stop(self) -> None:
        """End the process; it is gone when this returns.

        Pending calls are cancelled. A later call starts it again.
        """
        monitor = self._begin_stop()
        if monitor is not None and monitor is not threading.current_thread():
            monitor.join()

    def stop_if_idle(self) -> bool:
        """End the process if it has nothing to do: its memory is free when this returns true.

        A later call starts it again.
        """
        with self._changed:
            connection = self._connection
            if connection is None or not connection.ready or connection.pending or self._queued:
                return False
            self._stopping_if_idle = True
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: self._connection is not connection or not self._stopping_if_idle, _IDLE_STOP_SECONDS
            )
            return self._connection is not connection

    # --- from runs

    def _cancelled(self, run: Run[Any]) -> None:
        with self._changed:
            if self._queued.pop(run.id, None) is not None:
                return
            connection = self._connection
            pending = connection.pending.get(run.id) if connection is not None else None
            if connection is not None and pending is not None:
                pending.cancelled = time.monotonic()
                connection.post(Cancel(run.id))
                self._changed.notify_all()

    def _acknowledge(self, run_id: int, count: int) -> None:
        connection = self._connection
        if connection is not None:
            connection.post(Acknowledged(run_id, count))

    # --- the thread that keeps the process

    def _wake(self) -> None:
        if self._monitor is None and not self._stopping:
            self._monitor = threading.Thread(
                target=self._run_monitor, name=f"monitor {self.name}", daemon=True
            )
            self._monitor.start()
        self._changed.notify_all()

    def _begin_stop(self) -> threading.Thread | None:
        with self._changed:
            self._wanted = False
            if self._monitor is None:
                return None
            self._stopping = True
            self._changed.notify_all()
            return self._monitor

    def _run_monitor(self) -> None:
        """Start, watch and reap one process after the other.

        All on one thread, because Linux ends a child when the thread that started it ends.
        """
        try:
            self._run_processes()
        except BaseException as error:  # a fault in here must not leave anybody waiting
            with self._changed:
                connection, self._connection, self._monitor = self._connection, None, None
                pending = [*self._queued.values(), *(connection.pending.values() if connection else ())]
                self._queued.clear()
                self._wanted = self._stopping = False
            unwatched = WorkerError("worker-unwatched", name=self.name, why=str(error))
            _end_all(pending, JobState.FAILED, unwatched)
            raise

    def _run_processes(self) -> None:
        while self._wait_until_wanted():
            if self._before_start is not None:
                _guarded(self._before_start)
            try:
                connection = Connection(self._spec, self._changed, self._on_event)
                connection.start()
            except Exception as error:
                _log.exception("%s could not be started", self.name)
                self._start_failed(error)
                continue
            with self._changed:
                self._connection = connection
                self._memory_base = 0
                for pending in self._queued.values():
                    connection.take(pending)
                self._queued.clear()
                fault, at_fault = self._watch(connection)
                connection.closing = True
            self._end(connection, fault, at_fault)

    def _wait_until_wanted(self) -> bool:
        """Sleep until a process is needed; false when the worker is stopped."""
        with self._changed:
            while not self._stopping:
                if not self._wanted and not self._queued:
                    self._changed.wait()
                    continue
                # A call waits a second at most, so that one file after the other may crash its reader.
                delay = self._not_before - time.monotonic()
                if self._queued:
                    delay = min(delay, 1.0 - (time.monotonic() - self._died_at))
                if delay <= 0:
                    self._wanted = True
                    return True
                self._changed.wait(delay)
            pending = list(self._queued.values())
            self._queued.clear()
            self._stopping = False
            self._monitor = None
        _end_all(pending, JobState.CANCELLED, Cancelled())
        return False

    def _watch(self, connection: Connection) -> tuple[Fault | None, PendingCall | None]:
        """Wait, holding the condition, until the process has died or has to; None: it is to stop."""
        started = time.monotonic()
        while True:
            if self._stopping:
                return None, None
            if self._stopping_if_idle:
                if not connection.pending:
                    self._wanted = False
                    return None, None
                self._stopping_if_idle = False  # a call came first
                self._changed.notify_all()
            if connection.ended or not connection.alive:
                return Fault.DIED, None
            now = time.monotonic()
            deadlines = [now + _DEATH_CHECK_SECONDS]
            if not connection.ready:
                if now >= started + START_SECONDS:
                    return Fault.NOT_READY, None
                deadlines.append(started + START_SECONDS)
            else:
                for pending in connection.pending.values():
                    deadline = pending.deadline()
                    if deadline is not None:
                        if deadline <= now:
                            ignored = pending.cancelled is not None
                            return (Fault.IGNORED_CANCEL if ignored else Fault.TIMED_OUT), pending
                        deadlines.append(deadline)
                if self._memory_limit is not None:
                    if self._over_memory_limit(connection, self._memory_limit):
                        return Fault.MEMORY, None
                    deadlines.append(now + (_MEMORY_CHECK_SECONDS if connection.pending else 1.0))
                if self._idle_seconds is not None and not connection.pending:
                    if now >= connection.idle_since + self._idle_seconds:
                        self._wanted = False
                        return None, None
                    deadlines.append(connection.idle_since + self._idle_seconds)
            self._changed.wait(min(deadlines) - now)

    def _over_memory_limit(self, connection: Connection, limit: int) -> bool:
        used = connection.memory_used()
        if not self._memory_base:
            self._memory_base = used
        return used > self._memory_base + limit

    # --- its end

    def _end(self, connection: Connection, fault: Fault | None, at_fault: PendingCall | None) -> None:
        """Reap the process, tell its calls, and decide when the next one may start."""
        error: WorkerError | None = None
        if fault is None:
            connection.stop()
        elif fault is Fault.DIED:
            code = connection.reap()
            error = crash_errors.of_death(self.name, connection, code)
        else:
            connection.kill(with_stacks=fault in (Fault.IGNORED_CANCEL, Fault.TIMED_OUT, Fault.NOT_READY))
            error = crash_errors.of_fault(self.name, fault, at_fault, self._memory_limit)
        with self._changed:
            self._connection = None
            self._stopping_if_idle = False
            pending = list(connection.pending.values())
            connection.pending.clear()
            self._changed.notify_all()
            if error is not None:
                self._plan_restart(connection, fault, error)
        if error is None:
            _end_all(pending, JobState.CANCELLED, Cancelled())
            return
        _log.warning("%s", error)
        for call in pending:
            call.run.end(
                JobState.FAILED, None, crash_errors.for_call(self.name, call, fault, at_fault, error)
            )
        self._report_restart(error)

    def _plan_restart(self, connection: Connection, fault: Fault | None, error: WorkerError) -> None:
        self._died_at = now = time.monotonic()
        if fault is Fault.IGNORED_CANCEL:
            return  # the person's Stop is no failure of the engine
        steady = connection.ready and (connection.answered or now - connection.ready_at > _STEADY_SECONDS)
        self._failures = 1 if steady else self._failures + 1
        self._not_before = now + (0.0 if self._failures < 3 else min(30.0, 0.0625 * 2**self._failures))
        would_fail_again = not connection.ready and error.details.get("signal") != "SIGKILL"
        if would_fail_again or self._failures > _RESTARTS:
            self._wanted = False  # the next call may try

    def _start_failed(self, error: Exception) -> None:
        """There is not even a process."""
        failure = WorkerStartFailed("worker-not-startable", name=self.name, why=in_words(error))
        with self._changed:
            self._wanted = False
            self._failures += 1
            self._died_at = time.monotonic()
            pending = list(self._queued.values())
            self._queued.clear()
        _end_all(pending, JobState.FAILED, failure)
        self._report_restart(failure)

    def _report_restart(self, error: WorkerError) -> None:
        callback = self._on_restart
        if callback is not None and not self._stopping:
            threading.Thread(
                target=lambda: _guarded(lambda: callback(error)), name=f"restart {self.name}", daemon=True
            ).start()


def stop_all() -> None:
    """Stop every worker of this process, side by side. Happens by itself when the process ends."""
    monitors = [monitor for worker in list(_workers) if (monitor := worker._begin_stop()) is not None]
    for monitor in monitors:
        monitor.join()


@atexit.register
def _stop_for_good() -> None:
    _exiting.set()
    stop_all()


def _end_all(pending: list[PendingCall], state: JobState, error: Exception) -> None:
    for call in pending:
        call.run.end(state, None, error)


def _guarded(callback: Callable[[], object]) -> None:
    try:
        callback()
    except Exception:
        _log.exception("A callback of a worker failed")
