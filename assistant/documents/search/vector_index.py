"""The vector index: exact in memory, and Chroma on disk for large stores; only import of chromadb.

Both are made from SQLite. Why two. A search that Chroma restricts by metadata or ids took 33 to 116 ms over
30,000 chunks, an unrestricted one 3 to 7 ms; memory answers either in 2 to 10 ms, and exactly, but for
unrestricted searches of very many chunks. It also serves while Chroma is built again, and holds what was just
added, so that Chroma gets large batches (three times as fast as small ones).

A store that memory answers for by itself does without Chroma. Opening it takes a second of the processor and,
with 13,500 chunks, 100 MB.
"""

from __future__ import annotations

import logging
import shutil
import sys
import threading
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from assistant.documents.search.exact_vectors import ExactIndex, Matrix
from assistant.jobs import CancelToken

log = logging.getLogger(__name__)

_COLLECTION = "chunks"
_BATCH = 512
_EXACT_UP_TO = 50_000
"""Up to so many chunks all searches are exact: as quick as Chroma (4 ms for 30,000), missing nothing. Where
there are more at a start, there is an index on disk."""
_EF_SEARCH = 200
_OPENING_MARK = "opening"


_TELEMETRY = {
    "opentelemetry": ("trace",),
    "opentelemetry.sdk.resources": ("SERVICE_NAME", "Resource"),
    "opentelemetry.sdk.trace": ("TracerProvider",),
    "opentelemetry.sdk.trace.export": ("BatchSpanProcessor",),
    "opentelemetry.exporter.otlp.proto.grpc.trace_exporter": ("OTLPSpanExporter",),
}
"""What Chroma imports to tell a server what it does, which it is never asked to."""


class VectorSource(Protocol):
    """What the index is made from: the document store."""

    def chunk_ids(self, model: str) -> npt.NDArray[np.int64]: ...
    def vectors(self, chunks: Sequence[int], model: str) -> tuple[list[int], list[int], Matrix]: ...
    def vectors_after(self, chunk: int, model: str, limit: int) -> tuple[list[int], list[int], Matrix]: ...


@dataclass(frozen=True, slots=True)
class Synchronised:
    """What `VectorIndex.synchronise` did to the index on disk."""

    added: int
    deleted: int
    rebuilt: bool
    """It was missing, broken or of another model."""


