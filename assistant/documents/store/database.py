"""One SQLite file with a connection for each thread; its failures become the errors that people read."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.documents.store import schema
from assistant.errors import AssistantError, DamagedStore, DiskFull, StorageError
from assistant.sqlite_file import Wording, make_folder, set_aside, transaction, translated

log = logging.getLogger(__name__)

_BUSY_TIMEOUT_S = 30.0
_OPEN_MARK = "open"
_WORDING = Wording(
    "document store",
    full="Free some space; indexing then goes on where it stopped.",
    damaged="Start the program again: the damaged store is set aside and your files are read anew.",
)


class Database:
    """The file, its connections, and transactions. Methods may be called from any thread."""

    def __init__(self, file: Path) -> None:
        """Open or create `file`; a damaged one is set aside and a new one begun (see `set_aside`).

        Raises:
            StorageError: it cannot be opened, or was written by a newer version.
            DiskFull: there is no room to open it.
        """
        self.file = file
        self.set_aside: Path | None = None
        """Where a damaged store was moved to when this one was opened."""
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        self._connections_lock = threading.Lock()
        self._local = threading.local()
        self._write_lock = threading.RLock()
        self._closed = False
        make_folder(file, _WORDING)
        try:
            self._open()
        except DamagedStore as error:
            log.error("%s (%s)", error.message, error.details.get("reason"))
            self._close_connections()
            self.set_aside = set_aside(file, "damaged", _WORDING)
            self._open()

    def _open(self) -> None:
        try:
            with translated(self.file, _WORDING):
                connection = self._connection()
                if connection.execute("PRAGMA user_version").fetchone()[0] and self._was_open(connection):
                    self._check(connection)
                schema.migrate(connection)
            self._mark_open(connection)
        except AssistantError:
            self._close_connections()
            raise

    def _was_open(self, connection: sqlite3.Connection) -> bool:
        return bool(connection.execute("SELECT 1 FROM meta WHERE key = ?", (_OPEN_MARK,)).fetchone())

    def _mark_open(self, connection: sqlite3.Connection) -> None:
        try:
            with translated(self.file, _WORDING):
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (_OPEN_MARK,))
        except DiskFull:
            # What is indexed can be listed and searched all the same; the first write will say it again.
            log.warning("The disk is full: the document store is opened for reading.")

    def _check(self, connection: sqlite3.Connection) -> None:
        """After an end without `close` (a crash, a power failure) the whole file is looked at once."""
        found = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
        if found != ["ok"]:
            raise DamagedStore("document-store-unsound", reason="; ".join(map(str, found)))

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            return connection
        if self._closed:
            raise StorageError("document-store-closed")
        connection = sqlite3.connect(
            self.file,
            timeout=_BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,  # close() closes the connections of other threads
            cached_statements=256,
        )
        for pragma in (
            "auto_vacuum = INCREMENTAL",  # takes effect in a new file only; see `_give_back_space`
            "journal_mode = WAL",
            # A power failure may lose the last batches, never the order of what was written: they are redone.
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "cache_size = -16000",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        self._local.connection = connection
        with self._connections_lock:
            for thread in [thread for thread in self._connections if not thread.is_alive()]:
                self._connections.pop(thread).close()
            self._connections[threading.current_thread()] = connection
        return connection

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with translated(self.file, _WORDING):
            yield self._connection()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of the block or, if it raises, nothing. Within another one, a part of it."""
        with (
            self._write_lock,
            translated(self.file, _WORDING),
            transaction(self._connection()) as connection,
        ):
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What this thread writes in the block is stored together or, if it raises, not at all."""
        with self._writing():
            yield

    def _give_back_space(self, pages: int) -> None:
        """Make the file smaller by at most so many of the pages that deleting has left empty."""
        with self._write_lock, translated(self.file, _WORDING):
            connection = self._connection()
            if not connection.in_transaction:
                # `execute` would stop after one page: this pragma gives a row without columns for each.
                connection.executescript(f"PRAGMA incremental_vacuum({pages})")

    def value(self, key: str) -> str | None:
        """What `set_value` kept under this key."""
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else str(row[0])

    def set_value(self, key: str, value: str) -> None:
        """Keep a small text under a key, beside the documents."""
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._reading() as connection:
            return connection.execute(sql, values).fetchall()

    def _one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        with self._reading() as connection:
            row: tuple[Any, ...] | None = connection.execute(sql, values).fetchone()
            return row

    def close(self) -> None:
        """Close every thread's connection; later calls raise StorageError. Call when no other call runs."""
        if self._closed:
            return
        with self._write_lock:
            try:
                with translated(self.file, _WORDING):
                    connection = self._connection()
                    connection.execute("DELETE FROM meta WHERE key = ?", (_OPEN_MARK,))
            except StorageError as error:
                log.warning("The document store was not closed cleanly: %s", error)
            self._closed = True
            self._close_connections()

    def _close_connections(self) -> None:
        with self._connections_lock:
            for connection in self._connections.values():
                connection.close()
            self._connections.clear()
        self._local = threading.local()
