"""Finds the files that a person means by a path: a file itself, or what can be read in a folder.

Nothing is opened here: a pipe or a device that calls itself "notes.txt" must not stop the program.
"""

# Thousands of paths, some with undecodable bytes: text is faster than Path and as exact.
# ruff: noqa: PTH100, PTH111, PTH112, PTH114, PTH119, PTH120, PTH122

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from assistant.documents.records import FileSeen
from assistant.errors import AccessDenied, DocumentGone, Problem, UnsupportedFormat, UserInputError
from assistant.jobs import CancelToken

_SKIPPED_FOLDERS = frozenset(
    {"$recycle.bin", "system volume information", "lost+found", "__macosx", "__pycache__", "node_modules"}
)
_SKIPPED_FILES = frozenset({"thumbs.db", "desktop.ini", "icon\r"})
_LOCK_PREFIXES = ("~$", ".~lock.", "~wrl")
"""What Office and LibreOffice lay beside a document while it is open."""

_WINDOWS_HIDDEN = stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM
_MAC_HIDDEN = 0x8000  # UF_HIDDEN; the stat module has it only on some systems
_NUMBER = re.compile("([0-9]+)")
Identity: TypeAlias = tuple[int, int]
"""Device and number of a file or folder, whatever it is called."""

_LOOP = UserInputError("link-circle").problem
_NOT_A_FILE = UnsupportedFormat("no-regular-file").problem


@dataclass(slots=True)
class Scan:
    """What one walk gave. A path is in one of the lists at most."""

    files: list[FileSeen] = field(default_factory=list)
    refused: list[tuple[str, Problem]] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)
    """Every folder that was entered."""


def absolute(path: str | os.PathLike[str]) -> str:
    """`path` made absolute without following links; `..` is resolved by name."""
    return os.path.abspath(os.path.expanduser(os.fspath(path)))