class VectorIndex:
    """Chunk vectors, searchable. Methods may be called from any thread."""

    def __init__(self, folder: Path, dimension: int, model: str) -> None:
        """An empty index; `load` makes it search, `synchronise` opens what lies in `folder`, or begins it."""
        # One product of matrix and vector is too short for two threads: the second one would wait for more
        # work in a busy loop, for longer than the whole search takes.
        threadpool_limits(limits=1, user_api="blas")
        self._folder = folder
        self.model = model
        self._exact = ExactIndex(dimension)
        self._pending: dict[int, Matrix] = {}
        self._write_lock = threading.RLock()
        self._synchronised = False
        self._rebuilt = False
        self._client: Any = None
        self._collection: Any = None
        self._opened = False

    # --- the index on disk -----------------------------------------------------------------------

    def _open(self) -> None:
        """Never fails: a broken index is begun anew."""
        self._opened = True
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            generations = sorted(self._folder.glob("generation-*"), key=_generation)
            newest = generations.pop() if generations else None
            for old in generations:
                shutil.rmtree(old, ignore_errors=True)
            mark = self._folder / _OPENING_MARK
            # A damaged index can kill the process from native code: a mark that is still there says so.
            if newest is not None and not mark.exists() and self._use(newest, mark):
                return
            if newest is not None:
                log.warning("The vector index is not usable and is built again from the store.")
            self._begin_anew()
        except Exception:
            log.exception("The vector index on disk cannot be used; searching goes on in memory.")
            self._collection = None

    def _begin_anew(self) -> None:
        self._close_client()
        generations = sorted(self._folder.glob("generation-*"), key=_generation)
        number = _generation(generations[-1]) + 1 if generations else 1
        for old in generations:
            shutil.rmtree(old, ignore_errors=True)  # what Windows still holds open goes at the next start
        mark = self._folder / _OPENING_MARK
        mark.unlink(missing_ok=True)
        self._rebuilt = True
        if not self._use(self._folder / f"generation-{number}", mark):
            self._collection = None

    def _use(self, generation: Path, mark: Path) -> bool:
        """Open an index and try it; false if it is broken or of another model."""
        chromadb = _chroma()
        from chromadb.config import Settings

        mark.touch()
        try:
            self._client = chromadb.PersistentClient(
                str(generation), settings=Settings(anonymized_telemetry=False)
            )
            collection = self._client.get_or_create_collection(
                _COLLECTION,
                configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}},
                metadata={"model": self.model, "dimension": self._exact.dimension},
                embedding_function=None,
            )
            kept = collection.metadata or {}
            if (kept.get("model"), kept.get("dimension")) != (self.model, self._exact.dimension):
                self._close_client()
                return False
            if collection.count():
                probe = np.zeros(self._exact.dimension, dtype=np.float32)
                probe[0] = 1.0
                collection.query(query_embeddings=[probe], n_results=1, include=["distances"])
        except Exception as error:  # Chroma's own errors, and those of its SQLite and its Rust part
            log.warning("The vector index cannot be opened: %s", error)
            self._close_client()
            return False
        finally:
            mark.unlink(missing_ok=True)
        self._collection = collection
        return True

    def _close_client(self) -> None:
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            try:
                client.close()
            except Exception as error:
                log.warning("The vector index was not closed cleanly: %s", error)

    @property
    def _large(self) -> bool:
        return len(self._exact) > _EXACT_UP_TO

    # --- keeping it equal to the store ------------------------------------------------------------

    def load(self, source: VectorSource) -> None:
        """Read all vectors into memory, so that searching can begin: about 0.3 s for 30,000."""
        with self._write_lock:
            last = 0
            while True:
                ids, documents, matrix = source.vectors_after(last, self.model, 2000)
                if not ids:
                    return
                self._exact.add(ids, matrix, documents)
                last = ids[-1]

    def synchronise(self, source: VectorSource, token: CancelToken | None = None) -> Synchronised:
        """Make memory and disk hold exactly the chunks of the store; call once at start, in the background.

        Searching is complete as soon as the vectors are in memory, before the disk is done. Adding and
        deleting may go on meanwhile.

        Raises:
            Cancelled: `token` was cancelled, looked at between batches; what was done stays done.
        """
        with self._write_lock:
            self.load(source)
            extra = np.setdiff1d(self._exact.ids(), source.chunk_ids(self.model))
            self._exact.delete(extra.tolist())
            if not self._large:
                shutil.rmtree(self._folder, ignore_errors=True)  # of a time when there were more
                return Synchronised(0, 0, False)
            if not self._opened:
                self._open()
        rebuilt, self._rebuilt = self._rebuilt, False
        try:
            added, deleted = self._synchronise_disk(source, token)
        except _Broken as error:
            log.warning("The vector index on disk is broken and is built again: %s", error)
            with self._write_lock:
                self._begin_anew()
            rebuilt, self._rebuilt = True, False
            try:
                added, deleted = self._synchronise_disk(source, token)
            except _Broken as again:
                log.error("The vector index cannot be built on disk; searching goes on in memory: %s", again)
                self._close_client()
                return Synchronised(0, 0, True)
        self._synchronised = self._collection is not None
        return Synchronised(added, deleted, rebuilt)

    def _synchronise_disk(self, source: VectorSource, token: CancelToken | None) -> tuple[int, int]:
        # Under the lock all that memory holds is either on disk or lacking there; what is added from here
        # on reaches the disk by itself, and what memory holds already is not added again.
        with self._write_lock:
            if self._collection is None:
                return 0, 0
            self._pending.clear()
            wanted = self._exact.ids()
            with _breaking():
                names = self._collection.get(include=[])["ids"]
                held = np.asarray([int(name) for name in names], dtype=np.int64)
                extra = np.setdiff1d(held, wanted)
                for first in range(0, len(extra), _BATCH):
                    _delete(self._collection, [str(name) for name in extra[first : first + _BATCH]])
        lacking = np.setdiff1d(wanted, held)
        for first in range(0, len(lacking), _BATCH):
            if token is not None:
                token.raise_if_cancelled()
            # Read under the lock: what the store lets go later is deleted here later, too.
            with self._write_lock:
                if self._collection is None:
                    raise _Broken("it failed while it was being built")
                ids, _, matrix = source.vectors(lacking[first : first + _BATCH].tolist(), self.model)
                with _breaking():
                    if ids:
                        _add(self._collection, ids, matrix)
        return len(lacking), len(extra)

    # --- adding and deleting ---------------------------------------------------------------------

    def add(self, ids: Sequence[int], vectors: Matrix, documents: Sequence[int]) -> None:
        """Take in chunks that the store has just got; they are found at once.

        They reach the disk in larger batches, and with `flush`. What a crash loses of them, the next
        `synchronise` brings back from the store.
        """
        with self._write_lock:
            taken = self._exact.add(ids, vectors, documents)
            if self._collection is None:
                return
            for row in taken:
                self._pending[ids[row]] = vectors[row]
            if len(self._pending) >= _BATCH:
                self.flush()

    def flush(self) -> None:
        """Write what is pending to disk; call when indexing pauses or ends."""
        with self._write_lock:
            if not self._pending:
                return
            ids = list(self._pending)
            matrix = np.stack(list(self._pending.values()))
            self._pending.clear()
            self._on_disk(partial(_add, ids=ids, matrix=matrix))

    def delete(self, ids: Sequence[int]) -> None:
        """Let chunks go that the store has let go."""
        if not len(ids):
            return
        with self._write_lock:
            self._exact.delete(ids)
            names = [str(name) for name in ids if self._pending.pop(name, None) is None]
            for first in range(0, len(names), _BATCH):
                some = names[first : first + _BATCH]
                self._on_disk(partial(_delete, names=some))

    def _on_disk(self, action: Callable[[Any], Any]) -> None:
        if self._collection is None:
            return
        try:
            action(self._collection)
        except Exception as error:
            # Nothing is lost: the store has it all, memory serves the searches, the next start repairs it.
            log.warning("The vector index on disk failed and is not used until the next start: %s", error)
            self._synchronised = False
            self._close_client()

    # --- searching -------------------------------------------------------------------------------

    def search(
        self, vector: Matrix, limit: int, documents: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The nearest chunks, of all or of some documents: (chunk id, product), best first.

        Args:
            vector: shape (dimension,); the products are cosines where it is of unit length.
            documents: from `Store.document_ids(scope)`; None means all.
        """
        if documents is None and self._large and self._synchronised:
            with self._write_lock:
                self.flush()
            found = self._search_disk(vector, limit)
            if found is not None:
                return found
        return self._exact.search(vector, limit, documents)

    def _search_disk(self, vector: Matrix, limit: int) -> list[tuple[int, float]] | None:
        collection = self._collection
        if collection is None:
            return None
        try:
            found = collection.query(query_embeddings=[vector], n_results=limit, include=["distances"])
        except Exception as error:
            log.warning("The vector index on disk failed: %s", error)
            self._synchronised = False
            return None
        length = float(np.linalg.norm(vector))  # Chroma's distances are of directions alone
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(int(name), length * (1.0 - float(distance))) for name, distance in pairs]

    def count(self) -> int:
        """How many chunks are found."""
        return len(self._exact)

    def close(self) -> None:
        """Write what is pending and close the index."""
        with self._write_lock:
            self.flush()
            self._close_client()


class _Broken(Exception):
    """Chroma failed at something that a sound index can do."""


@contextmanager
def _breaking() -> Iterator[None]:
    """Turns whatever Chroma raises into `_Broken`."""
    try:
        yield
    except Exception as error:
        raise _Broken(str(error)) from error


def _add(collection: Any, ids: Sequence[int], matrix: Matrix) -> None:
    collection.add(ids=[str(identity) for identity in ids], embeddings=matrix)


def _delete(collection: Any, names: list[str]) -> None:
    collection.delete(ids=names)


def _generation(folder: Path) -> int:
    number = folder.name.rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def _chroma() -> Any:
    """The library, without 190 modules that would only report to servers: half a second, 16 MB."""
    for name, parts in _TELEMETRY.items():
        if name not in sys.modules:
            module = sys.modules[name] = types.ModuleType(name)
            for part in parts:
                setattr(module, part, _Nothing)
    import chromadb

    return chromadb


class _Nothing:
    Tracer = object
