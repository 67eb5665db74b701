"""What the program's SQLite files share: transactions, migrations, failures in words, setting aside."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DamagedStore, DataFolderBusy, DiskFull, StorageError

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_DENIED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH}
_LITTLE_ROOM = 1 << 20
_PARTS = ("-wal", "-shm", "")
"""The journal first: a move that is cut short leaves the file itself where it was."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a file is spoken of to people."""

    name: str
    """As in "The {name} is damaged."."""
    full: str
    """What to do when its disk is full, and what then happens."""
    damaged: str
    """What to do when it is damaged."""


@contextmanager
def translated(file: Path, wording: Wording) -> Iterator[None]:
    """Turns an sqlite3.Error about `file` into a StorageError of the right kind."""
    try:
        yield
    except sqlite3.Error as error:
        raise _as_storage_error(error, file, wording) from error


def _as_storage_error(error: sqlite3.Error, file: Path, wording: Wording) -> StorageError:
    # The low byte is the primary code; the rest says more, e.g. which input or output call failed.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    details = {"file": str(file), "reason": str(error)}
    name = wording.name
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _no_room(file)):
        return DiskFull(f"The disk that holds the {name} is full.", wording.full, details)
    if code in _DAMAGE:
        return DamagedStore(f"The {name} is damaged.", wording.damaged, details)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DataFolderBusy(
            f"Another process holds the {name}.", "Close the other window or command.", details
        )
    if code in _DENIED:
        return StorageError(
            f"The {name} cannot be opened or written: {file}",
            "Check the permissions of that folder, and that its disk is there.",
            details,
        )
    if code == sqlite3.SQLITE_IOERR:
        return StorageError(
            f"The disk reports an error at the {name}: {file}",
            "Check that the disk is connected and healthy.",
            details,
        )
    return StorageError(f"The {name} failed: {error}", "Start the program again.", details)


def _no_room(file: Path) -> bool:
    """SQLite says "disk I/O error" where its shared memory file does not fit on a full disk."""
    try:
        return shutil.disk_usage(file.parent).free < _LITTLE_ROOM
    except OSError:
        return False


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All of the block or, if it raises, nothing. Within another transaction, a part of it."""
    nested = connection.in_transaction
    if nested:
        yield connection
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        # After some failures, a full disk among them, SQLite has rolled back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def version(connection: sqlite3.Connection) -> int:
    """How many migrations the file has been through."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, migrations: Sequence[Sequence[str]]) -> None:
    """Bring the file to the newest version, one transaction for each step."""
    while version(connection) < len(migrations):
        with transaction(connection):
            known = version(connection)  # another connection may have been quicker
            for statement in migrations[known] if known < len(migrations) else ():
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {min(known + 1, len(migrations))}")


def make_folder(file: Path, wording: Wording) -> None:
    """The folder of `file`.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder of the {wording.name} cannot be made: {file.parent}",
            "Check the permissions of its parent folder.",
            {"reason": str(error)},
        ) from error


def set_aside(file: Path, why: str, wording: Wording) -> Path:
    """Rename a closed file and its journal, so that nothing of it is lost; returns its new name.

    Raises:
        StorageError: the folder cannot be written.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = file.with_name(f"{file.name}.{why}-{stamp}")
    count = 1
    while target.exists():
        count += 1
        target = file.with_name(f"{file.name}.{why}-{stamp}-{count}")
    try:
        for suffix in _PARTS:
            part = file.with_name(file.name + suffix)
            if part.exists():
                part.rename(target.with_name(target.name + suffix))
    except OSError as error:
        raise StorageError(
            f"The {wording.name} is {why} and cannot be set aside: {error.strerror or error}.",
            "Make the data folder writable.",
        ) from error
    return target
