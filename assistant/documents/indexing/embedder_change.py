"""Changes the embedder: the vectors of the new one are made beside the old ones, then it takes over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from assistant.documents.embedder_records import (
    EmbedderChange,
    EmbedderChoice,
    EmbedderState,
    EmbedderStatus,
    EmbedderStep,
)
from assistant.documents.search.converted_embedders import ConvertedEmbedders
from assistant.documents.search.embedder_choices import Standing, choices
from assistant.documents.search.embedder_sources import BUILTIN_ID, sources
from assistant.documents.store.embedders import KnownEmbedder
from assistant.documents.store.store import Store
from assistant.errors import UserInputError

BUILTIN = KnownEmbedder(BUILTIN_ID, "all-MiniLM-L6-v2", "all-MiniLM-L6-v2", ("en",))


class EmbedderChanger:
    """May be used from any thread."""

    def __init__(
        self,
        store: Store,
        library: Path | None,
        converted: ConvertedEmbedders,
        speed: Callable[[], float],
        on_status: Callable[[], None],
    ) -> None:
        """
        Args:
            library: the folder of models.
            speed: passages that are embedded in a second.
            on_status: called when `status` has changed.
        """
        self._store = store
        self._library = library
        self._converted = converted
        self._speed = speed
        self._on_status = on_status
        self._lock = threading.Lock()

    def choices(self) -> tuple[EmbedderChoice, ...]:
        """What can be chosen, and how each stands."""
        next = self._store.next_embedder()
        standing = Standing(
            self._active.id, next.id if next else None, self._store.chunk_count(), self._speed()
        )
        return choices(sources(self._library), self._converted, standing)

    def use(self, id: str) -> EmbedderStatus:
        """Have the documents searched with this model, once its vectors are there; the active one: cancel.

        Raises:
            UserInputError: there is no such model, or it has to be got first.
        """
        wanted = next((choice for choice in self.choices() if choice.id == id), None)
        if wanted is None:
            raise UserInputError("no-such-embedder", id=id)
        if wanted.state is EmbedderState.OFFERED:
            raise UserInputError("embedder-not-here", name=wanted.name, id=id)
        with self._lock:
            known = KnownEmbedder(wanted.id, wanted.name, "", wanted.languages)
            self._store.set_next_embedder(None if id == self._active.id else known)
        self._on_status()
        return self.status()

    @property
    def _active(self) -> KnownEmbedder:
        return self._store.active_embedder() or BUILTIN

    def status(self) -> EmbedderStatus:
        active, coming = self._active, self._store.next_embedder()
        change = None
        if coming is not None:
            change = EmbedderChange(
                coming.id, coming.title, EmbedderStep.CONVERTING, chunks=self._store.chunk_count()
            )
        return EmbedderStatus(active.id, active.title, active.languages, change)
