"""The first half of indexing: a thread that takes what waits, reads it through the reader, and cuts it up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import PurePath

from assistant.documents.embedders.embedder_conversion import builtin_tokenizer
from assistant.documents.files.fingerprints import content_hash, current_file
from assistant.documents.indexing.chunk_preparation import ChunkPreparer
from assistant.documents.indexing.document_status import STOPPED
from assistant.documents.indexing.embedding_work import EmbeddingFinish, EmbeddingWork
from assistant.documents.indexing.embedding_writer import EmbeddingWriter
from assistant.documents.indexing.pause_gate import PauseGate
from assistant.documents.indexing.queue import IndexingQueue
from assistant.documents.indexing.reader_client import DocumentReader
from assistant.documents.records import DocumentInfo, DocumentState, FileSeen
from assistant.documents.search.loader import SearchLoader
from assistant.documents.store.rows import Waiting
from assistant.documents.store.store import Store
from assistant.documents.text.chunking import Chunker
from assistant.errors import AssistantError, Cancelled, DocumentError, DocumentGone, StorageError, WorkerError

log = logging.getLogger(__name__)

_MOST_CHANGES = 8
"""So often a file that changes while it is read is read again; then it is taken as it is."""
_NO_READER_S = 10.0
"""After so long it is tried again to start a reader."""


class ReadingThread:
    """Reads one document after the other until the gate is closed; each goes on to the `EmbeddingWriter`."""

    def __init__(
        self,
        store: Store,
        loader: SearchLoader,
        reader: DocumentReader,
        queue: IndexingQueue,
        gate: PauseGate,
        writer: EmbeddingWriter,
        password: Callable[[int], str | None],
        on_changed: Callable[[int], None],
    ) -> None:
        self._store = store
        self._loader = loader
        self._reader = reader
        self._queue = queue
        self._gate = gate
        self._writer = writer
        self._password = password
        self._on_changed = on_changed
        self._thread = threading.Thread(target=self._read_all, name="reading", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, timeout_s: float) -> None:
        if self._thread.is_alive():
            self._thread.join(max(0.0, timeout_s))

    def clear(self, document: int) -> None:
        """Forget all that was read of a document, which must not be in hand."""
        with self._writer.store_lock:
            chunks = self._store.clear(document)
            if chunks and self._loader.done:
                self._loader.get().vectors.delete(chunks)

    def _read_all(self) -> None:
        try:
            self._loader.get(self._gate.closing)
            # All documents are cut up in the same way, so that another embedder can take over as they are.
            chunker = Chunker(builtin_tokenizer())
        except Cancelled:
            return
        except AssistantError as error:
            log.error("Nothing can be indexed: %s", error)
            self._gate.hold(error.problem)
            return
        self._writer.restart_clock()
        while self._gate.wait_open():
            try:
                taken = self._gate.with_retries(lambda: self._queue.take(self._store.next_waiting))
                if taken is None:
                    self._queue.sleep()
                else:
                    self._read(*taken, chunker)
            except Cancelled:
                continue
            except Exception:
                log.exception("the queue could not be read; it is tried again")
                self._gate.closing.wait(_NO_READER_S)

    def _read(self, work: EmbeddingWork, waiting: Waiting, chunker: Chunker) -> None:
        try:
            self._read_file(work, waiting, chunker)
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
            self._writer.put(work, EmbeddingFinish(failure.problem))

    def _read_file(self, work: EmbeddingWork, waiting: Waiting, chunker: Chunker) -> None:
        seen = current_file(work.path)
        try:
            content = content_hash(work.path, work.token)
            same = self._store.with_content(content)
            if waiting.next_part == 1 and self._queue.postpone_for_duplicate(
                work.document, [row.id for row in same]
            ):
                return
            self._begin(work, waiting, seen, content)
            if self._copy_duplicate(work, same):
                return
            finish = self._read_parts(work, seen, chunker)
        except WorkerError:
            raise
        except (DocumentError, StorageError) as error:
            finish = EmbeddingFinish(error.problem)
        if not self._changed_meanwhile(work, seen):
            self._writer.put(work, finish)

    def _begin(self, work: EmbeddingWork, waiting: Waiting, seen: FileSeen, content: bytes) -> None:
        row = waiting.info

        def begin() -> None:
            with self._writer.store_lock, self._store.transaction():
                work.token.raise_if_cancelled()
                stale = waiting.stale
                if (seen.size, seen.mtime_ns) != (row.size, row.mtime_ns):
                    self._store.register([seen], row.collection)
                    stale = True
                if stale or (waiting.next_part > 1 and waiting.content not in (None, content)):
                    self.clear(work.document)
                    work.parts = None
                self._store.set_content(work.document, content)
                self._store.begin(work.document)

        self._gate.with_retries(begin)
        self._on_changed(work.document)

    def _read_parts(self, work: EmbeddingWork, seen: FileSeen, chunker: Chunker) -> EmbeddingFinish:
        password = self._password(work.document)
        opened = self._reader.open(work.path, seen.size, password, work.token)
        self._gate.with_retries(
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
        preparer = ChunkPreparer(chunker, row.title, self._store.languages_of(work.document))
        last = max(stored, default=0)
        for part in self._reader.parts(work.path, seen.size, opened, first, password, work.token):
            if not self._gate.wait_open():
                raise Cancelled
            last = max(last, part.number)
            if part.number not in stored:
                self._writer.put(work, preparer.prepare(part))
        return EmbeddingFinish(parts=last)

    # --- what may come between ------------------------------------------------------------------------

    def _changed_meanwhile(self, work: EmbeddingWork, seen: FileSeen) -> bool:
        """If the file changed while it was read, what was read of it is worth nothing: it is queued again."""
        now = current_file(work.path)
        if now == seen:
            return False
        if self._queue.count_change(work.document) > _MOST_CHANGES:
            return False
        self._writer.drop(work)
        row = self._store.document(work.document)
        if row is not None:
            self._gate.with_retries(lambda: self._store.register([now], row.collection))
        self._queue.postpone_after_change(work.document)
        self._on_changed(work.document)
        return True

    def _gone(self, work: EmbeddingWork) -> None:
        self._writer.drop(work)
        self._gate.with_retries(lambda: self._set_missing(work.document))
        self._queue.discard(work.document)
        self._on_changed(work.document)

    def _set_missing(self, document: int) -> None:
        with self._store.transaction():
            self._store.set_state(document, DocumentState.QUEUED)  # for when it comes back
            self._store.set_missing([document])

    def _no_reader(self, work: EmbeddingWork, error: WorkerError) -> None:
        """No process to read with: nothing is wrong with the document."""
        log.error("%s", error)
        self._writer.drop(work)
        self._queue.put_back(work.document)
        self._gate.hold(error.problem)
        self._store.queue(work.document)
        self._gate.closing.wait(_NO_READER_S)
        self._gate.hold(None)

    def _copy_duplicate(self, work: EmbeddingWork, same: Sequence[DocumentInfo]) -> bool:
        """Take over what was read of another file with the same content."""
        for duplicate in same:
            stopped = duplicate.error is not None and duplicate.error.code == STOPPED.code
            read = duplicate.state in (DocumentState.READY, DocumentState.PARTIAL)
            if duplicate.id == work.document or stopped or not read:
                continue

            def copy(duplicate: DocumentInfo = duplicate) -> bool:
                with self._writer.store_lock:
                    work.token.raise_if_cancelled()
                    with self._store.transaction():
                        self.clear(work.document)
                        chunks = self._store.copy_contents(duplicate.id, work.document)
                        title = renamed(duplicate.title, duplicate.path, work.path)
                        self._store.opened(
                            work.document, duplicate.kind, title, duplicate.unit, duplicate.pages
                        )
                        self._store.set_state(work.document, duplicate.state, duplicate.error)
                    self._writer.add_vectors(chunks)
                    return True

            self._gate.with_retries(copy)
            self._queue.discard(work.document)
            self._on_changed(work.document)
            return True
        return False


def renamed(title: str, path: str, new_path: str) -> str:
    """The title of the same content under another name: one that was the file's name follows it."""
    old, new = PurePath(path), PurePath(new_path)
    return {old.name: new.name, old.stem: new.stem}.get(title, title)
