"""What models have read of the last conversations, on disk: reopening one does not read it all again.

Written by llama.cpp; its files begin with a mark, a version and the tokens, all of four bytes each. It ends
the process when such a file is damaged, so a checksum is put behind what it wrote.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import struct
import zlib
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

LIMIT = 2 * 2**30
"""Bytes for all states together; no more than a tenth of what is free on the disk."""

_HEADER = struct.Struct("<III")
"""llama.cpp's: magic number, version, count of tokens."""
_MAGIC = 0x67677371
"""LLAMA_STATE_SEQ_MAGIC of llama.cpp."""
_MOST_TOKENS = 2**24
"""A file that names more is damaged."""
_CHECKSUM = struct.Struct("<II")
"""Ours, at the end: mark and CRC-32."""
_MARK = 0x4D555343
"""Says that a checksum follows."""
_CHUNK = 2**22
"""Bytes that are read at once."""


class StateCache:
    """States by conversation, for one way of loading one model. The least recently used go first."""

    def __init__(self, folder: Path, model: str, limit: int = LIMIT) -> None:
        """Args:
        model: whatever the states depend on; another text does not see them.
        """
        self._folder = folder
        self._model = model
        self._limit = limit

    def tokens(self, conversation: str) -> array[int]:
        """The tokens that a kept state is of; none if there is no such state."""
        try:
            with self._path(conversation).open("rb") as file:
                magic, _, count = _HEADER.unpack(file.read(_HEADER.size))
                if magic != _MAGIC or count > _MOST_TOKENS:
                    return array("i")
                tokens = array("i")
                tokens.frombytes(file.read(4 * count))
                return tokens
        except (OSError, struct.error, ValueError):
            return array("i")

    def save(self, conversation: str, size: int, write: Callable[[Path], int]) -> bool:
        """Have a state of about `size` bytes written; false if it was not."""
        path = self._path(conversation)
        fresh = path.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._make_room(size, path):
                return False
            if write(fresh) <= 0:
                return False
            with fresh.open("r+b") as file:
                checksum = _checksum(file, fresh.stat().st_size)
                file.write(_CHECKSUM.pack(_MARK, checksum))
            fresh.replace(path)
            return True
        except OSError:
            return False
        finally:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)

    def load(self, conversation: str, read: Callable[[Path], bool]) -> bool:
        """Have a state read; one that cannot be read is removed."""
        path = self._path(conversation)
        with contextlib.suppress(OSError):
            os.utime(path)
            if _whole(path) and read(path):
                return True
            path.unlink(missing_ok=True)
        return False

    def _path(self, conversation: str) -> Path:
        name = hashlib.sha256(f"{self._model}\n{conversation}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.state"

    def _make_room(self, size: int, replaced: Path) -> bool:
        limit = min(self._limit, shutil.disk_usage(self._folder).free // 10)
        if size > limit // 2:
            return False  # it would push out all the others
        others = []
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):
                if path != replaced:
                    others.append((path.stat().st_mtime, path.stat().st_size, path))
        others.sort(key=lambda each: each[0], reverse=True)
        for _, each, path in others:
            size += each
            if size > limit:
                with contextlib.suppress(OSError):
                    path.unlink()
        return True


def _whole(path: Path) -> bool:
    with path.open("rb") as file:
        size = path.stat().st_size - _CHECKSUM.size
        checksum = _checksum(file, size)
        return file.read(_CHECKSUM.size) == _CHECKSUM.pack(_MARK, checksum)


def _checksum(file: BinaryIO, size: int) -> int:
    """Of the next `size` bytes."""
    checksum = 0
    while size > 0 and (chunk := file.read(min(size, _CHUNK))):
        checksum = zlib.crc32(chunk, checksum)
        size -= len(chunk)
    return checksum


def common_prefix(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens are the same from the beginning."""
    shorter = min(len(one), len(other))
    if list(one[:shorter]) == list(other[:shorter]):
        return shorter
    return next(index for index in range(shorter) if one[index] != other[index])
