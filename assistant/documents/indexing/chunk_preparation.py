"""Turns what was read of a part into pieces that can be found: chunks, their language, terms and keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.documents.records import Part, Section
from assistant.documents.store.rows import Vector
from assistant.documents.store.store import NewChunk, NewPart, NewSection, Store
from assistant.documents.text.chunking import Chunker
from assistant.documents.text.language_detection import UNKNOWN, detect
from assistant.documents.text.terms import index_terms

_NONE_YET: Mapping[str, int] = {}
_SURE = 0.6
"""Below this a section is taken to be in the language of the rest of its document."""


@dataclass(frozen=True, eq=False, slots=True)
class PreparedChunk:
    """A chunk that lacks only its vector."""

    start: int
    end: int
    language: str
    terms: str
    context_terms: str
    text: str
    """What is embedded."""
    key: bytes


@dataclass(frozen=True, eq=False, slots=True)
class PreparedPart:
    """A part with the pieces of each of its sections."""

    part: Part
    chunks: tuple[tuple[PreparedChunk, ...], ...] = ()

    @property
    def size(self) -> int:
        """How many pieces."""
        return sum(len(pieces) for pieces in self.chunks)

    def with_vectors(self, vectors: dict[bytes, Vector]) -> NewPart:
        """For the store. A piece whose vector is not among them must be in the store already."""
        part = self.part
        return NewPart(
            part.number,
            part.label,
            part.outcome,
            part.problem,
            tuple(
                NewSection(section, tuple(_chunk(piece, vectors) for piece in pieces))
                for section, pieces in zip(part.sections, self.chunks, strict=True)
            ),
        )


def _chunk(piece: PreparedChunk, vectors: dict[bytes, Vector]) -> NewChunk:
    return NewChunk(
        piece.start,
        piece.end,
        piece.language,
        piece.terms,
        piece.key,
        vectors.get(piece.key),
        piece.context_terms,
    )


class ChunkPreparer:
    """For one document; it learns the document's language from its sections."""

    def __init__(self, chunker: Chunker, title: str, languages: Mapping[str, int] = _NONE_YET) -> None:
        """`languages`: how many characters of it were prepared before, by language."""
        self._chunker = chunker
        self._title = title
        self._languages = Counter({each: count for each, count in languages.items() if each != UNKNOWN})

    def prepare(self, part: Part) -> PreparedPart:
        return PreparedPart(part, tuple(self._pieces(section) for section in part.sections))

    def _pieces(self, section: Section) -> tuple[PreparedChunk, ...]:
        language = self._language(section.text)
        context = index_terms("\n".join((self._title, *section.heading)), language, rows=True)
        return tuple(
            PreparedChunk(
                chunk.start,
                chunk.end,
                language,
                index_terms(chunk.text, language, rows=section.table),
                context,
                chunk.embed_text,
                Store.embedding_key(chunk.embed_text),
            )
            for chunk in self._chunker.chunk(section, self._title)
        )

    def _language(self, text: str) -> str:
        language, confidence = detect(text)
        if language != UNKNOWN and confidence >= _SURE:
            self._languages[language] += len(text)
            return language
        return self._languages.most_common(1)[0][0] if self._languages else language
