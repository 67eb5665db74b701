"""The folder of converted embedders: which there are, by the name that their vectors go by."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.documents.embedders import embedder_estimate
from assistant.documents.embedders.embedder_folder import (
    MANIFEST,
    EmbedderManifest,
    checked,
    stated,
)
from assistant.documents.embedders.embedder_shape import shape_of
from assistant.errors import StorageError

if TYPE_CHECKING:
    from assistant.documents.embedders.embedder_sources import EmbedderSource


class ConvertedEmbedders:
    """Each lies in a folder of its own that has its name. They are there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> dict[str, EmbedderManifest]:
        """By name, those made of models of the library; one whose manifest cannot be read is left out."""
        found = {}
        for file in sorted(self.folder.glob(f"[!.]*/{MANIFEST}")):
            with suppress(StorageError):
                manifest = stated(file.parent)
                if manifest.id and manifest.name == file.parent.name:
                    found[manifest.name] = manifest
        return found

    def made_of(self, id: str, source: EmbedderSource | None) -> EmbedderManifest | None:
        """The one made of the model with this id, if the model has not become another one since."""
        for manifest in self.all().values():
            if manifest.id == id and (source is None or not source.folder or source.added == manifest.added):
                return manifest
        return None

    def usable(self, name: str) -> bool:
        """Whether it is there and whole; reads all of it."""
        try:
            return checked(self.place(name)).name == name
        except StorageError:
            return False

    def memory(self, name: str) -> int:
        """Bytes that it takes when it works, estimated."""
        return embedder_estimate.memory(shape_of(self.place(name)) or embedder_estimate.BUILTIN_SHAPE)

    def place(self, name: str) -> Path:
        """Where the embedder of this name lies, if it is there."""
        return self.folder / name

    def sweep(self, names: Collection[str], ids: Collection[str]) -> None:
        """Delete those with other names than these, whose models are not in the library any more, either."""
        for name, manifest in self.all().items():
            if name not in names and manifest.id not in ids:
                shutil.rmtree(self.place(name), ignore_errors=True)
