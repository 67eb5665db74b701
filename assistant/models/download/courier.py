"""The courier, the only user of a network: it waits, fetches what was confirmed, and waits again.

A process of its own, started before the network guard, with nothing but the standard library. Until the first
order comes it has not even loaded what speaks to a network. Orders are JSON lines on standard input, answers
JSON lines on standard output; the end of its input ends it, so it never outlives the program.

    {"get": 1, "folder": …, "page": …, "files": [{"name", "address", "size", "sha256"}], "limit": bytes/s}
    {"stop": 1}

    {"run": 1, "doing": …, "done": bytes, "total": bytes}       how far it is
    {"run": 1, "file": {"name", "size", "sha256"}}              one is complete, checked and in its place
    {"run": 1, "end": "done" | "stopped"}
    {"run": 1, "end": "failed", "code": …, "reason": …, "details": {…}}    as in `assistant.errors`
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from assistant.models.download.fetch import FetchOptions
    from assistant.models.download.http_request import Stop


def serve(options: FetchOptions | None = None) -> NoReturn:
    """Carry out orders until standard input ends.

    Args:
        options: how to fetch. Only a test's own program gives it, to fetch from a server of its own.
    """
    first = sys.stdin.buffer.readline()
    if first:
        _CourierLoop(options).open(first)
    os._exit(0)  # a thread may be waiting for a network


class _CourierLoop:
    """Takes orders on the main thread and has them carried out one after the other on another."""

    def __init__(self, options: FetchOptions | None) -> None:
        from assistant.models.download import (  # what speaks to a network comes with the first order
            fetch,
            http_request,
        )

        self._new_stop = http_request.Stop
        self._fetch = fetch.fetch
        self._options = options or fetch.FetchOptions()
        self._orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._stops: dict[int, Stop] = {}
        self._writing = threading.Lock()

    def open(self, first: bytes) -> None:
        threading.Thread(target=self._work, daemon=True).start()
        line = first
        while line.endswith(b"\n"):  # half a line is the last word of a parent that was killed
            self._take(json.loads(line))
            line = sys.stdin.buffer.readline()

    def _take(self, order: dict[str, Any]) -> None:
        if "get" in order:
            self._stops[order["get"]] = self._new_stop()
            self._orders.put(order)
        elif (stop := self._stops.get(order["stop"])) is not None:
            stop.set()

    def _work(self) -> None:
        while True:
            order = self._orders.get()
            run = order["get"]
            end = self._fetch(order, self._options, partial(self._send, run), self._stops[run])
            del self._stops[run]
            self._send(run, end)

    def _send(self, run: int, message: dict[str, Any]) -> None:
        line = json.dumps({"run": run, **message}).encode() + b"\n"
        try:
            with self._writing:
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
        except OSError:  # nobody listens any more
            os._exit(0)
