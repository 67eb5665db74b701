"""Writes a translated file, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from assistant import atomic_write
from assistant.errors import DiskFull, StorageError


def save(output: Path, content: bytes) -> None:
    """
    Raises:
        DiskFull, StorageError: it cannot be written; what was there before is untouched.
    """
    try:
        atomic_write.write_bytes(output, content)
    except OSError as error:
        if atomic_write.disk_is_full(error):
            raise DiskFull("translated-file-disk-full", file=str(output)) from error
        why = error.strerror or str(error)
        raise StorageError("translated-file-not-written", file=str(output), why=why) from error
