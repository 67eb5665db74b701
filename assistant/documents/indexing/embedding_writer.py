"""The second half of indexing: takes prepared parts, embeds them in batches, and stores each batch at once.

Two threads, so that the embedder works while the batch before is written. Parts of small documents share
batches. What waits to be embedded is bounded: reading stays about one batch ahead and no more.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from assistant.documents.indexing.document_status import settle
from assistant.documents.indexing.embedding_work import EmbeddingFinish, EmbeddingUnit, EmbeddingWork
from assistant.documents.indexing.eta import Estimator
from assistant.documents.indexing.pause_gate import PauseGate
from assistant.documents.search.loader import SearchLoader, SearchModels
from assistant.documents.store.rows import NewPart, RecognisedPart, Vector
from assistant.documents.store.store import Store
from assistant.errors import AssistantError, Cancelled, DiskFull, DocumentGone, Problem, StorageError
from assistant.workers.priority import stand_back

log = logging.getLogger(__name__)

_BATCH_S = 2.0
"""Work that is stored together: what a crash costs at most."""
_SMALLEST_BATCH = 16
"""Chunks, however slow this computer is."""
_LARGEST_BATCH = 1024
"""Chunks, however quick it is."""
_FIRST_SPEED = 30.0
"""Chunks a second, until it is measured."""
_NICENESS = 5
"""How far embedding stands back behind the window and questions."""
_MOST_PARTS = 512
"""Empty parts give no chunks but have to be stored too."""
_ROOM_BYTES = 48_000_000
"""Less than this on the disk counts as full: the vector index does not survive a disk that is really full."""


@dataclass(eq=False, slots=True)
class _Batch:
    units: list[EmbeddingUnit]
    embedder: str
    """The name of the one whose vectors these are."""
    vectors: dict[bytes, Vector]
    stored: bool = False


class EmbeddingWriter:
    """Embeds and stores what is put into it."""

    def __init__(
        self,
        store: Store,
        loader: SearchLoader,
        gate: PauseGate,
        estimator: Estimator,
        on_stored: Callable[[EmbeddingWork], None],
        on_finish: Callable[[EmbeddingWork, EmbeddingFinish], None],
    ) -> None:
        """`on_stored` is called after a batch for each document in it; `on_finish` for each that ended.

        Both are called on the writing thread, while `store_lock` is held.
        """
        self._store = store
        self._loader = loader
        self._gate = gate
        self._estimator = estimator
        self._on_stored = on_stored
        self._on_finish = on_finish
        self.store_lock = threading.RLock()
        """Held while a batch is stored: whoever has it knows that nothing of a cancelled document follows."""
        self.embedded = 0
        """Texts that went through the model since the start."""
        self._speed = _FIRST_SPEED
        self._measured = False
        self._clock = time.monotonic()
        self._changed = threading.Condition()
        self._units: deque[EmbeddingUnit] = deque()
        self._chunks = 0
        self._written = threading.Condition()
        self._to_write: _Batch | None = None
        self._unwritten: _Batch | None = None
        """The batch that is being written, or was last: the store need not know its vectors yet."""
        self._threads = [
            threading.Thread(target=self._embed_all, name="embedding", daemon=True),
            threading.Thread(target=self._write_all, name="writing", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self, timeout_s: float) -> None:
        """Wait for the threads; the gate must have been closed."""
        for condition in (self._changed, self._written):
            with condition:
                condition.notify_all()
        deadline = time.monotonic() + timeout_s
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))

    # --- from the reading thread --------------------------------------------------------------------

    def put(self, work: EmbeddingWork, content: NewPart | EmbeddingFinish) -> None:
        """Add a part or the end of a document; waits while there is a batch ahead already.

        Raises:
            Cancelled: the work was cancelled, or the gate closed.
        """
        unit = EmbeddingUnit(work, content)
        with self._changed:
            while self._chunks >= self.batch_size or len(self._units) >= _MOST_PARTS:
                self._check(work)
                self._changed.wait()
            self._check(work)
            self._units.append(unit)
            self._chunks += unit.chunks
            self._changed.notify_all()

    def _check(self, work: EmbeddingWork) -> None:
        work.token.raise_if_cancelled()
        self._gate.closing.raise_if_cancelled()

    def drop(self, work: EmbeddingWork) -> None:
        """Throw away what waits of a document. Nothing of it is stored any more after this returns."""
        work.token.cancel()
        with self._changed:
            kept = [unit for unit in self._units if unit.work is not work]
            self._units = deque(kept)
            self._chunks = sum(unit.chunks for unit in kept)
            self._changed.notify_all()
        with self.store_lock:
            pass

    def restart_clock(self) -> None:
        """There was a pause, which must not count as slowness."""
        self._clock = time.monotonic()

    @property
    def speed(self) -> float | None:
        """Chunks a second by the embedder that searches; None until it was measured."""
        return self._speed if self._measured else None

    @property
    def batch_size(self) -> int:
        """Chunks that make a batch."""
        return int(max(_SMALLEST_BATCH, min(_LARGEST_BATCH, self._speed * _BATCH_S)))

    # --- embedding ----------------------------------------------------------------------------------

    def _embed_all(self) -> None:
        stand_back(_NICENESS)
        while (units := self._take()) is not None:
            try:
                batch = self._embed(units)
            except Cancelled:
                continue
            except Exception as error:
                log.exception("embedding a batch failed")
                self._fail(units, error)
                continue
            with self._written:
                while self._to_write is not None and not self._gate.closing.cancelled:
                    self._written.wait()
                self._to_write = self._unwritten = batch
                self._written.notify_all()

    def _take(self) -> list[EmbeddingUnit] | None:
        """What is there, up to a batch; None once the gate is closed."""
        while self._gate.wait_open():
            with self._changed:
                while not self._units and not self._gate.closing.cancelled:
                    self._changed.wait()
                if self._gate.paused or self._gate.closing.cancelled:
                    continue
                units: list[EmbeddingUnit] = []
                chunks = 0
                while self._units and (not units or chunks + self._units[0].chunks <= self.batch_size):
                    unit = self._units.popleft()
                    units.append(unit)
                    chunks += unit.chunks
                self._chunks -= chunks
                self._changed.notify_all()
                return units
        return None

    def _embed(self, units: list[EmbeddingUnit]) -> _Batch:
        """With the vectors that the store does not have; fewer if all documents in it are stopped.

        Raises:
            Cancelled: the gate was closed.
        """
        texts: dict[bytes, str] = {}
        for unit in units:
            if isinstance(unit.content, NewPart) and not unit.work.token.cancelled:
                texts.update((chunk.embedding, chunk.embedded_text) for chunk in unit.content.chunks)
        embedder = self._gate.with_retries(lambda: self._loader.get(self._gate.closing)).embedder
        unwritten = self._unwritten
        vectors: dict[bytes, Vector] = {}
        if unwritten is not None and unwritten.embedder == embedder.name:
            vectors = {key: vector for key, vector in unwritten.vectors.items() if key in texts}
        known = self._store.known_embeddings(texts, embedder.name)
        missing = [key for key in texts if key not in vectors and key not in known]
        size = self.batch_size
        for first in range(0, len(missing), size):
            keys = missing[first : first + size]
            if not self._gate.wait_open():
                raise Cancelled
            if all(unit.work.token.cancelled for unit in units):
                break
            began = time.monotonic()
            rows = embedder.embed([texts[key] for key in keys], self._gate.closing)
            self._learn_speed(len(keys), time.monotonic() - began)
            self.embedded += len(keys)
            some = dict(zip(keys, rows, strict=True))
            vectors.update(some)
            if len(missing) > size:  # one part of several batches
                keep = partial(self._store.keep_embeddings, some, embedder.name)
                self._gate.with_retries(keep)
        return _Batch(units, embedder.name, vectors)

    def _learn_speed(self, texts: int, seconds: float) -> None:
        if texts >= 4 and seconds > 0:
            self._speed += 0.3 * (texts / seconds - self._speed)
            self._measured = True

    def _fail(self, units: Iterable[EmbeddingUnit], error: Exception) -> None:
        problem = AssistantError("indexing-failed", why=f"{type(error).__name__}: {error}").problem
        for work in dict.fromkeys(unit.work for unit in units):
            if not work.token.cancelled:
                self.drop(work)
                self._gate.with_retries(lambda work=work: self._give_up(work, problem))  # type: ignore[misc]

    def _give_up(self, work: EmbeddingWork, problem: Problem) -> None:
        with self.store_lock:
            self._on_finish(work, EmbeddingFinish(problem))

    # --- storing ------------------------------------------------------------------------------------

    def _write_all(self) -> None:
        while True:
            with self._written:
                while self._to_write is None and not self._gate.closing.cancelled:
                    self._written.wait()
                batch = self._to_write
            if batch is None:
                return
            try:
                self._gate.with_retries(lambda batch=batch: self._write(batch))  # type: ignore[misc]
            except Cancelled:
                return
            except Exception as error:
                log.exception("storing a batch failed")
                self._fail(batch.units, error)
            with self._written:
                self._to_write = None
                self._written.notify_all()

    def _write(self, batch: _Batch) -> None:
        check_room(self._store)
        while not self._write_by(batch):  # another embedder has taken over meanwhile
            again = self._embed(batch.units)
            batch.embedder, batch.vectors = again.embedder, again.vectors

    def _write_by(self, batch: _Batch) -> bool:
        """Store it, unless its vectors are not those of the embedder that searches now."""
        with self.store_lock:
            models = self._loader.get(self._gate.closing)
            if batch.embedder != models.embedder.name and not batch.stored:
                return False
            works: dict[EmbeddingWork, list[EmbeddingUnit]] = {}
            for unit in batch.units:
                if not unit.work.token.cancelled:
                    works.setdefault(unit.work, []).append(unit)
            if not batch.stored:
                self._store_parts(works, batch.vectors, models)
                batch.stored = True
            now = time.monotonic()
            # How long recognition takes says nothing about reading.
            read = [unit for work, units in works.items() if work.task is None for unit in units]
            self._estimator.worked(sum(unit.chunks for unit in read), now - self._clock)
            self._clock = now
            for work, units in works.items():
                self._on_stored(work)
                for unit in units:
                    if isinstance(unit.content, EmbeddingFinish):
                        self._on_finish(work, unit.content)
            return True

    def _store_parts(
        self,
        works: dict[EmbeddingWork, list[EmbeddingUnit]],
        vectors: dict[bytes, Vector],
        models: SearchModels,
    ) -> None:
        """One transaction for all documents, then their vectors."""
        parts = {
            work: [unit.content for unit in units if isinstance(unit.content, NewPart)]
            for work, units in works.items()
        }
        parts = {work: some for work, some in parts.items() if some}
        if not parts:
            return
        added: list[int] = []
        dropped: list[int] = []
        with self._store.transaction():
            for work, prepared in parts.items():
                complete = [each.with_vectors(vectors) for each in prepared]
                try:
                    read = [each for each in complete if not isinstance(each, RecognisedPart)]
                    if read:
                        added += self._store.add_batch(work.document, read, models.embedder.name)
                    for part in complete:
                        if isinstance(part, RecognisedPart):
                            gone, new = store_recognised(self._store, work, part, models.embedder.name)
                            dropped += gone
                            added += new
                except DocumentGone:  # purged meanwhile
                    work.token.cancel()
        for work, prepared in parts.items():
            work.parts_done += len(prepared)
            work.chunks_done += sum(len(each.chunks) for each in prepared)
        self._drop_vectors(dropped, models)
        self.add_vectors(added)

    @staticmethod
    def _drop_vectors(chunks: list[int], models: SearchModels) -> None:
        if not chunks:
            return
        try:
            models.vectors.delete(chunks)
        except StorageError as error:
            log.error("The vector index kept what is gone from the store: %s", error)

    def add_vectors(self, chunks: list[int]) -> None:
        """Give stored chunks to the vector index; what it misses, the check at the next start brings."""
        if not chunks:
            return
        models = self._loader.get(self._gate.closing)
        try:
            ids, documents, matrix = self._store.vectors(chunks, models.embedder.name)
            models.vectors.add(ids, matrix, documents)
        except StorageError as error:
            log.error("The vector index did not take a batch: %s", error)


def check_room(store: Store) -> None:
    """
    Raises:
        DiskFull: there is too little room on the disk of the store.
    """
    if shutil.disk_usage(store.file.parent).free < _ROOM_BYTES:
        raise DiskFull("document-store-full")


def store_recognised(
    store: Store, work: EmbeddingWork, part: RecognisedPart, model: str
) -> tuple[list[int], list[int]]:
    """Also how its documents stand now; returns the chunks that are gone and the new ones."""
    with store.transaction():
        gone, new, work.touched = store.replace_part(part, model)
        for document in work.touched:
            settle(store, document)
    return gone, new
