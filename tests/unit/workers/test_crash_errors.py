"""What an exit code says."""

from __future__ import annotations

import pytest

from assistant.errors import WorkerCrashed, WorkerError, WorkerOutOfMemory, WorkerStartFailed
from assistant.workers.crash_errors import ExitReason, describe, how_it_ended, signal_name


@pytest.mark.parametrize(
    ("death", "kind", "words"),
    [
        (
            ExitReason("Chat", -11, True),
            WorkerCrashed,
            "Chat crashed (SIGSEGV: it used memory that was not its own).",
        ),
        (ExitReason("Chat", -5, True), WorkerCrashed, "Chat crashed (SIGTRAP)."),
        (ExitReason("Chat", 3, True), WorkerCrashed, "Chat exited with status 3."),
        (ExitReason("Chat", 0, True), WorkerCrashed, "Chat exited with status 0."),
        (ExitReason("Chat", None, True), WorkerCrashed, "Chat ended in an unknown way."),
        (ExitReason("Chat", 3, False), WorkerStartFailed, "Chat exited with status 3 before it was ready."),
        (ExitReason("Chat", -9, True), WorkerCrashed, "Chat crashed (SIGKILL: it was killed from outside)."),
        (
            ExitReason("Chat", -9, True, memory_ran_out=True),
            WorkerOutOfMemory,
            "Chat was ended by the system because memory ran out.",
        ),
        (
            ExitReason("Chat", -9, False, memory_ran_out=True),
            WorkerOutOfMemory,
            "Chat was ended by the system because memory ran out.",
        ),
        (ExitReason("Chat", -11, True, memory_ran_out=True), WorkerCrashed, None),
        (ExitReason("Chat", 0xC0000005, True), WorkerCrashed, "Chat crashed (0xC0000005: access violation)."),
        (ExitReason("Chat", 0xC0000005 - 2**32, True), WorkerCrashed, None),
        (ExitReason("Chat", 0xC0000017, True), WorkerOutOfMemory, None),
        (ExitReason("Chat", 1, True, last_words="why"), WorkerCrashed, "Chat exited with status 1: why."),
    ],
)
def test_a_death_becomes_the_error_that_says_it(
    death: ExitReason, kind: type[WorkerError], words: str | None
) -> None:
    error = describe(death)
    assert type(error) is kind
    assert error.hint
    assert error.details["exit_code"] == death.exit_code
    if words is not None:
        assert error.message == words


def test_signals_have_names() -> None:
    assert signal_name(-15) == "SIGTERM"
    assert signal_name(-99) == "signal 99"
    assert signal_name(2) == signal_name(None) == ""
    assert how_it_ended(-99) == "crashed (signal 99)"
