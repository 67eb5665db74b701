"""Search: from a question to the passages that fit it best.

1. The question becomes concepts (`questions`) and a vector. Which documents it names is told by their titles
   and file names (`naming`).
2. A pool of chunks comes from the keyword index, asked for the rarer concepts only, and from the vectors; if
   documents are named, from these once more.
3. Every chunk of the pool is judged by the same evidence (`fusion.Evidence`): BM25 of all concepts, the
   sentence that holds most of the question, words side by side as in the question, the cosine, what of the
   question stands on the page, whether its document was named. The cosine counts as much as the embedder
   speaks the languages of question and chunk (`fluency`).
4. Near-duplicates go, and the chunks of one page become one hit.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.documents import questions, stopwords
from assistant.documents.embedding import Embedder
from assistant.documents.fluency import fluency
from assistant.documents.fusion import (
    Evidence,
    Weights,
    affordable,
    bm25,
    fused,
    ordered,
    rarity,
    relative,
)
from assistant.documents.languages import UNKNOWN, detect
from assistant.documents.matching import Lexicon, Matches
from assistant.documents.naming import Names
from assistant.documents.questions import Concept
from assistant.documents.records import HANDBOOK_COLLECTION, Scope, SearchHit
from assistant.documents.store import IndexedChunk, Store
from assistant.documents.thinning import Group, Ranked, grouped
from assistant.documents.vectors import Vectors

_POOL = 100
"""Chunks taken from each kind of search."""
_POOL_NAMED = 50
_MOST_NAMED = 6
_NAMED = 0.6
_PAGES = 40
"""Chunks whose whole page is looked at."""
_PAGE_REACH = 10
_POSTINGS = 6000
"""The keyword index is asked for concepts that stand in so many chunks together: 15 ms."""
_LANGUAGES = 3
_SAMPLES = 12
_OVERVIEW_S = 20.0
_EVERYWHERE = Scope()

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, understood."""

    text: str
    language: str
    concepts: tuple[Concept, ...]
    lexicon: Lexicon
    expression: str
    """For the keyword index: the rarer concepts."""
    vector: Vector
    fluency: float


@dataclass(frozen=True, slots=True)
class _Overview:
    """What changes only when documents do."""

    chunks: int
    made: float
    languages: tuple[str, ...]
    names: Names