def within(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies below it, by name."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def identity_of(path: str) -> Identity | None:
    """The file or folder that a path leads to; None where there is nothing."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def look(path: str) -> FileSeen | Problem:
    """The regular file at `path`, or why it cannot be taken."""
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        return problem_of(error, path)
    if not stat.S_ISREG(status.st_mode):
        return _NOT_A_FILE
    return FileSeen(path, status.st_size, status.st_mtime_ns)


def scan(
    path: str,
    suffixes: Collection[str],
    *,
    skip: Iterable[str] = (),
    token: CancelToken | None = None,
) -> Scan:
    """Everything at `path`: the file itself whatever its suffix, or the files with `suffixes` below a folder.

    In folders, hidden and system files and folders, lock files and everything in `skip` are passed over.
    Links are followed, each real folder once; a link to a folder that it lies in is refused, as are
    folders without permission and pipes or devices with a document's name. Does not raise OSError.
    """
    result = Scan()
    path = absolute(path)
    if os.path.isdir(path):
        _Walk(result, suffixes, frozenset(absolute(each) for each in skip), token).folder(path)
        result.files.sort(key=lambda found: _natural(found.path))
    else:
        found = look(path)
        if isinstance(found, FileSeen):
            result.files.append(found)
        else:
            result.refused.append((path, found))
    return result


class _Walk:
    def __init__(
        self, result: Scan, suffixes: Collection[str], skip: frozenset[str], token: CancelToken | None
    ) -> None:
        self._result = result
        self._suffixes = suffixes
        self._skip = skip
        self._token = token
        self._folders: set[Identity] = set()
        self._files: set[Identity] = set()
        self._linked_files: list[tuple[FileSeen, Identity]] = []

    def folder(self, root: str) -> None:
        above = _ancestors(root)
        # A stack, not recursion: folders can be nested deeper than Python calls may be. Links come last, so
        # that what is reached both ways is known by its own name.
        waiting: list[tuple[str, tuple[Identity, ...]]] = [(root, above)]
        links: list[tuple[str, tuple[Identity, ...]]] = []
        while waiting or links:
            path, above = waiting.pop() if waiting else links.pop()
            if self._token:
                self._token.raise_if_cancelled()
            if path in self._skip:
                continue
            try:
                status = os.stat(path)
                identity = (status.st_dev, status.st_ino)
                if identity in above:
                    self._refuse(path, _LOOP)
                    continue
                if identity in self._folders:
                    continue
                self._folders.add(identity)
                with os.scandir(path) as listing:
                    entries = list(listing)
            except (OSError, ValueError) as error:
                self._refuse(path, problem_of(error, path))
                continue
            self._result.folders.add(path)
            inside = (*above, identity)
            for entry in entries:
                if self._entry(entry):
                    (links if entry.is_symlink() else waiting).append((entry.path, inside))
        for found, identity in self._linked_files:
            if identity not in self._files:
                self._files.add(identity)
                self._result.files.append(found)

    def _entry(self, entry: os.DirEntry[str]) -> bool:
        """Takes a file; true if the entry is a folder to go into."""
        name = entry.name.lower()
        if name.startswith(".") or name.startswith(_LOCK_PREFIXES):
            return False
        named_as_document = os.path.splitext(name)[1] in self._suffixes and name not in _SKIPPED_FILES
        try:
            folder = entry.is_dir()
            if not folder and not named_as_document:
                return False
            status = entry.stat()
        except (OSError, ValueError) as error:
            if named_as_document or (isinstance(error, OSError) and error.errno == errno.ELOOP):
                self._refuse(entry.path, problem_of(error, entry.path))
            return False
        if _hidden(status):
            return False
        if folder:
            return name not in _SKIPPED_FOLDERS
        if not stat.S_ISREG(status.st_mode):
            self._refuse(entry.path, _NOT_A_FILE)
            return False
        if entry.path in self._skip:
            return False
        found = FileSeen(entry.path, status.st_size, status.st_mtime_ns)
        if entry.is_symlink():
            self._linked_files.append((found, (status.st_dev, status.st_ino)))
        else:
            self._files.add((status.st_dev, status.st_ino))
            self._result.files.append(found)
        return False

    def _refuse(self, path: str, problem: Problem) -> None:
        self._result.refused.append((path, problem))


def _hidden(status: os.stat_result) -> bool:
    return bool(
        getattr(status, "st_file_attributes", 0) & _WINDOWS_HIDDEN
        or getattr(status, "st_flags", 0) & _MAC_HIDDEN
    )


def _natural(path: str) -> list[str | int]:
    """Sorts "page 10" after "page 9"; words and numbers take turns, so that like is compared with like."""
    return [int(part[:18]) if at % 2 else part for at, part in enumerate(_NUMBER.split(path.casefold()))]


def _ancestors(folder: str) -> tuple[Identity, ...]:
    """The real folders that `folder` lies in: a link to one of them would lead back here."""
    found: list[Identity] = []
    above = os.path.dirname(os.path.realpath(folder))
    while True:
        identity = identity_of(above)
        if identity is not None:
            found.append(identity)
        parent = os.path.dirname(above)
        if parent == above:
            return tuple(reversed(found))
        above = parent


def problem_of(error: OSError | ValueError, path: str) -> Problem:
    """Why the file or folder at `path` cannot be read."""
    if isinstance(error, ValueError):  # a NUL in the name
        return DocumentGone("file-name-impossible").problem
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return DocumentGone("dangling-link" if os.path.islink(path) else "no-such-path").problem
    if error.errno in (errno.EACCES, errno.EPERM):
        return AccessDenied("path-denied", name=printable(os.path.basename(path) or path)).problem
    if error.errno == errno.ELOOP:
        return _LOOP
    if error.errno == errno.ENAMETOOLONG:
        return UserInputError("path-too-long").problem
    return DocumentGone("path-unreachable", why=error.strerror or str(error)).problem


def printable(path: str | Path) -> str:
    """A name on one line for people: control characters and bytes that are no text as escapes."""
    return "".join(
        character
        if character.isprintable()
        else "\\x%02x" % (ord(character) - 0xDC00)
        if 0xDC80 <= ord(character) <= 0xDCFF
        else character.encode("unicode_escape").decode()
        for character in os.fspath(path)
    )
