"""Long work of the set-up and the installer: what it says meanwhile, how long it took, why it stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path


class Stop(Exception):
    """The work cannot go on; the message says what to do."""


def say(text: str) -> None:
    print(f"== {text}", flush=True)


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def time_left(done: int, total: int, seconds: float) -> str:
    """How long the rest takes at the pace so far; "" while too little is done to say it.

    Args:
        seconds: that the steps that are done took.
    """
    if done >= total or done < total / 12 or seconds < 15:
        return ""
    left = seconds / done * (total - done)
    return "less than a minute left" if left < 45 else f"about {max(1, round(left / 60))} min left"


class Steps:
    """How long each part of the work took."""

    def __init__(self) -> None:
        self._taken: dict[str, float] = {}

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._taken[name] = self._taken.get(name, 0.0) + time.monotonic() - began

    def summary(self) -> str:
        """All that took a second or more: "packages 42 s, search model 9 s"."""
        return ", ".join(
            f"{name} {duration(seconds)}" for name, seconds in self._taken.items() if seconds >= 0.5
        )

    def total(self) -> float:
        return sum(self._taken.values())


def run_counted(
    command: list[str | Path],
    log: Path,
    describe: Callable[[bytes], str],
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a command with its output in `log`, and show how long it has been running and what it does.

    On a terminal one line counts; elsewhere a line comes every half minute. Whatever the command started ends
    with it, also when this process is told to end.

    Args:
        describe: says from the record so far what is being done.

    Raises:
        Stop: it failed; the message holds the last lines of its output.
    """
    terminal = sys.stdout.isatty()
    began = told = time.monotonic()
    own_group = os.name == "posix"
    with (
        log.open("wb") as output,
        _ended_by_signal(),
        subprocess.Popen(
            command, stdout=output, stderr=output, env=environment, start_new_session=own_group
        ) as process,
    ):
        try:
            while process.poll() is None:
                time.sleep(0.5)
                now = time.monotonic()
                if terminal or now - told >= 30:
                    told = now
                    line = f"   {duration(now - began)}, {describe(log.read_bytes())}"
                    print(f"\r{line:78}" if terminal else line, end="" if terminal else "\n", flush=True)
        except BaseException:
            if own_group:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
            else:
                process.terminate()
            raise
        finally:
            if terminal:
                print()
    if process.returncode:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
        raise Stop(f"{end}\n\nThis failed; the whole record is in {log}")


@contextlib.contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Being told to end comes as an exception, so that what was begun is cleared away."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
