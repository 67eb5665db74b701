"""The rows that go into the document store and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.documents.records import WHOLE_PAGE, DocumentInfo, Outcome, PartPicture, Section, WordOnPage
from assistant.errors import Problem

Vector: TypeAlias = npt.NDArray[np.float32]


# --- going in ------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class NewChunk:
    """A piece of a section that is to be found."""

    start: int
    end: int
    """The piece is the section's text[start:end]."""
    language: str
    terms: str
    """What keyword search reads, from `terms.index_terms`."""
    embedding: bytes
    """The key of what was embedded, from `Store.embedding_key`."""
    vector: Vector | None
    """Of unit length; None where `Store.known_embeddings` said that the store has it."""
    context_terms: str = ""
    """Keyword terms of the title and headings; searched with a weight of their own."""
    embedded_text: str = ""
    """What the vector is made from; the store does not keep it."""


@dataclass(frozen=True, eq=False, slots=True)
class NewSection:
    section: Section
    chunks: tuple[NewChunk, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class NewPart:
    number: int
    label: str
    outcome: Outcome
    problem: Problem | None = None
    sections: tuple[NewSection, ...] = ()
    pictures: tuple[PartPicture, ...] = ()
    """To be recognised: then the part waits."""

    @property
    def chunks(self) -> list[NewChunk]:
        return [chunk for section in self.sections for chunk in section.chunks]

    def with_vectors(self, vectors: Mapping[bytes, Vector]) -> NewPart:
        """A chunk whose vector is not among them must have one in the store already."""
        sections = (
            NewSection(
                each.section,
                tuple(replace(chunk, vector=vectors.get(chunk.embedding)) for chunk in each.chunks),
            )
            for each in self.sections
        )
        return replace(self, sections=tuple(sections))


@dataclass(frozen=True, slots=True)
class PartToRecognise:
    """A part whose pictures wait, as it was when it was taken up."""

    document: int
    path: str
    size: int
    mtime_ns: int
    title: str
    collection: str
    unit: str
    parts: int | None
    """How many the document has."""
    content: bytes | None
    number: int
    label: str
    outcome: Outcome
    problem: Problem | None
    pictures: tuple[PartPicture, ...]
    requested: str
    """How a person wants it recognised again (`recognition/options.py`); "": it waits by itself."""

    @property
    def whole(self) -> bool:
        """It is recognised as it looks, and that stands in for what was read of it."""
        return any(picture.number == WHOLE_PAGE for picture in self.pictures)


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class RecognisedPart(NewPart):
    """What a part gives once its pictures were looked at.

    Sections of the whole part stand in for all that it had, those of pictures in it for what earlier looks
    found in them. Without any, what it had stays.
    """

    task: PartToRecognise
    recogniser: str = ""
    confidence: float | None = None
    languages: tuple[str, ...] = ()
    words: tuple[WordOnPage, ...] = ()
    """On the page, where the whole of it was recognised."""


# --- coming out ----------------------------------------------------------------------------------


class Change(StrEnum):
    """What `Store.register` found out about a path."""

    NEW = "new"
    CHANGED = "changed"
    """Known, but its size or time differs; it is queued to be read again, and still found until then."""
    UNCHANGED = "unchanged"
    RESTORED = "restored"
    """Removed a while ago and unchanged since: it is back as it was."""


@dataclass(frozen=True, slots=True)
class Registered:
    document: int
    change: Change


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that is to be indexed, and how far an earlier attempt came."""

    info: DocumentInfo
    content: bytes | None
    attempts: int
    """How often indexing it was begun before."""
    stale: bool
    """What is stored of it is of an older file: call `Store.clear` before `Store.begin`."""
    next_part: int
    """The first part that is not stored yet, from 1."""


@dataclass(frozen=True, slots=True)
class WaitingParts:
    """What waits for its pictures to be recognised."""

    parts: int
    documents: int
    requested: bool
    """A person asked for some of it."""


@dataclass(frozen=True, slots=True)
class FolderRow:
    path: str
    collection: str


@dataclass(frozen=True, slots=True)
class ChunkRow:
    id: int
    document: int
    path: str
    title: str
    collection: str
    section: int
    start: int
    end: int
    text: str
    """The section's text[start:end]."""
    page: int | None
    location: str
    heading: tuple[str, ...]
    table: bool
    language: str
    position: int
    """The running number of the chunk in its document, from 0."""
    recognised: float | None = None
    """How sure the recognition of a picture was that gave it; None: it is text."""


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """A chunk as keyword search sees it."""

    id: int
    document: int
    part: int
    position: int
    collection: str
    language: str
    table: bool
    terms: str
    """From `terms.index_terms`: the text."""
    context: str
    """The title and headings."""


@dataclass(frozen=True, slots=True)
class SectionRow:
    id: int
    document: int
    part: int
    page: int | None
    location: str
    heading: tuple[str, ...]
    table: bool
    text: str
    recognised: float | None = None
    """How sure the recognition of a picture was that gave it; None: it is text."""


@dataclass(frozen=True, slots=True)
class Purged:
    """One step of throwing removed documents away."""

    chunks: tuple[int, ...]
    """Ids to delete from the vector index."""
    documents: tuple[int, ...]
    """Documents that are gone now."""
    more: bool


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """A heading of a document."""

    document: int
    title: str
    """Of the document."""
    text: str
    characters: int
    """Of the text below it."""
    language: str
    """Of that text, ISO 639-1; empty where it is not known."""
