"""One window for each data folder: a second start calls it forward, and a command tells it to dictate."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWERED_WITHIN_MS = 500
"""A window that does not answer by then is taken for gone."""
LONGEST_PATH = 100
"""Bytes of a socket's path; systems take 103 to 107, and Qt adds none."""
HEARD_WITHIN_MS = 20
"""Whoever calls has usually said it all by the time that one listens."""
LONGEST_WORD = 32
"""Bytes; whoever says more is not one of us."""
_SHOW = "show"
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


def call_first_instance(home: Path) -> bool:
    """Ask the first window to come forward; false if there is none."""
    return tell_first_instance(home, _SHOW)


def tell_first_instance(home: Path, word: str) -> bool:
    """Tell the first window one of `DICTATION`; false if there is none."""
    where = socket_path(home)
    if where is None or (sys.platform != "win32" and not Path(where).exists()):
        return False
    socket = QLocalSocket()
    socket.connectToServer(where)
    answered = socket.waitForConnected(ANSWERED_WITHIN_MS)  # to be called is all that it needs to hear
    if answered:
        socket.write(f"{word}\n".encode())
        socket.waitForBytesWritten(ANSWERED_WITHIN_MS)
    socket.disconnectFromServer()
    return answered


class SingleInstance(QObject):
    """Listens as long as it lives. Only the owner of the data folder may close it."""

    called = Signal()
    dictation_wanted = Signal(str)
    """One of `DICTATION`."""

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
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

    def _answer(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.disconnected.connect(caller.deleteLater)
            if not caller.canReadLine():
                caller.waitForReadyRead(HEARD_WITHIN_MS)
            word = bytes(caller.readLine(LONGEST_WORD).data()).decode("ascii", "replace").strip()
            caller.disconnectFromServer()
            if word == _SHOW:
                self.called.emit()
            elif word in DICTATION:
                self.dictation_wanted.emit(word)
