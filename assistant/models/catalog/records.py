"""Models that can be got."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.models.files.records import ModelKind, Shape


class Task(StrEnum):
    """What a person wants done."""

    CHAT = "chat"
    DOCUMENTS = "documents"
    CODE = "code"
    PICTURES = "pictures"
    SPEECH = "speech"
    TRANSLATION = "translation"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model as it is offered."""

    name: str
    """Relative to the model's folder."""
    address: str
    """Full https address."""
    size: int = 0
    """Bytes; 0 where it is not known for certain."""
    sha256: str = ""
    """"" where it is not known: then it is recorded at the first download."""


@dataclass(frozen=True, slots=True)
class Licence:
    name: str
    """Its short name, e.g. "Apache-2.0"."""
    commercial: bool
    """Whether it may be used for commercial work."""
    note: str = ""
    """What a person should know before they use it; mostly ""."""


@dataclass(frozen=True, slots=True)
class EmbedderFacts:
    """What the makers of an embedder say of it, and its own files often do not."""

    layers: int
    width: int
    inner: int
    """Width of a layer's inner side."""
    vocabulary: int
    pooling: str
    """ "mean" of all tokens, or "cls": the first one."""
    question_prefix: str = ""
    """Put before each question."""
    passage_prefix: str = ""


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A model of the catalogue, in one quantisation."""

    id: str
    name: str
    maker: str
    kind: ModelKind
    tasks: tuple[Task, ...]
    """What it is good for, best first."""
    languages: tuple[str, ...]
    """ISO 639 codes of those that it is good at; "mul" for many. Of a pair for translation: from, to."""
    licence: Licence
    source: str
    """Address of the page that the facts are from."""
    released: str
    """Year and month, "2025-04"."""
    files: tuple[ModelFile, ...]
    size: int
    """Bytes of all files; computed from the shape where no source states it."""
    parameters: int
    active_parameters: int
    """Those that work on a token: fewer than all with experts."""
    quantisation: str
    about: str
    """One plain sentence on what it is good for."""
    shape: Shape | None = None
    """Of chat models."""
    memory: int = 0
    """Bytes that a model which is not for chat takes when it works."""
    embedder: EmbedderFacts | None = None
    """Of what documents are searched with."""
    sources: tuple[str, ...] = field(default=(), compare=False)
    """Where its shape and its size are from."""
