"""Turns what was read of a part into pieces that can be found: chunks, their language, terms and keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from assistant.documents.records import Part, Section
from assistant.documents.store.rows import NewChunk, NewPart, NewSection
from assistant.documents.store.store import Store
from assistant.documents.text.chunking import Chunker
from assistant.documents.text.terms import index_terms
from assistant.text.language_detection import UNKNOWN, detect

_NONE_YET: Mapping[str, int] = {}
_SURE = 0.6
"""Below this a section is taken to be in the language of the rest of its document."""


class ChunkPreparer:
    """For one document; it learns the document's language from its sections."""

    def __init__(self, chunker: Chunker, title: str, languages: Mapping[str, int] = _NONE_YET) -> None:
        """`languages`: how many characters of it were prepared before, by language."""
        self._chunker = chunker
        self._title = title
        self._languages = Counter({each: count for each, count in languages.items() if each != UNKNOWN})

    def prepare(self, part: Part) -> NewPart:
        """The part for the store; its chunks lack only their vectors."""
        sections = tuple(NewSection(section, self._chunks(section)) for section in part.sections)
        return NewPart(part.number, part.label, part.outcome, part.problem, sections, part.pictures)

    def _chunks(self, section: Section) -> tuple[NewChunk, ...]:
        language = self._language(section.text)
        context = index_terms("\n".join((self._title, *section.heading)), language, rows=True)
        return tuple(
            NewChunk(
                chunk.start,
                chunk.end,
                language,
                index_terms(chunk.text, language, rows=section.table),
                Store.embedding_key(chunk.embed_text),
                None,
                context,
                chunk.embed_text,
            )
            for chunk in self._chunker.chunk(section, self._title)
        )

    def _language(self, text: str) -> str:
        language, confidence = detect(text)
        if language != UNKNOWN and confidence >= _SURE:
            self._languages[language] += len(text)
            return language
        return self._languages.most_common(1)[0][0] if self._languages else language
