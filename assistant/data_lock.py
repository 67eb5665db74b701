"""One process at a time owns a data folder.

The lock is the kernel's, held on an open file: it ends with its owner, however that dies. What the file
says (who owns it) is only for the message that the second one gets.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from pathlib import Path
from typing import Any, Self

from assistant import atomic_write, paths
from assistant.errors import DataFolderBusy, StorageError

_WORDS_LIMIT = 1000
"""Bytes read of the owner's words."""

if sys.platform == "win32":
    import msvcrt

    _BYTE_FAR_OUT = 1 << 30
    """Windows keeps others from reading a locked byte, so one is locked where no words are."""

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _BYTE_FAR_OUT, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_TAKEN = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)
"""What systems say of a lock that another process has."""


class DataLock:
    """The right to a data folder. Children do not inherit it: the descriptor closes when they start."""

    def __init__(self, path: Path | None = None, owner: str = "command line") -> None:
        """`path`: the lock file; its folder is made. `owner`: "window" or "command line", told to others."""
        self._path = path or paths.lock_file()
        self._owner = owner
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def acquire(self) -> None:
        """Take the lock at once or not at all.

        Raises:
            DataFolderBusy: another process has it; `details` say its `pid` and `owner` if known.
            StorageError: the file cannot be made or locked.
        """
        if self._descriptor is not None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            _lock(descriptor)
            self._write_owner(descriptor)
        except OSError as error:
            os.close(descriptor)
            if error.errno in _TAKEN:
                raise self._busy() from None
            raise self._unusable(error) from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the folder back. The file stays: removing it could split the lock between two files."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _write_owner(self, descriptor: int) -> None:
        words = json.dumps({"pid": os.getpid(), "owner": self._owner}).encode()
        try:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, words)
        except OSError as error:
            if not atomic_write.disk_is_full(error):  # the lock holds on a full disk, too
                raise

    def _busy(self) -> DataFolderBusy:
        owner, pid = _read_owner(self._path)
        if owner == "window":
            return DataFolderBusy("data-folder-used-by-window", pid=pid, owner=owner)
        if owner:
            return DataFolderBusy("data-folder-used-by-command", pid=pid, owner=owner)
        return DataFolderBusy("data-folder-used", pid=pid, owner=owner)

    def _unusable(self, error: OSError) -> StorageError:
        why = error.strerror or str(error)
        return StorageError("data-folder-unusable", folder=str(self._path.parent), why=why)


def _read_owner(path: Path) -> tuple[str, int | None]:
    """The words in the lock file; empty when there are none, for instance in the moment of taking it."""
    try:
        with path.open("rb") as file:
            words: Any = json.loads(file.read(_WORDS_LIMIT))
        return str(words["owner"]), int(words["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", None
