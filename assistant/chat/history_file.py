"""The history's SQLite file: opened, brought up to date, kept aside when it cannot be used."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.chat import history_schema
from assistant.chat.history_records import HistoryNotice
from assistant.errors import AssistantError, DamagedStore, DataFolderBusy, DiskFull, StorageError

DAMAGED, NEWER = "damaged", "newer"

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY_SECONDS = 10.0
_LITTLE_ROOM = 1 << 20

log = logging.getLogger(__name__)


@contextmanager
def told(file: Path) -> Iterator[None]:
    """Turns an sqlite3.Error about the history into a StorageError of the right kind."""
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the primary code; the rest says more.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        details = {"file": str(file), "reason": str(error)}
        if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _no_room(file)):
            raise DiskFull(
                "The conversation was not saved: the disk is full.", "Free some space and go on.", details
            ) from error
        if code in _DAMAGE:
            raise DamagedStore(
                "The history of conversations is damaged.",
                "Start the program again: what can be read is taken over, and the damaged file is kept.",
                details,
            ) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise DataFolderBusy(
                "Another process holds the history of conversations.",
                "Close the other program that uses it.",
                details,
            ) from error
        raise StorageError(
            f"The history of conversations in {file} cannot be used: {error}.",
            "Check that its folder can be written and its disk is there.",
            details,
        ) from error


def _no_room(file: Path) -> bool:
    """SQLite says "disk I/O error" where its shared memory file does not fit on a full disk."""
    try:
        return shutil.disk_usage(file.parent).free < _LITTLE_ROOM
    except OSError:
        return False


class HistoryFile:
    """One connection behind a lock; methods may be called from any thread."""

    def __init__(self, file: Path) -> None:
        """Open `file` or begin it. One that is damaged or was written by a newer version is kept beside it
        under another name, in `aside`; nothing is ever deleted.

        Raises:
            StorageError: the folder cannot be made or written.
        """
        self.file = file
        self.notices: list[HistoryNotice] = []
        """What the person should know about how opening went."""
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"The folder of the history cannot be made: {error.strerror or error}.",
                "Make the data folder writable.",
            ) from error
        try:
            newer = self._open()
        except DamagedStore as error:
            log.warning("The history is damaged: %s", error.details.get("reason"))
            self._put_aside(DAMAGED)
            self._open()
        else:
            if newer:
                self._put_aside(NEWER)
                self._open()

    def aside(self, why: str) -> list[Path]:
        """The files that were kept aside and not read yet, oldest first."""
        found = self.file.parent.glob(f"{self.file.name}.{why}-[0-9]*")
        return sorted(path for path in found if not path.name.endswith(("-wal", "-shm", "-journal")))

    # --- opening

    def _open(self) -> bool:
        """Connect and migrate; true if the file was written by a newer version."""
        try:
            with told(self.file):
                connection = self._connection = connect(self.file)
                if history_schema.version(connection) > len(history_schema.MIGRATIONS):
                    return True
                history_schema.migrate(connection)
                self._check(connection)
        except AssistantError:
            self._disconnect()
            raise
        return False

    def _check(self, connection: sqlite3.Connection) -> None:
        """Read all tables once after an end without `close`; it leaves its journal behind."""
        marked = connection.execute("PRAGMA application_id").fetchone()[0]
        if marked == _OPEN:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
            if found != ["ok"]:
                raise DamagedStore("The history is damaged.", "", {"reason": "; ".join(found)})
        connection.execute(f"PRAGMA application_id = {_OPEN}")

    def _put_aside(self, why: str) -> Path:
        self._disconnect()
        stamp = time.strftime("%Y%m%d-%H%M%S")
        target = self.file.with_name(f"{self.file.name}.{why}-{stamp}")
        count = 1
        while target.exists():
            count += 1
            target = self.file.with_name(f"{self.file.name}.{why}-{stamp}-{count}")
        try:
            for suffix in ("-wal", "-shm", ""):
                part = self.file.with_name(self.file.name + suffix)
                if part.exists():
                    part.rename(target.with_name(target.name + suffix))
        except OSError as error:
            raise StorageError(
                f"The history of conversations is {why} and cannot be put aside: {error.strerror or error}.",
                "Make the data folder writable.",
            ) from error
        if why == NEWER:
            self.notices.append(
                HistoryNotice(
                    "newer-history",
                    "Your conversations were written by a newer version of this program. They are kept in "
                    f"{target.name} and come back with the newer version.",
                    "Install the newer version again to see them.",
                )
            )
        return target

    # --- using

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, told(self.file):
            if self._connection is None:
                raise StorageError("The history of conversations is closed.")
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of the block or, if it raises, nothing. Within another one, a part of it."""
        with self.reading() as connection:
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

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self.reading() as connection:
            return connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        with self.reading() as connection:
            found: tuple[Any, ...] | None = connection.execute(sql, values).fetchone()
            return found

    def close(self) -> None:
        with self._lock:
            if self._connection is None:
                return
            try:
                self._connection.execute("PRAGMA application_id = 0")
            except sqlite3.Error as error:
                log.warning("The history was not closed cleanly: %s", error)
            self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


_OPEN = 0x0A55_1571
"""Stands in the file's head while a process has it open, and so after one that was killed."""


def connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",  # a power failure takes a second of an answer, no more
            "foreign_keys = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection
