"""The document store: SQLite is the truth about documents; everything else can be made from it again."""

from __future__ import annotations

import logging
from pathlib import Path

from assistant.documents.records import DEFAULT_COLLECTION, Problem
from assistant.documents.store_catalog import Catalog
from assistant.documents.store_contents import Contents
from assistant.documents.store_lookup import Lookup
from assistant.documents.store_rows import (
    Change,
    ChunkRow,
    FileSeen,
    FolderRow,
    NewChunk,
    NewPart,
    NewSection,
    Purged,
    Registered,
    SectionRow,
    Waiting,
)

__all__ = [
    "FILE_NAME",
    "Change",
    "ChunkRow",
    "FileSeen",
    "FolderRow",
    "NewChunk",
    "NewPart",
    "NewSection",
    "Purged",
    "Registered",
    "SectionRow",
    "Store",
    "Waiting",
]

FILE_NAME = "documents.sqlite3"

log = logging.getLogger(__name__)


class Store(Catalog, Contents, Lookup):
    """All of it. Methods may be called from any thread; each writing method is one transaction."""

    def __init__(self, folder: Path) -> None:
        """Open the store in `folder`, or begin one.

        A damaged store is set aside, not emptied; `notice` then says so.

        Raises:
            StorageError: it cannot be opened, or was written by a newer version.
            DiskFull: there is no room to open it.
        """
        super().__init__(folder / FILE_NAME)
        self.ensure_collection(DEFAULT_COLLECTION)
        self.notice: Problem | None = None
        """What the person should know about how opening went."""
        if self.set_aside is not None:
            self.notice = Problem(
                "damaged-store",
                f"The document store was damaged. It was set aside as {self.set_aside.name}.",
                "Your files are untouched; they are read again.",
            )
