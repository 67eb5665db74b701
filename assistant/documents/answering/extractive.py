"""Answers a question with quotes: searches, ranks sentences of what was found, and fetches their boxes."""

from __future__ import annotations

import time
from collections.abc import Sequence

from assistant.chat.records import Source
from assistant.documents.answering.citation_check import check
from assistant.documents.answering.grounded_prompt import source
from assistant.documents.answering.highlight_boxes import line_boxes
from assistant.documents.answering.sentence_ranking import (
    ANSWERED,
    RankedSentence,
    best_quotes,
    header,
    rank_sentences,
    strength,
)
from assistant.documents.records import EVERYWHERE, Answer, Box, CheckedText, Evidence, Quote, Scope
from assistant.documents.search.retrieval import Retriever
from assistant.documents.search.term_matching import ConceptMatcher
from assistant.documents.store.store import Store
from assistant.jobs import CancelToken

_PASSAGES = 12
"""Chunks whose sentences come into question."""


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
        matcher, sentences = self.rank_sentences(question, scope, token)
        chosen = best_quotes(sentences) if strength(matcher, sentences) >= ANSWERED else []
        quotes = self._quotes(chosen)
        taken = frozenset((quote.section, quote.start) for quote in quotes)
        sources = tuple(source(quote, one, taken) for quote, one in zip(quotes, chosen, strict=True))
        return Evidence(Answer(question, quotes, round(time.perf_counter() - began, 4), note), sources)

    def check(self, answer: str, sources: Sequence[Source], question: str) -> CheckedText:
        """Which citations of an answer hold; those that do not are taken off."""
        analyzer = self._retriever.analyzer
        return check(answer, sources, question, analyzer.embed, analyzer.fluency_of)

    def rank_sentences(
        self, question: str, scope: Scope = EVERYWHERE, token: CancelToken | None = None
    ) -> tuple[ConceptMatcher, list[RankedSentence]]:
        """The concepts of the question and the sentences that come into question, best first."""
        query = self._retriever.analyzer.analyze(question)
        if token is not None:
            token.raise_if_cancelled()
        passages = self._retriever.rank(query, scope, _PASSAGES)
        if token is not None:
            token.raise_if_cancelled()
        embed = self._retriever.analyzer.embed
        return query.matcher, rank_sentences(query.matcher, query.vector, passages, embed, query.statements)

    def _quotes(self, chosen: Sequence[RankedSentence]) -> tuple[Quote, ...]:
        boxes = {
            section: self._store.section_boxes(section)
            for section in {one.source.row.section for one in chosen}
        }
        quotes: list[Quote] = []
        for number, one in enumerate(chosen, 1):
            row = one.source.row
            characters = boxes[row.section]
            drawn: tuple[Box, ...] = () if characters is None else line_boxes(characters, one.start, one.end)
            quotes.append(
                Quote(
                    n=number,
                    score=round(one.score, 4),
                    document=row.document,
                    path=row.path,
                    title=row.title,
                    page=row.page,
                    location=row.location,
                    heading=(*row.heading, *self._columns(one)),
                    quote=one.text,
                    boxes=drawn,
                    section=row.section,
                    start=one.start,
                    end=one.end,
                )
            )
        return tuple(quotes)

    def _columns(self, one: RankedSentence) -> tuple[str, ...]:
        """The names of the columns, for a row of a table: without them its figures say little."""
        if not one.source.row.table:
            return ()
        named = header(self._store.section_text(one.source.row.section), one.start)
        return (named,) if named else ()
