"""Writes small compound files (MS-CFB), the containers of old Office files and of Outlook messages."""

from __future__ import annotations

import struct
from pathlib import Path

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(path: Path, streams: dict[str, bytes]) -> Path:
    """A compound file; names with a slash lie in storages."""
    tree: dict[str, object] = {}
    for name, content in streams.items():
        *folders, leaf = name.split("/")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})  # type: ignore[assignment]
        place[leaf] = content
    path.write_bytes(_Writer().write(tree))
    return path


class _Writer:
    def __init__(self) -> None:
        self._sectors: list[bytes] = []
        self._fat: list[int] = []
        self._mini = b""
        self._mini_fat: list[int] = []
        self._entries: list[list[object]] = []

    def write(self, tree: dict[str, object]) -> bytes:
        self._entries.append(["Root Entry", 5, _FREE, _FREE, _FREE, _END, 0])
        self._entries[0][4] = self._folder(tree)
        if self._mini:
            self._entries[0][5:] = [self._chain(self._mini), len(self._mini)]
        mini_fat = b"".join(struct.pack("<I", entry) for entry in self._mini_fat)
        mini_start = self._chain(mini_fat, b"\xff") if mini_fat else _END
        directory = self._chain(b"".join(map(self._entry, self._entries)))
        count = 1
        while (len(self._fat) + count) * 4 > count * _SECTOR:
            count += 1
        first = len(self._sectors)
        fat = [*self._fat, *[_FAT] * count]
        table = b"".join(struct.pack("<I", entry) for entry in fat).ljust(count * _SECTOR, b"\xff")
        header = struct.pack(
            "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
            0, count, directory, 0, _CUTOFF, mini_start, (len(mini_fat) + _SECTOR - 1) // _SECTOR, _END, 0,
        )  # fmt: skip
        header += b"".join(struct.pack("<I", first + number) for number in range(count))
        return header.ljust(_SECTOR, b"\xff") + b"".join(self._sectors) + table

    def _folder(self, tree: dict[str, object]) -> int:
        """Writes what is in a storage; its entries hang in one line, which readers accept."""
        previous = _FREE
        for name in sorted(tree, key=lambda one: (len(one), one.upper()), reverse=True):
            content = tree[name]
            number = len(self._entries)
            self._entries.append([name, 2, _FREE, previous, _FREE, _END, 0])
            if isinstance(content, dict):
                self._entries[number][1] = 1
                self._entries[number][4] = self._folder(content)
            elif isinstance(content, bytes) and content:
                self._entries[number][5:] = [self._stream(content), len(content)]
            previous = number
        return previous

    def _stream(self, content: bytes) -> int:
        if len(content) >= _CUTOFF:
            return self._chain(content)
        start = len(self._mini_fat)
        count = (len(content) + _MINI - 1) // _MINI
        self._mini += content.ljust(count * _MINI, b"\0")
        self._mini_fat += [*range(start + 1, start + count), _END]
        return start

    def _chain(self, content: bytes, filler: bytes = b"\0") -> int:
        start = len(self._sectors)
        count = max(1, (len(content) + _SECTOR - 1) // _SECTOR)
        content = content.ljust(count * _SECTOR, filler)
        self._sectors += [content[at : at + _SECTOR] for at in range(0, len(content), _SECTOR)]
        self._fat += [*range(start + 1, start + count), _END]
        return start

    @staticmethod
    def _entry(entry: list[object]) -> bytes:
        name, kind, left, right, child, start, size = entry
        raw = str(name).encode("utf-16-le")
        return struct.pack(
            "<64sHBBIII16xI16xIQ", raw, len(raw) + 2, kind, 1, left, right, child, 0, start, size
        )
