"""Fetches the files of one model: goes on where it stopped, tries again, checks every byte."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any

from assistant import quantities
from assistant.errors import AssistantError, DownloadError, Offline, WrongFile
from assistant.models.download import http_errors, partial_file
from assistant.models.download.allowed_hosts import HOSTS, Hosts
from assistant.models.download.http_errors import ConnectionCut
from assistant.models.download.http_request import HttpRequester, Stop, Stopped
from assistant.models.download.partial_file import PartialFile, PartialFileNote

CHUNK = 1 << 16
"""Bytes that are read at once, at most."""
REPORT_INTERVAL = 0.2
"""Seconds between two reports on how far it is."""

Send = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How files are fetched. Only the programs of tests have it otherwise."""

    hosts: Hosts = HOSTS
    pauses: tuple[float, ...] = (1, 2, 4, 8, 15, 30, 60, 60)
    """Seconds before the next try; after the last it is given up. New bytes begin the row anew."""
    stall_seconds: float = 30.0
    """Without a byte for so long, a connection counts as cut."""


def fetch(order: dict[str, Any], options: FetchOptions, send: Send, stop: Stop) -> dict[str, Any]:
    """Bring the files of an order into its folder. Returns how it ended, as the courier says it."""
    folder = Path(order["folder"])
    try:
        _Download(order, folder, options, send, stop).run()
    except Stopped:
        return {"end": "stopped"}
    except AssistantError as error:
        return _failed(error)
    except OSError as error:  # the network's have become others by now
        return _failed(partial_file.disk_error(error, folder))
    except Exception as error:  # a server may send anything; the courier goes on waiting
        return _failed(DownloadError("download-failed", why=repr(error)))
    return {"end": "done"}


def _failed(error: AssistantError) -> dict[str, Any]:
    return {"end": "failed", "code": error.code, "reason": error.reason, "details": error.details}


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    address: str
    size: int
    """0 if it is not known."""
    sha256: str
    """"" if it is not known."""


