"""The engine's side of the pipe: the guard first, then the engine, then calls side by side until EOF."""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from assistant import network_guard
from assistant.errors import AssistantError, Cancelled, WorkerOutOfMemory, WorkerStartFailed
from assistant.jobs import CancelToken
from assistant.workers.child_log import ChildLog
from assistant.workers.messages import (
    NO_RUN,
    SEND_WINDOW,
    Acknowledged,
    Attempts,
    Call,
    Cancel,
    Event,
    Failure,
    Ready,
    Report,
    Result,
    ToChild,
    ToParent,
)

GRACE_SECONDS = 1.5
"""From EOF on the pipe to the end of the process, whatever still runs. Less than the parent waits."""

_MOST_CALLS = 256
"""Calls that run side by side; more wait. Threads are only made when none is free."""

_HOUSEKEEPING_SECONDS = 15.0
"""How often the log's size is looked at; attempts to reach a network are sent at once."""


class CallContext:
    """What an engine's method gets with each call: a token to look at, and a way to report.

    An engine is any class with public methods `method(self, context: CallContext, **arguments)`. It is
    constructed as `engine(**arguments, emit=emit)` and may have `close()`.
    """

    def __init__(self, token: CancelToken | None = None, report: Callable[[Any], None] | None = None) -> None:
        self.token = token or CancelToken()
        self._report = report

    def report(self, value: Any) -> None:
        """Send progress or a partial result. Waits while the receiver is far behind.

        Raises:
            Cancelled: the run was stopped.
        """
        self.token.raise_if_cancelled()
        if self._report is not None:
            self._report(value)


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """What a child is told when it starts."""

    name: str
    engine: str
    arguments: dict[str, Any] = field(default_factory=dict)
    data_limit: int | None = None
    """Bytes that may be taken beyond what the engine has when it is ready; more is a MemoryError."""


def main(connection: Connection, spec: EngineSpec) -> None:
    """Run an engine until the pipe ends. The first code of ours in the new process."""
    _begin()
    _run(connection, spec)


def main_ahead(connection: Connection, engine: str) -> None:
    """Import an engine, and run it once its spec comes through the pipe; see `start_ahead`."""
    _begin()
    with contextlib.suppress(Exception):  # it will be said when the engine is wanted
        _load(engine)
    try:
        spec = connection.recv()
    except (EOFError, OSError):  # it is not wanted
        return
    _run(connection, spec)


def _begin() -> None:
    network_guard.install()
    _share_heap()
    _leave_terminal()
    _die_with_parent()


def _run(connection: Connection, spec: EngineSpec) -> None:
    log = ChildLog(spec.name)
    log.open()
    _Child(connection, log).run(spec)


