"""One window for each data folder: a second start calls it forward, with the files that it was given.

A command tells it to dictate. What is said is a line; the word `open` has a number behind it, and so many
lines follow, each the URL of a file, in which a name may hold anything.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWERED_WITHIN_MS = 500
"""A window that does not answer by then is taken for gone."""
LONGEST_PATH = 100
"""Bytes of a socket's path; systems take 103 to 107, and Qt adds none."""
LONGEST_WORD = 32
"""Bytes; whoever says more is not one of us."""
TAKEN_WITHIN_MS = 5000
"""A window that is busy takes files a little later."""
MOST_BYTES = 20_000_000
"""Of what is said about files: a command line has at most 6 MB, and a URL needs three bytes for some."""
_SHOW = "show"
_OPEN = "open"
_HEARD = b"heard\n"
DICTATION = ("start", "stop", "toggle")
"""What a window can be told about dictation."""


def socket_path(home: Path) -> str | None:
    """Where the first window of this data folder listens; None where no safe place for that exists."""
    name = "offline-assistant-" + hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    if sys.platform == "win32":
        return name
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or "")
    if not folder.is_absolute() or len(os.fsencode(folder / name)) > LONGEST_PATH:
        folder = Path(tempfile.gettempdir(), f"offline-assistant-{os.getuid()}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.stat()
    except OSError:
        return None
    if status.st_uid != os.getuid() or status.st_mode & 0o022:
        return None  # somebody else could answer there
    return str(folder / name)


def call_first_instance(home: Path, files: Sequence[str] = ()) -> bool:
    """Ask the first window to come forward, and to take these files; false if there is none.

    Args:
        files: absolute paths.
    """
    if not files:
        return tell_first_instance(home, _SHOW)
    socket = _connected(home)
    if socket is None:
        return False
    urls = "".join(f"{Path(file).as_uri()}\n" for file in files)
    socket.write(f"{_OPEN} {len(files)}\n{urls}".encode())
    while socket.bytesToWrite() and socket.waitForBytesWritten(TAKEN_WITHIN_MS):
        pass
    taken = socket.bytesAvailable() > 0 or socket.waitForReadyRead(TAKEN_WITHIN_MS)
    socket.disconnectFromServer()
    return taken  # otherwise it closed just now


def tell_first_instance(home: Path, word: str) -> bool:
    """Tell the first window one of `DICTATION`; false if there is none."""
    socket = _connected(home)
    if socket is None:
        return False
    socket.write(f"{word}\n".encode())
    socket.waitForBytesWritten(ANSWERED_WITHIN_MS)
    socket.disconnectFromServer()
    return True


def _connected(home: Path) -> QLocalSocket | None:
    where = socket_path(home)
    if where is None or (sys.platform != "win32" and not Path(where).exists()):
        return None
    socket = QLocalSocket()
    socket.connectToServer(where)
    return socket if socket.waitForConnected(ANSWERED_WITHIN_MS) else None


class SingleInstance(QObject):
    """Listens as long as it lives. Only the owner of the data folder may close it."""

    called = Signal()
    dictation_wanted = Signal(str)
    """One of `DICTATION`."""
    files_given = Signal(object)
    """A list of their URLs, as text."""

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._callers: list[_Caller] = []
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        where = socket_path(home)
        if where is not None:
            QLocalServer.removeServer(
                where
            )  # left by one that was killed: the lock says that we are the first
            self._server.listen(where)

    def close(self) -> None:
        self._server.close()
        for caller in self._callers:
            caller.socket.abort()

    def _answer(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._callers.append(_Caller(socket))
            # Not to something that holds the socket: Qt would then delete it twice.
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(self._part)
        self._read()

    def _read(self) -> None:
        for caller in tuple(self._callers):
            if not caller.read():
                continue
            if caller.urls is not None:
                self.files_given.emit(caller.urls)
            elif caller.word == _SHOW:
                self.called.emit()
            elif caller.word in DICTATION:
                self.dictation_wanted.emit(caller.word)

    def _part(self) -> None:
        for caller in tuple(self._callers):
            if caller.socket.state() is QLocalSocket.LocalSocketState.UnconnectedState:
                self._callers.remove(caller)
                caller.socket.deleteLater()


class _Caller:
    """What one caller has said by now, who may be slow."""

    def __init__(self, socket: QLocalSocket) -> None:
        self.socket = socket
        self.word = ""
        self.urls: list[str] | None = None
        """Of files; None where the caller wants something else."""
        self._missing = 0
        """Lines that still come; the first is not among them."""
        self._room = LONGEST_WORD
        self._done = False

    def read(self) -> bool:
        """Whether all was said just now."""
        while not self._done and self.socket.canReadLine():
            line = bytes(self.socket.readLine().data())
            self._room -= len(line)
            self._take(line.decode("ascii", "replace").strip())
            self._done = not self._missing
            if self._done and self._room >= 0:
                self.socket.write(_HEARD)
                self.socket.disconnectFromServer()
                return True
        if not self._done and self.socket.bytesAvailable() > self._room:
            self._done = True
            self.socket.abort()
        return False

    def _take(self, line: str) -> None:
        if self.urls is not None:
            self.urls.append(line)
            self._missing -= 1
            return
        self.word, _, amount = line.partition(" ")
        if self.word == _OPEN and amount.isdecimal():
            self.urls = []
            self._missing = int(amount)
            self._room = MOST_BYTES
