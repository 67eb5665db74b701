"""Archives of models that other people made: looked at with limits before anything is unpacked."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from assistant import quantities
from assistant.errors import ModelUnusable
from assistant.file_copy import Meter
from assistant.models.files.file_names import is_safe_name
from assistant.models.files.gguf import unusable

_SUFFIXES = (".zip", ".argosmodel")
_MOST_MEMBERS = 2_000
_LARGEST = 100 * 10**9
"""Bytes of everything inside, unpacked."""
_LARGEST_RATIO = 50
"""Weights are hardly smaller when packed."""
_FREE = 50 << 20
"""So much may be unpacked whatever the ratio is."""
_CHUNK = 1 << 20
_UNUSED = {"stanza", "__macosx"}
"""Folders that are left out: what Argos cuts sentences with is a program of its own."""
_SIGNS = ("model.bin", "modules.json", ".gguf", "model.safetensors")
_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OverflowError, ValueError, RuntimeError,
    IndexError, struct.error,
)  # fmt: skip


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
    except _ERRORS:
        raise _damaged(path) from None


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
                            raise _harmful(path, "it holds more than it says")
                        file.write(chunk)
                        meter.add(len(chunk))
    except _ERRORS:
        raise _damaged(path) from None


def _members(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files that are unpacked, once it is sure that they may be."""
    listed = archive.infolist()
    if len(listed) > _MOST_MEMBERS:
        raise _harmful(path, f"it holds {len(listed):,} files")
    names: set[str] = set()
    members = []
    for member in listed:
        if member.is_dir():
            continue
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _harmful(path, f"{member.filename[:80]!r} in it is a link to somewhere else")
        if not is_safe_name(member.filename):
            raise _harmful(path, f"{member.filename[:80]!r} in it would be unpacked somewhere else")
        if member.flag_bits & 1:
            raise unusable(path, "it is locked with a password", "Unpack it and add the folder.")
        if member.filename.lower() in names:
            raise _harmful(path, f"{member.filename[:80]!r} is in it twice")
        names.add(member.filename.lower())
        if not _UNUSED & {part.lower() for part in PurePosixPath(member.filename).parts}:
            members.append(member)
    total = sum(member.file_size for member in members)
    if total > _LARGEST or (total > _FREE and total > _LARGEST_RATIO * path.stat().st_size):
        raise _harmful(path, f"it would unpack to {quantities.size(total)}")
    if any(name.rpartition("/")[2] == "data.pkl" for name in names):
        raise unusable(
            path,
            "it is in PyTorch's form, which may hold a program",
            "Get the model in the GGUF form for chat, or as a folder with safetensors for documents.",
        )
    if not any(name.endswith(_SIGNS) for name in names):
        raise unusable(path, "there is no model in this archive")
    return members


def _harmful(path: Path, why: str) -> ModelUnusable:
    return unusable(path, why, "It may have been made to do harm. Get the model from where you trust it.")


def _damaged(path: Path) -> ModelUnusable:
    return unusable(path, "the archive is damaged or was not copied whole", "Copy or download it again.")
