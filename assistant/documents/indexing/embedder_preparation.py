"""From a model of the library to an embedder that can be loaded: found, or made now, if there is room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import hardware
from assistant.documents.embedders.converted_embedders import ConvertedEmbedders
from assistant.documents.embedders.embedder_conversion import BUILTIN, builtin_embedder, make_embedder
from assistant.documents.embedders.embedder_estimate import BUILTIN_SHAPE, conversion_memory, memory
from assistant.documents.embedders.embedder_folder import BUILTIN_ID, stated
from assistant.documents.embedders.embedding import Embedder
from assistant.documents.store.embedders import KnownEmbedder
from assistant.errors import DiskFull, ModelTooLarge, StorageError
from assistant.jobs import CancelToken

if TYPE_CHECKING:
    from assistant.documents.embedders.embedder_sources import EmbedderSource

BUILTIN_EMBEDDER = KnownEmbedder(BUILTIN_ID, BUILTIN, BUILTIN, ("en",))


class EmbedderPreparer:
    """Its methods may be called from any thread."""

    def __init__(self, library: Path | None, converted: ConvertedEmbedders) -> None:
        """`library`: the folder of models."""
        self._library = library
        self._converted = converted

    def sources(self) -> dict[str, EmbedderSource]:
        """What embedders can be made of, by id; see `embedder_sources`."""
        # Loaded here: the worker has to be there at once, and seldom needs it.
        from assistant.documents.embedders.embedder_sources import sources

        return sources(self._library)

    def prepare(
        self, goal: KnownEmbedder, token: CancelToken, converting: Callable[[], None]
    ) -> KnownEmbedder:
        """The embedder with the name under which it can be loaded; `converting` tells that this takes long.

        Raises:
            DiskFull, ModelTooLarge: there is no room just now.
            AssistantError: it cannot be one; says why.
            Cancelled: `token` was cancelled.
        """
        if goal.id == BUILTIN_ID:
            return BUILTIN_EMBEDDER
        if goal.name and self._converted.usable(goal.name):
            return goal
        source = self.sources().get(goal.id)
        made = self._converted.made_of(goal.id, source)
        if made is None or not self._converted.usable(made.name):
            converting()
            made = stated(self._convert(goal, source, token))
        return KnownEmbedder(goal.id, made.title, made.name, made.languages)

    def _convert(self, goal: KnownEmbedder, source: EmbedderSource | None, token: CancelToken) -> Path:
        if source is None or source.folder is None:
            raise StorageError("embedder-source-gone", name=goal.title)
        shape = source.shape
        needed = conversion_memory(source.size, shape)
        if source.converted:
            needed = memory(shape or BUILTIN_SHAPE)
        _check_memory(goal, needed)
        if 0 < hardware.disk_free(self._converted.folder) < source.size:
            raise DiskFull("sentence-model-disk-full")
        return make_embedder(source, self._converted.folder, token)

    def load(self, ready: KnownEmbedder) -> Embedder:
        """
        Raises:
            ModelTooLarge: there is too little memory just now.
            StorageError: it is damaged or gone.
        """
        _check_memory(ready, self._converted.memory(ready.name))
        if ready.id == BUILTIN_ID:
            return builtin_embedder()
        return Embedder(self._converted.place(ready.name))


def _check_memory(embedder: KnownEmbedder, needed: int) -> None:
    free = hardware.memory()[1]
    if 0 < free < needed:
        raise ModelTooLarge("embedder-no-room", name=embedder.title, needed=needed, free=free)
