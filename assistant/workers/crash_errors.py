"""Why an engine's process has ended, as the error that its calls fail with."""

from __future__ import annotations

import signal as signals

from assistant.errors import (
    AssistantError,
    WorkerCrashed,
    WorkerError,
    WorkerOutOfMemory,
    WorkerStartFailed,
    WorkerUnresponsive,
)
from assistant.workers.connection import CANCEL_SECONDS, START_SECONDS, Connection, Fault, PendingCall

_MEANING = {
    "SIGSEGV": "crashed (invalid memory access)",
    "SIGBUS": "crashed (a file was cut short, or the disk is full)",
    "SIGABRT": "crashed (internal error)",
    "SIGILL": "crashed (this processor lacks an instruction it needs)",
    "SIGFPE": "crashed (impossible calculation)",
    "SIGKILL": "was stopped from outside",
    "SIGTERM": "was stopped from outside",
    "SIGSYS": "crashed (forbidden system call)",
}
"""What a signal says about the process that it ended."""

_WINDOWS_STATUS = {
    0xC0000005: "crashed (invalid memory access)",
    0xC0000017: "crashed (out of memory)",
    0xC000001D: "crashed (this processor lacks an instruction it needs)",
    0xC00000FD: "crashed (stack overflow)",
    0xC0000409: "crashed (internal error)",
}
"""What a Windows status (NTSTATUS) says about it."""

_STATUS_NO_MEMORY = 0xC0000017
"""STATUS_NO_MEMORY."""


def of_death(name: str, connection: Connection, code: int | None) -> WorkerError:
    """The error of a process that ended by itself.

    Args:
        name: what people call the worker.
        code: its exit status; None if it cannot be told.
    """
    words = connection.exit_error
    if isinstance(words, WorkerError):
        return words
    if isinstance(words, AssistantError) and not connection.ready:
        return WorkerStartFailed(words.reason, **words.details | {"code": words.code})
    return of_exit(name, code, connection.ready, connection.memory_ran_out(), str(words or ""))


def of_exit(
    name: str, code: int | None, ready: bool, memory_ran_out: bool = False, exit_error: str = ""
) -> WorkerError:
    """The error of a process that ended without having been asked to.

    Args:
        code: as multiprocessing gives it: negative is a signal's number. None: it could not be learnt.
        ready: whether it had come as far as taking calls.
        memory_ran_out: whether the system reports that it killed a process for want of memory meanwhile.
        exit_error: what it said about its end.
    """
    signal = signal_name(code)
    if (code == -9 and memory_ran_out) or _status(code) == _STATUS_NO_MEMORY:
        return WorkerOutOfMemory("worker-killed-for-memory", name=name, exit_code=code, signal=signal)
    how = f"{how_it_ended(code)}: {exit_error}" if exit_error else how_it_ended(code)
    if ready:
        return WorkerCrashed("worker-crashed", name=name, how=how, exit_code=code, signal=signal)
    return WorkerStartFailed("worker-crashed-at-start", name=name, how=how, exit_code=code, signal=signal)


def of_fault(name: str, fault: Fault, at_fault: PendingCall | None, memory_limit: int | None) -> WorkerError:
    """The error of a process that the supervisor has killed."""
    if fault is Fault.MEMORY:
        return WorkerOutOfMemory("worker-over-memory-limit", name=name, limit=memory_limit or 0)
    if fault is Fault.NOT_READY:
        return WorkerStartFailed("worker-not-ready", name=name, seconds=START_SECONDS)
    if fault is Fault.TIMED_OUT and at_fault is not None:
        return WorkerUnresponsive("worker-unresponsive", name=name, seconds=at_fault.time_limit)
    return WorkerError("worker-ignored-stop", name=name, seconds=CANCEL_SECONDS, restarted=True)


def for_call(
    name: str, pending: PendingCall, fault: Fault | None, at_fault: PendingCall | None, error: WorkerError
) -> WorkerError:
    """What one call hears: the error itself, or only of the restart when another call was the cause."""
    if fault is Fault.TIMED_OUT and pending is not at_fault:
        return WorkerError("worker-restarted", name=name, restarted=True)
    return error


def how_it_ended(code: int | None) -> str:
    """A clause without a subject, such as "exited with status 3"."""
    if code is None:
        return "ended in an unknown way"
    name = signal_name(code)
    if name:
        return _MEANING.get(name, f"crashed ({name})")
    return _WINDOWS_STATUS.get(_status(code), f"ended early (status {code})")


def _status(code: int | None) -> int:
    """A Windows status, which may come as a negative number."""
    return 0 if code is None else code & 0xFFFFFFFF


def signal_name(code: int | None) -> str:
    """The signal's name for a negative exit code, else an empty text."""
    if code is None or not -128 < code < 0:
        return ""
    try:
        return signals.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
