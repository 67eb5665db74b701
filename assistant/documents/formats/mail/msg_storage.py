"""Property storages of Outlook messages (MS-OXMSG): a message, a recipient or an attachment each is one."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import olefile

from assistant.file_reading.encoding_detection import decode

MAX_STREAM_BYTES = 64 << 20
"""A larger property is not read."""
_OBJECT = 0x3701000D
"""Property and type of a message inside an attachment."""


class PropertyStorage:
    """Properties by their number. Those of fixed size lie in one stream, the others in a stream each."""

    def __init__(self, ole: Any, path: Sequence[str] = ()) -> None:
        """`ole`: an open olefile; `path`: the names of the storages that lead to this one."""
        self._ole = ole
        self._path = list(path)
        depth = len(path)
        self._names = {
            entry[depth].lower(): entry[depth]
            for entry in ole.listdir(streams=True, storages=True)
            if len(entry) == depth + 1 and entry[:depth] == self._path
        }
        self._fixed: dict[int, bytes] = {}
        content = self._stream("__properties_version1.0")
        # The header before the properties: 32 bytes for the message, 24 for one inside, 8 for the others.
        start = 32 if not path else 24 if path[-1].lower().endswith("000d") else 8
        for at in range(start, len(content) - 15, 16):
            (tag,) = struct.unpack_from("<I", content, at)
            self._fixed[tag >> 16] = content[at + 8 : at + 16]

    def text(self, number: int, charset: str = "") -> str:
        """A property that is text, in Unicode or in the message's character set."""
        wide = self._stream(f"__substg1.0_{number:04X}001F")
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        return decode(self._stream(f"__substg1.0_{number:04X}001E").rstrip(b"\0"), charset)

    def binary(self, number: int) -> bytes:
        """A property of bytes, b"" without one."""
        return self._stream(f"__substg1.0_{number:04X}0102")

    def integer(self, number: int) -> int:
        """A number, 0 without one."""
        return int(struct.unpack_from("<i", self._fixed[number])[0]) if number in self._fixed else 0

    def time(self, number: int) -> str:
        """A moment in UTC, "" without one."""
        if number not in self._fixed:
            return ""
        (ticks,) = struct.unpack_from("<Q", self._fixed[number])
        try:
            moment = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
        except OverflowError:
            return ""
        return moment.strftime("%Y-%m-%d %H:%M UTC") if moment.year > 1970 else ""

    def below(self, prefix: str) -> Iterator[PropertyStorage]:
        """The storages in this one whose names begin with `prefix`."""
        for key, name in self._names.items():
            if key.startswith(prefix):
                yield PropertyStorage(self._ole, [*self._path, name])

    def embedded(self) -> PropertyStorage | None:
        """The message that an attachment holds, if it is one."""
        name = self._names.get(f"__substg1.0_{_OBJECT:08x}")
        if name is None or self._ole.get_type([*self._path, name]) != olefile.STGTY_STORAGE:
            return None
        return PropertyStorage(self._ole, [*self._path, name])

    def _stream(self, name: str) -> bytes:
        entry = [*self._path, self._names.get(name.lower(), "")]
        if self._ole.get_type(entry) != olefile.STGTY_STREAM or self._ole.get_size(entry) > MAX_STREAM_BYTES:
            return b""
        return bytes(self._ole.openstream(entry).read())