def _leave_terminal() -> None:
    """Ctrl-C belongs to the parent, which decides; a group of its own lets the parent end all of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)


def _share_heap() -> None:
    """Have all threads allocate from one heap, where the C library gives each one of its own (glibc).

    What one thread has freed then serves the others, and goes back to the system. The documents worker held
    60 MB more.
    """
    if sys.platform != "linux":
        return
    import ctypes

    m_arena_max = -8
    with contextlib.suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(m_arena_max, 1)


def give_back_freed() -> None:
    """Have the system get the memory that was freed but is kept for what comes (glibc).

    Libraries that hold large blocks for moments leave much of it.
    """
    if sys.platform != "linux":
        return
    import ctypes

    with contextlib.suppress(AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def _die_with_parent() -> None:
    """Have the kernel kill this process with its parent, even while native code keeps Python from running.

    EOF on the pipe does the same where Python runs (and if the parent has gone by now); this is the second
    net, and Linux alone has it.
    """
    if sys.platform != "linux":
        return
    import ctypes

    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, int(signal.SIGKILL), 0, 0, 0)


class _SendWindow:
    """Lets `SEND_WINDOW` values of one run out of the process until the parent acknowledges some."""

    def __init__(self) -> None:
        self._free = SEND_WINDOW
        self._changed = threading.Condition()
        self._closed = False

    def acquire(self) -> bool:
        """Wait until one may be sent; false once the window is closed."""
        with self._changed:
            while self._free == 0 and not self._closed:
                self._changed.wait()
            self._free -= 1
            return not self._closed

    def release(self, count: int) -> None:
        with self._changed:
            self._free += count
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class _ActiveCall:
    """A call that is queued or carried out."""

    def __init__(self) -> None:
        self.token = CancelToken()
        self.window = _SendWindow()

    def cancel(self) -> None:
        self.token.cancel()
        self.window.close()


class _Child:
    def __init__(self, connection: Connection, log: ChildLog) -> None:
        self._connection = connection
        self._log = log
        self._writing = threading.Lock()
        self._lock = threading.Lock()
        self._active: dict[int, _ActiveCall] = {}
        self._queued: list[Call] | None = []
        """Calls that came before the engine was ready; None afterwards."""
        self._engine: Any = None
        self._pool = ThreadPoolExecutor(_MOST_CALLS, thread_name_prefix="call")
        self._events = _SendWindow()
        self._stopping = threading.Event()
        self._attempt_made = threading.Event()
        self._attempts_reported = 0

    def run(self, spec: EngineSpec) -> None:
        """Construct the engine, serve, and end the process. Does not return."""
        network_guard.on_attempt(self._attempt_made.set)
        threading.Thread(target=self._read, name="pipe", daemon=True).start()
        threading.Thread(target=self._housekeep, name="housekeeping", daemon=True).start()
        try:
            engine = _load(spec.engine)(**spec.arguments, emit=self._emit)
        except BaseException as error:
            _log_traceback()
            self._send(Failure(NO_RUN, _start_failure(spec.name, error)))
            _end(1)
        if spec.data_limit is not None:
            _limit_data(spec.data_limit)
        with self._lock:
            self._engine = engine
            queued, self._queued = self._queued or [], None
        self._send(Ready())
        for call in queued:
            self._pool.submit(self._execute, call)
        self._stopping.wait()
        self._finish()

    # --- from the parent

    def _read(self) -> None:
        status = 0
        try:
            while True:
                self._handle(self._connection.recv())
        except (EOFError, OSError):
            pass
        except BaseException as error:  # a message that cannot be unpickled
            _log_traceback()
            self._send(Failure(NO_RUN, AssistantError("request-not-readable", why=in_words(error))))
            status = 1
        # From here on the process ends, also if native code keeps each of its other threads.
        threading.Thread(target=_end_after_grace, args=(status,), name="grace", daemon=True).start()
        with self._lock:
            active = list(self._active.values())
        for call in active:
            call.cancel()
        self._events.close()
        self._stopping.set()

    def _handle(self, message: ToChild) -> None:
        match message:
            case Call():
                with self._lock:
                    self._active[message.run] = _ActiveCall()
                    if self._queued is not None:
                        self._queued.append(message)
                        return
                self._pool.submit(self._execute, message)
            case Cancel():
                with self._lock:
                    active = self._active.get(message.run)
                if active is not None:
                    active.cancel()
            case Acknowledged():
                if message.run == NO_RUN:
                    self._events.release(message.count)
                    return
                with self._lock:
                    active = self._active.get(message.run)
                if active is not None:
                    active.window.release(message.count)

    # --- calls

    def _execute(self, call: Call) -> None:
        with self._lock:
            active = self._active[call.run]
        answer = self._answer(call, active)
        self._send_attempts()
        with self._lock:
            del self._active[call.run]
        self._send_answer(answer)

    def _answer(self, call: Call, active: _ActiveCall) -> Result | Failure:
        def report(value: Any) -> None:
            if not active.window.acquire():
                raise Cancelled
            self._send(Report(call.run, value))

        try:
            active.token.raise_if_cancelled()
            method = _method(self._engine, call.method)
            return Result(call.run, method(CallContext(active.token, report), **call.arguments))
        except Cancelled:
            return Failure(call.run, Cancelled())
        except AssistantError as error:
            return Failure(call.run, error)
        except MemoryError:
            _log_traceback()
            return Failure(call.run, WorkerOutOfMemory("memory-error"))
        except BaseException as error:
            _log_traceback()
            why, stack = in_words(error), _traceback(error)
            wrong = AssistantError("program-error", method=call.method, why=why, traceback=stack)
            return Failure(call.run, wrong)

    def _send_answer(self, answer: Result | Failure) -> None:
        if isinstance(answer, Failure):
            answer = Failure(answer.run, _picklable(answer.error))
        try:
            self._send(answer)
        except Exception as error:  # what a value raises when it is pickled can be anything
            _log_traceback()
            self._send(Failure(answer.run, AssistantError("result-not-sent", why=in_words(error))))

    # --- to the parent

    def _emit(self, value: Any) -> None:
        """Send an Event. Waits while the parent is far behind; does nothing once the parent is gone."""
        if self._events.acquire():
            self._send(Event(value))

    def _send(self, message: ToParent) -> None:
        data = pickle.dumps(message)
        try:
            with self._writing:
                self._connection.send_bytes(data)
        except OSError:
            pass  # the parent is gone: the reading thread sees it too and ends the process

    def _send_attempts(self) -> None:
        with self._lock:
            count = network_guard.attempts() - self._attempts_reported
            self._attempts_reported += count
        if count:
            self._send(Attempts(count, network_guard.attempts_in_words()[-count:]))

    def _housekeep(self) -> None:
        while not self._stopping.is_set():
            self._attempt_made.wait(_HOUSEKEEPING_SECONDS)
            self._attempt_made.clear()
            self._send_attempts()
            self._log.keep_small()

    def _finish(self) -> None:
        """Give the calls and the engine a moment to put things in order; the grace thread ends it anyway."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        close = getattr(self._engine, "close", None)
        if close is not None:
            try:
                close()
            except BaseException:
                _log_traceback()
        _end(0)


