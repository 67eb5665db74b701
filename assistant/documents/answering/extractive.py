"""Answers a question with quotes: searches, ranks sentences of what was found, tells what is absent."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from assistant import languages
from assistant.chat.records import Source
from assistant.documents.answering import absence, example_questions
from assistant.documents.answering.citation_check import check
from assistant.documents.answering.quote_builder import QuoteBuilder
from assistant.documents.answering.sentence_ranking import (
    ANSWERED,
    RankedSentence,
    best_quotes,
    rank_sentences,
    strength,
)
from assistant.documents.answering.unsourced import with_unsourced
from assistant.documents.grounded_records import CheckedText, Evidence
from assistant.documents.records import EVERYWHERE, Answer, ForeignQuestion, Scope
from assistant.documents.search.query_analysis import AnalyzedQuery
from assistant.documents.search.retrieval import Retriever
from assistant.documents.store.store import Store
from assistant.documents.text import units
from assistant.documents.text.names import names_in
from assistant.documents.text.question_kinds import is_task
from assistant.errors import Problem
from assistant.jobs import CancelToken
from assistant.text.language_detection import UNKNOWN, detect

_ABSENT = "not-in-documents"
_PASSAGES = 12
"""Chunks whose sentences come into question."""
_LIKELY_LANGUAGE = 0.5
"""From this certainty on, the language of a question is named."""
_LANGUAGES = 3
"""So many languages of documents are named."""

_EXAMPLES = 3
"""Questions that are proposed."""
_TRIED = 9
"""So many are asked to find those."""
_INVITING = 12
"""So many of the documents that came last are looked at."""
_HEADINGS = 100
"""Of each."""


class ExtractiveAnswerer:
    """Answers from one store. May be used from several threads at once."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store = store
        self._retriever = retriever

    def ask(
        self, question: str, scope: Scope = EVERYWHERE, note: str = "", token: CancelToken | None = None
    ) -> Answer:
        """Quotes that answer the question; none when nothing in the documents does.

        Raises:
            Cancelled: `token` was cancelled.
        """
        return self.evidence(question, scope, note, token).answer

    def evidence(
        self, question: str, scope: Scope = EVERYWHERE, note: str = "", token: CancelToken | None = None
    ) -> Evidence:
        """What `ask` gives, with what stands around each quote.

        Raises:
            Cancelled: `token` was cancelled.
        """
        began = time.perf_counter()
        query = self._retriever.analyzer.analyze(question)
        chosen = self._best_sentences(query, scope, token)
        if query.mentions.plain and not chosen:
            # A word may mean itself: "How many people work here?" is not about people.txt.
            query = self._retriever.analyzer.analyze(question, naming_documents=False)
            chosen = self._best_sentences(query, scope, token)
        built = QuoteBuilder(self._store, chosen, query.concepts)
        read = built.sources()
        sources, spans = tuple(source for source, _ in read), tuple(spans for _, spans in read)
        task = is_task(question, query.language)
        missing = None if task and chosen else self._absence(query, scope, built.chosen, sources)
        places = built.places()
        seconds = round(time.perf_counter() - began, 4)
        foreign = self._foreign(query, scope)
        answer = Answer(question, built.quotes, seconds, note, missing, places, foreign)
        return Evidence(answer, sources, spans, query.language, task)

    def example_questions(
        self, collection: str | None = None, token: CancelToken | None = None
    ) -> tuple[str, ...]:
        """Questions that the documents of a collection, or all of one's own, invite and answer; maybe none.

        Raises:
            Cancelled: `token` was cancelled.
        """
        headings = self._store.headings(collection, _INVITING, _HEADINGS)
        found: list[str] = []
        for document, question in example_questions.questions(headings)[:_TRIED]:
            answer = self.ask(question, Scope(collection), token=token)
            if answer.quotes and answer.absence is None and answer.quotes[0].document == document:
                found.append(question)
            if len(found) == _EXAMPLES:
                break
        return tuple(found)

    def check(self, answer: str, sources: Sequence[Source], question: str, told: str = "") -> CheckedText:
        """An answer with the citations that hold; see `citation_check.check`."""
        analyzer = self._retriever.analyzer
        return with_unsourced(
            check(answer, sources, question, analyzer.embed, analyzer.unrelated, analyzer.fluency_of, told)
        )

    def _best_sentences(
        self, query: AnalyzedQuery, scope: Scope, token: CancelToken | None
    ) -> list[RankedSentence]:
        """The sentences to quote, best first; none where they hardly answer."""
        if token is not None:
            token.raise_if_cancelled()
        passages = self._retriever.rank(query, scope, _PASSAGES)
        if token is not None:
            token.raise_if_cancelled()

        def closeness(texts: Sequence[str]) -> list[float]:
            cosines = self._retriever.analyzer.embed(texts) @ query.vector
            return [query.closeness(cosine) for cosine in cosines.tolist()]

        ranked = rank_sentences(query.matcher, passages, closeness, query.statements)
        return best_quotes(ranked) if strength(query.matcher, ranked) >= ANSWERED else []

    def _absence(
        self, query: AnalyzedQuery, scope: Scope, chosen: Sequence[RankedSentence], sources: Sequence[Source]
    ) -> Problem | None:
        """Why there is no answer: what the question names and the documents do not, or their language."""
        rows = [one.source.row for one in chosen]
        # In another language a name may be written otherwise.
        names = names_in(query.text, query.language)
        if rows and query.language not in {row.language for row in rows}:
            names = ()
        if not rows:
            why = self._nothing_searched(query, scope)
            if why is not None:
                return why
        for name in names:
            if not absence.name_stands(name, query.language, partial(self._stands, scope=scope)):
                return Problem(_ABSENT, "name-in-no-document", {"name": " ".join(name)})
        quoted = [Scope(documents=(document,)) for document in {row.document for row in rows}]
        if quoted and names and not any(self._speaks_of(names, query.language, each) for each in quoted):
            return Problem(_ABSENT, "name-not-in-quotes", {"name": " ".join(names[0])})
        for year in absence.asked_years(query.text) if quoted else ():
            if not any(absence.year_stands(year, partial(self._stands, scope=each)) for each in quoted):
                return Problem(_ABSENT, "year-not-in-quotes", {"year": year})
        asked = units.asked_unit(query.text) if rows else None
        read = (*(row.text for row in rows), *(f"{each.head} {' '.join(each.sentences)}" for each in sources))
        if asked is not None and not any(units.measured(asked[0], text) for text in read):
            return Problem(_ABSENT, "unit-not-in-quotes", {"unit": asked[1]})
        return None

    def _nothing_searched(self, query: AnalyzedQuery, scope: Scope) -> Problem | None:
        """Why nothing could be found, whatever was asked for."""
        if scope == EVERYWHERE and not self._retriever.analyzer.has_own_documents:
            return Problem(_ABSENT, "only-handbook-searched")
        written = self._store.languages_in(scope)
        written.pop(UNKNOWN, None)
        language, certainty = detect(query.text)
        if not written or language in written or certainty < _LIKELY_LANGUAGE:
            return None
        most = sorted(written, key=lambda code: -written[code])[:_LANGUAGES]
        names = list(map(languages.name, most))
        return Problem(
            _ABSENT, "documents-in-other-language", {"languages": names, "language": languages.name(language)}
        )

    def _foreign(self, query: AnalyzedQuery, scope: Scope) -> ForeignQuestion | None:
        """Which language the question had better be in.

        None where it is well as it is: a document is in its language, or the embedder speaks both languages.
        """
        analyzer = self._retriever.analyzer
        language, certainty = detect(query.text)
        if language != query.language or certainty < _LIKELY_LANGUAGE:
            return None
        written = analyzer.languages_in(scope)
        if not written or language in written:
            return None
        most = max(written, key=lambda code: written[code])
        if analyzer.speaks(language, query.text) and analyzer.speaks(most):
            return None
        return ForeignQuestion(language, most)

    def _speaks_of(self, names: Sequence[Sequence[str]], language: str, scope: Scope) -> bool:
        stands = partial(self._stands, scope=scope)
        return any(absence.name_stands(name, language, stands) for name in names)

    def _stands(self, wanted: str, scope: Scope) -> bool:
        return bool(self._store.keyword_search(wanted, 1, scope))
