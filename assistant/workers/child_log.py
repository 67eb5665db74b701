"""The file that catches what an engine's process prints: native libraries write where they like."""

from __future__ import annotations

import contextlib
import faulthandler
import io
import os
import re
import signal
import sys
import time
from pathlib import Path

from assistant import paths

LARGEST = 2_000_000
"""Bytes after which the file becomes `<name>.log.1` and a new one is begun."""


class ChildLog:
    """Standard output and error of this process, sent to a file so that they never block.

    If the file cannot be written, what is printed is lost rather than waited for.
    """

    def __init__(self, name: str) -> None:
        self._path: Path | None = paths.logs_folder() / f"{re.sub(r'[^A-Za-z0-9._-]', '-', name)}.log"

    def open(self) -> None:
        """Redirect the descriptors 0, 1 and 2, and have crashes written with the stack of each thread."""
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        self._redirect(nothing)
        os.close(nothing)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout = _writer(1)
        sys.stderr = _writer(2)
        faulthandler.enable(file=2)
        if hasattr(signal, "SIGUSR1"):
            # The supervisor asks for the stacks before it kills a process that does not answer.
            faulthandler.register(signal.SIGUSR1, file=2, all_threads=True)
        with contextlib.suppress(OSError):
            sys.stderr.write(f"--- {time.strftime('%Y-%m-%d %H:%M:%S')} process {os.getpid()}\n")

    def keep_small(self) -> None:
        """Begin a new file if this one has grown too large. The descriptors stay the same."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            if os.fstat(1).st_size > LARGEST:
                self._redirect(None)

    def _redirect(self, fallback: int | None) -> None:
        assert self._path is not None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                if self._path.stat().st_size > LARGEST:
                    self._path.replace(self._path.with_suffix(".log.1"))
            target = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:
            if fallback is None:
                return
            self._path = None
            target = os.dup(fallback)
        os.dup2(target, 1)
        os.dup2(target, 2)
        os.close(target)


def _writer(descriptor: int) -> io.TextIOWrapper:
    return os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
