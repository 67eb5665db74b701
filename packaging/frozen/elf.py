"""What a Linux program or library asks of the system it runs on, read from its file.

The format: System V ABI, and for the versions of symbols the Linux Standard Base, "Symbol Versioning".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

MAGIC = b"\x7fELF"
_64_BIT_LITTLE_ENDIAN = b"\x02\x01"
_VERSIONS_NEEDED = 0x6FFFFFFE
"""SHT_GNU_verneed, the kind of section that names them."""

MARKS = {"GLIBC_ABI_DT_RELR": "2.36"}
"""Features of the loader that a file asks for by a word, and the version that brought them."""

Version = tuple[int, ...]


def needed_versions(path: Path) -> dict[str, Version]:
    """The newest version of each family of symbols: {"GLIBC": (2, 34), "GLIBCXX": (3, 4, 30)}.

    Empty for other files, and for a damaged one.
    """
    with path.open("rb") as file:
        if file.read(4) != MAGIC:
            return {}
        file.seek(0)
        try:
            names = list(_version_names(file.read()))
        except (struct.error, IndexError, ValueError, OverflowError):
            return {}
    newest: dict[str, Version] = {}
    for name in names:
        family, _, number = name.partition("_")
        number = MARKS.get(name, number)
        parts = number.split(".")
        if all(part.isdigit() for part in parts):
            version = tuple(int(part) for part in parts)
            newest[family] = max(version, newest.get(family, ()))
    return newest


def _version_names(data: bytes) -> Iterator[str]:
    if data[4:6] != _64_BIT_LITTLE_ENDIAN:
        return
    (table,) = struct.unpack_from("<Q", data, 0x28)
    size, count = struct.unpack_from("<HH", data, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + number * size) for number in range(count)]
    for _name, kind, _flags, _address, offset, _size, link, entries, _align, _each in sections:
        if kind != _VERSIONS_NEEDED:
            continue
        strings = sections[link][4]
        need = offset
        for _ in range(entries):
            _version, versions, _file, first, following = struct.unpack_from("<HHIII", data, need)
            at = need + first
            for _ in range(versions):
                _hash, _flag, _other, name, further = struct.unpack_from("<IHHII", data, at)
                start = strings + name
                yield data[start : data.index(b"\0", start)].decode()
                at += further
            need += following