class _Download:
    """One order while it is carried out."""

    def __init__(
        self, order: dict[str, Any], folder: Path, options: FetchOptions, send: Send, stop: Stop
    ) -> None:
        self._files = [_File(**file) for file in order["files"]]
        self._page: str = order["page"]
        self._limit: int = order["limit"]
        self._folder = folder
        self._pauses = options.pauses
        self._send = send
        self._stop = stop
        self._requester = HttpRequester(options.hosts, options.stall_seconds, stop)
        self._finished = 0
        """Bytes of the files that are complete."""
        self._total = sum(file.size for file in self._files)
        self._reported_at = 0.0
        self._reached = False
        """Some server has answered."""

    def run(self) -> None:
        there = sum(min(file.size, partial_file.bytes_here(self._folder, file.name)) for file in self._files)
        partial_file.check_room(self._total - there, self._folder)
        for file in self._files:
            target = partial_file.place(self._folder, file.name)
            sha256 = self._kept(file, target) or self._fetched(file, target)
            size = target.stat().st_size
            self._finished += size
            self._send({"file": {"name": file.name, "size": size, "sha256": sha256}})
        shutil.rmtree(self._folder / partial_file.FOLDER, ignore_errors=True)

    def _kept(self, file: _File, target: Path) -> str:
        """The hash of a file that an earlier try completed; "" if it has to be fetched."""
        if not target.is_file():
            return ""
        if (
            file.sha256
            and partial_file.hash_file(target, lambda done: self._report("Checking", file, done)).hexdigest()
            == file.sha256
        ):
            return file.sha256
        target.unlink()
        return ""

    def _fetched(self, file: _File, target: Path) -> str:
        """Fetch a file and check it. Returns its hash."""
        part = PartialFile(self._folder, file.name, file.address)
        try:
            part.hash_existing(lambda done: self._report("Checking", file, done))
            for may_begin_again in (True, False):
                host = self._complete(part, file)
                wanted = file.sha256 or part.note.sha256
                if not wanted or part.sha256 == wanted:
                    break
                if not (part.patched and may_begin_again):
                    part.delete()
                    raise WrongFile("download-other-content", name=file.name, host=host)
                part.clear(PartialFileNote(file.address))  # it may have changed between two goes
            part.finish(target)
            return part.sha256
        finally:
            part.close()

    def _complete(self, part: PartialFile, file: _File) -> str:
        """Ask as often as it takes until all bytes are here; returns the host that gave the last of them."""
        tries, most = 0, part.size
        while True:
            try:
                return self._request(part, file)
            except ConnectionCut as cut:
                if part.size > most:
                    tries, most = 0, part.size
                offline = isinstance(cut.error, Offline) and not self._reached
                if tries == len(self._pauses) or offline:
                    raise cut.error from cut
                pause = max(self._pauses[tries], cut.wait)
                tries += 1
                failed = cut.error.message.rstrip(".")
                doing = f"{failed}; trying again in {quantities.duration(pause)}"
                self._send({"doing": doing, **self._counts(part.size)})
                self._stop.pause(pause)

    def _request(self, part: PartialFile, file: _File) -> str:
        """Ask once, and take what comes.

        Raises:
            ConnectionCut: not all of it has come.
            DownloadError: it is not the file, or not to be had.
        """
        note = part.note
        headers = {}
        if part.size and (note.validator or note.sha256):
            headers["Range"] = f"bytes={part.size}-"
            if note.validator:
                headers["If-Range"] = note.validator
        answer, host, stated = self._requester.get(file.address, headers)
        self._reached = True
        with answer:
            if answer.status == 206 and _goes_on(answer, part, stated):
                part.patched = True
            elif answer.status == 200:
                self._begin(answer, host, part, file, stated)
            elif answer.status in (206, 416):  # not from where we stopped, or no longer the same
                part.clear(PartialFileNote(file.address))
                raise ConnectionCut(DownloadError("download-changed", host=host))
            else:
                raise http_errors.status(answer, host, self._page)
            self._take(answer, host, part, file)
        return host

    def _begin(self, answer: HTTPResponse, host: str, part: PartialFile, file: _File, stated: str) -> None:
        """Make ready for the whole file."""
        if answer.headers.get_content_type() == "text/html" and not file.name.endswith((".html", ".htm")):
            raise WrongFile("download-is-web-page", host=host)
        offered = answer.length or 0
        if file.size and offered and offered != file.size:
            raise http_errors.wrong_size(host, offered, file.size)
        if not file.size and answer.length is None and not answer.chunked:
            raise DownloadError("download-without-length", host=host)
        etag = answer.headers.get("ETag", "")
        validator = etag if etag.startswith('"') else answer.headers.get("Last-Modified", "")
        part.clear(PartialFileNote(file.address, validator, file.size or offered, stated))
        if not file.size:
            partial_file.check_room(offered, self._folder)

    def _take(self, answer: HTTPResponse, host: str, part: PartialFile, file: _File) -> None:
        throttle = _Throttle(self._limit, self._stop)
        while chunk := self._read(answer, host, throttle.chunk):
            if part.size == 0 and chunk.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
                raise WrongFile("download-is-web-page", host=host)
            if part.note.total and part.size + len(chunk) > part.note.total:
                part.delete()
                raise http_errors.wrong_size(host, part.size + len(chunk), part.note.total)
            part.add(chunk)
            self._report(f"Fetching from {host}", file, part.size)
            throttle.slow_down(len(chunk))
        if part.size < part.note.total:
            raise http_errors.broken(host)

    def _read(self, answer: HTTPResponse, host: str, size: int) -> bytes:
        try:
            return answer.read1(size)
        except (OSError, HTTPException, ValueError) as error:  # ValueError: closed by `Stop`
            raise http_errors.no_answer(host, error) from error
        finally:
            self._stop.check()

    # --- how far it is

    def _report(self, doing: str, file: _File, done: int) -> None:
        self._stop.check()
        now = time.monotonic()
        if now - self._reported_at >= REPORT_INTERVAL:
            self._reported_at = now
            self._send({"doing": doing, **self._counts(done)})

    def _counts(self, done: int) -> dict[str, int]:
        known = all(other.size for other in self._files)
        return {"done": self._finished + done, "total": self._total if known else 0}


class _Throttle:
    """Keeps to a speed."""

    def __init__(self, limit: int, stop: Stop) -> None:
        """`limit` in bytes a second; 0 for none."""
        self.chunk = min(CHUNK, max(1024, limit // 8)) if limit else CHUNK
        self._limit = limit
        self._stop = stop
        self._began = time.monotonic()
        self._done = 0

    def slow_down(self, size: int) -> None:
        self._done += size
        ahead = self._done / self._limit - (time.monotonic() - self._began) if self._limit else 0.0
        if ahead > 0:
            self._stop.pause(ahead)


def _goes_on(answer: HTTPResponse, part: PartialFile, stated: str) -> bool:
    """Whether a partial answer begins where the part ends, and speaks of the same file."""
    match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("Content-Range", "").strip())
    etag = answer.headers.get("ETag", "")
    return (
        match is not None
        and int(match[1]) == part.size
        and match[2] in ("*", str(part.note.total))
        and not (etag.startswith('"') and part.note.validator.startswith('"') and etag != part.note.validator)
        and not (stated and part.note.sha256 and stated != part.note.sha256)
    )
