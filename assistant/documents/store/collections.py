"""The collections and the watched folders that the store knows."""

from __future__ import annotations

import os
from collections.abc import Iterable

from assistant.documents.records import DEFAULT_COLLECTION, CollectionInfo
from assistant.documents.store.database import Database
from assistant.documents.store.rows import FolderRow
from assistant.errors import UserInputError


class Collections(Database):
    """How documents are grouped, and the folders from which they come by themselves."""

    def collections(self) -> list[CollectionInfo]:
        """All collections, those of the person first, then by name."""
        folders: dict[int, list[str]] = {}
        for collection, path in self._all("SELECT collection, path FROM folders ORDER BY path"):
            folders.setdefault(collection, []).append(os.fsdecode(path))
        rows = self._all(
            """SELECT c.id, c.name, c.builtin, count(d.id) FROM collections c
               LEFT JOIN documents d ON d.collection = c.id AND d.removed_at IS NULL
               GROUP BY c.id ORDER BY c.builtin, c.name"""
        )
        return [CollectionInfo(row[1], row[3], bool(row[2]), tuple(folders.get(row[0], ()))) for row in rows]

    def ensure_collection(self, name: str, builtin: bool = False) -> None:
        """Make the collection unless it is there.

        Raises:
            UserInputError: the name is empty.
        """
        collection = self._collection_id(name)
        if builtin and self._one("SELECT builtin FROM collections WHERE id = ?", (collection,)) != (1,):
            with self._writing() as connection:
                connection.execute("UPDATE collections SET builtin = 1 WHERE id = ?", (collection,))

    def rename_collection(self, name: str, new_name: str) -> str:
        """Give a collection another name, and return that as it is kept.

        Raises:
            UserInputError: there is no such collection, or the new name is taken or empty.
        """
        new_name = _collection_name(new_name)
        with self._writing() as connection:
            if connection.execute("SELECT 1 FROM collections WHERE name = ?", (new_name,)).fetchone():
                raise UserInputError("collection-exists", name=new_name)
            done = connection.execute("UPDATE collections SET name = ? WHERE name = ?", (new_name, name))
            if not done.rowcount:
                raise UserInputError("no-such-collection", name=name)
        return new_name

    def delete_collection(self, name: str) -> None:
        """Give up a collection; its documents and folders go to the default one.

        Raises:
            UserInputError: there is no such collection.
        """
        target = self._collection_id(DEFAULT_COLLECTION)
        with self._writing() as connection:
            row = connection.execute("SELECT id FROM collections WHERE name = ?", (name,)).fetchone()
            if row is None:
                raise UserInputError("no-such-collection", name=name)
            for table in ("documents", "folders"):
                connection.execute(
                    f"UPDATE {table} SET collection = ? WHERE collection = ?", (target, row[0])
                )
            connection.execute("DELETE FROM collections WHERE id = ?", row)

    def move(self, documents: Iterable[int], collection: str) -> None:
        """Put documents into a collection, which is made if it is not there."""
        with self._writing() as connection:
            target = self._collection_id(collection)
            connection.executemany(
                "UPDATE documents SET collection = ? WHERE id = ?",
                [(target, document) for document in documents],
            )

    # --- watched folders -------------------------------------------------------------------------

    def add_folder(self, path: str, collection: str = DEFAULT_COLLECTION) -> None:
        """Watch a folder for a collection; known already, it changes its collection for what comes next."""
        with self._writing() as connection:
            connection.execute(
                """INSERT INTO folders (path, collection) VALUES (?, ?)
                   ON CONFLICT (path) DO UPDATE SET collection = excluded.collection""",
                (os.fsencode(path), self._collection_id(collection)),
            )

    def drop_folder(self, path: str) -> bool:
        """Watch a folder no longer; its documents stay. False if it was not watched."""
        with self._writing() as connection:
            return bool(
                connection.execute("DELETE FROM folders WHERE path = ?", (os.fsencode(path),)).rowcount
            )

    def folders(self) -> list[FolderRow]:
        """The watched folders, by path."""
        rows = self._all(
            """SELECT f.path, c.name FROM folders f JOIN collections c ON c.id = f.collection
               ORDER BY f.path"""
        )
        return [FolderRow(os.fsdecode(path), name) for path, name in rows]

    def _collection_id(self, name: str) -> int:
        name = _collection_name(name)
        row = self._one("SELECT id FROM collections WHERE name = ?", (name,))
        if row is not None:
            return int(row[0])
        with self._writing() as connection:
            connection.execute("INSERT OR IGNORE INTO collections (name) VALUES (?)", (name,))
            row = connection.execute("SELECT id FROM collections WHERE name = ?", (name,)).fetchone()
            return int(row[0])

    def _folder_id(self, path: str) -> int:
        row = self._one("SELECT id FROM folders WHERE path = ?", (os.fsencode(path),))
        if row is None:
            raise UserInputError("folder-not-watched", path=path)
        return int(row[0])


def _collection_name(name: str) -> str:
    name = " ".join(plain(name).split())
    if not name:
        raise UserInputError("collection-without-name")
    return name


def plain(text: str) -> str:
    """Text that SQLite can hold; what it cannot is replaced by a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
