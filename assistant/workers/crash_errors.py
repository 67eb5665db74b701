"""PURE: what an exit code says about the end of a process, in words."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from assistant.errors import WorkerCrashed, WorkerError, WorkerOutOfMemory, WorkerStartFailed

_MEANING = {
    "SIGSEGV": "it used memory that was not its own",
    "SIGBUS": "it used memory that was not there, as with a file cut short or a full disk",
    "SIGABRT": "it found an error in itself and gave up",
    "SIGILL": "it used an instruction that this processor does not have",
    "SIGFPE": "a calculation that is not possible",
    "SIGKILL": "it was killed from outside",
    "SIGTERM": "it was told from outside to end",
    "SIGSYS": "it did something that is not allowed",
}

_WINDOWS_STATUS = {
    0xC0000005: "access violation",
    0xC0000017: "out of memory",
    0xC000001D: "illegal instruction",
    0xC00000FD: "stack overflow",
    0xC0000409: "it found an error in itself and gave up",
}

_STATUS_NO_MEMORY = 0xC0000017

MEMORY_HINT = "Close other programs, or try something smaller."


@dataclass(frozen=True, slots=True)
class ExitReason:
    """How a process ended, without having been asked to."""

    name: str
    exit_code: int | None
    """As multiprocessing gives it: negative is a signal's number. None: it could not be learnt."""
    ready: bool
    """Whether it had come as far as taking calls."""
    memory_ran_out: bool = False
    """Whether the system reports that it killed a process for want of memory meanwhile."""
    last_words: str = ""


def describe(death: ExitReason) -> WorkerError:
    """The error that the death is to those who waited for an answer."""
    code = death.exit_code
    details = {"exit_code": code, "signal": signal_name(code)}
    if (code == -9 and death.memory_ran_out) or _status(code) == _STATUS_NO_MEMORY:
        return WorkerOutOfMemory(
            f"{death.name} was ended by the system because memory ran out.", MEMORY_HINT, details
        )
    how = how_it_ended(code)
    if death.last_words:
        how = f"{how}: {death.last_words}"
    if not death.ready:
        return WorkerStartFailed(
            f"{death.name} {how} before it was ready.",
            "If it happens again, the program's files may be damaged: install it again.",
            details,
        )
    return WorkerCrashed(f"{death.name} {how}.", "It is started again by itself; try once more.", details)


def how_it_ended(code: int | None) -> str:
    """A clause without a subject, such as "exited with status 3"."""
    if code is None:
        return "ended in an unknown way"
    name = signal_name(code)
    if name:
        meaning = _MEANING.get(name)
        return f"crashed ({name}: {meaning})" if meaning else f"crashed ({name})"
    windows = _WINDOWS_STATUS.get(_status(code))
    if windows:
        return f"crashed (0x{_status(code):08X}: {windows})"
    return f"exited with status {code}"


def _status(code: int | None) -> int:
    """A Windows status, which may come as a negative number."""
    return 0 if code is None else code & 0xFFFFFFFF


def signal_name(code: int | None) -> str:
    """The signal's name for a negative exit code, else an empty text."""
    if code is None or not -128 < code < 0:
        return ""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
