"""Search: from a question to the passages that fit it best.

1. The question is analyzed (`query_analysis`): its concepts and how rare each is, its vector, the documents
   that it names.
2. A pool of chunks comes from the keyword index, asked for the rarer concepts only, and from the vectors; if
   documents are named, from these once more.
3. Every chunk of the pool is judged by the same evidence (`fusion.ChunkEvidence`): BM25 of all concepts, the
   sentence that holds most of the question, words side by side as in the question, closeness in meaning, what
   of the question stands on the page and in its titles, whether its document was named. Closeness counts as
   much as the embedder speaks the languages of question and chunk (`language_coverage`).
   Where a figure is asked for that is computed from a financial statement, the statement's page is looked up
   in the documents that may be meant, and that a page is one counts too (`statement_pages`).
4. Near-duplicates go, and the chunks of one page become one hit (`deduplication`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.documents.embedders.embedding import Embedder
from assistant.documents.records import EVERYWHERE, HANDBOOK_COLLECTION, Scope, SearchHit
from assistant.documents.search.deduplication import DuplicateGroup, RankedChunk, deduplicated
from assistant.documents.search.document_mentions import NAMED
from assistant.documents.search.fusion import ChunkEvidence, Weights, bm25, fused, ordered, relative
from assistant.documents.search.query_analysis import AnalyzedQuery, QueryAnalyzer
from assistant.documents.search.statement_pages import (
    Place,
    StatementPage,
    likely_documents,
    statement_pages,
)
from assistant.documents.search.term_matching import Matches
from assistant.documents.search.vector_index import VectorIndex
from assistant.documents.store.rows import IndexedChunk
from assistant.documents.store.store import Store
from assistant.text.language_detection import UNKNOWN

_POOL = 60
"""Chunks taken from each kind of search."""
_POOL_NAMED = 50
"""Chunks taken from each kind of search within the documents that the question names."""
_MOST_NAMED = 6
"""Documents that are searched by themselves because the question names them."""
_PAGES = 24
"""Pages that are looked at as a whole: those of the best chunks."""
_PAGE_REACH = 8
"""Chunks before and behind the best one that count as its page."""
_HANDBOOK = 0.8
"""Factor on the scores of the handbook: it steps back behind what the person has added."""


class Retriever:
    """Searches one store. May be used from several threads at once."""

    def __init__(
        self, store: Store, vectors: VectorIndex, embedder: Embedder, weights: Weights | None = None
    ) -> None:
        self._store = store
        self._vectors = vectors
        self._weights = weights or Weights()
        self.analyzer = QueryAnalyzer(store, vectors, embedder)

    def search(self, question: str, k: int = 8, scope: Scope = EVERYWHERE) -> list[SearchHit]:
        """The `k` passages that fit best, best first; fewer if there are no more, none for no words."""
        ranked = self.rank(self.analyzer.analyze(question), scope, limit=6 * k + 20)
        return [self._hit(number, group) for number, group in enumerate(deduplicated(ranked, k), 1)]

    def rank(self, query: AnalyzedQuery, scope: Scope = EVERYWHERE, limit: int = 50) -> list[RankedChunk]:
        """The best chunks with their evidence, best first."""
        cosines = self._pool(query, scope)
        chunks = self._store.indexed_chunks(cosines)
        statements = self._statements(query, chunks)
        for page in statements.values():
            for chunk in page.chunks:
                chunks[chunk.id] = chunk
                cosines.setdefault(chunk.id, None)
        self._complete(query, cosines, chunks)
        matches = {
            identity: query.matcher.match(chunk.terms, chunk.context) for identity, chunk in chunks.items()
        }
        evidence = self._evidence(query, chunks, matches, cosines, statements)
        first = ordered({identity: fused(found, self._weights) for identity, found in evidence.items()})
        evidence |= self._with_pages(query, chunks, matches, evidence, first)
        scores = {identity: fused(found, self._weights) for identity, found in evidence.items()}
        if scope == EVERYWHERE and self.analyzer.has_own_documents:
            for identity, chunk in chunks.items():
                if chunk.collection == HANDBOOK_COLLECTION:
                    scores[identity] *= _HANDBOOK
        best = ordered(scores)[:limit]
        rows = self._store.chunk_rows(best)
        return [
            RankedChunk(rows[identity], scores[identity], evidence[identity])
            for identity in best
            if identity in rows
        ]

    def _pool(self, query: AnalyzedQuery, scope: Scope) -> dict[int, float | None]:
        """Chunks that may fit, with their cosine where it is known already."""
        documents = self._store.document_ids(scope)
        pool: dict[int, float | None] = {}
        for identity, _ in self._store.keyword_search(query.expression, _POOL, scope):
            pool[identity] = None
        pool.update(self._vectors.search(query.vector, _POOL, documents))
        named = query.mentions.documents
        plain = [identity for identity in ordered(named) if named[identity] >= NAMED][:_MOST_NAMED]
        if documents is not None:
            inside = frozenset(documents)
            plain = [identity for identity in plain if identity in inside]
        if plain:
            within = Scope(documents=tuple(plain))
            for identity, _ in self._store.keyword_search(query.expression, _POOL_NAMED, within):
                pool.setdefault(identity, None)
            pool.update(self._vectors.search(query.vector, _POOL_NAMED, plain))
        return pool

    def _statements(
        self, query: AnalyzedQuery, chunks: dict[int, IndexedChunk]
    ) -> dict[Place, StatementPage]:
        """The pages of the financial statements that are needed, if any are."""
        if query.statements is None:
            return {}
        likely = likely_documents(query.mentions, chunks.values())
        return statement_pages(self._store, query.statements, likely)

    def _complete(
        self, query: AnalyzedQuery, cosines: dict[int, float | None], chunks: dict[int, IndexedChunk]
    ) -> None:
        """Put in the cosines of chunks that came from the keyword index alone."""
        lacking = [identity for identity in chunks if cosines[identity] is None]
        if lacking:
            ids, _, matrix = self._store.vectors(lacking, self._vectors.model)
            if ids:
                cosines.update(zip(ids, (matrix @ query.vector).tolist(), strict=True))

    def _evidence(
        self,
        query: AnalyzedQuery,
        chunks: dict[int, IndexedChunk],
        matches: dict[int, Matches],
        cosines: dict[int, float | None],
        statements: dict[Place, StatementPage],
    ) -> dict[int, ChunkEvidence]:
        """The evidence of each chunk by itself."""
        keywords = relative(bm25(matches, query.matcher))
        near = relative({identity: query.closeness(cosines[identity] or 0.0) for identity in chunks})
        whole = query.matcher.total_weight
        languages = {chunk.language for chunk in chunks.values()}
        spoken = {language: self.analyzer.fluency_of(language) for language in languages}
        return {
            identity: ChunkEvidence(
                keywords=keywords[identity],
                sentence=matches[identity].sentence / whole,
                adjacent=min(1.0, matches[identity].adjacent / whole),
                closeness=near[identity],
                fluency=min(query.fluency, spoken[chunk.language]),
                foreign=float(chunk.language not in (query.language, UNKNOWN)),
                mentioned=query.mentions.documents.get(chunk.document, 0.0),
                statement=page.share if (page := statements.get((chunk.document, chunk.part))) else 0.0,
            )
            for identity, chunk in chunks.items()
        }

    def _with_pages(
        self,
        query: AnalyzedQuery,
        chunks: dict[int, IndexedChunk],
        matches: dict[int, Matches],
        evidence: dict[int, ChunkEvidence],
        first: Sequence[int],
    ) -> dict[int, ChunkEvidence]:
        """The evidence of the chunks on the best pages, with what stands around them there."""
        places: dict[Place, int] = {}
        for identity in first:
            if len(places) == _PAGES:
                break
            places.setdefault((chunks[identity].document, chunks[identity].part), chunks[identity].position)
        around = self._store.part_chunks(
            ((document, part, position) for (document, part), position in places.items()), _PAGE_REACH
        )
        known = {
            **chunks,
            **self._store.indexed_chunks([identity for identity in around if identity not in chunks]),
        }
        pages: dict[Place, set[int]] = {}
        titles: dict[Place, float] = {}
        for identity in around:
            if identity not in known:
                continue
            chunk = known[identity]
            match = matches.get(identity) or query.matcher.match(chunk.terms, chunk.context)
            place = chunk.document, chunk.part
            pages.setdefault(place, set()).update(match.counts, match.context)
            titles[place] = max(titles.get(place, 0.0), match.title_match)
        best_title = max(titles.values(), default=0.0) or 1.0
        judged: dict[int, ChunkEvidence] = {}
        for identity in first:
            place = chunks[identity].document, chunks[identity].part
            if place in pages:
                judged[identity] = replace(
                    evidence[identity],
                    page=query.matcher.weight(pages[place]) / query.matcher.total_weight,
                    title_match=titles[place] / best_title,
                )
        return judged

    def _hit(self, rank: int, group: DuplicateGroup) -> SearchHit:
        row = group.best.row
        text = row.text
        if (group.start, group.end) != (row.start, row.end):
            text = self._store.section_text(row.section)[group.start : group.end]
        return SearchHit(
            rank=rank,
            score=round(group.best.score, 4),
            document=row.document,
            path=row.path,
            title=row.title,
            page=row.page,
            location=row.location,
            heading=row.heading,
            text=text,
            section=row.section,
            start=group.start,
            end=group.end,
            recognised=row.recognised,
        )
