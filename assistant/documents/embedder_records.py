"""What the documents room tells of embedders: which there are to choose from, and how a change goes on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import Problem


class EmbedderState(StrEnum):
    OFFERED = "offered"
    """It can be got; see the catalogue of models."""
    INSTALLED = "installed"
    """It is here. Choosing it begins with a conversion of up to some minutes."""
    READY = "ready"
    """It is here and converted."""
    CHANGING = "changing"
    """Its vectors are being made; when they are complete, it searches."""
    ACTIVE = "active"
    """It searches the documents."""


@dataclass(frozen=True, slots=True)
class EmbedderChoice:
    """A model that documents can be searched with."""

    id: str
    """Of the library or the catalogue; what `use_embedder` takes."""
    name: str
    about: str
    """One plain sentence, or ""."""
    languages: tuple[str, ...]
    """Codes of the languages that it speaks; "mul" for many; () where nobody says."""
    state: EmbedderState
    seconds: float
    """What changing to it takes, estimated: for all passages that there are. 0 for the active one."""
    memory: int
    """Bytes that the documents worker takes while it searches with it, estimated."""
    size: int
    """Bytes on the disk, or of the download."""


class EmbedderStep(StrEnum):
    CONVERTING = "converting"
    """The model is made ready, once; how long is not known."""
    EMBEDDING = "embedding"
    """Its vectors of all passages are made."""


@dataclass(frozen=True, slots=True)
class EmbedderChange:
    """A change on its way. Everything is found meanwhile as before."""

    id: str
    name: str
    step: EmbedderStep
    chunks_done: int = 0
    chunks: int = 0
    """Passages in all."""
    seconds_left: float | None = None
    held: Problem | None = None
    """Why it stands still, e.g. a full disk; it goes on by itself."""


@dataclass(frozen=True, slots=True)
class EmbedderAdvice:
    """Another model would find more."""

    id: str
    name: str
    here: bool
    """False: it has to be got first."""
    languages: tuple[str, ...]
    """Those of the documents or questions that the active one does not speak, most frequent first."""
    documents: int = 0
    """How many of the person's documents are in them; 0: only questions are."""


@dataclass(frozen=True, slots=True)
class EmbedderStatus:
    """Which model searches, and what becomes of that. Also sent as an event when it changes."""

    id: str
    name: str
    languages: tuple[str, ...]
    change: EmbedderChange | None = None
    advice: EmbedderAdvice | None = None
    notice: Problem | None = None
    """What the person should know, e.g. that a model was lost and which one searches instead."""
