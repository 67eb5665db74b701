"""Files of terms and of sentences that other programs write and read: opened, written, and what can fail."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from assistant import atomic_write
from assistant.errors import AccessDenied, DiskFull, DocumentGone, StorageError, UnreadableDocument
from assistant.file_reading.file_head import refuse_device


@contextmanager
def reading(file: Path) -> Iterator[BinaryIO]:
    """
    Raises:
        DocumentGone, AccessDenied, UnreadableDocument: it cannot be opened or, inside, be read.
    """
    try:
        refuse_device(file)
        with file.open("rb") as opened:
            yield opened
    except FileNotFoundError:
        raise DocumentGone("translation-file-gone", name=file.name) from None
    except OSError as error:
        kind = AccessDenied if error.errno in (errno.EACCES, errno.EPERM) else UnreadableDocument
        raise kind("translation-file-not-read", name=file.name, why=error.strerror or str(error)) from error


def write(file: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Have `fill` write it piece by piece.

    Raises:
        DiskFull, StorageError: it cannot be written; what was there is untouched.
    """
    try:
        atomic_write.write_by(file, fill)
    except OSError as error:
        if atomic_write.disk_is_full(error):
            raise DiskFull("translation-file-disk-full", name=file.name) from error
        why = error.strerror or str(error)
        raise StorageError("translation-file-not-written", name=file.name, why=why) from error


def base_language(code: str) -> str:
    """ "de" of "de-AT"."""
    return code.replace("_", "-").partition("-")[0].strip().casefold()
