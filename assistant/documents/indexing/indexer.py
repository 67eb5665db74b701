"""Makes what waits in the store findable: scan → parse → chunk (`ReadingThread`) → embed → store.

The store's queue is the only list of what is to be done, so that a program that was killed goes on where it
stopped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence

from assistant.documents.event_records import IndexingState, IndexingStatus
from assistant.documents.indexing.document_status import STOPPED, final_state, settle
from assistant.documents.indexing.embedding_work import EmbeddingFinish, EmbeddingWork
from assistant.documents.indexing.embedding_writer import EmbeddingWriter
from assistant.documents.indexing.eta import Estimator
from assistant.documents.indexing.pause_gate import PauseGate
from assistant.documents.indexing.queue import IndexingQueue
from assistant.documents.indexing.reader_client import DocumentReader
from assistant.documents.indexing.reading_thread import ReadingThread
from assistant.documents.records import DocumentInfo, DocumentState, FileSeen
from assistant.documents.search.loader import SearchLoader
from assistant.documents.store.rows import Change, RecognisedPart, Registered
from assistant.documents.store.store import Store
from assistant.errors import Problem, UserInputError


class Indexer:
    """Works through the queue until it is closed. Its methods may be called from any thread."""

    def __init__(
        self,
        store: Store,
        loader: SearchLoader,
        reader: DocumentReader,
        on_changed: Callable[[int], None],
        on_status: Callable[[], None],
        on_recognised: Callable[[EmbeddingWork, Problem | None], None],
    ) -> None:
        """
        Args:
            on_changed: is told of each document whose row changed.
            on_status: of everything else.
            on_recognised: of what `put_recognised` gave, once it is stored or cannot be, and why.
        """
        self._store = store
        self._on_changed = on_changed
        self._on_status = on_status
        self._on_recognised = on_recognised
        self._queue = IndexingQueue()
        self.gate = PauseGate(self._gate_changed)
        self._estimator = Estimator()
        self._writer = EmbeddingWriter(
            store, loader, self.gate, self._estimator, self._stored, self._finished
        )
        self._passwords: dict[int, str] = {}
        self._reading = ReadingThread(
            store, loader, reader, self._queue, self.gate, self._writer, self._passwords.get, on_changed
        )

    # --- from outside -------------------------------------------------------------------------------

    def start(self) -> None:
        """Take up what an earlier run left, and go on with it."""
        self._store.recover()
        self.queued(row for row in self._store.documents() if row.state is DocumentState.QUEUED)
        self._writer.start()
        self._reading.start()

    def close(self, timeout_s: float = 1.0) -> None:
        """Stop at the next batch; what is not stored is done again after the next start."""
        self.gate.close()
        for work in self._queue.active():
            work.token.cancel()
        self._queue.wake()
        deadline = time.monotonic() + timeout_s
        self._writer.close(timeout_s)
        self._reading.join(deadline - time.monotonic())

    @property
    def take_lock(self) -> threading.RLock:
        """Held, no document is taken up: for whoever looks what is in hand and then acts on it."""
        return self._queue.take_lock

    @property
    def store_lock(self) -> threading.RLock:
        """Held, nothing that was read is stored."""
        return self._writer.store_lock

    def queued(self, rows: Iterable[DocumentInfo]) -> None:
        """These documents were queued in the store."""
        if self._queue.add(rows):
            self._writer.restart_clock()
        self._on_status()

    def set_password(self, document: int, password: str) -> None:
        """Use this password for a document from now on; it is kept in memory only."""
        self._passwords[document] = password

    def password(self, document: int) -> str | None:
        return self._passwords.get(document)

    def pending(self, documents: Collection[int] | None = None) -> bool:
        """Whether any of these documents, or any at all, is not finished."""
        return self._queue.pending(documents)

    def wait_for_change(self, seconds: float) -> None:
        """Sleep until a document is finished, at most so long."""
        self._queue.wait_for_change(seconds)

    def interrupt(self, documents: Iterable[int]) -> None:
        """Stop working at documents. They stay in the queue; nothing of this attempt is stored any more."""
        with self.take_lock:
            for work in self._queue.active(documents):
                self._writer.drop(work)
                self._store.set_state(work.document, DocumentState.QUEUED)
                self._queue.put_back(work.document)

    def release(self, documents: Iterable[int]) -> None:
        """Stop working at documents, and count on them no more until they are `queued` again."""
        documents = list(documents)
        with self.take_lock:
            self.interrupt(documents)
            for document in documents:
                self._queue.discard(document)

    def take_up(
        self, files: Sequence[FileSeen], collection: str, folder: str | None = None
    ) -> list[Registered]:
        """Register files; what is new, or has changed, is read. See `Store.register`."""
        paths = {file.path for file in files}
        with self.take_lock:
            active = [work.document for work in self._queue.active() if work.path in paths]
            self.interrupt(active)
            registered = self._store.register(files, collection, folder)
        touched = [each.document for each in registered if each.change is not Change.UNCHANGED]
        rows = self._store.documents(ids=[*touched, *active])
        self.queued(row for row in rows if row.state is DocumentState.QUEUED)
        for row in rows:
            self._on_changed(row.id)
        return registered

    def stop_document(self, document: int, reason: Problem = STOPPED) -> None:
        """Stop reading one document and keep what there is of it."""
        with self.take_lock:
            if not self.pending([document]):
                return
            self.release([document])
            row = self._store.document(document)
            if row is not None:
                self._store.set_state(document, *final_state(row.unit, self._store.report(document), reason))
        self._on_changed(document)

    def put_recognised(self, work: EmbeddingWork, part: RecognisedPart) -> None:
        """Embed and store what the pictures of a part gave.

        Raises:
            Cancelled: the gate was closed.
        """
        self._writer.put(work, part)

    def settle(self, document: int, problem: Problem | None = None) -> None:
        """Say how a document stands after its parts have changed; `problem`: what is to be told of it."""
        with self.take_lock, self.store_lock:
            settle(self._store, document, problem)

    def status(self) -> IndexingStatus:
        work, left, others = self._queue.overview()
        seconds = self._estimator.seconds_left(work.progress() if work else None, others) if left else None
        held = self.gate.held
        if self.gate.paused or (held is not None and left):
            state = IndexingState.PAUSED
        else:
            state = IndexingState.RUNNING if left else IndexingState.IDLE
        builtin, builtin_left = self._queue.builtin(work.document if work else None)
        if work is None:
            return IndexingStatus(
                state, documents_left=left, seconds_left=seconds, notice=held, builtin_left=builtin_left
            )
        return IndexingStatus(
            state,
            work.document,
            work.title,
            work.parts_done,
            work.parts,
            work.chunks_done,
            left,
            seconds,
            held,
            builtin,
            builtin_left,
        )

    @property
    def embedded(self) -> int:
        """Texts that went through the model since the start: what was known already does not count."""
        return self._writer.embedded

    @property
    def speed(self) -> float | None:
        """Chunks that are embedded in a second; None until that was measured."""
        return self._writer.speed

    def _gate_changed(self) -> None:
        self._writer.restart_clock()
        self._queue.wake()
        self._on_status()

    # --- from the writer, while `store_lock` is held -------------------------------------------------------

    def _stored(self, work: EmbeddingWork) -> None:
        if work.task is not None:
            self._on_recognised(work, None)
            return
        self._queue.stored(work)
        self._on_changed(work.document)

    def _finished(self, work: EmbeddingWork, finish: EmbeddingFinish) -> None:
        if work.task is not None:
            self._on_recognised(work, finish.problem)
            return
        state, problem = final_state(work.unit, self._store.report(work.document), finish.problem)
        self._store.set_state(work.document, state, problem, finish.parts)
        if finish.problem is None:
            self._estimator.finished(work.file, work.chunks_done)
        self._queue.discard(work.document)
        self._on_changed(work.document)

    # --- asked for ------------------------------------------------------------------------------------

    def retry(self, document: int, password: str | None = None) -> DocumentInfo:
        """Read again what could not be read of a document.

        Raises:
            UserInputError: there is no such document.
        """
        row = self._store.document(document)
        if row is None:
            raise UserInputError("no-such-document")
        if password is not None:
            self.set_password(document, password)
        if self.pending([document]):
            return row
        if row.state is DocumentState.FAILED:
            self._reading.clear(document)
        else:
            self._store.clear_failed(document)
        self._store.set_missing([document], False)
        self._store.queue(document)
        again = self._store.document(document) or row
        self.queued([again])
        self._on_changed(document)
        return again
