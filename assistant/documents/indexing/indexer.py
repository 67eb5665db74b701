"""Reads what waits in the store and makes it findable: scan → parse → chunk → embed → store.

One thread reads (through the reader's process) and cuts; `EmbeddingWriter` embeds and stores. The store's
queue is the only list of what is to be done, so that a program that was killed goes on where it stopped.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import PurePath

from assistant.documents.files.fingerprints import content_hash, look_again
from assistant.documents.indexing.chunk_preparation import ChunkPreparer
from assistant.documents.indexing.document_status import STOPPED, verdict
from assistant.documents.indexing.embedding_writer import EmbeddingFinish, EmbeddingWork, EmbeddingWriter
from assistant.documents.indexing.eta import Estimator
from assistant.documents.indexing.pause_gate import PauseGate
from assistant.documents.indexing.queue import IndexingQueue
from assistant.documents.indexing.reader_client import DocumentReader
from assistant.documents.records import (
    DocumentInfo,
    DocumentState,
    IndexingState,
    IndexingStatus,
)
from assistant.documents.search.loader import SearchLoader
from assistant.documents.store.store import Change, FileSeen, Registered, Store, Waiting
from assistant.errors import (
    AssistantError,
    Cancelled,
    DocumentError,
    DocumentGone,
    Problem,
    StorageError,
    UserInputError,
    WorkerError,
)

log = logging.getLogger(__name__)

_MOST_CHANGES = 8
"""So often a file that changes while it is read is read again; then it is taken as it is."""
_NO_READER_S = 10.0


class Indexer:
    """Works through the queue until it is closed. Its methods may be called from any thread."""

    def __init__(
        self,
        store: Store,
        loading: SearchLoader,
        reader: DocumentReader,
        on_changed: Callable[[int], None],
        on_status: Callable[[], None],
    ) -> None:
        """`on_changed` is told of each document whose row changed, `on_status` of everything else."""
        self._store = store
        self._loading = loading
        self._reader = reader
        self._on_changed = on_changed
        self._on_status = on_status
        self._agenda = IndexingQueue()
        self.gate = PauseGate(self._gate_changed)
        self._estimator = Estimator()
        self._line = EmbeddingWriter(store, loading, self.gate, self._estimator, self._stored, self._finished)
        self._passwords: dict[int, str] = {}
        self._thread = threading.Thread(target=self._read_all, name="reading", daemon=True)

    # --- from outside -------------------------------------------------------------------------------

    def start(self) -> None:
        """Take up what an earlier run left, and go on with it."""
        self._store.recover()
        self.queued(row for row in self._store.documents() if row.state is DocumentState.QUEUED)
        self._line.start()
        self._thread.start()

    def close(self, timeout_s: float = 1.0) -> None:
        """Stop at the next batch; what is not stored is done again after the next start."""
        self.gate.close()
        for work in self._agenda.in_hand():
            work.token.cancel()
        self._agenda.wake()
        deadline = time.monotonic() + timeout_s
        self._line.close(timeout_s)
        if self._thread.is_alive():
            self._thread.join(max(0.0, deadline - time.monotonic()))

    @property
    def taking(self) -> threading.RLock:
        """Held, no document is taken up: for whoever looks what is in hand and then acts on it."""
        return self._agenda.taking

    def queued(self, rows: Iterable[DocumentInfo]) -> None:
        """These documents were queued in the store."""
        if self._agenda.add(rows):
            self._line.restart_clock()
        self._on_status()

    def unlock(self, document: int, password: str) -> None:
        """Use this password for a document from now on; it is kept in memory only."""
        self._passwords[document] = password

    def password(self, document: int) -> str | None:
        return self._passwords.get(document)

    def pending(self, documents: Collection[int] | None = None) -> bool:
        """Whether any of these documents, or any at all, is not finished."""
        return self._agenda.pending(documents)

    def wait_for_change(self, seconds: float) -> None:
        """Sleep until a document is finished, at most so long."""
        self._agenda.wait_for_change(seconds)

    def interrupt(self, documents: Iterable[int]) -> None:
        """Stop working at documents. They stay in the queue; nothing of this attempt is stored any more."""
        with self.taking:
            for work in self._agenda.in_hand(documents):
                self._line.drop(work)
                self._store.set_state(work.document, DocumentState.QUEUED)
                self._agenda.put_back(work.document)

    def let_go(self, documents: Iterable[int]) -> None:
        """Stop working at documents, and count on them no more until they are `queued` again."""
        documents = list(documents)
        with self.taking:
            self.interrupt(documents)
            for document in documents:
                self._agenda.put_away(document)

    def take_up(
        self, files: Sequence[FileSeen], collection: str, folder: str | None = None
    ) -> list[Registered]:
        """Register files; what is new, or has changed, is read. See `Store.register`."""
        paths = {file.path for file in files}
        with self.taking:
            in_hand = [work.document for work in self._agenda.in_hand() if work.path in paths]
            self.interrupt(in_hand)
            registered = self._store.register(files, collection, folder)
        touched = [each.document for each in registered if each.change is not Change.UNCHANGED]
        rows = self._store.documents(ids=[*touched, *in_hand])
        self.queued(row for row in rows if row.state is DocumentState.QUEUED)
        for row in rows:
            self._on_changed(row.id)
        return registered

    def stop_document(self, document: int, reason: Problem = STOPPED) -> None:
        """Stop reading one document and keep what there is of it."""
        with self.taking:
            if not self.pending([document]):
                return
            self.let_go([document])
            row = self._store.document(document)
            if row is not None:
                self._store.set_state(document, *verdict(row.unit, self._store.report(document), reason))
        self._on_changed(document)

    def clear(self, document: int) -> None:
        """Forget all that was read of a document, which must not be in hand."""
        with self._line.storing:
            chunks = self._store.clear(document)
            if chunks and self._loading.done:
                self._loading.get().vectors.delete(chunks)

    def status(self) -> IndexingStatus:
        work, left, others = self._agenda.overview()
        seconds = self._estimator.seconds_left(work.begun() if work else None, others) if left else None
        held = self.gate.held
        if self.gate.paused or (held is not None and left):
            state = IndexingState.PAUSED
        else:
            state = IndexingState.RUNNING if left else IndexingState.IDLE
        if work is None:
            return IndexingStatus(state, documents_left=left, seconds_left=seconds, notice=held)
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
        )

    @property
    def embedded(self) -> int:
        """Texts that went through the model since the start: what was known already does not count."""
        return self._line.embedded

    def _gate_changed(self) -> None:
        self._line.restart_clock()
        self._agenda.wake()
        self._on_status()

    # --- reading ------------------------------------------------------------------------------------

    def _read_all(self) -> None:
        try:
            self._loading.get(self.gate.closing)
        except Cancelled:
            return
        except AssistantError as error:
            log.error("Nothing can be indexed: %s", error)
            self.gate.hold(error.problem)
            return
        self._line.restart_clock()
        while self.gate.wait_open():
            try:
                taken = self.gate.patiently(lambda: self._agenda.take(self._store.next_waiting))
                if taken is None:
                    self._agenda.sleep()
                else:
                    self._read(*taken)
            except Cancelled:
                continue
            except Exception:
                log.exception("the queue could not be read; it is tried again")
                self.gate.closing.wait(_NO_READER_S)

    def _read(self, work: EmbeddingWork, waiting: Waiting) -> None:
        try:
            self._read_file(work, waiting)
        except Cancelled:
            work.token.cancel()
            raise
        except DocumentGone:
            self._gone(work)
        except WorkerError as error:
            self._no_reader(work, error)
        except Exception as error:
            log.exception("reading document %d failed", work.document)
            failure = AssistantError("reading-failed", why=f"{type(error).__name__}: {error}")
            self._line.put(work, EmbeddingFinish(failure.problem))

    def _read_file(self, work: EmbeddingWork, waiting: Waiting) -> None:
        seen = look_again(work.path)
        try:
            content = content_hash(work.path, work.token)
            same = self._store.with_content(content)
            if waiting.next_part == 1 and self._agenda.postpone_for_twin(
                work.document, [row.id for row in same]
            ):
                return
            self._begin(work, waiting, seen, content)
            if self._copy_of_twin(work, same):
                return
            finish = self._read_parts(work, seen)
        except WorkerError:
            raise
        except (DocumentError, StorageError) as error:
            finish = EmbeddingFinish(error.problem)
        if not self._changed_meanwhile(work, seen):
            self._line.put(work, finish)

    def _begin(self, work: EmbeddingWork, waiting: Waiting, seen: FileSeen, content: bytes) -> None:
        row = waiting.info

        def begin() -> None:
            with self._line.storing, self._store.transaction():
                work.token.raise_if_cancelled()
                stale = waiting.stale
                if (seen.size, seen.mtime_ns) != (row.size, waiting.mtime_ns):
                    self._store.register([seen], row.collection)
                    stale = True
                if stale or (waiting.next_part > 1 and waiting.content not in (None, content)):
                    self.clear(work.document)
                    work.parts = None
                self._store.set_content(work.document, content)
                self._store.begin(work.document)

        self.gate.patiently(begin)
        self._on_changed(work.document)

    def _read_parts(self, work: EmbeddingWork, seen: FileSeen) -> EmbeddingFinish:
        password = self._passwords.get(work.document)
        opened = self._reader.open(work.path, seen.size, password, work.token)
        self.gate.patiently(
            lambda: self._store.opened(work.document, opened.kind, opened.title, opened.unit, opened.parts)
        )
        row = self._store.document(work.document)
        if row is None:  # removed
            raise Cancelled
        stored = self._store.stored_parts(work.document)
        first = next(number for number in range(1, len(stored) + 2) if number not in stored)
        work.title, work.unit, work.parts = row.title, opened.unit, opened.parts
        work.parts_done, work.chunks_done = row.pages_done, row.chunks
        self._on_changed(work.document)
        chunker = self._loading.get(self.gate.closing).chunker
        preparer = ChunkPreparer(chunker, row.title, self._store.languages_of(work.document))
        last = max(stored, default=0)
        for part in self._reader.parts(work.path, seen.size, opened, first, password, work.token):
            if not self.gate.wait_open():
                raise Cancelled
            last = max(last, part.number)
            if part.number not in stored:
                self._line.put(work, preparer.prepare(part))
        return EmbeddingFinish(parts=last)

    # --- what may come between ------------------------------------------------------------------------

    def _changed_meanwhile(self, work: EmbeddingWork, seen: FileSeen) -> bool:
        """If the file changed while it was read, what was read of it is worth nothing: it is queued again."""
        now = look_again(work.path)
        if now == seen:
            return False
        if self._agenda.count_change(work.document) > _MOST_CHANGES:
            return False
        self._line.drop(work)
        row = self._store.document(work.document)
        if row is not None:
            self.gate.patiently(lambda: self._store.register([now], row.collection))
        self._agenda.postpone_after_change(work.document)
        self._on_changed(work.document)
        return True

    def _gone(self, work: EmbeddingWork) -> None:
        self._line.drop(work)
        self.gate.patiently(lambda: self._set_missing(work.document))
        self._agenda.put_away(work.document)
        self._on_changed(work.document)

    def _set_missing(self, document: int) -> None:
        with self._store.transaction():
            self._store.set_state(document, DocumentState.QUEUED)  # for when it comes back
            self._store.set_missing([document])

    def _no_reader(self, work: EmbeddingWork, error: WorkerError) -> None:
        """No process to read with: nothing is wrong with the document."""
        log.error("%s", error)
        self._line.drop(work)
        self._agenda.put_back(work.document)
        self.gate.hold(error.problem)
        self._store.queue(work.document)
        self.gate.closing.wait(_NO_READER_S)
        self.gate.hold(None)

    def _copy_of_twin(self, work: EmbeddingWork, same: Sequence[DocumentInfo]) -> bool:
        """Take over what was read of another file with the same content."""
        for twin in same:
            stopped = twin.error is not None and twin.error.code == STOPPED.code
            read = twin.state in (DocumentState.READY, DocumentState.PARTIAL)
            if twin.id == work.document or stopped or not read:
                continue

            def copy(twin: DocumentInfo = twin) -> bool:
                with self._line.storing:
                    work.token.raise_if_cancelled()
                    with self._store.transaction():
                        self.clear(work.document)
                        chunks = self._store.copy_contents(twin.id, work.document)
                        title = renamed(twin.title, twin.path, work.path)
                        self._store.opened(work.document, twin.kind, title, twin.unit, twin.pages)
                        self._store.set_state(work.document, twin.state, twin.error)
                    self._line.add_vectors(chunks)
                    return True

            self.gate.patiently(copy)
            self._done_with(work)
            return True
        return False

    # --- from the line, while `storing` is held ---------------------------------------------------------

    def _stored(self, work: EmbeddingWork) -> None:
        self._agenda.stored(work)
        self._on_changed(work.document)

    def _finished(self, work: EmbeddingWork, finish: EmbeddingFinish) -> None:
        unit = work.unit
        state, problem = verdict(unit, self._store.report(work.document), finish.problem)
        self._store.set_state(work.document, state, problem, finish.parts)
        if finish.problem is None:
            self._estimator.finished(work.ahead, work.chunks_done)
        self._done_with(work)

    def _done_with(self, work: EmbeddingWork) -> None:
        self._agenda.put_away(work.document)
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
            self.unlock(document, password)
        if self.pending([document]):
            return row
        if row.state is DocumentState.FAILED:
            self.clear(document)
        else:
            self._store.clear_failed(document)
        self._store.set_missing([document], False)
        self._store.queue(document)
        again = self._store.document(document) or row
        self.queued([again])
        self._on_changed(document)
        return again


def renamed(title: str, path: str, new_path: str) -> str:
    """The title of the same content under another name: one that was the file's name follows it."""
    old, new = PurePath(path), PurePath(new_path)
    return {old.name: new.name, old.stem: new.stem}.get(title, title)
