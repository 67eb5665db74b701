"""From a question to what is looked for: its language, its concepts and how rare they are, what it names."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from assistant.documents.embedders.embedding import Embedder
from assistant.documents.records import EVERYWHERE, HANDBOOK_COLLECTION, Scope
from assistant.documents.search import query_terms
from assistant.documents.search.asked_statements import StatementMatcher, asked_statements
from assistant.documents.search.closeness import closeness, unrelated_cosine
from assistant.documents.search.document_mentions import NO_MENTIONS, DocumentMentions, Mentions
from assistant.documents.search.fusion import rarity, within_budget
from assistant.documents.search.language_bias import LanguageBias, language_bias
from assistant.documents.search.language_coverage import fluency
from assistant.documents.search.query_terms import Concept
from assistant.documents.search.term_matching import ConceptMatcher
from assistant.documents.search.vector_index import VectorIndex
from assistant.documents.store.store import Store
from assistant.documents.text.word_lists import stopwords
from assistant.languages import MANY
from assistant.text.language_detection import UNKNOWN, detect

_POSTINGS = 6000
"""The keyword index is asked for concepts that stand in so many chunks together: 15 ms."""
_LANGUAGES = 3
"""The most frequent languages of the documents, in whose forms the words of a question are asked for."""
_SAMPLES = 12
"""Chunks of a language from which it is told how well the embedder speaks it."""
_BIAS_LANGUAGES = 12
_BIAS_SAMPLES = 128
"""Chunks of each of so many languages whose mean vector is taken for the language's."""
_OVERVIEW_S = 20.0
"""So old may the overview of the documents be while they change."""
_NAMING = 0.25
"""Factor on words that name the document: they tell little about where in the document to look."""
_SPOKEN = 0.6
"""A language that an embedder speaks so well, it can compare with others; see `language_coverage`."""
_LONG = 5
"""Chunks of a document, on average, from which on that holds: the name of a short one is part of its text."""
_PHRASES_COUNTED = 2000
"""A phrase that stands in more chunks counts as standing in so many."""
_HANDBOOK = Scope(collection=HANDBOOK_COLLECTION)

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AnalyzedQuery:
    """A question, understood."""

    text: str
    language: str
    concepts: tuple[Concept, ...]
    matcher: ConceptMatcher
    expression: str
    """For the keyword index: the rarer concepts."""
    vector: Vector
    """Without what only tells its language; see `language_bias`."""
    unrelated: float
    """The cosine of a passage that has nothing to do with it."""
    fluency: float
    """How well the embedder speaks the question's language."""
    mentions: Mentions
    statements: StatementMatcher | None
    """The financial statements that it needs, if any."""

    def closeness(self, cosine: float) -> float:
        """How close a passage or sentence with this cosine is to the question, 0 to 1."""
        return closeness(cosine, self.unrelated)


@dataclass(frozen=True, slots=True)
class _Overview:
    """What changes only when documents do."""

    chunks: int
    made: float
    languages: tuple[str, ...]
    """The most frequent first."""
    bias: LanguageBias
    names: DocumentMentions
    searched: dict[str, int]
    """Chunks by language of what is searched where nothing else is said."""
    own: bool
    long_documents: bool
    phrases: dict[tuple[str, ...], int]
    counts: dict[str, int]
    """In how many chunks a term stands, of those that were asked for and stand in any."""


