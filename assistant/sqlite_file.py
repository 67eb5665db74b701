"""The SQLite files: opened, checked, brought up to date, set aside when damaged; failures as errors."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from assistant.errors import DamagedStore, DataFolderBusy, DiskFull, StorageError

log = logging.getLogger(__name__)

Migrations = Sequence[Sequence[str]]
"""Each takes a file from version n to n + 1, statement by statement."""

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DENIED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH}
_LITTLE_ROOM = 1 << 20
"""Bytes free on a disk that counts as full."""
_PARTS = ("-wal", "-shm", "")
"""The journal first: a move that is cut short leaves the file itself where it was."""
_OPEN = 0x0A55_1571
"""`application_id` of a file while a process has it open, and so after one that was killed."""
_PRAGMAS = ("journal_mode = WAL", "foreign_keys = ON", "temp_store = MEMORY")


@dataclass(frozen=True, slots=True)
class Reasons:
    """Which errors say what is wrong with a file: keys of `error_messages.MESSAGES`."""

    damaged: str
    full: str
    busy: str
    denied: str
    disk_error: str
    failed: str
    closed: str
    no_folder: str
    not_set_aside: str


class SqliteFile:
    """A file, its connections and transactions. Methods may be called from any thread."""

    def __init__(
        self,
        file: Path,
        reasons: Reasons,
        migrations: Migrations,
        pragmas: Sequence[str],
        *,
        per_thread: bool = False,
        busy_seconds: float = 30.0,
    ) -> None:
        """Open or create `file`; a damaged one is set aside, not emptied, and a new one begun.

        Args:
            pragmas: beside those that all files have.
            per_thread: a connection for each thread, so that who reads waits for nobody; else one for all.
            busy_seconds: how long to wait for another process that holds the file.

        Raises:
            StorageError: it cannot be opened, or `_refuse_newer` says so.
        """
        self.file = file
        self.set_aside: Path | None = None
        """Where a damaged file was moved to when this one was opened."""
        self._reasons = reasons
        self._migrations = migrations
        self._pragmas = pragmas
        self._per_thread = per_thread
        self._busy_seconds = busy_seconds
        self._lock = threading.RLock()
        """Held by whoever writes, and by whoever reads where there is one connection."""
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        self._connections_lock = threading.Lock()
        self._local: Any
        self._closed = False
        self._close_connections()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(reasons.no_folder, folder=str(file.parent), why=str(error)) from error
        try:
            self._open()
        except DamagedStore as error:
            log.error("%s (%s)", error.message, error.details.get("why"))
            self.set_aside = set_aside(file, "damaged", reasons.not_set_aside)
            self._open()

    # --- opening

    def _refuse_newer(self, version: int) -> None:
        """Raise what is to be said of a file of a newer version of the program."""
        raise NotImplementedError

    def _open(self) -> None:
        try:
            with translated(self.file, self._reasons):
                connection = self._connection()
                known = version(connection)
                if known > len(self._migrations):
                    self._refuse_newer(known)
                # After an end without `close` (a crash, a power failure) the whole file is looked at once.
                if connection.execute("PRAGMA application_id").fetchone() == (_OPEN,):
                    check(connection, self._reasons.damaged)
                migrate(connection, self._migrations)
            try:
                with translated(self.file, self._reasons):
                    connection.execute(f"PRAGMA application_id = {_OPEN}")
            except DiskFull as error:
                # What is there can be read all the same; the first write will say it again.
                log.warning("Opened for reading: %s", error.message)
        except BaseException:
            self._close_connections()
            raise

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            return connection
        if self._closed:
            raise StorageError(self._reasons.closed)
        connection = connect(self.file, self._pragmas, self._busy_seconds)
        self._local.connection = connection
        with self._connections_lock:
            for thread in [thread for thread in self._connections if not thread.is_alive()]:
                self._connections.pop(thread).close()
            self._connections[threading.current_thread()] = connection
        return connection

    def close(self) -> None:
        """Close every thread's connection; later calls raise StorageError. Call when no other call runs."""
        with self._lock:
            if self._closed:
                return
            try:
                with translated(self.file, self._reasons):
                    self._connection().execute("PRAGMA application_id = 0")
            except StorageError as error:
                log.warning("%s was not closed cleanly: %s", self.file.name, error)
            self._closed = True
            self._close_connections()

    def _close_connections(self) -> None:
        with self._connections_lock:
            for connection in self._connections.values():
                connection.close()
            self._connections.clear()
        self._local = threading.local() if self._per_thread else SimpleNamespace()

    # --- using

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        lock = nullcontext() if self._per_thread else self._lock
        with lock, translated(self.file, self._reasons):
            yield self._connection()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of the block or, if it raises, nothing. Within another one, a part of it."""
        with (
            self._lock,
            translated(self.file, self._reasons),
            transaction(self._connection()) as connection,
        ):
            yield connection

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._reading() as connection:
            return connection.execute(sql, values).fetchall()

    def _one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        with self._reading() as connection:
            row: tuple[Any, ...] | None = connection.execute(sql, values).fetchone()
            return row


def connect(file: Path, pragmas: Sequence[str], busy_seconds: float) -> sqlite3.Connection:
    """A connection that any thread may use and close."""
    connection = sqlite3.connect(
        file, timeout=busy_seconds, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        for pragma in (*pragmas, *_PRAGMAS):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_read_only(file: Path) -> sqlite3.Connection:
    """A connection to a file as it lies there, which stays as it is."""
    return sqlite3.connect(f"file:{urllib.parse.quote(str(file))}?mode=ro", uri=True)


def check(connection: sqlite3.Connection, damaged: str) -> None:
    """Read the whole file once.

    Raises:
        DamagedStore: it is damaged; for this reason.
    """
    found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(5)")]
    if found != ["ok"]:
        raise DamagedStore(damaged, why="; ".join(found))


@contextmanager
def translated(file: Path, reasons: Reasons) -> Iterator[None]:
    """Turns an sqlite3.Error about `file` into a StorageError of the right kind."""
    try:
        yield
    except sqlite3.Error as error:
        raise _as_storage_error(error, file, reasons) from error


def _as_storage_error(error: sqlite3.Error, file: Path, reasons: Reasons) -> StorageError:
    # The low byte is the primary code; the rest says more, e.g. which input or output call failed.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    kind, reason = StorageError, reasons.failed
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _no_room(file)):
        kind, reason = DiskFull, reasons.full
    elif code in _DAMAGE:
        kind, reason = DamagedStore, reasons.damaged
    elif code in _BUSY:
        kind, reason = DataFolderBusy, reasons.busy
    elif code in _DENIED:
        reason = reasons.denied
    elif code == sqlite3.SQLITE_IOERR:
        reason = reasons.disk_error
    return kind(reason, file=str(file), why=str(error))


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


def migrate(connection: sqlite3.Connection, migrations: Migrations) -> None:
    """Bring the file to the newest version, one transaction for each step."""
    while version(connection) < len(migrations):
        with transaction(connection):
            known = version(connection)  # another connection may have been quicker
            for statement in migrations[known] if known < len(migrations) else ():
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {min(known + 1, len(migrations))}")


def set_aside(file: Path, why: str, not_set_aside: str) -> Path:
    """Rename a closed file and its journal, so that nothing of it is lost; returns its new name.

    Raises:
        StorageError: the folder cannot be written; for the last reason.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = file.with_name(f"{file.name}.{why}-{stamp}")
    count = 1
    while target.exists():
        count += 1
        target = file.with_name(f"{file.name}.{why}-{stamp}-{count}")
    try:
        rename(file, target)
    except OSError as error:
        raise StorageError(not_set_aside, why=error.strerror or str(error)) from error
    return target


def rename(file: Path, target: Path) -> None:
    """Rename a closed file and its journal.

    Raises:
        OSError: it cannot be renamed.
    """
    for suffix in _PARTS:
        part = file.with_name(file.name + suffix)
        if part.exists():
            part.rename(target.with_name(target.name + suffix))
