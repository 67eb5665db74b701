"""What waits, what is in hand, and what has to wait: in memory, while the queue itself is in the store."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import PurePath

from assistant.documents.indexing.embedding_work import EmbeddingWork
from assistant.documents.indexing.eta import Backlog, QueuedFile, Total
from assistant.documents.records import HANDBOOK_COLLECTION, DocumentInfo
from assistant.documents.store.rows import Waiting

_SETTLING_S = 1.5
"""A file that changed while it was read is read again after so long, and then after longer."""


class IndexingQueue:
    """May be used from any thread."""

    def __init__(self) -> None:
        self.take_lock = threading.RLock()
        """Held while the next document is taken up: whoever has it can rely on what is in hand."""
        self._changed = threading.Condition()
        self._backlog = Backlog()
        self._active: dict[int, EmbeddingWork] = {}
        self._last_stored: EmbeddingWork | None = None
        self._not_before: dict[int, float] = {}
        self._duplicates: dict[int, int] = {}
        """Documents that wait for another one with the same content, and which."""
        self._changes: dict[int, int] = {}
        """How often a file changed while it was read."""
        self._builtin: set[int] = set()
        """Documents of the handbook among those that wait or are in hand."""

    # --- the queue ----------------------------------------------------------------------------------

    def add(self, rows: Iterable[DocumentInfo]) -> bool:
        """These wait now. True if nothing did before."""
        with self._changed:
            idle = not len(self._backlog)
            for row in rows:
                self._backlog.add(row.id, _file(row))
                if row.collection == HANDBOOK_COLLECTION:
                    self._builtin.add(row.id)
            self._changed.notify_all()
            return idle

    def take(
        self, next_waiting: Callable[[list[int]], Waiting | None]
    ) -> tuple[EmbeddingWork, Waiting] | None:
        """Take the next document in hand; `next_waiting` gets the ids that are not to be taken now."""
        with self.take_lock:
            now = time.monotonic()
            with self._changed:
                self._not_before = {each: when for each, when in self._not_before.items() if when > now}
                not_now = [*self._not_before, *self._duplicates]
            waiting = next_waiting(not_now)
            if waiting is None:
                return None
            row = waiting.info
            work = EmbeddingWork(row.id, row.title, row.path, _file(row), row.unit, row.pages)
            with self._changed:
                self._active[row.id] = work
                self._backlog.add(row.id, work.file)
            return work, waiting

    def sleep(self) -> None:
        """Until there may be something to take."""
        with self._changed:
            # Whoever queues a document tells; the time limit is for what may have been missed.
            until = min([*self._not_before.values(), time.monotonic() + 5.0]) - time.monotonic()
            self._changed.wait(max(0.05, until))

    def wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def wait_for_change(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait(seconds)

    # --- what is in hand ----------------------------------------------------------------------------

    def active(self, documents: Iterable[int] | None = None) -> list[EmbeddingWork]:
        """Those of the documents, or all, that are worked at."""
        with self._changed:
            if documents is None:
                return list(self._active.values())
            return [self._active[each] for each in documents if each in self._active]

    def put_back(self, document: int) -> None:
        """Not in hand any more, but it still waits."""
        with self._changed:
            self._active.pop(document, None)
            self._changed.notify_all()

    def discard(self, document: int) -> None:
        """It waits no longer: finished, stopped or gone."""
        with self._changed:
            self._active.pop(document, None)
            self._backlog.discard(document)
            self._builtin.discard(document)
            self._not_before.pop(document, None)
            self._changes.pop(document, None)
            self._duplicates = {
                each: first for each, first in self._duplicates.items() if document not in (each, first)
            }
            self._changed.notify_all()

    def stored(self, work: EmbeddingWork) -> None:
        """Something of it was stored just now: it is what people are told of."""
        with self._changed:
            self._last_stored = work

    def postpone_for_duplicate(self, document: int, same_content: Iterable[int]) -> bool:
        """If one of `same_content` is in hand, put the document back until that is finished."""
        with self._changed:
            for duplicate in same_content:
                if duplicate != document and duplicate in self._active:
                    self._duplicates[document] = duplicate
                    self._active.pop(document, None)
                    return True
        return False

    def postpone_after_change(self, document: int) -> None:
        """The file changed while it was read: put it back until it is settled."""
        with self._changed:
            times = self._changes.get(document, 0)
            self._active.pop(document, None)
            self._not_before[document] = time.monotonic() + _SETTLING_S * times

    def count_change(self, document: int) -> int:
        """How often the file has changed while it was read, this time included."""
        with self._changed:
            self._changes[document] = self._changes.get(document, 0) + 1
            return self._changes[document]

    # --- looking at it ------------------------------------------------------------------------------

    def pending(self, documents: Collection[int] | None = None) -> bool:
        """Whether any of these documents, or any at all, is not finished."""
        with self._changed:
            return bool(len(self._backlog)) if documents is None else self._backlog.any_of(documents)

    def overview(self) -> tuple[EmbeddingWork | None, int, dict[str, Total]]:
        """The document to tell of, how many are not finished, and the sums of the others by suffix."""
        with self._changed:
            work = self._last_stored
            if work is None or self._active.get(work.document) is not work:
                work = next(iter(self._active.values()), None)
            but = None if work is None else work.document
            return work, len(self._backlog), self._backlog.totals(but)

    def builtin(self, document: int | None) -> tuple[bool, int]:
        """Whether a document is the handbook's, and how many of the handbook's are not finished."""
        with self._changed:
            return document in self._builtin, len(self._builtin)


def _file(row: DocumentInfo) -> QueuedFile:
    return QueuedFile(PurePath(row.path).suffix.lower().lstrip("."), row.size)
