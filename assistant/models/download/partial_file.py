"""What has come of a download, in a folder of its own: a partial file is never taken for a model."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from assistant import atomic_write
from assistant.atomic_write import sync_folder
from assistant.errors import AssistantError, DiskFull, DownloadError, StorageError

FOLDER = "parts"
"""Inside the folder that the finished files go to."""
RESERVE = 1_000_000_000
"""Bytes of a disk that stay free."""
BLOCK = 1 << 20
"""Bytes that are hashed at once."""


@dataclass
class PartialFileNote:
    """What the server said of a file, kept beside its part."""

    address: str
    validator: str = ""
    """By which the server tells whether it is still the same file: an ETag or a date; "" if it gave none."""
    total: int = 0
    sha256: str = ""
    """Of the whole file, where the server states it."""


class PartialFile:
    """The bytes of one file that have come so far, and their hash."""

    def __init__(self, folder: Path, name: str, address: str) -> None:
        """Opens what an earlier try left, unless it came from another address; then call `hash_existing`."""
        self.path = place(folder / FOLDER, f"{name}.part")
        self._note_path = self.path.with_suffix(".note")
        self.note = self._earlier(address)
        self._hash = hashlib.sha256()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("ab", buffering=0)
        self.size = self._file.tell()
        self.patched = self.size > 0
        """It came in more than one go."""
        if not self.note.total:
            self.clear(self.note)

    def _earlier(self, address: str) -> PartialFileNote:
        with suppress(OSError, ValueError, TypeError):
            note = PartialFileNote(**json.loads(self._note_path.read_text("utf-8")))
            if note.address == address:
                return note
        return PartialFileNote(address)

    def hash_existing(self, go_on: Callable[[int], None]) -> None:
        """Hash what is here already; `go_on(bytes)` is called now and then and may raise."""
        self._hash = hash_file(self.path, go_on)

    def clear(self, note: PartialFileNote) -> None:
        """Begin again, with a file that the server speaks of so."""
        self._file.truncate(0)
        self._hash = hashlib.sha256()
        self.size = 0
        self.patched = False
        self.note = note
        self._note_path.write_text(json.dumps(asdict(note)), "utf-8")

    def add(self, data: bytes) -> None:
        view = memoryview(data)
        while view:  # a nearly full disk takes less than it is given
            written = self._file.write(view)
            self._hash.update(view[:written])
            self.size += written
            view = view[written:]

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def finish(self, target: Path) -> None:
        """Move the complete file to its place, for good."""
        os.fsync(self._file.fileno())
        self._file.close()
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path.replace(target)
        self._note_path.unlink(missing_ok=True)
        with suppress(OSError):  # the file itself is there
            sync_folder(target.parent)

    def close(self) -> None:
        self._file.close()

    def delete(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)
        self._note_path.unlink(missing_ok=True)


def place(folder: Path, name: str) -> Path:
    """Where a file of that relative name lies in the folder; never outside of it.

    Raises:
        DownloadError: the name leads out.
    """
    parts = PurePosixPath(name).parts
    if not parts or any(part in ("..", "/") or "\\" in part or ":" in part for part in parts):
        raise DownloadError("download-name-impossible", name=name)
    return folder.joinpath(*parts)


def bytes_here(folder: Path, name: str) -> int:
    """Bytes of a file that need not come again."""
    for path in (place(folder, name), place(folder / FOLDER, f"{name}.part")):
        with suppress(OSError):
            return path.stat().st_size
    return 0


def hash_file(path: Path, go_on: Callable[[int], None]) -> hashlib._Hash:
    """SHA-256 of a file; `go_on(bytes)` is called now and then and may raise."""
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            done += len(block)
            go_on(done)
    return digest


def free(folder: Path) -> int:
    """Bytes free on the disk of a folder, which need not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def check_room(size: int, folder: Path) -> None:
    """Raises DiskFull if so many bytes and a reserve do not fit on the disk of the folder."""
    left = free(folder)
    if size and size + RESERVE > left:
        raise DiskFull(
            "download-no-room",
            folder=str(folder),
            free=left,
            needed=size,
            reserve=RESERVE,
            more=size + RESERVE - left,
        )


def disk_error(error: OSError, folder: Path) -> AssistantError:
    """What a disk's refusal means. What has come stays."""
    if atomic_write.disk_is_full(error):
        return DiskFull("download-disk-full", folder=str(folder))
    if error.errno == errno.EFBIG:
        return DiskFull("download-file-too-large", folder=str(folder))
    return StorageError("download-not-written", folder=str(folder), why=error.strerror)
