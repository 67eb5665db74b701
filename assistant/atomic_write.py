"""What is written or renamed stays so, whatever happens to the power. Nothing but the standard library."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from weakref import WeakValueDictionary

NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
"""How a file is opened that must not be there yet."""
_locks: WeakValueDictionary[Path, threading.Lock] = WeakValueDictionary()
"""By the file that is written: two threads that write the same one would share its temporary one."""
_making_locks = threading.Lock()


def write(path: Path, content: str, *, private: bool = False) -> None:
    """Write a small file so that, whatever happens, the old one or the new one is there.

    Its folder is made where it is missing.

    Args:
        private: nobody but its owner may read it.

    Raises:
        OSError: it cannot be written; the old one is untouched.
    """
    write_bytes(path, content.encode("utf-8"), private=private)


def write_bytes(path: Path, content: bytes, *, private: bool = False) -> None:
    """As `write`, for what is no text."""
    write_by(path, lambda file: file.write(content), private=private)


def write_by(path: Path, fill: Callable[[BinaryIO], object], *, private: bool = False) -> None:
    """As `write`, for what is too large for memory: `fill` writes it piece by piece."""
    unfinished = temporary(path)
    with _lock_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.unlink(missing_ok=True)  # left by a crash
            descriptor = os.open(unfinished, NEW_FILE, 0o600 if private else 0o666)
            with os.fdopen(descriptor, "wb") as file:
                fill(file)
                file.flush()
                os.fsync(descriptor)
            unfinished.replace(path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
        with suppress(OSError):  # the file itself is there
            sync_folder(path.parent)


def _lock_of(path: Path) -> threading.Lock:
    with _making_locks:
        return _locks.setdefault(path, threading.Lock())


def temporary(path: Path) -> Path:
    """Where a file is written before it gets its name; a killed process leaves it."""
    return path.with_name(f".{path.name}.new")


def disk_is_full(error: OSError) -> bool:
    """Whether it says that there is no room left, for anybody or for this user."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can do that.

    Raises:
        OSError: the disk failed.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(descriptor)


def unused(file: Path, why: str) -> Path:
    """A name beside `file`, under which it is kept because it is, say, "damaged"."""
    number = 1
    while (kept := file.with_name(f"{file.name}.{why}-{number}")).exists():
        number += 1
    return kept
