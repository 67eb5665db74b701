"""One child process from the parent's side: its pipe, the calls it has, its end."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import pickle
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from assistant import hardware, network_guard
from assistant.errors import AssistantError, Cancelled
from assistant.jobs import JobState
from assistant.workers import child, start_ahead
from assistant.workers.messages import (
    NO_RUN,
    Acknowledged,
    Attempts,
    Call,
    Event,
    Failure,
    Ready,
    Report,
    Result,
    ToChild,
    ToParent,
)
from assistant.workers.run import ACKNOWLEDGE_EVERY, Run

START_SECONDS = 180.0
"""An engine that is not ready by then is given up. The slowest imports 7 s cold on an idle computer."""

CANCEL_SECONDS = 2.0
"""How long a call that was stopped may go on before its process is killed."""

EOF_SECONDS = 2.0
"""How long a process may go on after its pipe was closed, before it gets SIGTERM."""

TERMINATE_SECONDS = 1.0
"""How long it may go on after SIGTERM, before it is killed."""

_REAP_SECONDS = 5.0
"""How long a killed process may take to be gone; longer only where the kernel itself is stuck."""

_log = logging.getLogger(__name__)
_context = multiprocessing.get_context("spawn")


class Fault(Enum):
    """Why the supervisor has to replace a child."""

    DIED = auto()
    NOT_READY = auto()
    IGNORED_CANCEL = auto()
    """A call that was stopped went on."""
    TIMED_OUT = auto()
    """A call was over its time limit."""
    MEMORY = auto()


@dataclass(slots=True)
class PendingCall:
    """A call and what is known of it."""

    run: Run[Any]
    call: Call
    time_limit: float | None
    last_sign: float = field(default_factory=time.monotonic)
    """When the last sign of life of this call came (time.monotonic)."""
    cancelled: float | None = None

    def deadline(self) -> float | None:
        """When the process has to be killed for this call's sake; None: not in sight."""
        if self.cancelled is not None:
            return self.cancelled + CANCEL_SECONDS
        if self.time_limit is None:
            return None
        if self.run.waits_for_callback:  # it is this side that is slow
            self.last_sign = time.monotonic()
        return self.last_sign + self.time_limit


