"""Where a translated document goes: to a name that nothing has yet, whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from assistant import atomic_write, languages
from assistant.errors import AccessDenied, AssistantError, DiskFull, StorageError, UserInputError

_MOST_NAMES = 1000
_LONGEST_NAME = 255
"""Bytes, where the system does not say."""
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)
"""What a file system says that has no hard links; some say that it is not permitted."""


_UNFINISHED = ".translation-"


def key(id: int, created: float) -> str:
    """Tells a document's temporary files from others'."""
    return f"{id}-{int(created)}"


def discard(folder: Path, key: str) -> None:
    """Take away what was written of a document when the program or the worker was killed."""
    with suppress(OSError):
        for beginning in (_UNFINISHED, f".{_UNFINISHED}"):
            for file in folder.glob(f"{beginning}{key}*"):
                file.unlink(missing_ok=True)


class Output:
    """The file that a translation becomes."""

    def __init__(self, folder: Path, name: str, source: Path, suffix: str, target: str, key: str) -> None:
        """
        Args:
            name: the very name that is wanted; "": after `source`.
            suffix: of what is written, with its dot.
            target: the language.
            key: see `key`.

        Raises:
            UserInputError: a file of that name is there, or the name is not one for such a file.
        """
        self._folder = folder
        self._name = name
        self._source = source
        self._suffix = suffix
        self._target = target
        self.temporary = folder / f"{_UNFINISHED}{key}{suffix}"
        """What is written first; in the same folder, so that it need not be copied."""
        if name and Path(name).suffix.lower() != suffix.lower():
            raise UserInputError("translation-other-format", name=name, suffix=suffix)
        if name and os.path.lexists(folder / name):
            raise UserInputError("translation-exists", file=str(folder / name))

    def check(self) -> None:
        """See that a file can be written there: nobody wants to wait an hour for a refusal.

        Raises:
            AccessDenied, DiskFull, StorageError: it cannot.
        """
        self.discard()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.temporary, atomic_write.NEW_FILE, 0o666))
        except OSError as error:
            raise self._failure(error) from error
        self.discard()

    def discard(self) -> None:
        """Take away what was written; a killed process may have left it."""
        for file in (self.temporary, atomic_write.temporary(self.temporary)):
            with suppress(OSError):
                file.unlink(missing_ok=True)

    def put_in_place(self) -> Path:
        """Give what was written its name. Returns where it is.

        Raises:
            UserInputError: by now there is a file of the name that was wanted.
            AccessDenied, DiskFull, StorageError: it cannot be put there.
        """
        try:
            with self.temporary.open("rb+") as file:
                os.fsync(file.fileno())
            for name in self._names():
                path = self._folder / name
                try:
                    _rename(self.temporary, path)
                except FileExistsError:
                    continue
                with suppress(OSError):  # the file itself is there
                    atomic_write.sync_folder(self._folder)
                return path
        except OSError as error:
            raise self._failure(error) from error
        raise UserInputError("translation-exists", file=str(self._folder / next(self._names())))

    def _names(self) -> Iterator[str]:
        if self._name:
            yield self._name
            return
        longest = _longest_name(self._folder)
        language = languages.name(self._target)
        for number in range(1, _MOST_NAMES):
            end = f" ({language}){f' {number}' if number > 1 else ''}{self._suffix}"
            stem = self._source.stem
            while len(os.fsencode(stem + end)) > longest:
                stem = stem[:-1]
            yield f"{stem.rstrip()}{end}"

    def _failure(self, error: OSError) -> AssistantError:
        why = error.strerror or str(error)
        if atomic_write.disk_is_full(error):
            return DiskFull("translation-disk-full", folder=str(self._folder))
        if error.errno in _DENIED:
            return AccessDenied("translation-folder-forbidden", folder=str(self._folder))
        return StorageError("translation-not-written", folder=str(self._folder), why=why)


def _rename(file: Path, path: Path) -> None:
    """Rename a file, never in the place of another one.

    Raises:
        FileExistsError: there is one.
        OSError: it cannot be renamed.
    """
    if os.name == "nt":
        file.rename(path)
        return
    try:
        os.link(file, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(path, atomic_write.NEW_FILE))  # the name is ours from here on
        file.replace(path)
        return
    file.unlink()


def _longest_name(folder: Path) -> int:
    try:
        return os.pathconf(folder, "PC_NAME_MAX")
    except (AttributeError, OSError, ValueError):
        return _LONGEST_NAME