class QueryAnalyzer:
    """Understands questions to one store. May be used from several threads at once."""

    def __init__(self, store: Store, vectors: VectorIndex, embedder: Embedder) -> None:
        self._store = store
        self._vectors = vectors
        self._embedder = embedder
        self._fluency: dict[str, float] = {}
        self._lock = threading.Lock()
        self._known: _Overview | None = None

    def analyze(self, question: str, *, naming_documents: bool = True) -> AnalyzedQuery:
        """Everything that is looked for; takes about 20 ms, most of it for the vector.

        Args:
            naming_documents: words that name documents are taken to mean them.
        """
        overview = self._overview()
        language, _ = detect(question, overview.languages)
        frequent = overview.languages[:_LANGUAGES]
        languages = tuple(dict.fromkeys((language, *frequent)))
        concepts = self._refined(query_terms.concepts(question, languages), language)
        mentions = overview.names.find(question, stopwords(language)) if naming_documents else NO_MENTIONS
        frequencies = self._frequencies(concepts, overview)
        naming = mentions.words if overview.long_documents else frozenset()
        weights = [
            rarity(frequency, max(1, overview.chunks)) * (_NAMING if concept.word in naming else 1.0)
            for concept, frequency in zip(concepts, frequencies, strict=True)
        ]
        chosen = within_budget(frequencies, _POSTINGS)
        asked = asked_statements(question, language)
        vector = overview.bias.without(self._embedder.embed_question(question))
        return AnalyzedQuery(
            text=question,
            language=language,
            concepts=concepts,
            matcher=ConceptMatcher(concepts, weights),
            expression=query_terms.match_expression([concepts[index] for index in chosen]),
            vector=vector,
            unrelated=overview.bias.unrelated(vector, self.unrelated),
            fluency=self.fluency_of(language, question),
            mentions=mentions,
            statements=StatementMatcher(asked, frequent) if asked.statements else None,
        )

    def fluency_of(self, language: str, text: str = "") -> float:
        """How well the embedder speaks a language of the documents; of another one, told by `text` alone."""
        if language in self._embedder.languages:
            return 1.0
        known = self._fluency.get(language)
        if known is not None:
            return known
        samples = self._store.samples(language, _SAMPLES)
        told = fluency(self._embedder.tokenizer, samples or [text])
        if len(samples) == _SAMPLES:
            self._fluency[language] = told
        return told

    def speaks(self, language: str, text: str = "") -> bool:
        """Whether the embedder knows a language well enough to compare it with others.

        Args:
            text: in it, by which that is told where nobody says it and no document is in it.
        """
        known = self._embedder.languages
        if known:
            return language in known or MANY in known
        return self.fluency_of(language, text) >= _SPOKEN

    def embed(self, texts: Sequence[str]) -> Vector:
        """Vectors of unit length, shape (n, d)."""
        return self._embedder.embed(texts)

    @cached_property
    def unrelated(self) -> float:
        """The cosine of two texts that have nothing to do with each other."""
        return unrelated_cosine(self._embedder.embed)

    def languages_in(self, scope: Scope) -> Mapping[str, int]:
        """How many chunks of what is searched are in each language, where it is known."""
        return self._overview().searched if scope == EVERYWHERE else self._languages_in(scope)

    @property
    def has_own_documents(self) -> bool:
        """Whether there are documents besides the handbook."""
        return self._overview().own

    # --- concepts ------------------------------------------------------------------------------------

    def _refined(self, concepts: Sequence[Concept], language: str) -> tuple[Concept, ...]:
        """Compounds that no document has, in their parts; and words that documents write as one."""
        known = self._counts(term for concept in concepts for term in concept.forms)
        refined: list[Concept] = []
        for concept in concepts:
            halves: list[Concept] = []
            if not any(known[form] for form in concept.forms):
                halves = self._split_compound(concept.word, language)
            refined += halves or [concept]
        written: dict[str, int] = {}
        for number, (first, second) in enumerate(itertools.pairwise(refined)):
            joined = query_terms.joined_term(first, second, language)
            if joined:
                written[joined] = number
        for joined, count in self._counts(written).items():
            if count:
                number = written[joined]
                refined[number] = Concept((*refined[number].forms, joined), refined[number].word)
        return tuple(refined)

    def _split_compound(self, word: str, language: str) -> list[Concept]:
        cuts = query_terms.compound_splits(word, language)
        known = self._counts(term for cut in cuts for term in cut)
        best = max(cuts, key=lambda cut: min(known[term] for term in cut), default=None)
        if best is None or not all(known[term] for term in best):
            return []
        return [Concept((term,), word) for term in best]

    def _frequencies(self, concepts: Sequence[Concept], overview: _Overview) -> list[int]:
        """In how many chunks each concept stands."""
        single = {form for concept in concepts for form in concept.forms if " " not in form}
        known = self._counts(single)
        return [
            sum(known[form] for form in concept.forms if " " not in form)
            + self._phrases([form for form in concept.forms if " " in form], overview)
            for concept in concepts
        ]

    def _counts(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many chunks each term stands."""
        wanted, known = list(terms), self._overview().counts
        if new := [term for term in wanted if term not in known]:
            known.update((term, count) for term, count in self._store.frequencies(new).items() if count)
        return {term: known.get(term, 0) for term in wanted}

    def _phrases(self, forms: Iterable[str], overview: _Overview) -> int:
        key = tuple(forms)
        if not key:
            return 0
        if key not in overview.phrases:
            match = query_terms.match_expression([Concept(key)])
            overview.phrases[key] = len(self._store.keyword_matches(match, _PHRASES_COUNTED))
        return overview.phrases[key]

    # --- the documents as a whole ----------------------------------------------------------------------

    def _overview(self) -> _Overview:
        with self._lock:
            known = self._known
            count = self._vectors.count()
            if known is not None and (known.chunks == count or time.monotonic() - known.made < _OVERVIEW_S):
                return known
            counts = self._store.languages()
            counts.pop(UNKNOWN, None)
            frequent = sorted(counts, key=lambda name: -counts[name])
            documents = self._store.searchable_documents()
            handbook = self._store.document_ids(_HANDBOOK) or []
            own = len(documents) > len(handbook)
            self._known = _Overview(
                chunks=count,
                made=time.monotonic(),
                languages=tuple(frequent),
                bias=self._bias({name: counts[name] for name in frequent[:_BIAS_LANGUAGES]}),
                names=DocumentMentions(documents),
                searched=self._languages_in(EVERYWHERE if own else _HANDBOOK),
                own=own,
                long_documents=count >= _LONG * len(documents),
                phrases={},
                counts={},
            )
            return self._known

    def _languages_in(self, scope: Scope) -> dict[str, int]:
        counts = self._store.languages_in(scope)
        counts.pop(UNKNOWN, None)
        return counts

    def _bias(self, counts: Mapping[str, int]) -> LanguageBias:
        """Of the languages of the documents, from chunks all over them."""
        samples = {
            language: self._store.vectors(
                self._store.some_chunks(language, every=-(-count // _BIAS_SAMPLES), limit=_BIAS_SAMPLES),
                self._vectors.model,
            )[2]
            for language, count in counts.items()
        }
        return language_bias(samples, self._embedder.dimension)
