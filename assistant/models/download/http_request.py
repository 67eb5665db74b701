"""One question to a server: where the file really lies, and the beginning of it."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from urllib.parse import SplitResult, urljoin, urlsplit

from assistant.errors import DownloadError
from assistant.models.download import http_errors
from assistant.models.download.allowed_hosts import Hosts, connection, trust

MOST_REDIRECTS = 8


class Stopped(Exception):
    """The person has stopped the download."""


class Stop:
    """Ends one download from another thread, also while it waits for a network."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._socket: socket.socket | None = None

    def set(self) -> None:
        self._event.set()
        if (waiting := self._socket) is not None:
            with suppress(OSError):
                waiting.shutdown(socket.SHUT_RDWR)

    def watch(self, used: socket.socket | None) -> None:
        """Cut this one off when it is set."""
        self._socket = used
        self.check()

    def check(self) -> None:
        if self._event.is_set():
            raise Stopped

    def pause(self, seconds: float) -> None:
        self._event.wait(seconds)
        self.check()


class HttpRequester:
    """Asks the hosts of a list, and no others."""

    def __init__(self, hosts: Hosts, stall_seconds: float, stop: Stop) -> None:
        self._hosts = hosts
        self._stall_seconds = stall_seconds
        self._stop = stop
        self._trust = trust()

    def get(self, address: str, headers: dict[str, str]) -> tuple[HTTPResponse, str, str]:
        """The first answer that is no redirect, its host, and the file's SHA-256 where one was stated.

        Raises:
            ConnectionCut: the network failed; it may be tried again.
            DownloadError: a server sends on to where we do not go.
        """
        sha256 = ""
        sender = urlsplit(address).hostname or ""
        for _ in range(MOST_REDIRECTS):
            to = self._allowed(address, sender)
            sender = to.hostname or ""
            answer = self._get(to, headers)
            stated = answer.headers.get("X-Linked-ETag", "").strip('"')
            if re.fullmatch("[0-9a-f]{64}", stated):  # by the hub; the stores that it sends on to state none
                sha256 = stated
            if answer.status not in (301, 302, 303, 307, 308):
                return answer, sender, sha256
            answer.close()
            address = _joined(address, answer.headers.get("Location", ""))
        raise DownloadError("download-in-circles", host=sender)

    def _allowed(self, address: str, sender: str) -> SplitResult:
        with suppress(ValueError):
            if self._hosts.allow(to := urlsplit(address)):
                return to
        raise http_errors.elsewhere(sender, address)

    def _get(self, to: SplitResult, headers: dict[str, str]) -> HTTPResponse:
        https = connection(to, self._trust, self._stall_seconds)
        try:
            https.connect()
            self._stop.watch(https.sock)
            always = {"User-Agent": "offline-assistant", "Accept-Encoding": "identity", "Connection": "close"}
            https.request(
                "GET",
                to._replace(scheme="", netloc="", fragment="").geturl() or "/",
                headers=always | headers,
            )
            return https.getresponse()
        except (OSError, HTTPException) as error:
            https.close()
            self._stop.check()
            raise http_errors.no_answer(to.hostname or "", error) from error


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        return location
