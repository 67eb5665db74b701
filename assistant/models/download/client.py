"""Downloads, seen from the program: whether they are allowed, what one would mean, and the courier."""

from __future__ import annotations

import itertools
import json
import queue
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant import atomic_write
from assistant.errors import (
    AssistantError,
    Cancelled,
    DiskFull,
    DownloadError,
    DownloadsOff,
    Offline,
    Problem,
    StorageError,
    WrongFile,
)
from assistant.jobs import CancelToken, Progress
from assistant.models.catalog.records import CatalogEntry, ModelFile
from assistant.models.download import bootstrap, partial_file
from assistant.models.download.records import DownloadsState, Offer
from assistant.workers.crash_errors import how_it_ended

_ERRORS: dict[str, type[AssistantError]] = {
    error.code: error for error in (DownloadError, Offline, WrongFile, DiskFull, StorageError)
}
END_SECONDS = 2.0
"""The courier may take so long to end before it is killed."""
_SPEED_WINDOW = 15.0
"""Seconds over which the speed is taken that says how long the rest will take."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that has come, was checked and is in its place."""

    path: Path
    sha256: str


def state() -> DownloadsState:
    """Whether downloads are allowed, or who forbids them."""
    forbidden = bootstrap.forbidden()
    if forbidden is None:
        return DownloadsState(True)
    by, why, place = forbidden
    return DownloadsState(False, by, Problem(DownloadsOff.code, f"downloads-off-{why}", {"place": place}))


class Courier:
    """The program's side of the courier's process."""

    def __init__(self, hashes: Path, process: subprocess.Popen[bytes] | None = None) -> None:
        """
        Args:
            hashes: file that keeps the hashes of what was fetched, for files whose hash nobody states.
            process: the courier; by default the one that was started before the guard, if one was.
        """
        self._hashes = _Hashes(hashes)
        self._process = process or bootstrap.process
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._waiting: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._listener: threading.Thread | None = None
        self._last_message: dict[str, Any] | None = None
        """What all that wait are told, once the process has ended."""
        self.fetched = 0
        """Files that have come since the start."""

    @property
    def standing(self) -> Problem:
        """How it stands, for a person, as a reason: off and by whom, waiting, or ended."""
        problem = state().problem
        if problem is not None:
            return problem
        if self._process is None:
            return Problem(DownloadsOff.code, "courier-starts-later")
        if self._process.poll() is not None:
            return Problem(DownloadsOff.code, "courier-has-ended", {"how": _end(self._process.poll())})
        return Problem(
            DownloadsOff.code, "courier-waits", {"process": self._process.pid, "fetched": self.fetched}
        )

    def offer(self, entry: CatalogEntry, folder: Path) -> Offer:
        """What a download of the entry into that folder would mean, for the person to confirm."""
        there = sum(partial_file.bytes_here(folder, file.name) for file in entry.files)
        left = max(0, entry.size - there)
        problem = None
        try:
            self._check(entry)
            partial_file.check_room(left, folder)
        except (DownloadError, DiskFull) as error:
            problem = error.problem
        hosts = dict.fromkeys(urlsplit(file.address).hostname or "" for file in entry.files)
        return Offer(entry, ", ".join(hosts), left, partial_file.free(folder), problem)

    def fetch(
        self,
        entry: CatalogEntry,
        folder: Path,
        token: CancelToken,
        report: Callable[[Progress], None],
        limit: float | None = None,
    ) -> tuple[Fetched, ...]:
        """Fetch the files of an entry that the person has confirmed. What came of an earlier try is used.

        Args:
            folder: of this entry alone. The finished files go there; what is half done waits inside it.
            limit: MB a second.

        Raises:
            DownloadError: it could not be had, or something else came.
            StorageError: the disk does not take it.
            Cancelled: the token was cancelled.
        """
        process = self._check(entry)
        number, answers = self._register()
        files = [self._hashes.completed(file) for file in entry.files]
        order = {
            "get": number,
            "folder": str(folder),
            "page": entry.source,
            "files": [asdict(file) for file in files],
            "limit": round((limit or 0) * 1e6),
        }
        report(Progress("Waiting for the courier", 0, entry.size or None))
        self._send(process, order)
        token.when_cancelled(lambda: self._send(process, {"stop": number}))
        try:
            return self._follow(entry, folder, answers, report)
        finally:
            with self._lock:
                del self._waiting[number]

    def close(self) -> None:
        """Let the courier end; a download that goes on fails, and what has come of it is kept."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._listener is None:
            assert self._process.stdout is not None
            self._process.stdout.close()
        else:
            self._listener.join()

    # --- one download

    def _check(self, entry: CatalogEntry) -> subprocess.Popen[bytes]:
        """The courier, if it can fetch this."""
        if (forbidden := bootstrap.forbidden()) is not None:
            _, why, place = forbidden
            raise DownloadsOff(f"download-refused-{why}", place=place, page=entry.source)
        if not entry.files:
            raise DownloadError("download-without-address", name=entry.name, page=entry.source)
        if self._process is None:
            raise DownloadsOff("courier-not-started")
        if self._process.poll() is not None:
            raise DownloadsOff("courier-ended", how=_end(self._process.poll()))
        return self._process

    def _register(self) -> tuple[int, queue.SimpleQueue[dict[str, Any]]]:
        """A number for a download, and where its answers come in."""
        with self._lock:
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name="courier", daemon=True)
                self._listener.start()
            number = next(self._numbers)
            answers = self._waiting[number] = queue.SimpleQueue()
            if self._last_message is not None:
                answers.put(self._last_message)
            return number, answers

    def _send(self, process: subprocess.Popen[bytes], order: dict[str, Any]) -> None:
        assert process.stdin is not None
        with self._lock, suppress(OSError, ValueError):  # it has ended: `_listen` says so
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()

    def _listen(self) -> None:
        """Give what the courier says to those who wait for it, until it ends."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                with suppress(KeyError, ValueError):  # a download that was stopped; a last half line
                    message = json.loads(line)
                    self._waiting[message["run"]].put(message)
        gone = {"end": "gone", "how": _end(process.wait())}
        with self._lock:
            self._last_message = gone
            for answers in self._waiting.values():
                answers.put(gone)

    def _follow(
        self,
        entry: CatalogEntry,
        folder: Path,
        answers: queue.SimpleQueue[dict[str, Any]],
        report: Callable[[Progress], None],
    ) -> tuple[Fetched, ...]:
        eta = _Eta()
        fetched: list[Fetched] = []
        while True:
            message = answers.get()
            if "doing" in message:
                total = message["total"] or entry.size or None
                report(
                    Progress(
                        message["doing"], message["done"], total, eta.seconds_left(message["done"], total)
                    )
                )
            elif "file" in message:
                name, sha256 = message["file"]["name"], message["file"]["sha256"]
                self._hashes.record(next(file for file in entry.files if file.name == name), sha256)
                fetched.append(Fetched(folder / name, sha256))
                self.fetched += 1
            elif message["end"] == "done":
                return tuple(fetched)
            elif message["end"] == "stopped":
                raise Cancelled
            else:
                raise self._error(entry, message)

    def _error(self, entry: CatalogEntry, message: dict[str, Any]) -> AssistantError:
        if message["end"] == "gone":
            if (forbidden := bootstrap.forbidden()) is not None:
                _, why, place = forbidden
                return DownloadsOff(f"download-ended-{why}", place=place)
            return DownloadsOff("courier-ended-midway", how=message["how"])
        if message["code"] == WrongFile.code and self._hashes.forget(entry):
            return WrongFile("download-replaced", name=entry.name)
        return _ERRORS.get(message["code"], DownloadError)(message["reason"], **message["details"])


