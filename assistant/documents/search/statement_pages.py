"""Finds the pages of the financial statements that a question needs, in the documents that may be meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.documents.search.asked_statements import StatementMatcher
from assistant.documents.search.document_mentions import HARDLY_NAMED, NAMED, Mentions
from assistant.documents.search.fusion import ordered, relative
from assistant.documents.store.rows import IndexedChunk
from assistant.documents.store.store import Store

_DOCUMENTS = 6
"""Documents that are looked through."""
_CHUNKS = 200
"""Chunks with a line that tells a statement."""
_PAGES = 18
"""Pages that are looked at as a whole, of all documents together."""
_PAGE_REACH = 8
"""Chunks before and behind a telling one that count as its page."""

Place = tuple[int, int]
"""A document and the number of its part: a page."""


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A page with a statement."""

    share: float
    """How much of the statement stands there, times how likely its document is meant; 0 to 1."""
    chunks: tuple[IndexedChunk, ...]
    """Those with the lines that tell it."""


def statement_pages(
    store: Store, statements: StatementMatcher, likely: Mapping[int, float]
) -> dict[Place, StatementPage]:
    """The pages by document and part; takes 7 ms.

    Args:
        likely: documents, each with how likely it is meant as a part of the likeliest one.
    """
    documents = [document for document in ordered(likely) if likely[document] >= NAMED][:_DOCUMENTS]
    telling = store.matches_within(statements.expression, documents, _CHUNKS)
    pages = _by_page(store.indexed_chunks(telling).values())
    places: list[Place] = []
    for document in documents:
        lines = {place: len(statements.lines(held)) for place, held in pages.items() if place[0] == document}
        places += sorted(lines, key=lambda place: (-lines[place], place))[: _PAGES // len(documents)]
    around = store.part_chunks(((*place, pages[place][0].position) for place in places), _PAGE_REACH)
    whole = _by_page(store.indexed_chunks(around).values())
    return {
        place: StatementPage(share * likely[place[0]], tuple(pages[place]))
        for place in places
        if (share := statements.share(statements.lines(whole.get(place, ())))) > 0
    }


def likely_documents(mentions: Mentions, found: Iterable[IndexedChunk]) -> dict[int, float]:
    """The documents that a question names, otherwise those that most of the found chunks are of."""
    frequent = relative(Counter(chunk.document for chunk in found))
    named = {document: mentions.documents.get(document, 0.0) for document in frequent}
    return relative(named) if max(named.values(), default=0.0) >= HARDLY_NAMED else frequent


def _by_page(chunks: Iterable[IndexedChunk]) -> dict[Place, list[IndexedChunk]]:
    pages: dict[Place, list[IndexedChunk]] = {}
    for chunk in chunks:
        pages.setdefault((chunk.document, chunk.part), []).append(chunk)
    return pages
