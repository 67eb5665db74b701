"""Adding models to a library and looking at what came of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assistant.models.library.library import Library
from assistant.models.library.records import AddedModels, Installed, Verified


def add(library: Library, *paths: Path, link: bool = False) -> AddedModels:
    return library.add(paths, link=link).result(60)


def added(library: Library, path: Path, link: bool = False) -> Installed:
    done = add(library, path, link=link)
    assert (done.already, done.refused) == ((), ())
    (model,) = done.models
    return model


def verify(library: Library, *ids: str) -> tuple[Verified, ...]:
    return library.verify(ids).result(60)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()
