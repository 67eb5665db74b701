"""Loads the embedder and the vector index in the background, so that listing need not wait for them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.embedders.converted_embedders import ConvertedEmbedders
from assistant.documents.embedders.embedder_conversion import BUILTIN, builtin_embedder
from assistant.documents.embedders.embedding import Embedder
from assistant.documents.search.retrieval import Retriever
from assistant.documents.search.vector_index import VectorIndex
from assistant.documents.store.store import Store
from assistant.errors import AssistantError, Cancelled, StorageError
from assistant.jobs import CancelToken

log = logging.getLogger(__name__)

_QUIET_SECONDS = 2.0
"""From the moment that searches are answered until the index on disk is looked at."""


@dataclass(frozen=True, eq=False, slots=True)
class SearchModels:
    """What indexing and searching work with."""

    embedder: Embedder
    vectors: VectorIndex
    retriever: Retriever


class SearchLoader:
    """The models, once they are there. `get` may be called from any thread."""

    def __init__(self, folder: Path, store: Store, converted: ConvertedEmbedders) -> None:
        self._folder = folder
        self._store = store
        self._converted = converted
        self._done = threading.Event()
        self._models: SearchModels | None = None
        self._error: AssistantError | None = None
        self._closing = CancelToken()
        self._synchronising = CancelToken()
        """Cancelled when the index that is brought to the disk is not wanted any more."""
        self._on_disk = threading.Lock()
        """Held by whoever opens or closes what is on the disk."""
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

    def exchange(self, embedder: Embedder, commit: Callable[[], bool]) -> bool:
        """Search with another embedder, if `commit` makes it the store's; false if it did not.

        Nothing may be added to the index meanwhile. What is being searched ends with the old one, whose
        vectors must stay for a moment. Call `synchronise` afterwards.
        """
        models = self._made(embedder)
        if not commit():
            return False
        old, self._models = self._models, models
        self._synchronising.cancel()
        with self._on_disk:
            self._synchronising = CancelToken()
            if old is not None:
                old.vectors.close()
        return True

    def stop(self) -> None:
        """Have what goes on in the background end soon."""
        self._closing.cancel()
        self._synchronising.cancel()

    def close(self) -> None:
        """Write what the vector index still holds back, and close it. No call may follow."""
        self.stop()
        if self._models is not None:
            self._models.vectors.close()

    def _load(self) -> None:
        try:
            self._models = self._made(self._embedder())
        except AssistantError as error:
            self._error = error
        except Exception as error:
            log.exception("the sentence model cannot be loaded")
            self._error = StorageError("sentence-model-failed", why=f"{type(error).__name__}: {error}")
        finally:
            self._done.set()
        # Not at once: opening the index takes a second of the processor, and a question may be waiting.
        if self._models is not None and not self._closing.wait(_QUIET_SECONDS):
            self.synchronise()

    def _embedder(self) -> Embedder:
        """The active one; where it is lost the built-in one: then words alone are found for a while."""
        active = self._store.active_embedder()
        if active is not None and active.name != BUILTIN:
            try:
                return Embedder(self._converted.place(active.name))
            except StorageError as error:
                log.warning("%s searches instead of %s: %s", BUILTIN, active.name, error)
        return builtin_embedder()

    def _made(self, embedder: Embedder) -> SearchModels:
        vectors = VectorIndex(self._folder / "vectors", embedder.dimension, embedder.name)
        vectors.load(self._store)  # from here on a search is complete
        return SearchModels(embedder, vectors, Retriever(self._store, vectors, embedder))

    def synchronise(self) -> None:
        """Bring the index on disk to what the store has; meanwhile memory serves the searches."""
        with self._on_disk:
            models, token = self._models, self._synchronising
            if models is None or self._closing.cancelled:
                return
            try:
                done = models.vectors.synchronise(self._store, token)
                if done.added or done.deleted or done.rebuilt:
                    log.info("vector index: %s", done)
            except Cancelled:
                pass
            except Exception:
                if not self._closing.cancelled:
                    log.exception("the vector index could not be checked; the next start tries again")
