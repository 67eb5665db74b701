"""The history's SQLite file: opened, brought up to date, kept aside when it cannot be used."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.chat.history import schema
from assistant.chat.history.records import HistoryNotice
from assistant.errors import AssistantError, DamagedStore, StorageError
from assistant.sqlite_file import Wording, make_folder, migrate, set_aside, transaction, translated, version

DAMAGED, NEWER = "damaged", "newer"

_BUSY_SECONDS = 10.0
_WORDING = Wording(
    "history of conversations",
    full="Free some space and go on.",
    damaged="Start the program again: what can be read is taken over, and the damaged file is kept.",
)

log = logging.getLogger(__name__)


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
        make_folder(file, _WORDING)
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
            with translated(self.file, _WORDING):
                connection = self._connection = connect(self.file)
                if version(connection) > len(schema.MIGRATIONS):
                    return True
                migrate(connection, schema.MIGRATIONS)
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

    def _put_aside(self, why: str) -> None:
        self._disconnect()
        target = set_aside(self.file, why, _WORDING)
        if why == NEWER:
            self.notices.append(
                HistoryNotice(
                    "newer-history",
                    "Your conversations were written by a newer version of this program. They are kept in "
                    f"{target.name} and come back with the newer version.",
                    "Install the newer version again to see them.",
                )
            )

    # --- using

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, translated(self.file, _WORDING):
            if self._connection is None:
                raise StorageError("The history of conversations is closed.")
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of the block or, if it raises, nothing. Within another one, a part of it."""
        with self.reading() as connection, transaction(connection):
            yield connection

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