def _log_traceback() -> None:
    """Write the exception that is being handled to the log, if that can be written."""
    with contextlib.suppress(Exception):  # a full disk must not cost the answer
        traceback.print_exc()


def _load(engine: str) -> Callable[..., Any]:
    module, _, name = engine.partition(":")
    loaded: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return loaded


def _method(engine: Any, name: str) -> Callable[..., Any]:
    method = None if name.startswith("_") else getattr(engine, name, None)
    if not callable(method):
        raise AssistantError("no-such-method", engine=type(engine).__name__, method=name)
    bound: Callable[..., Any] = method
    return bound


def _start_failure(name: str, error: BaseException) -> AssistantError:
    if isinstance(error, AssistantError):
        return _picklable(error)  # type: ignore[return-value]
    if isinstance(error, MemoryError):
        return WorkerOutOfMemory("worker-start-memory", name=name)
    why, stack = in_words(error), _traceback(error)
    return WorkerStartFailed("worker-start-error", name=name, why=why, traceback=stack)


def _picklable(error: Exception) -> Exception:
    """`error` if it survives the pipe, else its words."""
    try:
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - what was just made here
        if type(copy) is type(error):
            return error
    except Exception:
        _log_traceback()
    return AssistantError("as-told", message=str(error), hint=str(getattr(error, "hint", "")))


def in_words(error: BaseException) -> str:
    """An unexpected error's class and what it says."""
    try:
        words = str(error)
    except Exception:
        words = ""
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))[-8000:]


def _limit_data(limit: int) -> None:
    """Make an allocation fail beyond `limit` bytes more than now. Linux only; elsewhere the parent watches.

    RLIMIT_DATA counts private memory that can be written; RLIMIT_AS would count what is merely mapped, too.
    """
    if sys.platform != "linux":
        return
    import resource

    from assistant import hardware

    kilobytes = hardware.statistic(Path("/proc/self/status"), "VmData")
    if kilobytes is None:
        return
    most = resource.getrlimit(resource.RLIMIT_DATA)[1]
    soft = kilobytes * 1024 + limit
    if most == resource.RLIM_INFINITY or soft < most:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, most))


def _end_after_grace(status: int) -> None:
    time.sleep(GRACE_SECONDS)
    os._exit(status)


def _end(status: int) -> None:
    """End at once. Not sys.exit: that would wait for threads that may never come back."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(status)
