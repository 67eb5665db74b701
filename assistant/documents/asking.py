"""Answers a question with quotes: searches the passages, judges their sentences, looks up their boxes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.documents import terms
from assistant.documents.answers import Candidate, best_quotes, line_boxes, score, sentences
from assistant.documents.embedding import Embedder
from assistant.documents.records import Answer, Quote, Scope
from assistant.documents.retrieval import Asked, Retriever
from assistant.documents.store import Store
from assistant.documents.thinning import Ranked

_PASSAGES = 10
_AROUND = 500
"""Characters before and behind a passage that are read, so that its first and last sentence are whole."""
_COMPARED = 12
"""Sentences that are embedded: about 10 ms each."""
_EVERYWHERE = Scope()


class Asker:
    """Asks one store. May be used from several threads at once."""

    def __init__(self, store: Store, embedder: Embedder, retriever: Retriever) -> None:
        self._store = store
        self._embedder = embedder
        self._retriever = retriever

    def ask(
        self, question: str, scope: Scope = _EVERYWHERE, wanted: Callable[[int], bool] = lambda _: True
    ) -> Answer:
        """The quotes that answer a question; none when nothing in the documents fits well enough.

        Args:
            wanted: which documents, by their ids, may be quoted.
        """
        begun = time.perf_counter()
        asked = self._retriever.understand(question)
        ranked = [
            found
            for found in self._retriever.rank(asked, scope, limit=3 * _PASSAGES)
            if wanted(found.row.document)
        ][:_PASSAGES]
        chosen = best_quotes(self.candidates(asked, ranked))
        quotes = tuple(
            self._quote(number, candidate, ranked[candidate.source])
            for number, candidate in enumerate(chosen, start=1)
        )
        return Answer(question, quotes, time.perf_counter() - begun)

    def candidates(self, asked: Asked, ranked: Sequence[Ranked]) -> list[Candidate]:
        """The sentences of the passages, the likelier ones compared with the question by their meaning."""
        seen: dict[tuple[int, int], Candidate] = {}
        for number, found in enumerate(ranked):
            for candidate in self._sentences(asked, number, found, ranked[0].score):
                seen.setdefault((candidate.section, candidate.start), candidate)
        likely = sorted(seen.values(), key=score, reverse=True)
        near = likely[:_COMPARED]
        cosines = self._embedder.embed([candidate.text for candidate in near]) @ asked.vector
        return [
            replace(candidate, nearness=float(cosine) * ranked[candidate.source].evidence.trust)
            for candidate, cosine in zip(near, cosines, strict=True)
        ] + likely[_COMPARED:]

    def _sentences(self, asked: Asked, number: int, found: Ranked, best: float) -> Iterator[Candidate]:
        row, lexicon = found.row, asked.lexicon
        whole = sum(lexicon.weights) or 1.0
        context = terms.index_terms(" . ".join((row.title, *row.heading)), row.language)
        match = lexicon.match(terms.index_terms(row.text, row.language, rows=row.table), context)
        passage = lexicon.weight(match.counts.keys() | match.context) / whole
        text = self._store.section_text(row.section)
        first = max(0, row.start - _AROUND)
        for start, end in sentences(text[first : row.end + _AROUND], row.language, table=row.table):
            start, end = first + start, first + end
            outside = end <= row.start or start >= row.end
            if outside or (start == first > 0):  # begins where the reading began: not whole
                continue
            words = lexicon.match(terms.index_terms(text[start:end], row.language), "")
            yield Candidate(
                source=number,
                section=row.section,
                start=start,
                end=end,
                text=text[start:end],
                overlap=lexicon.weight(words.counts) / whole,
                passage=passage,
                nearness=0.0,
                hit=found.score / best if best > 0 else 0.0,
            )

    def _quote(self, number: int, candidate: Candidate, found: Ranked) -> Quote:
        row = found.row
        boxes = self._store.section_boxes(candidate.section)
        return Quote(
            n=number,
            score=round(score(candidate), 4),
            document=row.document,
            path=row.path,
            title=row.title,
            page=row.page,
            location=row.location,
            heading=row.heading,
            quote=candidate.text,
            boxes=() if boxes is None else line_boxes(boxes, candidate.start, candidate.end),
            section=candidate.section,
            start=candidate.start,
            end=candidate.end,
        )
