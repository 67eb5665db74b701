"""The folder of converted embedders: which there are, by the name that their vectors go by."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from assistant.documents.search.embedder_folder import MANIFEST, EmbedderManifest, stated
from assistant.errors import StorageError


class ConvertedEmbedders:
    """Each lies in a folder of its own that has its name. They are there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> dict[str, EmbedderManifest]:
        """By name; those whose manifest cannot be read are left out."""
        found = {}
        for file in sorted(self.folder.glob(f"[!.]*/{MANIFEST}")):
            with suppress(StorageError):
                manifest = stated(file.parent)
                if manifest.name == file.parent.name:
                    found[manifest.name] = manifest
        return found

    def place(self, name: str) -> Path:
        """Where the embedder of this name lies, if it is there."""
        return self.folder / name
