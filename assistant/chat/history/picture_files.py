"""The files of the pictures in conversations, each named after its content: the same one is kept once."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant import atomic_write
from assistant.chat.history.records import PICTURE_FILE
from assistant.errors import DiskFull, StorageError

log = logging.getLogger(__name__)


@contextmanager
def failures_said() -> Iterator[None]:
    """What keeps a picture from being kept becomes an error with words.

    Raises:
        DiskFull, StorageError: the disk is full or failed.
    """
    try:
        yield
    except OSError as error:
        if atomic_write.disk_is_full(error):
            raise DiskFull("picture-disk-full") from error
        raise StorageError("picture-not-kept", why=error.strerror or str(error)) from error


class PictureFiles:
    """Methods may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        """Makes nothing; the first picture does."""
        self.folder = folder
        self._lock = threading.Lock()
        self._held: set[str] = set()
        """Those kept since the program began: a message that is still being written may have them."""

    def path(self, file: str) -> Path:
        """Where the picture of this name lies, if it is there."""
        return self.folder / file

    def keep(self, content: bytes, suffix: str) -> str:
        """Keep a picture whose file has this suffix; returns the name that it has from now on.

        Raises:
            DiskFull, StorageError: it cannot be written.
        """
        name = f"{hashlib.sha256(content).hexdigest()}{suffix}"
        assert PICTURE_FILE.fullmatch(name), name
        with self._lock:
            self._held.add(name)
            if not self.path(name).is_file():
                with failures_said():
                    atomic_write.write_bytes(self.path(name), content)
        return name

    def contents(self, names: Iterable[str]) -> dict[str, bytes]:
        """The files of these pictures, as far as they are there."""
        found = {}
        for name in names:
            try:
                found[name] = self.path(name).read_bytes()
            except OSError as error:
                log.info("a picture is not there: %s", error)
        return found

    def names(self) -> list[str]:
        """Of all pictures that are there."""
        try:
            return [name for name in os.listdir(self.folder) if PICTURE_FILE.fullmatch(name)]
        except OSError:
            return []

    def keep_only(self, needed: Collection[str]) -> None:
        """Delete the pictures that no message needs, nor one that may still be written."""
        with self._lock:
            for name in self.names():
                if name not in needed and name not in self._held:
                    try:
                        (self.folder / name).unlink(missing_ok=True)
                    except OSError as error:  # it is tried again at the next start
                        log.warning("A picture that is not needed could not be deleted: %s", error)
