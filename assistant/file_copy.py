"""Large files, copied and hashed at once: with progress, a Stop that acts at once, and room for them."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant import atomic_write
from assistant.errors import DiskFull, StorageError
from assistant.jobs import CancelToken, Progress

_CHUNK = 4 << 20
"""Bytes that are copied between two looks at the person's Stop."""
_SPARE = 64 << 20
"""Bytes of a disk that stay free for the rest of the program."""
_REPORT_INTERVAL = 0.1
"""Seconds between two reports."""


class Meter:
    """Counts bytes and tells how far they are. Between any two pieces the person's Stop is looked at."""

    def __init__(
        self, doing: str, total: int, token: CancelToken, report: Callable[[Any], None] | None = None
    ) -> None:
        self.doing = doing
        self.done = 0
        self._total = total
        self._token = token
        self._report = report
        self._begun = time.monotonic()
        self._reported_at = 0.0

    def add(self, count: int) -> None:
        """Raises Cancelled once the person stopped it."""
        self._token.raise_if_cancelled()
        self.done += count
        now = time.monotonic()
        if self._report is not None and (
            now - self._reported_at >= _REPORT_INTERVAL or self.done == self._total
        ):
            self._reported_at = now
            left = None
            if self.done and now - self._begun > 1:
                left = (now - self._begun) * max(0, self._total - self.done) / self.done
            self._report(Progress(self.doing, self.done, max(self._total, self.done), left))


def sha256(path: Path, meter: Meter) -> str:
    """
    Raises:
        OSError: the file cannot be read.
        Cancelled: the person stopped it.
    """
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            meter.add(len(chunk))
    return digest.hexdigest()


def copy(source: Path, target: Path, meter: Meter) -> str:
    """Copy a file so that it is on the disk when this returns; gives its SHA-256.

    Raises:
        OSError: it cannot be read or written.
        Cancelled: the person stopped it; what is there of `target` is no whole file.
    """
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb", buffering=0) as file, target.open("xb", buffering=0) as copied:
        while chunk := file.read(_CHUNK):
            view = memoryview(chunk)
            while view:
                view = view[copied.write(view) :]
            digest.update(chunk)
            meter.add(len(chunk))
        os.fsync(copied.fileno())
    return digest.hexdigest()


def sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def room_for(size: int, folder: Path) -> bool:
    return shutil.disk_usage(folder).free >= size + _SPARE


def check_room(size: int, folder: Path) -> None:
    """Raises DiskFull: there is no room for so many bytes."""
    if not room_for(size, folder):
        free = max(0, shutil.disk_usage(folder).free - _SPARE)
        raise DiskFull("no-room-on-disk", folder=str(folder), needed=size, free=free)


@contextmanager
def disk_failures_said(doing: str, name: str = "") -> Iterator[None]:
    """A disk's refusal becomes an error with words.

    Args:
        doing: the beginning of the reasons that say so, such as "add-model".
        name: of the model that it was done to, if they name it.

    Raises:
        StorageError: the disk is full, does not take so large a file, or failed.
    """
    try:
        yield
    except OSError as error:
        if atomic_write.disk_is_full(error):
            raise DiskFull(f"{doing}-disk-full", name=name) from error
        if error.errno == errno.EFBIG:
            raise StorageError(f"{doing}-file-too-large", name=name) from error
        named = f" ({error.filename})" if error.filename else ""
        why = f"{error.strerror or error}{named}"
        raise StorageError(f"{doing}-disk-error", name=name, why=why) from error


def delete(folder: Path) -> None:
    """A folder with all that is in it, as far as that can be done."""
    shutil.rmtree(folder, ignore_errors=True)
