"""Loads the embedder and the vector index in the background, so that listing need not wait for them."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.search.embedder_conversion import builtin_embedder
from assistant.documents.search.embedding import Embedder
from assistant.documents.search.retrieval import Retriever
from assistant.documents.search.vector_index import VectorIndex
from assistant.documents.store.store import Store
from assistant.documents.text.chunking import Chunker
from assistant.errors import AssistantError, Cancelled, StorageError
from assistant.jobs import CancelToken

log = logging.getLogger(__name__)

_QUIET_SECONDS = 2.0
"""From the moment that searches are answered until the index on disk is looked at."""


@dataclass(frozen=True, eq=False, slots=True)
class SearchModels:
    """What indexing and searching work with."""

    embedder: Embedder
    chunker: Chunker
    vectors: VectorIndex
    retriever: Retriever


class SearchLoader:
    """The models, once they are there. `get` may be called from any thread."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder = folder
        self._store = store
        self._done = threading.Event()
        self._models: SearchModels | None = None
        self._error: AssistantError | None = None
        self._closing = CancelToken()
        self._thread = threading.Thread(target=self._load, name="loading", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def done(self) -> bool:
        return self._done.is_set()

    def get(self, token: CancelToken | None = None) -> SearchModels:
        """Wait for the models.

        Raises:
            AssistantError: they cannot be loaded; it says why.
            Cancelled: `token` was cancelled before they were there.
        """
        while not self._done.wait(0.1 if token else None):
            if token and token.cancelled:
                raise Cancelled
        if self._models is None:
            raise self._error or StorageError("sentence-model-not-loaded")
        return self._models

    def stop(self) -> None:
        """Have what goes on in the background end soon."""
        self._closing.cancel()

    def close(self) -> None:
        """Write what the vector index still holds back, and close it. No call may follow."""
        self._closing.cancel()
        if self._models is not None:
            self._models.vectors.close()

    def _load(self) -> None:
        try:
            embedder = builtin_embedder()
            vectors = VectorIndex(self._folder / "vectors", embedder.dimension, embedder.name)
            vectors.load(self._store)  # from here on a search is complete
            retriever = Retriever(self._store, vectors, embedder)
            self._models = SearchModels(embedder, Chunker(embedder.tokenizer), vectors, retriever)
        except AssistantError as error:
            self._error = error
        except Exception as error:
            log.exception("the sentence model cannot be loaded")
            self._error = StorageError("sentence-model-failed", why=f"{type(error).__name__}: {error}")
        finally:
            self._done.set()
        if self._models is not None:
            self._synchronise(self._models.vectors)

    def _synchronise(self, vectors: VectorIndex) -> None:
        """Bring the index on disk to what the store has; meanwhile memory serves the searches.

        Not at once: opening it takes a second of the processor, and a question may be waiting.
        """
        try:
            if self._closing.wait(_QUIET_SECONDS):
                return
            done = vectors.synchronise(self._store, self._closing)
            if done.added or done.deleted or done.rebuilt:
                log.info("vector index: %s", done)
        except Cancelled:
            pass
        except Exception:
            if not self._closing.cancelled:
                log.exception("the vector index could not be checked; the next start tries again")
