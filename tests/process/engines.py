"""Engines that the children of these tests run: well behaved, slow, deaf, dying."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant import network_guard
from assistant.errors import UnreadableDocument
from assistant.vision.engine import VisionEngine
from assistant.workers.child import CallContext
from assistant.workers.supervisor import Worker


class Unpicklable(Exception):
    """Pickles, but cannot be made again: its constructor wants more than it keeps."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


class Engine:
    """Does as it is told."""

    def __init__(self, emit: Callable[[Any], None], closed: str | None = None) -> None:
        self._emit = emit
        self._closed = closed
        self._grandchild: Worker | None = None
        self._kept: list[bytearray] = []

    def close(self) -> None:
        if self._closed is not None:
            Path(self._closed).write_text("closed")

    # --- well behaved

    def echo(self, context: CallContext, value: Any) -> Any:
        return value

    def pid(self, context: CallContext) -> int:
        return os.getpid()

    def wait(self, context: CallContext, seconds: float) -> str:
        """Ends early when it is stopped."""
        context.token.wait(seconds)
        context.token.raise_if_cancelled()
        return "waited"

    def count(self, context: CallContext, to: int, pause: float = 0.0) -> int:
        for number in range(to):
            context.report(number)
            if pause:
                time.sleep(pause)
        return to

    def emit(self, context: CallContext, count: int) -> None:
        for number in range(count):
            self._emit(number)

    def threads(self, context: CallContext) -> int:
        return threading.active_count()

    # --- badly behaved

    def deaf(self, context: CallContext, seconds: float) -> str:
        time.sleep(seconds)
        return "did not listen"

    def holding_the_lock(self, context: CallContext, seconds: int) -> None:
        """Sleeps in native code without letting any other thread of Python run."""
        ctypes.PyDLL(None).sleep(seconds)

    def fail(self, context: CallContext, how: str) -> Any:
        if how == "assistant":
            raise UnreadableDocument("no-such-page", page=3, pages=2)
        if how == "unpicklable error":
            raise Unpicklable("this", "that")
        if how == "error that holds a lock":
            raise UnreadableDocument("no-such-page", page=3, pages=threading.Lock())
        if how == "unpicklable result":
            return threading.Lock()
        if how == "memory":
            raise MemoryError
        if how == "exit":
            raise SystemExit(9)
        raise KeyError(how)

    def signal(self, context: CallContext, number: int) -> None:
        os.kill(os.getpid(), number)
        time.sleep(10)

    def null(self, context: CallContext) -> None:
        ctypes.string_at(0)

    def exit(self, context: CallContext, status: int) -> None:
        os._exit(status)

    def eat(self, context: CallContext, megabytes: int, step: int = 20) -> str:
        """Fills memory, slowly enough to be watched."""
        for _ in range(megabytes // step):
            self._kept.append(bytearray(os.urandom(4096) * (step * 256)))
            time.sleep(0.02)
        return "full"

    def drop(self, context: CallContext) -> None:
        self._kept.clear()

    def shout(self, context: CallContext, megabytes: int) -> None:
        for _ in range(megabytes):
            os.write(1, b"x" * 1_000_000)
            os.write(2, b"y" * 1_000)

    # --- what it starts

    def start_grandchild(self, context: CallContext) -> int:
        self._grandchild = Worker("tests.process.engines:Engine", name="Grandchild")
        return int(self._grandchild.call("pid"))

    def start_program(self, context: CallContext) -> int:
        """Another program, that nobody looks after."""
        return subprocess.Popen(["sleep", "60"]).pid

    def in_grandchild(self, context: CallContext, method: str) -> Any:
        assert self._grandchild is not None
        return self._grandchild.call(method)

    # --- the network

    def guard_level(self, context: CallContext) -> str:
        return network_guard.level().value

    def network(self, context: CallContext) -> list[str]:
        """What each way to a network met."""
        met = []
        for attempt in (
            lambda: socket.create_connection(("192.0.2.1", 80), timeout=2),
            lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
            lambda: socket.getaddrinfo("example.org", 80),
        ):
            try:
                attempt()
                met.append("through")
            except OSError as error:
                met.append(type(error).__name__)
        libc = ctypes.CDLL(None, use_errno=True)
        met.append("through" if libc.socket(2, 1, 0) >= 0 else os.strerror(ctypes.get_errno()))
        return met


class Broken:
    """Cannot be constructed."""

    def __init__(self, emit: Callable[[Any], None], how: str) -> None:
        if how == "error":
            raise ValueError("there is no model in the box")
        if how == "assistant error":
            raise UnreadableDocument("as-told", message="The store is damaged.", hint="Remove it.")
        if how == "exit":
            sys.exit("no")
        if how == "die":
            os.kill(os.getpid(), signal.SIGSEGV)
        if how == "status":
            os._exit(3)
        if how == "sleep":
            time.sleep(60)


class DiesOnceReady:
    """Dies a moment after it is ready, as often as `file` has fewer lines than `times`."""

    def __init__(self, emit: Callable[[Any], None], file: str, times: int) -> None:
        path = Path(file)
        with path.open("a") as lines:
            lines.write(f"{time.monotonic()}\n")
        if len(path.read_text().splitlines()) <= times:
            threading.Timer(0.02, os._exit, [5]).start()

    def echo(self, context: CallContext, value: Any) -> Any:
        return value


class HangingVision(VisionEngine):
    """A library hangs, and keeps all of Python from running."""

    MOST_SECONDS = 1.0
    MOST_SECONDS_STOPPED = 0.3

    def hang(self, context: CallContext) -> None:
        context.report("hangs")
        self._on_thread(lambda: ctypes.PyDLL(None).sleep(60), context.token)

    def wait(self, context: CallContext) -> None:
        """Takes longer than anybody waits who has stopped it, but not too long."""
        context.report("waits")
        self._on_thread(lambda: time.sleep(0.2), context.token)
