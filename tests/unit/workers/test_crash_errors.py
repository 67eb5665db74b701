"""What an exit code says."""

from __future__ import annotations

import pytest

from assistant.errors import WorkerCrashed, WorkerError, WorkerOutOfMemory, WorkerStartFailed
from assistant.workers.crash_errors import how_it_ended, of_exit, signal_name


@pytest.mark.parametrize(
    ("code", "ready", "memory_ran_out", "kind", "words"),
    [
        (-11, True, False, WorkerCrashed, "crashed (invalid memory access)."),
        (-5, True, False, WorkerCrashed, "crashed (SIGTRAP)."),
        (3, True, False, WorkerCrashed, "ended early (status 3)."),
        (0, True, False, WorkerCrashed, "ended early (status 0)."),
        (None, True, False, WorkerCrashed, "ended in an unknown way."),
        (3, False, False, WorkerStartFailed, "ended early (status 3) before it was ready."),
        (-9, True, False, WorkerCrashed, "was stopped from outside."),
        (-9, True, True, WorkerOutOfMemory, "was stopped by the system because memory ran out."),
        (-9, False, True, WorkerOutOfMemory, "was stopped by the system because memory ran out."),
        (-11, True, True, WorkerCrashed, None),
        (0xC0000005, True, False, WorkerCrashed, "crashed (invalid memory access)."),
        (0xC0000005 - 2**32, True, False, WorkerCrashed, None),
        (0xC0000017, True, False, WorkerOutOfMemory, None),
    ],
)
def test_a_death_becomes_the_error_that_says_it(
    code: int | None, ready: bool, memory_ran_out: bool, kind: type[WorkerError], words: str | None
) -> None:
    error = of_exit("Chat", code, ready, memory_ran_out)
    assert type(error) is kind
    assert error.hint
    assert error.details["exit_code"] == code
    if words is not None:
        assert error.message == f"Chat {words}"


def test_what_it_said_about_its_end_is_told() -> None:
    assert of_exit("Chat", 1, True, exit_error="why").message == "Chat ended early (status 1): why."


def test_signals_have_names() -> None:
    assert signal_name(-15) == "SIGTERM"
    assert signal_name(-99) == "signal 99"
    assert signal_name(2) == signal_name(None) == ""
    assert how_it_ended(-99) == "crashed (signal 99)"
