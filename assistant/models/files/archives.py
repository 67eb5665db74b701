"""Archives of models that other people made: looked at with limits before anything is unpacked."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from assistant.errors import ModelUnusable
from assistant.file_copy import Meter
from assistant.models.files.file_names import is_safe_name

_SUFFIXES = (".zip", ".argosmodel")
_MOST_MEMBERS = 2_000
_LARGEST = 100 * 10**9
"""Bytes of everything inside, unpacked."""
_LARGEST_RATIO = 50
"""Bytes unpacked for each that is packed: weights are hardly smaller when packed."""
_SMALL = 50 << 20
"""Bytes that may be unpacked whatever the ratio is."""
_CHUNK = 1 << 20
_UNUSED = {"stanza", "__macosx"}
"""Folders that are left out: what Argos cuts sentences with is a program of its own."""
_SIGNS_OF_A_MODEL = ("model.bin", "modules.json", ".gguf", "model.safetensors")
"""Ends of names, one of which is in every archive with a model."""
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OverflowError, ValueError, RuntimeError,
    IndexError, struct.error,
)  # fmt: skip
"""What reading a damaged archive can raise."""


def is_archive(path: Path) -> bool:
    if path.suffix.lower() not in _SUFFIXES:
        return False
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def size(path: Path) -> int:
    """Bytes that it takes unpacked.

    Raises:
        ModelUnusable: it is damaged, made to do harm, or holds no model.
        OSError: it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(member.file_size for member in _members(path, archive))
    except _DAMAGE:
        raise ModelUnusable("packed-damaged", name=path.name) from None


def unpack(path: Path, target: Path, meter: Meter) -> None:
    """Unpack into a folder, which is made.

    Raises:
        ModelUnusable: it is damaged, made to do harm, or holds no model.
        OSError: it cannot be read, or the folder not be written.
        Cancelled: the person stopped it.
    """
    target.mkdir(parents=True)
    try:
        with zipfile.ZipFile(path) as archive:
            for member in _members(path, archive):
                place = target.joinpath(*PurePosixPath(member.filename).parts)
                place.parent.mkdir(parents=True, exist_ok=True)
                left = member.file_size
                with archive.open(member) as packed, place.open("xb") as file:
                    while chunk := packed.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise ModelUnusable("packed-lie", name=path.name)
                        file.write(chunk)
                        meter.add(len(chunk))
    except _DAMAGE:
        raise ModelUnusable("packed-damaged", name=path.name) from None


def _members(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files that are unpacked, once it is sure that they may be."""
    listed = archive.infolist()
    if len(listed) > _MOST_MEMBERS:
        raise ModelUnusable("packed-many-files", name=path.name, count=len(listed))
    names: set[str] = set()
    members = []
    for member in listed:
        if member.is_dir():
            continue
        if stat.S_ISLNK(member.external_attr >> 16):
            raise ModelUnusable("packed-link", name=path.name, member=member.filename[:80])
        if not is_safe_name(member.filename):
            raise ModelUnusable("packed-outside", name=path.name, member=member.filename[:80])
        if member.flag_bits & 1:
            raise ModelUnusable("packed-locked", name=path.name)
        if member.filename.lower() in names:
            raise ModelUnusable("packed-twice", name=path.name, member=member.filename[:80])
        names.add(member.filename.lower())
        if not _UNUSED & {part.lower() for part in PurePosixPath(member.filename).parts}:
            members.append(member)
    total = sum(member.file_size for member in members)
    if total > _LARGEST or (total > _SMALL and total > _LARGEST_RATIO * path.stat().st_size):
        raise ModelUnusable("packed-too-large", name=path.name, size=total)
    if any(name.rpartition("/")[2] == "data.pkl" for name in names):
        raise ModelUnusable("model-is-pytorch", name=path.name)
    if not any(name.endswith(_SIGNS_OF_A_MODEL) for name in names):
        raise ModelUnusable("packed-without-model", name=path.name)
    return members