def _end(code: int | None) -> str:
    """How the courier ended, as a clause without a subject."""
    return "has ended" if code == 0 else how_it_ended(code)


class _Hashes:
    """Remembers the hashes of files for which nobody states one: what comes later has to be the same."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def completed(self, file: ModelFile) -> ModelFile:
        """The file with the hash that it had the first time, if none is stated."""
        return file if file.sha256 else replace(file, sha256=self._read().get(file.address, ""))

    def record(self, file: ModelFile, sha256: str) -> None:
        if not file.sha256:
            self._change(lambda known: known.update({file.address: sha256}))

    def forget(self, entry: CatalogEntry) -> bool:
        """Whether anything was remembered of the entry's files."""
        known = self._read()
        remembered = [file.address for file in entry.files if file.address in known]
        if remembered:
            self._change(lambda known: [known.pop(address, None) for address in remembered])
        return bool(remembered)

    def _read(self) -> dict[str, str]:
        try:
            known = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _change(self, change: Callable[[dict[str, str]], object]) -> None:
        with self._lock:
            known = self._read()
            change(known)
            with suppress(OSError):  # the model itself matters more
                atomic_write.write(self._path, json.dumps(known, indent=1))


class _Eta:
    """How fast it goes, taken over the last seconds."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, int]] = deque()

    def seconds_left(self, done: int, total: int | None) -> float | None:
        now = time.monotonic()
        self._points.append((now, done))
        while now - self._points[0][0] > _SPEED_WINDOW:
            self._points.popleft()
        began, had = self._points[0]
        if total is None or done <= had or now - began < 1:
            return None
        return max(0, total - done) * (now - began) / (done - had)