class Connection:
    """A child process. Its attributes belong to whoever holds `changed`, the supervisor's condition."""

    def __init__(
        self,
        spec: child.EngineSpec,
        changed: threading.Condition,
        on_event: Callable[[Any], None] | None,
    ) -> None:
        self.name = spec.name
        self.pid: int | None = None
        self.pending: dict[int, PendingCall] = {}
        self.ready = False
        self.ready_at = 0.0
        self.ended = False
        """The pipe is at its end."""
        self.closing = False
        """Takes no more calls."""
        self.exit_error: Exception | None = None
        self.answered = False
        """Whether a call has come to its end in it."""
        self.idle_since = time.monotonic()
        self._spec = spec
        self._changed = changed
        self._on_event = on_event
        self._outgoing: queue.SimpleQueue[ToChild | None] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._event_thread: threading.Thread | None = None
        self._events_unacknowledged = 0
        self._threads: list[threading.Thread] = []
        self._kills_before = _memory_kills()
        self._pipe: Pipe
        self._process: BaseProcess

    # --- its life

    def start(self) -> None:
        """Start the process. The calling thread has to live as long: its end would end the child (Linux).

        Raises:
            OSError: the system refuses another process.
            Exception: the engine's arguments do not pickle.
        """
        self._pipe, self._process = self._taken_over() or self._start_process()
        self.pid = self._process.pid
        for work, name in ((self._read, "from"), (self._write, "to")):
            thread = threading.Thread(target=work, name=f"{name} {self.name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def _taken_over(self) -> tuple[Pipe, BaseProcess] | None:
        """The process that was started ahead for this engine, told what it works with."""
        ahead = start_ahead.take(self._spec.engine)
        if ahead is None:
            return None
        try:
            ahead[0].send(self._spec)
        except OSError:  # it has just died
            ahead[0].close()
            return None
        return ahead

    def _start_process(self) -> tuple[Pipe, BaseProcess]:
        ours, childs = _context.Pipe()
        process = _context.Process(target=child.main, args=(childs, self._spec), name=self.name, daemon=False)
        try:
            with start_ahead.starting:
                process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            childs.close()
        return ours, process

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def post(self, message: ToChild) -> None:
        """Send a message. Returns at once."""
        self._outgoing.put(message)

    def take(self, pending: PendingCall) -> None:
        """Hand a call to the child."""
        self.pending[pending.run.id] = pending
        pending.last_sign = time.monotonic()
        if self.ready:
            pending.run.begin()
        self.post(pending.call)

    def memory_used(self) -> int:
        """Bytes of the child's memory that are in use; 0 when it is gone."""
        import psutil

        try:
            return int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def stop(self) -> None:
        """End the process: EOF, then SIGTERM, then SIGKILL. It is gone when this returns."""
        self._close_pipe()
        self._process.join(EOF_SECONDS)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(TERMINATE_SECONDS)
        self.reap()

    def kill(self, *, with_stacks: bool = False) -> None:
        """End the process now. `with_stacks`: have it write first where each of its threads is."""
        if with_stacks and hasattr(signal, "SIGUSR1") and self.pid is not None and self.ready:
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGUSR1)
                self._process.join(0.05)
        self.reap()

    def reap(self) -> int | None:
        """Make sure that the process is gone, and all that it started; give its exit code."""
        if self.ended:
            self._process.join(TERMINATE_SECONDS)  # the pipe is at its end a moment before the process
        self._kill_group()
        self._process.kill()
        code = self._exit_code()
        self._close_pipe()
        self._outgoing.put(None)
        self._events.put(None)
        for thread in self._threads:
            thread.join()
        self._pipe.close()
        with contextlib.suppress(ValueError):  # it cannot be told whether it has ended
            self._process.close()
        return code

    def _exit_code(self) -> int | None:
        deadline = time.monotonic() + _REAP_SECONDS
        while time.monotonic() < deadline:
            self._process.join(_REAP_SECONDS)
            if self._process.exitcode is not None:
                return self._process.exitcode
            # multiprocessing has just taken its exit code on another thread, where it starts another process.
            time.sleep(0.005)
        _log.error("The process of %s (%s) does not end", self.name, self.pid)
        return None

    def memory_ran_out(self) -> bool:
        """Whether the system has killed a process for want of memory since this one started."""
        now = _memory_kills()
        return now is None or self._kills_before is None or now > self._kills_before

    def _kill_group(self) -> None:
        """End what the child has started and left behind (other programs; our own end by themselves)."""
        if self.pid is None or not hasattr(os, "killpg"):
            return
        with contextlib.suppress(OSError):  # usually: there is nobody left
            os.killpg(self.pid, signal.SIGKILL)

    def _close_pipe(self) -> None:
        """End the pipe in both directions, which wakes whoever reads or writes on either side."""
        if sys.platform == "win32":
            self._pipe.close()
            return
        # Not close: it would leave this side's reading thread asleep, on a number that is used again.
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._pipe.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)

    # --- the pipe

    def _write(self) -> None:
        while (message := self._outgoing.get()) is not None:
            try:
                data = pickle.dumps(message)
            except Exception as error:
                self._refuse(message, error)
                continue
            try:
                self._pipe.send_bytes(data)
            except OSError:
                return  # the reading side sees the end as well, and says it

    def _refuse(self, message: ToChild, error: Exception) -> None:
        with self._changed:
            pending = self.pending.pop(message.run, None)
        if pending is not None:
            unsent = AssistantError("request-not-sent", name=self.name, why=child.in_words(error))
            pending.run.end(JobState.FAILED, None, unsent)

    def _read(self) -> None:
        try:
            while True:
                self._handle(self._pipe.recv())
        except (EOFError, OSError):
            pass
        except Exception as error:
            _log.exception("What %s sent cannot be read", self.name)
            self.exit_error = AssistantError("output-not-readable", why=child.in_words(error))
            self._close_pipe()
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def _handle(self, message: ToParent) -> None:
        now = time.monotonic()
        match message:
            case Report():
                with self._changed:
                    pending = self.pending.get(message.run)
                    self.idle_since = now
                if pending is not None:
                    pending.last_sign = now
                    pending.run.report(message.value)
            case Result() | Failure() if message.run != NO_RUN:
                with self._changed:
                    pending = self.pending.pop(message.run, None)
                    self.idle_since = now
                    self.answered = True
                    self._changed.notify_all()
                if pending is not None:
                    _end(pending.run, message)
            case Failure():
                self.exit_error = message.error
            case Event():
                self.idle_since = now
                self._take_event(message)
            case Attempts():
                network_guard.add_attempts(message.count, message.words)
            case Ready():
                with self._changed:
                    self.ready = True
                    self.ready_at = self.idle_since = now
                    for pending in self.pending.values():
                        pending.last_sign = now
                        pending.run.begin()
                        if pending.cancelled is not None:
                            pending.cancelled = now
                    self._changed.notify_all()

    def _take_event(self, event: Event) -> None:
        if self._on_event is None:
            self._count_event()
            return
        if self._event_thread is None:
            self._event_thread = threading.Thread(
                target=self._deliver_events, args=(self._on_event,), name=f"events {self.name}", daemon=True
            )
            self._event_thread.start()
        self._events.put(event)

    def _deliver_events(self, on_event: Callable[[Any], None]) -> None:
        while (event := self._events.get()) is not None:
            try:
                on_event(event.value)
            except Exception:
                _log.exception("A callback for events failed")
            self._count_event()

    def _count_event(self) -> None:
        self._events_unacknowledged += 1
        if self._events_unacknowledged % ACKNOWLEDGE_EVERY == 0:
            self.post(Acknowledged(NO_RUN, ACKNOWLEDGE_EVERY))


def _end(run: Run[Any], message: Result | Failure) -> None:
    if isinstance(message, Result):
        run.end(JobState.DONE, message.value, None)
    elif isinstance(message.error, Cancelled):
        run.end(JobState.CANCELLED, None, message.error)
    else:
        run.end(JobState.FAILED, None, message.error)


def _memory_kills() -> int | None:
    """How many processes Linux has killed for want of memory since it started; None where it is not told."""
    return hardware.statistic(Path("/proc/vmstat"), "oom_kill")
