"""The program's window on a display of its own, looked at from outside: pixels, title, memory, end."""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smoke.program import Failed, Program, memory_of, wait_until

PROGRAMS = ("Xvfb", "xdotool")
TITLE = "Offline Assistant"
SCREEN = (1280, 800)
COLOURS = 40
"""A painted window has more than these; letters alone have a dozen shades."""
PAINT_SECONDS = 60.0
SETTLED_SECONDS = 12.0
"""After so long it idles, and its memory is what it stays."""


def missing() -> list[str]:
    """Programs of this system that are needed to see the window."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@dataclass(frozen=True, slots=True)
class Seen:
    painted_seconds: float
    colours: int
    memory: int
    """Of all its processes, in bytes, while it idles."""
    window_memory: int
    """Of the window's own process."""
    closed_seconds: float


def try_window(program: Program, *arguments: str, called: Path | None = None) -> Seen:
    """Open it, wait until it is painted, close it by the keyboard.

    Raises:
        Failed: it was not painted, or did not end.
    """
    with _display(program) as display, tempfile.TemporaryFile() as said:
        command = program.command(*arguments, program=called, DISPLAY=display.name)
        began = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)

        def complaint() -> str:
            said.seek(0)
            return said.read().decode(errors="replace") + program.log()

        try:
            painted = wait_until(
                lambda: display.colours() > COLOURS or process.poll() is not None, PAINT_SECONDS
            )
            seconds = time.monotonic() - began
            if process.poll() is not None:
                raise Failed(f"The window's process ended with {process.returncode}\n{complaint()}")
            if not painted:
                raise Failed(f"Nothing was painted; {display.colours()} colours\n{complaint()}")
            window = display.window(TITLE)
            wait_until(lambda: process.poll() is not None, SETTLED_SECONDS, every=0.5)
            colours, memory = display.colours(), program.memory()
            own = memory_of(program.first_process())
            closing = time.monotonic()
            display.press("ctrl+q", window)
            if not wait_until(lambda: process.poll() is not None, 20):
                raise Failed(f"The window did not close\n{complaint()}")
            closed = time.monotonic() - closing
            if process.returncode or (left := program.left()):
                raise Failed(f"It ended with {process.returncode}, leaving {left}\n{complaint()}")
        finally:
            for pid in program.processes():
                program.kill(pid)
            process.wait()
    return Seen(seconds, colours, memory, own, closed)


class _Display:
    def __init__(self, name: str, picture: Path) -> None:
        self.name = name
        self._picture = picture

    def colours(self) -> int:
        """How many different ones its pixels have, of every eighth row."""
        dump = self._picture.read_bytes()
        fields = struct.unpack(">25I", dump[:100])  # XWDFileHeader
        head, stride, listed = fields[0], fields[12], fields[19]
        start = head + listed * 12  # colours that are listed, 12 bytes each, come before the pixels
        rows = (dump[start + row * stride : start + (row + 1) * stride] for row in range(0, SCREEN[1], 8))
        return len({pixel for row in rows for pixel in memoryview(row).cast("I")})

    def window(self, title: str) -> str:
        """The number of the window with this title."""
        found = self._tool("search", "--sync", "--onlyvisible", "--name", title)
        return found.split()[0]

    def press(self, key: str, window: str) -> None:
        self._tool("windowfocus", "--sync", window, "key", key)

    def _tool(self, *arguments: str) -> str:
        command = ["xdotool", *arguments]
        done = subprocess.run(
            command,
            env={"DISPLAY": self.name, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=20,
        )
        if done.returncode:
            raise Failed(f"{' '.join(command)} failed: {done.stdout}{done.stderr}")
        return done.stdout


@contextmanager
def _display(program: Program) -> Iterator[_Display]:
    with tempfile.TemporaryDirectory() as folder:
        size = f"{SCREEN[0]}x{SCREEN[1]}x24"
        command = [*program.place.enter_as_system, "Xvfb", "-displayfd", "1", "-screen", "0", size]
        command += ["-fbdir", folder, "-nolisten", "tcp", "-ac"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert server.stdout is not None
            number = server.stdout.readline().strip()
            if not number:
                raise Failed("Xvfb did not start")
            yield _Display(f":{number}", Path(folder) / "Xvfb_screen0")
        finally:
            server.terminate()
            server.communicate()
