"""What goes wrong with a server, each in one plain sentence with what to do about it."""

from __future__ import annotations

import errno
import re
import socket
import ssl
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPMessage, HTTPResponse

from assistant import quantities
from assistant.models.download.partial_file import DownloadFailure

LONGEST_WAIT = 300.0
"""Seconds. A server that wants to be left alone for longer is not waited for."""

_NO_NETWORK = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL}
_LATER = "What has come so far is kept: try again later, and it goes on from there."
_BY_HAND = "Open {} in a browser, download it there and add the file here."


class ConnectionCut(Exception):
    """The network or the server failed; the next try may succeed."""

    def __init__(self, words: str, *, wait: float = 0.0, offline: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.wait = wait
        """Seconds that the server asks for."""
        self.offline = offline
        """No network at all, as it seems."""

    def final(self) -> DownloadFailure:
        """As the end of the download."""
        if self.offline:
            return DownloadFailure(
                "offline", f"{self.words}.", "Connect this computer to the internet, then try again."
            )
        return DownloadFailure("download", f"{self.words}.", _LATER)


def no_answer(host: str, error: Exception) -> Exception:
    """What an exception of the network means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return DownloadFailure(
            "download",
            f"What answers is not {host}: its certificate is not valid ({error.verify_message}).",
            "See whether this computer's clock is right and whether this network wants you to sign in first.",
        )
    if isinstance(error, OSError) and str(error).startswith("Tunnel connection failed"):
        return DownloadFailure(
            "download",
            f"The proxy of this network does not let {host} through: {str(error).rpartition(': ')[2]}.",
            "Ask whoever looks after this network, or set HTTPS_PROXY to another proxy.",
        )
    if isinstance(error, socket.gaierror) or getattr(error, "errno", None) in _NO_NETWORK:
        return ConnectionCut(f"This computer is offline, or {host} cannot be reached from it", offline=True)
    if isinstance(error, TimeoutError):
        return ConnectionCut(f"{host} does not answer")
    return ConnectionCut(f"The connection to {host} broke")


def status(answer: HTTPResponse, host: str, page: str) -> Exception:
    """What an answer without a file means."""
    number = answer.status
    if number in (401, 403):
        return DownloadFailure(
            "download",
            f"{host} does not give this file to everybody ({number}).",
            f"Its maker may want you to agree to terms. {_BY_HAND.format(page)}",
        )
    if number in (404, 410):
        return DownloadFailure(
            "download",
            f"{host} does not have this file any more ({number}).",
            f"Its maker may have moved it. {_BY_HAND.format(page)}",
        )
    if number in (408, 425, 429) or number >= 500:
        wait = _wanted_pause(answer.headers)
        words = f"{host} is busy ({number})"
        if wait > LONGEST_WAIT:
            return DownloadFailure(
                "download", f"{words} and asks to be left alone for {quantities.duration(wait)}.", _LATER
            )
        return ConnectionCut(words, wait=wait)
    return DownloadFailure("download", f"{host} refuses ({number} {answer.reason}).", _BY_HAND.format(page))


def _wanted_pause(headers: HTTPMessage) -> float:
    """Seconds, from `Retry-After`."""
    wanted = headers.get("Retry-After", "").strip()
    if wanted.isdigit():
        return float(wanted)
    with suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(wanted).timestamp() - time.time())
    return 0.0


def elsewhere(host: str, address: str) -> DownloadFailure:
    match = re.match(r"[a-z+]{1,20}://[\w.:-]{1,100}", address, re.ASCII)
    named = match[0] if match else "an address"
    return DownloadFailure(
        "download",
        f"{host} sends on to {named}, which is not among those that this program asks.",
        "If this network wants you to sign in first, do so in a browser; otherwise download the file there.",
    )


def in_circles(host: str) -> DownloadFailure:
    return DownloadFailure(
        "download", f"{host} sends from one address to the next without end.", "Try again later."
    )


def web_page(host: str) -> DownloadFailure:
    return DownloadFailure(
        "wrong-file",
        f"{host} answers with a web page instead of the model.",
        "If this network wants you to sign in first, as in a hotel, do so in a browser, then try again.",
    )


def wrong_size(host: str, offered: int, wanted: int) -> DownloadFailure:
    return DownloadFailure(
        "wrong-file",
        f"{host} offers another file than the one wanted: {_beside(offered, wanted)}.",
        "Its maker may have replaced it. You can download the new one in a browser and add it here.",
    )


def _beside(offered: int, wanted: int) -> str:
    if quantities.size(offered) == quantities.size(wanted):
        return f"{offered} bytes instead of {wanted}"
    return f"{quantities.size(offered)} instead of {quantities.size(wanted)}"


def wrong_bytes(name: str, host: str) -> DownloadFailure:
    return DownloadFailure(
        "wrong-file",
        f"{name} from {host} is not the file that was wanted: its checksum is another. It was deleted.",
        "Try again. If it stays so, its maker has replaced it, or somebody on the way has.",
    )


def no_length(host: str) -> DownloadFailure:
    return DownloadFailure("download", f"{host} does not say how large the file is.", "Try again later.")
