"""The documents, collections and watched folders that the store knows."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from assistant.documents.records import (
    DEFAULT_COLLECTION,
    DocumentInfo,
    DocumentState,
    FileSeen,
    PartCounts,
)
from assistant.documents.store.codec import pack_problem, unpack_problem
from assistant.documents.store.collections import Collections, plain
from assistant.documents.store.rows import Change, Registered, Waiting
from assistant.errors import Problem, UserInputError

_INFO_COLUMNS = """d.id, d.path, d.title, c.name, d.kind, d.unit, d.state, d.size, d.parts, d.parts_done,
    d.chunks, d.parts_text, d.parts_ocr, d.parts_empty, d.parts_failed, d.folder IS NOT NULL, d.missing,
    d.error_code, d.error_reason, d.error_details,
    coalesce(d.error_message, ''), coalesce(d.error_hint, ''), d.mtime_ns, d.parts_waiting"""
_INFO = f"SELECT {_INFO_COLUMNS} FROM documents d JOIN collections c ON c.id = d.collection"


def _info(row: tuple[Any, ...]) -> DocumentInfo:
    return DocumentInfo(
        id=row[0],
        path=os.fsdecode(row[1]),
        title=row[2],
        collection=row[3],
        kind=row[4],
        unit=row[5],
        state=DocumentState.MISSING if row[16] else DocumentState(row[6]),
        size=row[7],
        pages=row[8],
        pages_done=row[9],
        chunks=row[10],
        report=PartCounts(row[11], row[12], row[13], row[14], row[23]),
        error=None if row[17] is None else unpack_problem(*row[17:22]),
        watched=bool(row[15]),
        mtime_ns=row[22],
    )


class DocumentCatalog(Collections):
    """Which documents there are and how they stand; not what is in them."""

    # --- registering -----------------------------------------------------------------------------

    def register(
        self, files: Sequence[FileSeen], collection: str = DEFAULT_COLLECTION, folder: str | None = None
    ) -> list[Registered]:
        """Take files up, in one transaction; new and changed ones are queued.

        A path that is known keeps its collection, and what was read of it until `clear` is called.
        `folder` is the watched folder through which they came; it must have been added.
        """
        with self._writing() as connection:
            collection_id = self._collection_id(collection)
            folder_id = None if folder is None else self._folder_id(folder)
            now = time.time()
            found: list[Registered] = []
            for file in files:
                path = os.fsencode(file.path)
                row = connection.execute(
                    """SELECT id, size, mtime_ns, removed_at FROM documents WHERE path = ?
                       ORDER BY removed_at IS NOT NULL, id DESC LIMIT 1""",
                    (path,),
                ).fetchone()
                same = row is not None and row[1:3] == (file.size, file.mtime_ns)
                if row is None or (row[3] is not None and not same):
                    title = plain(Path(file.path).name)
                    cursor = connection.execute(
                        """INSERT INTO documents (path, title, collection, folder, size, mtime_ns, added_at)
                           VALUES (?, ?, ?, ?, ?, ?, ?)""",
                        (path, title, collection_id, folder_id, file.size, file.mtime_ns, now),
                    )
                    found.append(Registered(int(cursor.lastrowid or 0), Change.NEW))
                    continue
                change = Change.UNCHANGED
                if row[3] is not None:
                    change = Change.RESTORED
                    connection.execute(
                        "UPDATE documents SET removed_at = NULL, collection = ? WHERE id = ?",
                        (collection_id, row[0]),
                    )
                elif not same:
                    change = Change.CHANGED
                    connection.execute(
                        """UPDATE documents SET size = ?, mtime_ns = ?, content = NULL, state = 'queued',
                             attempts = 0, stale = 1, error_code = NULL WHERE id = ?""",
                        (file.size, file.mtime_ns, row[0]),
                    )
                connection.execute(
                    "UPDATE documents SET missing = 0, folder = coalesce(?, folder) WHERE id = ?",
                    (folder_id, row[0]),
                )
                found.append(Registered(int(row[0]), change))
            return found

    def relocate(self, document: int, file: FileSeen, folder: str | None = None) -> None:
        """The document's file was moved: same content, new path.

        Raises:
            UserInputError: another document is at that path.
        """
        with self._writing() as connection:
            path = os.fsencode(file.path)
            if connection.execute(
                "SELECT 1 FROM documents WHERE path = ? AND removed_at IS NULL AND id <> ?", (path, document)
            ).fetchone():
                raise UserInputError("path-taken", path=file.path)
            connection.execute(
                """UPDATE documents SET path = ?, size = ?, mtime_ns = ?, missing = 0, folder = ?
                   WHERE id = ?""",
                (
                    path,
                    file.size,
                    file.mtime_ns,
                    None if folder is None else self._folder_id(folder),
                    document,
                ),
            )

    def set_content(self, document: int, content: bytes) -> None:
        """Remember the hash of the file's content."""
        with self._writing() as connection:
            connection.execute("UPDATE documents SET content = ? WHERE id = ?", (content, document))

    def with_content(self, content: bytes) -> list[DocumentInfo]:
        """Documents whose file had this content when it was read; to recognise moved files and copies."""
        return [
            _info(row)
            for row in self._all(f"{_INFO} WHERE d.content = ? AND d.removed_at IS NULL", (content,))
        ]

    # --- looking up ------------------------------------------------------------------------------

    def documents(
        self, collection: str | None = None, ids: Iterable[int] | None = None
    ) -> list[DocumentInfo]:
        """All documents, or those of a collection, or those with these ids; in the order they came."""
        sql, values = f"{_INFO} WHERE d.removed_at IS NULL", []
        if collection is not None:
            sql += " AND c.name = ?"
            values.append(collection)
        if ids is not None:
            sql += " AND d.id IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(ids)))
        return [_info(row) for row in self._all(sql + " ORDER BY d.id", values)]

    def document(self, document: int) -> DocumentInfo | None:
        """The document with this id, unless it was removed."""
        row = self._one(f"{_INFO} WHERE d.removed_at IS NULL AND d.id = ?", (document,))
        return None if row is None else _info(row)

    def by_path(self, path: str) -> DocumentInfo | None:
        """The document at exactly this path, unless it was removed."""
        row = self._one(f"{_INFO} WHERE d.removed_at IS NULL AND d.path = ?", (os.fsencode(path),))
        return None if row is None else _info(row)

    def under(self, folder: str) -> list[DocumentInfo]:
        """Documents anywhere below a folder, whether watched or not."""
        start = os.fsencode(folder.rstrip(os.sep) + os.sep)
        end = start[:-1] + bytes([start[-1] + 1])
        sql = f"{_INFO} WHERE d.removed_at IS NULL AND d.path >= ? AND d.path < ? ORDER BY d.id"
        return [_info(row) for row in self._all(sql, (start, end))]

    def known_files(self, folder: str | None) -> list[tuple[int, FileSeen, bool]]:
        """(document, the file as it was registered, whether it is missing) of a watched folder.

        None: of the person's documents that came through no watched folder.
        """
        condition, values = "f.path = ?", [os.fsencode(folder or "")]
        if folder is None:
            condition, values = "d.folder IS NULL AND NOT c.builtin", []
        rows = self._all(
            f"""SELECT d.id, d.path, d.size, d.mtime_ns, d.missing FROM documents d
                JOIN collections c ON c.id = d.collection LEFT JOIN folders f ON f.id = d.folder
                WHERE {condition} AND d.removed_at IS NULL""",
            values,
        )
        return [
            (identity, FileSeen(os.fsdecode(path), size, mtime_ns), bool(missing))
            for identity, path, size, mtime_ns, missing in rows
        ]

    # --- the queue -------------------------------------------------------------------------------

    def recover(self) -> int:
        """At start: what was being indexed when the program ended is queued again; returns how many."""
        with self._writing() as connection:
            return connection.execute(
                "UPDATE documents SET state = 'queued' WHERE state = 'indexing'"
            ).rowcount

    def next_waiting(self, skip: Iterable[int] = ()) -> Waiting | None:
        """The document to index next: those begun several times after the others, else as they came."""
        return self._next_waiting("d.attempts <= 1", skip) or self._next_waiting("1", skip)

    def _next_waiting(self, condition: str, skip: Iterable[int]) -> Waiting | None:
        # The first condition is the one of the index `documents_waiting`: without it, or with another order,
        # each call would read all documents that wait.
        row = self._one(
            f"""SELECT {_INFO_COLUMNS}, d.content, d.attempts, d.stale,
                  (SELECT min(n) FROM
                     (SELECT 1 AS n UNION ALL SELECT number + 1 FROM parts WHERE document = d.id)
                   WHERE n NOT IN (SELECT number FROM parts WHERE document = d.id))
                FROM documents d JOIN collections c ON c.id = d.collection
                WHERE d.state IN ('queued', 'indexing') AND d.state = 'queued' AND {condition}
                  AND d.removed_at IS NULL AND d.missing = 0
                  AND d.id NOT IN (SELECT value FROM json_each(?))
                ORDER BY d.id LIMIT 1""",
            (json.dumps(list(skip)),),
        )
        if row is None:
            return None
        info = _info(row)
        content, attempts, stale, next_part = row[24:]
        return Waiting(info, content, attempts, bool(stale), 1 if stale else next_part)

    def waiting_count(self) -> int:
        """How many documents are queued or being indexed."""
        row = self._one(
            """SELECT count(*) FROM documents
               WHERE state IN ('queued', 'indexing') AND removed_at IS NULL AND missing = 0"""
        )
        return int(row[0]) if row else 0

    def queue(self, document: int) -> None:
        """To be indexed (again), from the first part that is not stored."""
        with self._writing() as connection:
            connection.execute(
                """UPDATE documents SET state = 'queued', attempts = 0, error_code = NULL
                   WHERE id = ? AND removed_at IS NULL""",
                (document,),
            )

    def begin(self, document: int) -> None:
        """Indexing starts: one attempt more. Clear a document that is `stale` first."""
        with self._writing() as connection:
            connection.execute(
                """UPDATE documents SET state = 'indexing', attempts = attempts + 1, error_code = NULL
                   WHERE id = ?""",
                (document,),
            )

    def opened(self, document: int, kind: str, title: str, unit: str, parts: int | None) -> None:
        """What is known once the file is open. An empty title keeps the file's name."""
        with self._writing() as connection:
            connection.execute(
                """UPDATE documents SET kind = ?, unit = ?, parts = coalesce(?, parts),
                     title = CASE WHEN ? = '' THEN title ELSE ? END WHERE id = ?""",
                (kind, unit, parts, plain(title), plain(title), document),
            )

    def set_state(
        self, document: int, state: DocumentState, error: Problem | None = None, parts: int | None = None
    ) -> None:
        """The document now stands so; `parts`, if given, is how many it has. MISSING: use `set_missing`."""
        if state is DocumentState.MISSING:
            raise ValueError("a document becomes missing through set_missing")
        with self._writing() as connection:
            connection.execute(
                """UPDATE documents SET state = ?, parts = coalesce(?, parts), error_code = NULL
                   WHERE id = ?""",
                (state.value, parts, document),
            )
            if error is not None:
                connection.execute(
                    """UPDATE documents SET error_code = ?, error_reason = ?, error_details = ?,
                         error_message = ?, error_hint = ? WHERE id = ?""",
                    (*pack_problem(error), document),
                )

    def set_missing(self, documents: Iterable[int], missing: bool = True) -> None:
        """The files are not there just now (or again are); nothing that was read of them is lost."""
        with self._writing() as connection:
            connection.executemany(
                "UPDATE documents SET missing = ? WHERE id = ?",
                [(missing, document) for document in documents],
            )

    # --- removing --------------------------------------------------------------------------------

    def remove(self, documents: Iterable[int]) -> list[DocumentInfo]:
        """Hide documents at once; they can be restored until they are purged. Returns those it hid."""
        with self._writing() as connection:
            hidden = self.documents(ids=documents)
            connection.executemany(
                "UPDATE documents SET removed_at = ? WHERE id = ?",
                [(time.time(), document.id) for document in hidden],
            )
            return hidden

    def restore(self, documents: Iterable[int]) -> list[DocumentInfo]:
        """Bring removed documents back; those purged, or whose path has a new document, stay away."""
        wanted = list(documents)
        with self._writing() as connection:
            back = []
            for document in wanted:
                done = connection.execute(
                    """UPDATE documents SET removed_at = NULL WHERE id = ? AND removed_at IS NOT NULL
                         AND path NOT IN (SELECT path FROM documents WHERE removed_at IS NULL)""",
                    (document,),
                )
                if done.rowcount:
                    back.append(document)
            return self.documents(ids=back)
