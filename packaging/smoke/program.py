"""Runs the program as a person does whose computer has nothing else: its own home, a bare environment.

The program may be at hand here or in another root file system; what is known of its processes is read from
/proc, so it needs Linux.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GRACE_SECONDS = 15.0
"""How long processes may take to be gone: one that is starting looks for its parent once it has started."""
LOG_LINES = 15


class Failed(Exception):
    """Something was not as it must be; the message says what, with what was run and printed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a program runs."""

    program: Path
    """As it is called there."""
    home: Path
    """Of the person, as it is called here; it exists and belongs to them."""
    root: Path = Path("/")
    """Of that place."""
    enter: tuple[str, ...] = ()
    """A command, which runs the words behind it there, as that person."""
    enter_as_system: tuple[str, ...] = ()
    """Runs a program of this system where that one can see its display."""
    owner: int | None = None
    """Who runs it, where that is not whoever runs this."""

    def inside(self, path: Path) -> str:
        return str(Path("/") / path.relative_to(self.root))

    def give(self, *paths: Path) -> None:
        """Files that were made here to the person there."""
        if self.owner is not None:
            for path in paths:
                for each in (path, *path.rglob("*")):
                    os.chown(each, self.owner, self.owner)


class Program:
    def __init__(self, place: Place) -> None:
        self.place = place

    def environment(self, **more: str) -> dict[str, str]:
        home = self.place.inside(self.place.home)
        return {"HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **more}

    def command(self, *arguments: str, program: Path | None = None, **environment: str) -> list[str]:
        variables = [f"{name}={value}" for name, value in self.environment(**environment).items()]
        called = program or self.place.program
        return [*self.place.enter, "/usr/bin/env", "-i", *variables, str(called), *arguments]

    def run(
        self,
        *arguments: str,
        stdin: str = "",
        status: int = 0,
        before: Sequence[str] = (),
        seconds: float = 300,
    ) -> str:
        """What a command prints, once all its processes are gone.

        Args:
            status: with which it must end.
            before: a command that runs it.
        """
        words = [*before, *self.command(*arguments)]
        done = subprocess.run(words, input=stdin, capture_output=True, text=True, timeout=seconds)
        if done.returncode != status:
            raise Failed(
                f"{self._told(arguments)} ended with {done.returncode}, not {status}\n"
                f"{done.stdout}{done.stderr}{self.log()}"
            )
        left = self.left()
        if left:
            raise Failed(f"{self._told(arguments)} left processes behind: {left}")
        return done.stdout

    def ask(self, *arguments: str, stdin: str = "", status: int = 0) -> Any:
        """What a command prints with --json; a list if these are several objects."""
        printed = self.run(*arguments, "--json", stdin=stdin, status=status)
        try:
            objects = [json.loads(line) for line in printed.splitlines()]
        except ValueError:
            raise Failed(f"{self._told(arguments)} printed no JSON:\n{printed}") from None
        return objects[0] if len(objects) == 1 else objects

    def _told(self, arguments: Sequence[str]) -> str:
        return " ".join([self.place.program.name, *arguments])

    # --- its processes

    def processes(self) -> list[int]:
        """Those that live and have the person's home, whoever started them."""
        mark = f"HOME={self.place.inside(self.place.home)}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            with suppress(OSError):  # it ends just now, or is another's
                alive = folder.name.isdecimal() and (folder / "cmdline").read_bytes()
                if alive and mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
        return found

    def first_process(self) -> int:
        """The one that started the others."""
        found = self.processes()
        first = next((pid for pid in found if _parent(pid) not in found), None)
        if first is None:
            raise Failed("none of its processes runs")
        return first

    def left(self) -> list[str]:
        """What still runs after the time that is given to it."""
        wait_until(lambda: not self.processes(), GRACE_SECONDS)
        return [_words(pid) for pid in self.processes()]

    def kill(self, pid: int) -> None:
        """End it as a crash does, and see that nothing outlives it."""
        os.kill(pid, signal.SIGKILL)
        if left := self.left():
            raise Failed(f"After the program was killed these live on: {left}")

    def memory(self) -> int:
        """Bytes of all its processes; what they share is counted once."""
        return sum(memory_of(pid) for pid in self.processes())

    # --- what it wrote

    def data(self) -> Path:
        """The folder of all it keeps, as the platform has it."""
        return self.place.home / ".local" / "share" / "offline-assistant"

    def log(self) -> str:
        """The ends of its logs."""
        told = ""
        for path in sorted((self.data() / "logs").glob("*")):
            lines = path.read_text(errors="replace").splitlines()
            said = [line for line in lines if not line.startswith("---")]  # that begins the log of a process
            if said:
                told += "\n".join([f"--- {path.name}", *said[-LOG_LINES:], ""])
        return told


def wait_until(true: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _words(pid: int) -> str:
    with suppress(OSError):
        return f"{pid} {Path(f'/proc/{pid}/cmdline').read_bytes().replace(bytes(1), b' ').decode()}"
    return str(pid)


def memory_of(pid: int) -> int:
    """Its bytes, and its part of what it shares with others; 0 if it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
