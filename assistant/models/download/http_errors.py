"""What goes wrong with a server."""

from __future__ import annotations

import errno
import re
import socket
import ssl
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPMessage, HTTPResponse

from assistant.errors import DownloadError, Offline, WrongFile
from assistant.quantities import size

LONGEST_WAIT = 300.0
"""Seconds. A server that wants to be left alone for longer is not waited for."""

_NO_NETWORK = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL}


class ConnectionCut(Exception):
    """The network or the server failed; the next try may succeed."""

    def __init__(self, error: DownloadError, wait: float = 0.0) -> None:
        super().__init__(error.message)
        self.error = error
        """What it is as the end of the download."""
        self.wait = wait
        """Seconds that the server asks for."""


def no_answer(host: str, error: Exception) -> Exception:
    """What an exception of the network means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return DownloadError("download-certificate", host=host, why=error.verify_message)
    if isinstance(error, OSError) and str(error).startswith("Tunnel connection failed"):
        return DownloadError("download-proxy", host=host, why=str(error).rpartition(": ")[2])
    if isinstance(error, socket.gaierror) or getattr(error, "errno", None) in _NO_NETWORK:
        return ConnectionCut(Offline("download-offline", host=host))
    if isinstance(error, TimeoutError):
        return ConnectionCut(DownloadError("download-no-answer", host=host))
    return broken(host)


def broken(host: str) -> ConnectionCut:
    return ConnectionCut(DownloadError("download-cut-off", host=host))


def status(answer: HTTPResponse, host: str, page: str) -> Exception:
    """What an answer without a file means."""
    number = answer.status
    if number in (401, 403):
        return DownloadError("download-not-for-all", host=host, status=number, page=page)
    if number in (404, 410):
        return DownloadError("download-gone", host=host, status=number, page=page)
    if number in (408, 425, 429) or number >= 500:
        wait = _wanted_pause(answer.headers)
        if wait > LONGEST_WAIT:
            return DownloadError("download-long-pause", host=host, status=number, wait=wait)
        return ConnectionCut(DownloadError("download-busy", host=host, status=number), wait)
    return DownloadError("download-not-given", host=host, status=number, why=answer.reason, page=page)


def _wanted_pause(headers: HTTPMessage) -> float:
    """Seconds, from `Retry-After`."""
    wanted = headers.get("Retry-After", "").strip()
    if wanted.isdigit():
        return float(wanted)
    with suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(wanted).timestamp() - time.time())
    return 0.0


def elsewhere(host: str, address: str) -> DownloadError:
    match = re.match(r"[a-z+]{1,20}://[\w.:-]{1,100}", address, re.ASCII)
    return DownloadError("download-elsewhere", host=host, address=match[0] if match else "an address")


def wrong_size(host: str, offered: int, wanted: int) -> WrongFile:
    reason = "download-other-bytes" if size(offered) == size(wanted) else "download-other-size"
    return WrongFile(reason, host=host, offered=offered, wanted=wanted)
