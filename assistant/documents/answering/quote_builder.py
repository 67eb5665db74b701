"""Makes quotes of the sentences that were chosen for an answer, and of the places where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from assistant.chat.records import Source
from assistant.documents.answering.asked_words import asked_words
from assistant.documents.answering.grounded_prompt import source
from assistant.documents.answering.highlight_boxes import line_boxes
from assistant.documents.answering.quote_places import lines, places, with_lists
from assistant.documents.answering.sentence_ranking import RankedSentence, header, header_line
from assistant.documents.records import Quote, QuotePlace
from assistant.documents.search.query_terms import Concept
from assistant.documents.store.rows import ChunkRow
from assistant.documents.store.store import Store
from assistant.text.sentences import Span


class QuoteBuilder:
    """The quotes of one answer. It reads each section once."""

    def __init__(self, store: Store, chosen: Sequence[RankedSentence], concepts: Sequence[Concept]) -> None:
        """
        Args:
            chosen: best first.
            concepts: what was asked for.
        """
        self._text = cache(store.section_text)
        self._boxes = cache(store.section_boxes)
        self._concepts = concepts
        self.chosen = with_lists(chosen, self._text)
        self._columns = [self._columns_of(one) for one in self.chosen]
        """The names of the columns, for a row of a table: without them its figures say little."""
        self.quotes = tuple(self._quote(number) for number in range(1, len(self.chosen) + 1))

    def sources(self) -> list[tuple[Source, tuple[Span, ...]]]:
        """What a model reads of each quote, and where its sentences stand in their section."""
        taken = frozenset((quote.section, quote.start) for quote in self.quotes)
        each = zip(self.quotes, self.chosen, self._columns, strict=True)
        return [source(quote, one, taken, columns) for quote, one, columns in each]

    def places(self) -> tuple[QuotePlace, ...]:
        """The quotes by the places where they stand, best first."""
        tables = {one.source.row.section for one in self.chosen if one.source.row.table}
        found = []
        for numbers, (start, end) in places(self.quotes, tables):
            best = self.quotes[numbers[0] - 1]
            if len(numbers) > 1:
                best = self._with_words(best, start, end, self.chosen[numbers[0] - 1].source.row)
            found.append(QuotePlace(numbers, best))
        return tuple(found)

    def _quote(self, number: int) -> Quote:
        one, columns = self.chosen[number - 1], header_line(self._columns[number - 1])
        row = one.source.row
        place = Quote(
            n=number,
            score=round(one.score, 4),
            document=row.document,
            path=row.path,
            title=row.title,
            page=row.page,
            location=row.location,
            heading=(*row.heading, columns) if columns else row.heading,
            quote="",
            boxes=(),
            section=row.section,
            start=one.start,
            end=one.end,
            recognised=row.recognised,
        )
        return self._with_words(place, one.start, one.end, row)

    def _with_words(self, quote: Quote, start: int, end: int, row: ChunkRow) -> Quote:
        """The quote with these words of its section, their boxes, and what of them was asked for."""
        text, characters = self._text(row.section)[start:end], self._boxes(row.section)
        return replace(
            quote,
            quote=text,
            boxes=() if characters is None else line_boxes(characters, start, end),
            start=start,
            end=end,
            asked=asked_words(text, self._concepts, row.language),
            lines=lines(text, table=row.table),
        )

    def _columns_of(self, one: RankedSentence) -> list[list[str]]:
        row = one.source.row
        return header(self._text(row.section), one.start) if row.table else []
