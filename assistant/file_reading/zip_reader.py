"""Zip files that other people made: read with limits, and never unpacked onto the disk."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, BinaryIO, TypeAlias
from urllib.parse import unquote

from assistant.errors import UnreadableDocument, UnsupportedFormat

MAX_MEMBERS = 20_000
"""An archive of more pieces is refused."""
MAX_TOTAL_BYTES = 1 << 30
"""Everything inside together, unpacked."""
MAX_RATIO = 100
"""Unpacked to packed bytes; an archive with a higher one is refused."""
FREE_BYTES = 50 << 20
"""So much may be unpacked whatever the ratio is."""
MAX_MEMBER_BYTES = 160 << 20
"""One member that has to be in memory as a whole."""

Source: TypeAlias = Path | BinaryIO

_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError, ValueError, RuntimeError,
    IndexError,
)  # fmt: skip
"""What a damaged archive leads zipfile to."""


class Archive:
    """A zip file of one document. Names are found whatever their case, and never become paths on a disk."""

    def __init__(self, source: Source) -> None:
        """Raises UnreadableDocument for a damaged archive and for one made to exhaust the computer."""
        self._owned: IO[bytes] | None = None
        if isinstance(source, Path):
            self._owned = source.open("rb")
            file: IO[bytes] = self._owned
        else:
            file = source
        try:
            self._zip = zipfile.ZipFile(file)
            members = self._zip.infolist()
            self._check(members, file.seek(0, 2))
        except BaseException as error:
            self.close()
            if isinstance(error, _ZIP_ERRORS):
                raise UnreadableDocument("archive-damaged") from error
            raise
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            if not member.filename.endswith(("/", "\\")):
                self._members[member_key(member.filename)] = member

    def _check(self, members: list[zipfile.ZipInfo], size: int) -> None:
        total = sum(member.file_size for member in members)
        if (
            len(members) > MAX_MEMBERS
            or total > MAX_TOTAL_BYTES
            or (total > FREE_BYTES and total > MAX_RATIO * max(1, size))
        ):
            raise UnreadableDocument("archive-bomb", size=total, pieces=len(members))

    @property
    def names(self) -> list[str]:
        """Names of all members as they are written in the archive, in its order."""
        return [member.filename.replace("\\", "/") for member in self._members.values()]

    @property
    def members(self) -> list[zipfile.ZipInfo]:
        """What the archive says of each member, in its order; of several with one name, the last."""
        return list(self._members.values())

    def __contains__(self, name: str) -> bool:
        return member_key(name) in self._members

    def size(self, name: str) -> int:
        """Unpacked bytes of a member; 0 where it does not exist."""
        member = self._members.get(member_key(name))
        return member.file_size if member else 0

    def read(self, name: str) -> bytes:
        """A member as a whole. Raises UnreadableDocument, also where it is missing or too large."""
        if self.size(name) > MAX_MEMBER_BYTES:
            raise UnreadableDocument("archive-member-too-large", size=self.size(name))
        with self.open(name) as file:
            return file.read()

    def open(self, name: str) -> Member:
        """A member as a stream. Raises UnreadableDocument; UnsupportedFormat where the archive is locked."""
        member = self._members.get(member_key(name))
        if member is None:
            raise UnreadableDocument("archive-member-missing", member=name)
        if member.flag_bits & 1:
            raise UnsupportedFormat("archive-locked")
        try:
            return Member(self._zip.open(member), name)
        except _ZIP_ERRORS as error:
            raise UnreadableDocument("archive-member-damaged", member=name) from error

    def close(self) -> None:
        if hasattr(self, "_zip"):
            self._zip.close()
        if self._owned is not None:
            self._owned.close()


class Member:
    """A member as a stream; what is wrong with it comes as UnreadableDocument."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; b"" at the end. Raises UnreadableDocument."""
        try:
            return self._file.read(size)
        except _ZIP_ERRORS as error:
            raise UnreadableDocument("archive-member-damaged", member=self._name) from error

    def __enter__(self) -> Member:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def member_key(name: str) -> str:
    """The same for all spellings of a member's name."""
    return name.replace("\\", "/").lstrip("/").lower()


def resolve(base: str, target: str) -> str:
    """The member that `target` means when written in member `base`; "" where it leads out of the archive.

    Fragments are cut off; percent signs are decoded.
    """
    target = unquote(target.split("#", 1)[0]).replace("\\", "/")
    if not target or "://" in target:
        return ""
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    path = posixpath.normpath(joined.lstrip("/"))
    return "" if path == "." or path.split("/", 1)[0] == ".." else path
