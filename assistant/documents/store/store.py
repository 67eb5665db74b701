"""The document store: SQLite is the truth about documents; everything else can be made from it again."""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.documents.records import DEFAULT_COLLECTION, FileSeen
from assistant.documents.store.documents import DocumentCatalog
from assistant.documents.store.embedders import Embedders
from assistant.documents.store.keyword_index import KeywordIndex
from assistant.documents.store.lookup import Lookup
from assistant.documents.store.recognition import Recognition
from assistant.errors import DamagedStore, Problem
from assistant.paths import DOCUMENTS_FILE
from assistant.sqlite_file import connect_read_only

log = logging.getLogger(__name__)


class Store(DocumentCatalog, Recognition, Lookup, KeywordIndex, Embedders):
    """All of it. Methods may be called from any thread; each writing method is one transaction."""

    def __init__(self, folder: Path) -> None:
        """Open the store in `folder`, or begin one.

        A damaged store is set aside, not emptied; `notice` then says so.

        Raises:
            StorageError: it cannot be opened, or was written by a newer version.
            DiskFull: there is no room to open it.
        """
        super().__init__(folder / DOCUMENTS_FILE)
        self.ensure_collection(DEFAULT_COLLECTION)
        self.notice: Problem | None = None
        """What the person should know about how opening went."""
        if self.set_aside is not None:
            count = self._salvage(self.set_aside)
            reason = "document-store-read-again" if count else "document-store-begun-anew"
            self.notice = DamagedStore(reason, name=self.set_aside.name).problem

    def _salvage(self, damaged: Path) -> int:
        """Queue the documents that a damaged store still names, with their collections; returns how many."""
        try:
            with closing(connect_read_only(damaged)) as old:
                folders = _readable(
                    old, "SELECT f.path, c.name FROM folders f JOIN collections c ON c.id = f.collection"
                )
                documents = _readable(
                    old,
                    """SELECT d.path, c.name, f.path, d.size, d.mtime_ns FROM documents d
                       JOIN collections c ON c.id = d.collection LEFT JOIN folders f ON f.id = d.folder
                       WHERE d.removed_at IS NULL ORDER BY d.id""",
                )
        except sqlite3.Error as error:
            log.warning("Nothing could be read of the damaged store: %s", error)
            return 0
        count = 0
        with self.transaction():
            for path, collection in folders:
                self.add_folder(os.fsdecode(path), collection)
            known = {row.path for row in self.folders()}
            for path, collection, folder, size, mtime_ns in documents:
                watched = None if folder is None else os.fsdecode(folder)
                seen = FileSeen(os.fsdecode(path), size, mtime_ns)
                self.register([seen], collection, watched if watched in known else None)
                count += 1
        return count


def _readable(connection: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
    """The rows up to the first that cannot be read."""
    rows: list[tuple[Any, ...]] = []
    try:
        for row in connection.execute(sql):
            rows.append(row)
    except sqlite3.Error as error:
        log.warning("A damaged store was read in part: %s", error)
    return rows
