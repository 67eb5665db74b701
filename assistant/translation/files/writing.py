"""What the writing of all files has in common: whole or not at all, archives with some members changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from assistant import atomic_write
from assistant.errors import DiskFull, StorageError
from assistant.file_reading.zip_copy import copy_archive
from assistant.file_reading.zip_reader import Archive, member_key
from assistant.translation.records import Lost, NotKept


def save(output: Path, content: bytes) -> None:
    """
    Raises:
        DiskFull, StorageError: it cannot be written; what was there before is untouched.
    """
    save_by(output, lambda file: file.write(content))


def save_by(output: Path, fill: Callable[[BinaryIO], object]) -> None:
    """As `save`, for what is too large for memory: `fill` writes it piece by piece."""
    try:
        atomic_write.write_by(output, fill)
    except OSError as error:
        if atomic_write.disk_is_full(error):
            raise DiskFull("translation-disk-full", folder=str(output.parent)) from error
        why = error.strerror or str(error)
        raise StorageError("translation-not-written", folder=str(output.parent), why=why) from error


_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?|webp)$", re.IGNORECASE)


def pictures(names: Iterable[str]) -> tuple[Lost, ...]:
    """The members of a package that may show text which nobody translates."""
    count = sum(_PICTURE.search(name) is not None and "thumbnail" not in name.lower() for name in names)
    return (Lost(NotKept.PICTURE_TEXT, count=count),) if count else ()


def save_package(path: Path, output: Path, changed: Mapping[str, bytes]) -> None:
    """Write the archive at `path` with other contents of some members, whose names are meant in any case.

    Raises:
        UnreadableDocument: a member cannot be read.
        DiskFull, StorageError: it cannot be written.
    """
    contents = {member_key(name): content for name, content in changed.items()}
    with closing(Archive(path)) as archive:
        save_by(output, lambda file: copy_archive(archive, file, lambda name: contents.get(member_key(name))))
