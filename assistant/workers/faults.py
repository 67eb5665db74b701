"""What the calls of a worker hear when its process has died or had to be killed."""

from __future__ import annotations

from assistant.errors import (
    AssistantError,
    WorkerError,
    WorkerOutOfMemory,
    WorkerStartFailed,
    WorkerUnresponsive,
)
from assistant.workers.connection import CANCEL_SECONDS, START_SECONDS, Connection, Fault, Flight
from assistant.workers.crash_errors import MEMORY_HINT, ExitReason, describe


def of_death(name: str, link: Connection, code: int | None) -> WorkerError:
    """The error of a process that died by itself.

    Args:
        name: what people call the worker.
        code: its exit status; None if it cannot be told.
    """
    words = link.last_words
    if isinstance(words, WorkerError):
        return words
    if isinstance(words, AssistantError) and link.ready is None:
        return WorkerStartFailed(words.message, words.hint, words.details | {"code": words.code})
    return describe(ExitReason(name, code, link.ready is not None, link.memory_ran_out(), str(words or "")))


def of_fault(name: str, fault: Fault, at_fault: Flight | None, memory_limit: int | None) -> WorkerError:
    """The error of a process that the supervisor has killed."""
    if fault is Fault.MEMORY:
        allowed = (memory_limit or 0) / 1e6
        return WorkerOutOfMemory(
            f"{name} needed more than the {allowed:,.0f} MB of memory it may have.", MEMORY_HINT
        )
    if fault is Fault.NOT_READY:
        return WorkerStartFailed(
            f"{name} was not ready within {START_SECONDS:.0f} seconds.",
            "The computer may be very busy: try again later.",
        )
    if fault is Fault.SILENT and at_fault is not None:
        return WorkerUnresponsive(
            f"{name} gave no sign of life for {at_fault.time_limit:g} seconds and was restarted."
        )
    return WorkerError(
        f"{name} was restarted, because something that was stopped went on for {CANCEL_SECONDS:.0f} seconds.",
        "Try once more.",
        {"restarted": True},
    )


def for_flight(
    name: str, flight: Flight, fault: Fault | None, at_fault: Flight | None, error: WorkerError
) -> WorkerError:
    """What one call hears: the error itself, or only of the restart when another call was the cause."""
    if fault is Fault.SILENT and flight is not at_fault:
        return WorkerError(
            f"{name} was restarted, because another task no longer answered.",
            "Try once more.",
            {"restarted": True},
        )
    return error
