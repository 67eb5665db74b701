"""The documents' SQLite file, with transactions for those who store, and small values of the index's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.documents.store import schema
from assistant.errors import StorageError
from assistant.sqlite_file import Reasons, SqliteFile, translated

REASONS = Reasons(
    damaged="document-store-damaged",
    full="document-store-full",
    busy="document-store-busy",
    denied="document-store-denied",
    disk_error="document-store-disk-error",
    failed="document-store-failed",
    closed="document-store-closed",
    no_folder="document-store-no-folder",
    not_set_aside="document-store-not-set-aside",
)

_PRAGMAS = (
    "auto_vacuum = INCREMENTAL",  # takes effect in a new file only; see `_give_back_space`
    # A power failure may lose the last batches, never the order of what was written: they are redone.
    "synchronous = NORMAL",
    # For each thread's connection. The system keeps the file's pages too: 16 MB here made no search quicker.
    "cache_size = -4000",
)


class Database(SqliteFile):
    """Methods may be called from any thread."""

    def __init__(self, file: Path) -> None:
        """Open or create `file`; a damaged one is set aside and a new one begun (see `set_aside`).

        Raises:
            StorageError: it cannot be opened, or was written by a newer version.
            DiskFull: there is no room to open it.
        """
        super().__init__(file, REASONS, schema.MIGRATIONS, _PRAGMAS, per_thread=True)

    def _refuse_newer(self, version: int) -> None:
        raise StorageError("document-store-newer", version=version, known=len(schema.MIGRATIONS))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What this thread writes in the block is stored together or, if it raises, not at all."""
        with self._writing():
            yield

    def _give_back_space(self, pages: int) -> None:
        """Make the file smaller by at most so many of the pages that deleting has left empty."""
        with self._lock, translated(self.file, REASONS):
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
