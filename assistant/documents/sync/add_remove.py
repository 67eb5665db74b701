"""What the person does with documents: add, remove and restore, move, rename collections, watch folders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from assistant.documents.files.scan import absolute, printable
from assistant.documents.indexing.indexer import Indexer
from assistant.documents.records import (
    DEFAULT_COLLECTION,
    HANDBOOK_COLLECTION,
    AddedDocuments,
    DocumentInfo,
    DocumentState,
    FileSeen,
    RemovedDocuments,
)
from assistant.documents.store.rows import Change
from assistant.documents.store.store import Store
from assistant.documents.sync.folder_sync import FolderSync
from assistant.errors import DocumentGone, PasswordRequired, Problem, UserInputError
from assistant.jobs import CancelToken, Progress

_FILES_AT_ONCE = 256
"""Files that are registered in one transaction."""

NOTHING_FOUND = Problem("nothing-to-read", "nothing-to-read")


class DocumentManager:
    """Methods may be called from any thread."""

    def __init__(
        self,
        store: Store,
        indexer: Indexer,
        folder_sync: FolderSync,
        on_changed: Callable[[Iterable[int]], None],
    ) -> None:
        self._store = store
        self._indexer = indexer
        self._folder_sync = folder_sync
        self._on_changed = on_changed
        self._unwatched: dict[str, tuple[str, set[int]]] = {}
        """Watched folders that were removed with their documents: collection and documents, to undo it."""

    # --- adding ---------------------------------------------------------------------------------------

    def add(
        self,
        paths: Sequence[str],
        collection: str | None,
        password: str | None,
        watch: bool,
        token: CancelToken,
        report: Callable[[Progress], None],
    ) -> AddedDocuments:
        """Take up files, and what can be read in folders. Nothing is read yet when this returns.

        Raises:
            UserInputError: the collection is the handbook's.
            Cancelled: `token` was cancelled; what was taken up until then stays.
        """
        _refuse_handbook(collection)
        taken: dict[int, None] = {}
        already: dict[int, None] = {}
        refused: dict[str, Problem] = {}
        try:
            for path in paths:
                token.raise_if_cancelled()
                report(Progress(f"Looking through {printable(path)}", len(taken)))
                whole = absolute(path)
                is_folder = Path(whole).is_dir()
                if watch and is_folder:
                    self._store.add_folder(whole, collection or DEFAULT_COLLECTION)
                found = self._folder_sync.scan(whole, token)
                refused.update(found.refused)
                if is_folder and not found.files and not found.refused and not watch:
                    refused[whole] = NOTHING_FOUND
                for first in range(0, len(found.files), _FILES_AT_ONCE):
                    token.raise_if_cancelled()
                    report(Progress(f"Taking up {printable(path)}", first, len(found.files)))
                    some = found.files[first : first + _FILES_AT_ONCE]
                    self._take(some, collection, password, not is_folder, taken, already)
        finally:  # only now: who follows a new folder would take its files up as well
            self._folder_sync.refresh()
        return AddedDocuments(
            tuple(self._store.documents(ids=taken)),
            tuple(self._store.documents(ids=[each for each in already if each not in taken])),
            tuple(refused.items()),
        )

    def _take(
        self,
        files: Sequence[FileSeen],
        collection: str | None,
        password: str | None,
        named: bool,
        taken: dict[int, None],
        already: dict[int, None],
    ) -> None:
        groups: dict[tuple[str | None, str], list[FileSeen]] = {}
        for file in files:
            folder = self._folder_sync.folder_of(file.path)
            through, its_collection = folder or (None, DEFAULT_COLLECTION)
            groups.setdefault((through, collection or its_collection), []).append(file)
        with self._folder_sync.change_lock:
            self._folder_sync.include(file.path for file in files)
            for (through, name), group in groups.items():
                registered = self._indexer.take_up(group, name, through)
                ids = [each.document for each in registered]
                if password is not None:
                    for document in ids:
                        self._indexer.set_password(document, password)
                rows = {row.id: row for row in self._store.documents(ids=ids)}
                for each in registered:
                    row = rows.get(each.document)
                    if row is None:
                        continue
                    if collection is not None and row.collection not in (collection, HANDBOOK_COLLECTION):
                        self._store.move([row.id], collection)
                    unlocks = password is not None and _locked(row)
                    if each.change is not Change.UNCHANGED:
                        taken[row.id] = None
                    elif unlocks or (named and row.state is DocumentState.FAILED):
                        self._indexer.retry(row.id, password)
                        taken[row.id] = None
                    else:
                        already[row.id] = None
                        if row.state is DocumentState.QUEUED:  # it was missing, and never read
                            self._indexer.queued([row])
                self._on_changed(ids)

    # --- removing -------------------------------------------------------------------------------------

    def remove(self, targets: Sequence[str | int]) -> RemovedDocuments:
        """Remove documents by id or path, and all below a folder. The files themselves are left alone."""
        unknown: list[str] = []
        with self._folder_sync.change_lock:
            found: dict[int, DocumentInfo] = {}
            folders: dict[str, str] = {}
            watched = {folder.path: folder.collection for folder in self._store.folders()}
            for target in targets:
                rows = [row for row in self._meant(target) if row.collection != HANDBOOK_COLLECTION]
                found.update((row.id, row) for row in rows)
                path = absolute(target) if isinstance(target, str) else ""
                if path in watched:
                    folders[path] = watched[path]
                elif not rows:
                    unknown.append(str(target))
            with self._indexer.take_lock:
                self._indexer.release(found)
                hidden = self._store.remove(found)
            for path, collection in folders.items():
                self._unwatched[path] = (collection, set(found))
                self._store.drop_folder(path)
            self._folder_sync.exclude(
                row.path for row in hidden if row.watched and self._folder_sync.folder_of(row.path)
            )
            self._folder_sync.refresh()
        self._on_changed(found)
        return RemovedDocuments(tuple(hidden), tuple(unknown))

    def _meant(self, target: str | int) -> list[DocumentInfo]:
        if isinstance(target, str):
            path = absolute(target)
            row = self._store.by_path(path)
            rows = [row] if row else self._store.under(path)
            if rows or not (target.isascii() and target.isdigit()):
                return rows
        row = self._store.document(int(target))
        return [row] if row else []

    def restore(self, ids: Sequence[int]) -> tuple[DocumentInfo, ...]:
        """Bring removed documents back as they were, and the watching of their folder."""
        with self._folder_sync.change_lock:
            rows = self._store.restore(ids)
            for path, (collection, documents) in list(self._unwatched.items()):
                if documents.intersection(row.id for row in rows):
                    self._store.add_folder(path, collection)
                    del self._unwatched[path]
            self._folder_sync.include(row.path for row in rows)
            self._indexer.queued(row for row in rows if row.state is DocumentState.QUEUED)
            self._folder_sync.refresh()
        self._on_changed(row.id for row in rows)
        return tuple(rows)

    def move(self, ids: Sequence[int], collection: str) -> tuple[DocumentInfo, ...]:
        """Put documents into a collection, which is made if need be; those of the handbook stay.

        Raises:
            UserInputError: the collection is the handbook's, or has no name.
        """
        _refuse_handbook(collection)
        own = [row.id for row in self._store.documents(ids=ids) if row.collection != HANDBOOK_COLLECTION]
        self._store.move(own, collection)
        self._on_changed(own)
        return tuple(self._store.documents(ids=own))

    def rename_collection(self, name: str, new_name: str) -> None:
        """Give a collection another name; its documents and its folders stay in it.

        Raises:
            UserInputError: it belongs to the program or is not there, or the new name is taken or empty.
        """
        if name in (DEFAULT_COLLECTION, HANDBOOK_COLLECTION):
            raise UserInputError("collection-keeps-name", name=name)
        with self._folder_sync.change_lock:
            new_name = self._store.rename_collection(name, new_name)
            for folder, (collection, documents) in self._unwatched.items():
                if collection == name:
                    self._unwatched[folder] = new_name, documents
        self._on_changed(row.id for row in self._store.documents(new_name))

    def delete_collection(self, name: str) -> tuple[DocumentInfo, ...]:
        """Give up a collection; its documents and its folders go to the default one. Returns them.

        Raises:
            UserInputError: it belongs to the program or is not there.
        """
        if name in (DEFAULT_COLLECTION, HANDBOOK_COLLECTION):
            raise UserInputError("collection-is-kept", name=name)
        with self._folder_sync.change_lock:
            ids = [row.id for row in self._store.documents(name)]
            self._store.delete_collection(name)
            for folder, (collection, documents) in self._unwatched.items():
                if collection == name:
                    self._unwatched[folder] = DEFAULT_COLLECTION, documents
            self._folder_sync.refresh()
        self._on_changed(ids)
        return tuple(self._store.documents(ids=ids))

    # --- watching -------------------------------------------------------------------------------------

    def watch(self, folder: str, collection: str | None) -> None:
        """Follow a folder from now on: what is in it, and what comes, changes and goes.

        Raises:
            UserInputError: it is no folder, or the collection is the handbook's.
        """
        _refuse_handbook(collection)
        path = absolute(folder)
        if not Path(path).is_dir():
            raise UserInputError("no-such-folder", path=printable(path))
        with self._folder_sync.change_lock:
            self._store.add_folder(path, collection or DEFAULT_COLLECTION)
            self._folder_sync.refresh()

    def unwatch(self, folder: str) -> None:
        """Follow a folder no longer; its documents stay.

        Raises:
            UserInputError: it is not watched.
        """
        path = absolute(folder)
        with self._folder_sync.change_lock:
            rows = [document for document, _, _ in self._store.known_files(path)]
            if not self._store.drop_folder(path):
                raise UserInputError("folder-not-watched", path=printable(path))
            self._folder_sync.refresh()
        self._on_changed(rows)

    def document(self, identity: int) -> DocumentInfo:
        """
        Raises:
            DocumentGone: there is none with this id.
        """
        row = self._store.document(identity)
        if row is None:
            raise DocumentGone("no-such-document")
        return row


def _locked(row: DocumentInfo) -> bool:
    return row.error is not None and row.error.code == PasswordRequired.code


def _refuse_handbook(collection: str | None) -> None:
    if collection is not None and " ".join(collection.split()) == HANDBOOK_COLLECTION:
        raise UserInputError("handbook-is-builtin")
