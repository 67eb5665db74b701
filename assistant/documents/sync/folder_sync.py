"""Keeps the store equal to the folders that are watched, and to the files that were added one by one.

What was removed by the person although its file is still there is left out until it is added again.
"""

# Paths are text here, as in scan.py.
# ruff: noqa: PTH112, PTH120

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from assistant.documents.files.fingerprints import content_hash
from assistant.documents.files.folder_diff import FolderDiff, KnownFile, compare
from assistant.documents.files.scan import Scan, look, scan, within
from assistant.documents.files.watcher import Watcher, WatchTiming
from assistant.documents.formats.detection import SUFFIXES
from assistant.documents.indexing.indexer import Indexer
from assistant.documents.indexing.reading_thread import renamed
from assistant.documents.records import DocumentInfo, DocumentState, FileSeen
from assistant.documents.store.store import Store
from assistant.errors import AssistantError, Cancelled, DocumentError, Problem
from assistant.jobs import CancelToken

log = logging.getLogger(__name__)

_EXCLUDED = "left-out"
"""Key of the store under which the paths of excluded files are kept."""
_FILES_AT_ONCE = 256
"""New files that are registered in one transaction."""


class FolderSync:
    """Compares on the watcher's thread; its other methods may be called from any thread."""

    def __init__(
        self,
        store: Store,
        indexer: Indexer,
        on_changed: Callable[[Iterable[int]], None],
        *,
        own_folder: Path,
        timing: WatchTiming | None = None,
    ) -> None:
        """`own_folder`, the program's own data, is never read as documents."""
        self._store = store
        self._indexer = indexer
        self._on_changed = on_changed
        self._own_folder = own_folder
        self._closing = CancelToken()
        self.change_lock = threading.RLock()
        """Held while documents are added, removed or compared: these look first and then act."""
        self._folders: dict[str, set[str]] = {}
        self._watcher = Watcher(self._compare, own_folder, timing=timing)

    # --- from outside -------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to watch; what changed while the program was closed is found first."""
        self._watcher.start()
        self.refresh()
        threading.Thread(target=self._compare_at_start, name="comparing", daemon=True).start()

    def stop(self) -> None:
        """Have a comparison that is running end soon."""
        self._closing.cancel()

    def close(self) -> None:
        """Watch no longer; returns when no comparison runs."""
        self._closing.cancel()
        self._watcher.close()

    @property
    def problem(self) -> Problem | None:
        """Why changes are noticed late, if they are."""
        return self._watcher.problem

    def refresh(self) -> None:
        """The watched folders, or the documents, are others now."""
        roots = [folder.path for folder in self._store.folders()]
        loose = {os.path.dirname(file.path) for _, file, _ in self._store.known_files(None)}
        self._watcher.follow(roots, {each for each in loose if not any(within(each, root) for root in roots)})

    def folder_of(self, path: str) -> tuple[str, str] | None:
        """The watched folder that a path lies in, and its collection; the innermost if there are several."""
        above = [folder for folder in self._store.folders() if within(path, folder.path)]
        if not above:
            return None
        nearest = max(above, key=lambda folder: len(folder.path))
        return nearest.path, nearest.collection

    def scan(self, path: str, token: CancelToken) -> Scan:
        """What can be read at a path; see `scan.scan`."""
        return scan(path, SUFFIXES, skip=[os.fspath(self._own_folder)], token=token)

    def exclude(self, paths: Iterable[str]) -> None:
        """The person does not want these files, though they lie in a watched folder."""
        with self.change_lock:
            self._set_paths(_EXCLUDED, self._paths(_EXCLUDED) | set(paths))

    def include(self, paths: Iterable[str]) -> None:
        """The person wants these files after all."""
        with self.change_lock:
            before = self._paths(_EXCLUDED)
            after = before - set(paths)
            if after != before:
                self._set_paths(_EXCLUDED, after)

    def _paths(self, key: str) -> set[str]:
        return set(json.loads(self._store.value(key) or "[]"))

    def _set_paths(self, key: str, paths: set[str]) -> None:
        self._store.set_value(key, json.dumps(sorted(paths)))

    # --- comparing ----------------------------------------------------------------------------------

    def _compare_at_start(self) -> None:
        """Files that were added one by one; there may be more folders of them than can be watched."""
        try:
            with self.change_lock:
                self._compare_loose(None)
        except Cancelled:
            pass
        except AssistantError:
            log.exception("files could not be compared with the store")

    def _compare(self, folders: frozenset[str]) -> None:
        try:
            with self.change_lock:
                roots = {folder.path: folder.collection for folder in self._store.folders()}
                due = [root for root in roots if root in folders]
                diffs = {root: self._diff(root) for root in due}
                self._recognise_moves(diffs)
                for root, diff in diffs.items():
                    self._apply(diff, root, roots[root])
                self._compare_loose({folder for folder in folders if folder not in roots})
                if any(diffs.values()):
                    self.refresh()
        except Cancelled:
            pass

    def _diff(self, root: str) -> FolderDiff:
        nearer = [
            folder.path
            for folder in self._store.folders()
            if folder.path != root and within(folder.path, root)
        ]
        known = {
            file.path: KnownFile(document, file.size, file.mtime_ns, missing)
            for document, file, missing in self._store.known_files(root)
            if not any(within(file.path, folder) for folder in nearer)
        }
        found = self.scan(root, self._closing)
        if found.folders - self._folders.get(root, found.folders):
            self._watcher.renew(root)
        self._folders[root] = found.folders
        excluded = self._paths(_EXCLUDED)
        files = (
            file
            for file in found.files
            if file.path not in excluded and not any(within(file.path, folder) for folder in nearer)
        )
        return compare(known, files)

    def _recognise_moves(self, diffs: dict[str, FolderDiff]) -> None:
        """A new file with the content of one that is gone is that one, under its new name."""
        gone = {document for diff in diffs.values() for document in diff.missing}
        gone.update(
            document
            for document, file, missing in self._store.known_files(None)
            if (missing or not os.path.lexists(file.path)) and os.path.isdir(os.path.dirname(file.path))
        )
        if not gone:
            return
        sizes = {row.size for row in self._store.documents(ids=gone)}
        for root, diff in diffs.items():
            for file in list(diff.new):
                if file.size not in sizes or not gone:
                    continue
                document = self._same_content(file, gone)
                if document is not None:
                    gone.discard(document)
                    self._move(document, file, root)
                    diff.new.remove(file)
                    for other in diffs.values():
                        if document in other.missing:
                            other.missing.remove(document)

    def _same_content(self, file: FileSeen, among: set[int]) -> int | None:
        try:
            content = content_hash(file.path, self._closing)
        except DocumentError:
            return None
        return next((row.id for row in self._store.with_content(content) if row.id in among), None)

    def _move(self, document: int, file: FileSeen, root: str | None) -> None:
        old = self._store.document(document)
        with self._indexer.take_lock:
            self._indexer.interrupt([document])
            self._store.relocate(document, file, root)
        row = self._store.document(document)
        if row is None or old is None:
            return
        title = renamed(row.title, old.path, file.path)
        if title != row.title:
            self._store.opened(document, row.kind, title, row.unit, row.pages)
        if row.state is DocumentState.QUEUED:
            self._indexer.queued([row])
        self._on_changed([document])

    def _apply(self, diff: FolderDiff, root: str | None, collection: str) -> None:
        for document, file in diff.changed:
            if self._same_content(file, {document}) is not None:  # only touched, or copied back
                self._move(document, file, root)
            else:
                self._indexer.take_up([file], collection, root)
        for first in range(0, len(diff.new), _FILES_AT_ONCE):
            self._closing.raise_if_cancelled()
            files = diff.new[first : first + _FILES_AT_ONCE]
            self._indexer.take_up(files, collection, root)
        if diff.back:
            self._store.set_missing(diff.back, False)
            rows = self._store.documents(ids=diff.back)
            self._indexer.queued(row for row in rows if row.state is DocumentState.QUEUED)
        if diff.missing:
            with self._indexer.take_lock:
                self._indexer.release(diff.missing)
                self._store.set_missing(diff.missing)
        self._on_changed([*diff.back, *diff.missing])

    def _compare_loose(self, folders: set[str] | None) -> None:
        """Files that were added one by one, in these folders or (None) in all. They are never removed."""
        if folders is not None and not folders:
            return
        diff = FolderDiff()
        for document, seen, missing in self._store.known_files(None):
            if folders is not None and os.path.dirname(seen.path) not in folders:
                continue
            self._closing.raise_if_cancelled()
            file = look(seen.path)
            if isinstance(file, Problem):
                if not missing:
                    diff.missing.append(document)
            elif file != seen:
                diff.changed.append((document, file))
            elif missing:
                diff.back.append(document)
        if diff:
            rows: dict[int, DocumentInfo] = {
                row.id: row for row in self._store.documents(ids=[each for each, _ in diff.changed])
            }
            changed, diff.changed = diff.changed, []
            self._apply(diff, None, "")
            for document, file in changed:
                if document in rows:
                    self._apply(FolderDiff(changed=[(document, file)]), None, rows[document].collection)
