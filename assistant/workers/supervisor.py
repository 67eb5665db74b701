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
from assistant.workers.child import Birth, in_words
from assistant.workers.connection import START_SECONDS, Connection, Fault, Flight
from assistant.workers.messages import Accepted, Call, Cancel
from assistant.workers.run import Run

__all__ = ["Run", "Worker", "stop_all"]

_MEMORY_CHECK_SECONDS = 0.2
_DEATH_CHECK_SECONDS = 5.0
"""How often the process itself is looked at. Its death shows as EOF at once if nobody else holds the pipe."""

_REST_SECONDS = 10.0
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
    unless it keeps dying without having answered a call. Calls that were in flight when it died fail with
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
        self._birth = Birth(name, engine, arguments or {}, memory_limit if hard_memory_limit else None)
        self._on_event = on_event
        self._on_restart = on_restart
        self._memory_limit = memory_limit
        self._memory_base = 0
        self._idle_seconds = idle_seconds
        self._before_start = before_start
        self._changed = threading.Condition()
        self._waiting: dict[int, Flight] = {}
        """Calls that no process has yet."""
        self._link: Connection | None = None
        self._keeper: threading.Thread | None = None
        self._wanted = False
        self._stopping = False
        self._resting = False
        self._failures = 0
        self._not_before = self._died_at = 0.0
        _workers.add(self)

    # --- for the caller

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        link = self._link
        return link.pid if link is not None and not link.closing else None

    @property
    def guard_level(self) -> str:
        """The network guard's level in the child; "" until it is ready."""
        link = self._link
        return link.ready.guard if link is not None and link.ready is not None else ""

    @property
    def idle_since(self) -> float:
        """When the last call or event ended (time.monotonic); 0 while there is no process."""
        link = self._link
        return link.quiet_since if link is not None else 0.0

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
        run: Run[Any] = Run(next(_ids), on_report, self._cancelled, self._taken)
        flight = Flight(run, Call(run.id, method, arguments), time_limit)
        if _exiting.is_set():
            run.end(JobState.CANCELLED, None, Cancelled())
            return run
        with self._changed:
            if self._link is not None and not self._link.closing and not self._link.ended:
                self._link.take(flight)
            else:
                self._waiting[run.id] = flight
            self._wake()
        return run

    def call(
        self,
        method: str,
        /,
        *,
        on_report: Callable[[Any], None] | None = None,
        time_limit: float | None = None,
        **arguments: Any,
    ) -> Any:
        """`submit` and wait for the result."""
        return self.submit(method, on_report=on_report, time_limit=time_limit, **arguments).result()

    def stop(self) -> None:
        """End the process; it is gone when this returns.

        Calls in flight are cancelled. A later call starts it again.
        """
        keeper = self._begin_stop()
        if keeper is not None and keeper is not threading.current_thread():
            keeper.join()

    def rest(self) -> bool:
        """End the process if it has nothing to do: its memory is free when this returns true.

        A later call starts it again.
        """
        with self._changed:
            link = self._link
            if link is None or link.ready is None or link.flights or self._waiting:
                return False
            self._resting = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._link is not link or not self._resting, _REST_SECONDS)
            return self._link is not link

    # --- from runs

    def _cancelled(self, run: Run[Any]) -> None:
        with self._changed:
            if self._waiting.pop(run.id, None) is not None:
                return
            link = self._link
            flight = link.flights.get(run.id) if link is not None else None
            if link is not None and flight is not None:
                flight.cancelled = time.monotonic()
                link.post(Cancel(run.id))
                self._changed.notify_all()

    def _taken(self, run_id: int, count: int) -> None:
        link = self._link
        if link is not None:
            link.post(Accepted(run_id, count))

    # --- the thread that keeps the process

    def _wake(self) -> None:
        if self._keeper is None and not self._stopping:
            self._keeper = threading.Thread(target=self._keep, name=f"keeper {self.name}", daemon=True)
            self._keeper.start()
        self._changed.notify_all()

    def _begin_stop(self) -> threading.Thread | None:
        with self._changed:
            self._wanted = False
            if self._keeper is None:
                return None
            self._stopping = True
            self._changed.notify_all()
            return self._keeper

    def _keep(self) -> None:
        """Start, watch and bury one process after the other.

        All on one thread, because Linux ends a child when the thread that started it ends.
        """
        try:
            self._keep_going()
        except BaseException as error:  # a fault in here must not leave anybody waiting
            with self._changed:
                link, self._link, self._keeper = self._link, None, None
                flights = [*self._waiting.values(), *(link.flights.values() if link is not None else ())]
                self._waiting.clear()
                self._wanted = self._stopping = False
            _end_all(
                flights, JobState.FAILED, WorkerError("worker-unwatched", name=self.name, why=str(error))
            )
            raise

    def _keep_going(self) -> None:
        while self._wait_until_wanted():
            if self._before_start is not None:
                _guarded(self._before_start)
            try:
                link = Connection(self._birth, self._changed, self._on_event)
                link.start()
            except Exception as error:
                _log.exception("%s could not be started", self.name)
                self._bear_start_failure(error)
                continue
            with self._changed:
                self._link = link
                self._memory_base = 0
                for flight in self._waiting.values():
                    link.take(flight)
                self._waiting.clear()
                fault, flight_at_fault = self._watch(link)
                link.closing = True
            self._end(link, fault, flight_at_fault)

    def _wait_until_wanted(self) -> bool:
        """Sleep until a process is needed; false when the worker is stopped."""
        with self._changed:
            while not self._stopping:
                if not self._wanted and not self._waiting:
                    self._changed.wait()
                    continue
                # A call waits a second at most, so that one file after the other may crash its reader.
                rest = self._not_before - time.monotonic()
                if self._waiting:
                    rest = min(rest, 1.0 - (time.monotonic() - self._died_at))
                if rest <= 0:
                    self._wanted = True
                    return True
                self._changed.wait(rest)
            flights = list(self._waiting.values())
            self._waiting.clear()
            self._stopping = False
            self._keeper = None
        _end_all(flights, JobState.CANCELLED, Cancelled())
        return False

    def _watch(self, link: Connection) -> tuple[Fault | None, Flight | None]:
        """Wait, holding the condition, until the process has died or has to; None: it is to stop."""
        started = time.monotonic()
        while True:
            if self._stopping:
                return None, None
            if self._resting:
                if not link.flights:
                    self._wanted = False
                    return None, None
                self._resting = False  # a call came first
                self._changed.notify_all()
            if link.ended or not link.alive:
                return Fault.DIED, None
            now = time.monotonic()
            deadlines = [now + _DEATH_CHECK_SECONDS]
            if link.ready is None:
                if now >= started + START_SECONDS:
                    return Fault.NOT_READY, None
                deadlines.append(started + START_SECONDS)
            else:
                for flight in link.flights.values():
                    deadline = flight.deadline()
                    if deadline is not None:
                        if deadline <= now:
                            return (Fault.DEAF if flight.cancelled is not None else Fault.SILENT), flight
                        deadlines.append(deadline)
                if self._memory_limit is not None:
                    if self._over_memory_limit(link, self._memory_limit):
                        return Fault.MEMORY, None
                    deadlines.append(now + (_MEMORY_CHECK_SECONDS if link.flights else 1.0))
                if self._idle_seconds is not None and not link.flights:
                    if now >= link.quiet_since + self._idle_seconds:
                        self._wanted = False
                        return None, None
                    deadlines.append(link.quiet_since + self._idle_seconds)
            self._changed.wait(min(deadlines) - now)

    def _over_memory_limit(self, link: Connection, limit: int) -> bool:
        used = link.memory_used()
        if not self._memory_base:
            self._memory_base = used
        return used > self._memory_base + limit

    # --- its end

    def _end(self, link: Connection, fault: Fault | None, at_fault: Flight | None) -> None:
        """Bury the process, tell its calls, and decide when the next one may start."""
        error: WorkerError | None = None
        if fault is None:
            link.stop()
        elif fault is Fault.DIED:
            code = link.bury()
            error = crash_errors.of_death(self.name, link, code)
        else:
            link.kill(with_stacks=fault in (Fault.DEAF, Fault.SILENT, Fault.NOT_READY))
            error = crash_errors.of_fault(self.name, fault, at_fault, self._memory_limit)
        with self._changed:
            self._link = None
            self._resting = False
            flights = list(link.flights.values())
            link.flights.clear()
            self._changed.notify_all()
            if error is not None:
                self._plan_restart(link, fault, error)
        if error is None:
            _end_all(flights, JobState.CANCELLED, Cancelled())
            return
        _log.warning("%s", error)
        for flight in flights:
            flight.run.end(
                JobState.FAILED, None, crash_errors.for_flight(self.name, flight, fault, at_fault, error)
            )
        self._tell(error)

    def _plan_restart(self, link: Connection, fault: Fault | None, error: WorkerError) -> None:
        self._died_at = now = time.monotonic()
        if fault is Fault.DEAF:
            return  # the person's Stop is no failure of the engine
        steady = link.ready is not None and (link.answered or now - link.ready_at > _STEADY_SECONDS)
        self._failures = 1 if steady else self._failures + 1
        self._not_before = now + (0.0 if self._failures < 3 else min(30.0, 0.0625 * 2**self._failures))
        would_fail_again = link.ready is None and error.details.get("signal") != "SIGKILL"
        if would_fail_again or self._failures > _RESTARTS:
            self._wanted = False  # the next call may try

    def _bear_start_failure(self, error: Exception) -> None:
        """There is not even a process."""
        failure = WorkerStartFailed("worker-not-startable", name=self.name, why=in_words(error))
        with self._changed:
            self._wanted = False
            self._failures += 1
            self._died_at = time.monotonic()
            flights = list(self._waiting.values())
            self._waiting.clear()
        _end_all(flights, JobState.FAILED, failure)
        self._tell(failure)

    def _tell(self, error: WorkerError) -> None:
        callback = self._on_restart
        if callback is not None and not self._stopping:
            threading.Thread(
                target=lambda: _guarded(lambda: callback(error)), name=f"restart {self.name}", daemon=True
            ).start()


def stop_all() -> None:
    """Stop every worker of this process, side by side. Happens by itself when the process ends."""
    keepers = [keeper for worker in list(_workers) if (keeper := worker._begin_stop()) is not None]
    for keeper in keepers:
        keeper.join()


@atexit.register
def _stop_for_good() -> None:
    _exiting.set()
    stop_all()


def _end_all(flights: list[Flight], state: JobState, error: Exception) -> None:
    for flight in flights:
        flight.run.end(state, None, error)


def _guarded(callback: Callable[[], object]) -> None:
    try:
        callback()
    except Exception:
        _log.exception("A callback of a worker failed")