class Retriever:
    """Searches one store. May be used from several threads at once."""

    def __init__(
        self, store: Store, vectors: Vectors, embedder: Embedder, weights: Weights | None = None
    ) -> None:
        self._store = store
        self._vectors = vectors
        self._embedder = embedder
        self._weights = weights or Weights()
        self._fluency: dict[str, float] = {}
        self._lock = threading.Lock()
        self._known_overview: _Overview | None = None

    def search(self, question: str, k: int = 8, scope: Scope = _EVERYWHERE) -> list[SearchHit]:
        """The `k` passages that fit best, best first; fewer if there are no more, none for no words."""
        asked = self.understand(question)
        ranked = self.rank(asked, scope, limit=6 * k + 20)
        return [self._hit(number, group) for number, group in enumerate(grouped(ranked, k), 1)]

    def _hit(self, rank: int, group: Group) -> SearchHit:
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
        )

    def embed(self, texts: Sequence[str]) -> Vector:
        """Vectors of unit length, shape (n, d)."""
        return self._embedder.embed(texts)

    # --- understanding the question ---------------------------------------------------------------

    def understand(self, question: str) -> Asked:
        overview = self._overview()
        language, _ = detect(question, overview.languages)
        languages = tuple(dict.fromkeys((language, *overview.languages)))[: _LANGUAGES + 1]
        concepts = tuple(questions.concepts(question, languages))
        frequencies = self._frequencies(concepts)
        weights = [rarity(frequency, max(1, overview.chunks)) for frequency in frequencies]
        return Asked(
            question,
            language,
            concepts,
            Lexicon(concepts, weights),
            questions.match_expression([concepts[index] for index in affordable(frequencies, _POSTINGS)]),
            self._embedder.embed_question(question),
            self._speaks(language, question),
        )

    def _speaks(self, language: str, text: str = "") -> float:
        """How well the embedder speaks a language of the documents; of another one, told by `text` alone."""
        known = self._fluency.get(language)
        if known is not None:
            return known
        samples = self._store.samples(language, _SAMPLES)
        told = fluency(self._embedder.tokenizer, samples or [text])
        if len(samples) == _SAMPLES:
            self._fluency[language] = told
        return told

    def _frequencies(self, concepts: Sequence[Concept]) -> list[int]:
        """In how many chunks each concept stands, at most."""
        terms = {term for concept in concepts for form in concept.forms for term in form.split(" ")}
        known = self._store.frequencies(terms)
        return [
            sum(min(known[term] for term in form.split(" ")) for form in concept.forms)
            for concept in concepts
        ]

    def _overview(self) -> _Overview:
        with self._lock:
            known = self._known_overview
            count = self._vectors.count()
            fresh = known is not None and (
                known.chunks == count or time.monotonic() - known.made < _OVERVIEW_S
            )
            if known is not None and fresh:
                return known
            counts = self._store.languages()
            counts.pop(UNKNOWN, None)
            documents = self._store.searchable_documents()
            known = _Overview(
                chunks=count,
                made=time.monotonic(),
                languages=tuple(sorted(counts, key=lambda name: -counts[name])[:_LANGUAGES]),
                names=Names(documents),
            )
            self._known_overview = known
            return known

    # --- ranking ------------------------------------------------------------------------------------

    def rank(self, asked: Asked, scope: Scope = _EVERYWHERE, limit: int = 50) -> list[Ranked]:
        """The best chunks with their evidence, best first."""
        overview = self._overview()
        documents = self._store.document_ids(scope)
        named = overview.names.meant(asked.text, stopwords.words(asked.language))
        cosines = self._pool(asked, scope, documents, named)
        chunks = self._store.indexed_chunks(cosines)
        if scope == _EVERYWHERE and self._store.has_own_documents():  # the handbook is for the first days
            chunks = {i: chunk for i, chunk in chunks.items() if chunk.collection != HANDBOOK_COLLECTION}
        matches = {
            identity: asked.lexicon.match(chunk.terms, chunk.context) for identity, chunk in chunks.items()
        }
        self._complete(asked, cosines, chunks)
        scores, evidence = self._judge(asked, chunks, matches, cosines, named)
        evidence = self._with_pages(asked, chunks, matches, evidence, ordered(scores)[:_PAGES])
        scores = {identity: fused(found, self._weights) for identity, found in evidence.items()}
        best = ordered(scores)[:limit]
        rows = self._store.chunk_rows(best)
        return [
            Ranked(rows[identity], scores[identity], evidence[identity])
            for identity in best
            if identity in rows
        ]

    def _pool(
        self, asked: Asked, scope: Scope, documents: Sequence[int] | None, named: dict[int, float]
    ) -> dict[int, float | None]:
        """Chunks that may fit, with their cosine where it is known already."""
        pool: dict[int, float | None] = {}
        for identity, _ in self._store.keyword_search(asked.expression, _POOL, scope):
            pool[identity] = None
        pool.update(self._vectors.search(asked.vector, _POOL, documents))
        plain = sorted(named, key=lambda identity: (-named[identity], identity))
        plain = [identity for identity in plain if named[identity] >= _NAMED][:_MOST_NAMED]
        if documents is not None:
            inside = frozenset(documents)
            plain = [identity for identity in plain if identity in inside]
        if plain:
            within = Scope(documents=tuple(plain))
            for identity, _ in self._store.keyword_search(asked.expression, _POOL_NAMED, within):
                pool.setdefault(identity, None)
            pool.update(self._vectors.search(asked.vector, _POOL_NAMED, plain))
        return pool

    def _complete(
        self, asked: Asked, cosines: dict[int, float | None], chunks: dict[int, IndexedChunk]
    ) -> None:
        """Put in the cosines of chunks that came from the keyword index alone."""
        lacking = [identity for identity in chunks if cosines[identity] is None]
        if lacking:
            ids, _, matrix = self._store.vectors(lacking)
            if ids:
                cosines.update(zip(ids, (matrix @ asked.vector).tolist(), strict=True))

    def _judge(
        self,
        asked: Asked,
        chunks: dict[int, IndexedChunk],
        matches: dict[int, Matches],
        cosines: dict[int, float | None],
        named: dict[int, float],
    ) -> tuple[dict[int, float], dict[int, Evidence]]:
        keywords = relative(bm25(matches, asked.lexicon))
        near = relative({identity: cosines[identity] or 0.0 for identity in chunks})
        whole = sum(asked.lexicon.weights) or 1.0
        spoken = {name: self._speaks(name) for name in {chunk.language for chunk in chunks.values()}}
        evidence = {
            identity: Evidence(
                keywords=keywords[identity],
                sentence=matches[identity].sentence / whole,
                together=min(1.0, matches[identity].together / whole),
                cosine=near[identity],
                trust=min(asked.fluency, spoken[chunk.language]),
                names=named.get(chunk.document, 0.0),
            )
            for identity, chunk in chunks.items()
        }
        return {identity: fused(found, self._weights) for identity, found in evidence.items()}, evidence

    def _with_pages(
        self,
        asked: Asked,
        chunks: dict[int, IndexedChunk],
        matches: dict[int, Matches],
        evidence: dict[int, Evidence],
        best: Sequence[int],
    ) -> dict[int, Evidence]:
        """The evidence with what of the question stands on the page of each of the best chunks."""
        places = [
            (chunks[identity].document, chunks[identity].part, chunks[identity].position) for identity in best
        ]
        around = self._store.part_chunks(places, _PAGE_REACH)
        more = self._store.indexed_chunks([identity for identity in around if identity not in chunks])
        known = {**chunks, **more}
        pages: dict[tuple[int, int], set[int]] = {}
        for identity in around:
            chunk = known.get(identity)
            if chunk is None:
                continue
            match = matches.get(identity) or asked.lexicon.match(chunk.terms, chunk.context)
            pages.setdefault((chunk.document, chunk.part), set()).update(match.counts, match.context)
        whole = sum(asked.lexicon.weights) or 1.0
        judged: dict[int, Evidence] = dict(evidence)
        for identity in best:
            chunk, found = chunks[identity], evidence[identity]
            page = asked.lexicon.weight(pages.get((chunk.document, chunk.part), ())) / whole
            judged[identity] = Evidence(
                found.keywords, found.sentence, found.together, found.cosine, found.trust, page, found.names
            )
        return judged
