"""A server on this computer that hands out files, well or badly, as a test wants it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Handler"], None]


@dataclass
class FileServer:
    """`behaviours[path]` are carried out one a request; the last one stays."""

    port: int
    behaviours: dict[str, list[Behaviour]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Paths, with the headers of the question."""
    let_go: threading.Event = field(default_factory=threading.Event)
    """Ends what `stall` holds."""
    holding: threading.Event = field(default_factory=threading.Event)
    """Set once `stall` holds something."""

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def serve(self, path: str, *behaviours: Behaviour) -> str:
        """Returns the address."""
        self.behaviours[path] = list(behaviours)
        return self.address(path)

    def ranges(self) -> list[str]:
        return [headers.get("range", "") for _, headers in self.asked]


class Handler(BaseHTTPRequestHandler):
    files: FileServer

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.files.asked.append((path, {key.lower(): value for key, value in self.headers.items()}))
        waiting = self.files.behaviours[path]
        behaviour = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        behaviour(self)

    def log_message(self, *_: Any) -> None: ...

    def head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


@contextmanager
def running() -> Iterator[FileServer]:
    handler = type("Handler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    files = FileServer(server.server_port)
    handler.files = files  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield files
    finally:
        files.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


# --- behaviours ----------------------------------------------------------------------------------------


def etag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def whole(content: bytes, *, first: int | None = None, ranges: bool = True, **more: str) -> Behaviour:
    """Answers as it should, ranges included; after `first` bytes of the answer the connection is cut."""

    def behave(handler: Handler) -> None:
        headers = {"ETag": etag(content), "Content-Type": "application/octet-stream", **more}
        wanted = handler.headers.get("Range", "")
        same = handler.headers.get("If-Range", etag(content)) == etag(content)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and ranges and same else 0
        body = content[start:]
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        handler.head(206 if start else 200, {"Content-Length": str(len(body)), **headers})
        handler.wfile.write(body[:first])
        if first is not None and first < len(body):
            handler.wfile.flush()
            handler.connection.close()

    return behave


def stall(content: bytes, first: int) -> Behaviour:
    """Sends so many bytes and then nothing, without an end."""

    def behave(handler: Handler) -> None:
        handler.head(200, {"Content-Length": str(len(content)), "ETag": etag(content)})
        handler.wfile.write(content[:first])
        handler.wfile.flush()
        handler.files.holding.set()
        handler.files.let_go.wait(30)

    return behave


def chunked(pieces: Sequence[bytes], *, ended: bool = True) -> Behaviour:
    """No length in advance; without `ended` the last chunk never comes."""

    def behave(handler: Handler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.head(200, {"Transfer-Encoding": "chunked"})
        for piece in pieces:
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        if ended:
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = True

    return behave


def answer(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    def behave(handler: Handler) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        handler.head(status, {"Content-Length": str(len(body)), **named})
        handler.wfile.write(body)

    return behave


def bare(content: bytes) -> Behaviour:
    """Neither a length nor chunks: the end of the connection is the end of the file."""

    def behave(handler: Handler) -> None:
        handler.head(200, {})
        handler.wfile.write(content)

    return behave
