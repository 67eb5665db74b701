"""Models that are here, and what came of adding, checking and carrying them."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import Problem
from assistant.models.catalog.records import Licence
from assistant.models.files.records import ModelKind, Projector, Shape


@dataclass(frozen=True, slots=True)
class Installed:
    """A model of the library."""

    id: str
    name: str
    kind: ModelKind
    path: str
    """The file or folder that the engine is given; of a split model, its first part."""
    size: int
    linked: bool
    """It lies elsewhere and is used in place."""
    missing: bool = False
    """Its file is gone, or its disk is not connected."""
    entry: str = ""
    """Id in the catalogue; "" for the person's own."""
    sha256: str = ""
    """Of the file, or of the list of files of a folder; "" until it was computed."""
    languages: tuple[str, ...] = ()
    architecture: str = ""
    """Of an adapter, that of the chat models which it goes on top of."""
    shape: Shape | None = None
    projector: Projector | None = None
    """Of what sees pictures."""
    origin: str = ""
    """Alike for models that were added from one folder."""
    note: str = ""
    """What a person should know about it."""
    added: float = 0.0
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class AddedModels:
    models: tuple[Installed, ...]
    already: tuple[Installed, ...] = ()
    """Those that the library held before."""
    refused: tuple[tuple[str, Problem], ...] = ()
    """Paths, and why."""


@dataclass(frozen=True, slots=True)
class StatedLicence:
    """Of a model that is not added yet."""

    name: str
    """Of the model."""
    licence: Licence


@dataclass(frozen=True, slots=True)
class Verified:
    model: Installed
    problem: Problem | None
    """None: every byte is as it was when it was added."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What goes along with models to another computer."""

    documents: bool = False
    chats: bool = False


@dataclass(frozen=True, slots=True)
class BundleSummary:
    """What was written to a folder for another computer, or taken from one."""

    folder: str
    models: tuple[Installed, ...]
    documents: bool
    chats: bool
    size: int
    """Bytes."""
    refused: tuple[Problem, ...] = ()
    """What was not taken over, and why."""
