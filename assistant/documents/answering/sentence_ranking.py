"""PURE: from the passages that were found to the sentences that answer best, or to "nothing found"."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.documents.search.asked_statements import StatementMatcher
from assistant.documents.search.deduplication import RankedChunk
from assistant.documents.search.document_mentions import HARDLY_NAMED, NAMED
from assistant.documents.search.fusion import ChunkEvidence
from assistant.documents.search.term_matching import ConceptMatcher
from assistant.documents.text.question_kinds import QUESTION_MARKS
from assistant.documents.text.repetition import repeats, words_of
from assistant.documents.text.terms import YEAR, index_terms, is_pair_script
from assistant.text.sentences import Span, rows, sentences

MOST_QUOTES = 5
_EMBEDDED = 16
"""Sentences that are compared with the question by their vectors: about 60 ms."""
_WEAKER = 0.6
"""A quote must reach this part of the best one's score."""
_STATED = 0.5
"""A row that the asked figure is computed from counts as if so much of the question stood in it."""
_CONTEXT = 0.5
"""What of the question stands in the headings of a sentence counts so much."""

ANSWERED = 0.36
"""A `strength` below this means: nothing found. See `strength` for how it was chosen."""
_MEANING = 1.5
"""Weight of what the best closeness is above `_WITHOUT_ANSWER`."""
_WITHOUT_ANSWER = 0.45
"""The closeness of a question and a sentence that does not answer it."""
_LONG = 8
"""A question of more concepts is seldom met in all of them."""
_TRANSLATED = 0.65
"""So much of a question may stand in another language where its words cannot: there the meaning decides."""
_PAIRS = 1.6
"""Factor on the part on the page where concepts are pairs of characters."""

_HEADER_ROWS = 3
"""So many rows at the top of a table may name its columns."""
_HEADER_CHARACTERS = 200
"""The names of the columns are cut to so many."""
_AMOUNT = re.compile(r"[^\w\s]*\d[\d.,]*[^\w\s]*")
_DAY = re.compile(r"\d{1,2},")
"""Of a date like "March 31, 2023"; no amount."""


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence or row that may answer: its section's text[start:end]."""

    source: RankedChunk
    start: int
    end: int
    score: float
    """0 to 1: the mean of `coverage`, `meaning`, and how well the passage did beside the best one."""
    coverage: float
    """The part of the question that stands in it; what stands in its headings counts half."""
    meaning: float
    """The closeness of sentence and question, times how well the embedder speaks the language."""

    @property
    def text(self) -> str:
        row = self.source.row
        return row.text[self.start - row.start : self.end - row.start]


def rank_sentences(
    matcher: ConceptMatcher,
    passages: Sequence[RankedChunk],
    closeness: Callable[[Sequence[str]], Sequence[float]],
    statements: StatementMatcher | None = None,
) -> list[RankedSentence]:
    """The sentences and rows of the passages that come into question, best first.

    Measured over 416 questions of squad2 and 1,346 of xquad: the first holds the answer in .75 (squad2), .82
    (en), .73 (de, hi), .76 (zh), .78 (es), one of the first five in .92, .99, .94 to .96. Any of the three
    parts of the score left out loses up to .06; other weights than equal ones gain less than .01.

    Args:
        passages: best first.
        closeness: of texts to the question in meaning, 0 (nothing to do with it) to 1.
        statements: those that the question needs, if any: a figure is computed from rows that do not name it.
    """
    passages = _of_named_documents(passages)
    best = max((found.score for found in passages), default=0.0) or 1.0
    rough: list[tuple[float, float, RankedChunk, Span]] = []
    for found in passages:
        stated = _stated_rows(statements, found)
        candidates = [
            (span, coverage) for span, coverage in _candidates(matcher, found) if span not in stated
        ]
        likely = found.evidence.closeness * found.evidence.fluency
        for span, coverage in (*candidates, *((span, _STATED) for span in stated)):
            rough.append((_credited(coverage, likely, found) + found.score / best, coverage, found, span))
    rough.sort(key=lambda one: -one[0])
    rough = rough[:_EMBEDDED]
    close = closeness([_embedded_text(found, span) for _, _, found, span in rough])
    chosen = []
    for (_, coverage, found, (start, end)), near in zip(rough, close, strict=True):
        meaning = near * found.evidence.fluency
        score = (_credited(coverage, meaning, found) + meaning + found.score / best) / 3
        first = found.row.start
        chosen.append(RankedSentence(found, first + start, first + end, score, coverage, meaning))
    return sorted(chosen, key=lambda one: -one.score)


def _credited(covered: float, meaning: float, found: RankedChunk) -> float:
    """The part of the question that stands there, with what of it may stand there in another language."""
    return covered + (1 - covered) * _TRANSLATED * meaning * found.evidence.foreign


def _of_named_documents(passages: Sequence[RankedChunk]) -> Sequence[RankedChunk]:
    """Without those of other documents where the question plainly names some: nobody wants to read them."""
    most = max((found.evidence.mentioned for found in passages), default=0.0)
    if most < NAMED:
        return passages
    return [found for found in passages if found.evidence.mentioned >= most / 2]


def best_quotes(ranked: Sequence[RankedSentence], most: int = MOST_QUOTES) -> list[RankedSentence]:
    """The best of ranked sentences: at most `most`, none a repetition, none far weaker than the first."""
    kept: list[RankedSentence] = []
    words: list[tuple[str, ...]] = []
    for one in ranked:
        if len(kept) == most or (kept and one.score < _WEAKER * kept[0].score):
            break
        own = words_of(one.text)
        if not any(repeats(own, other) for other in words):
            kept.append(one)
            words.append(own)
    return kept


def strength(matcher: ConceptMatcher, ranked: Sequence[RankedSentence]) -> float:
    """How much speaks for the documents holding an answer; below `ANSWERED` nothing is quoted.

    The part of the question that stands on the best page, plus 1.5 times what the closeness of the best
    sentence is above .45, as far as the embedder speaks the language. A long question is seldom met in all
    its words, nor are pairs of characters, of which every other joins two words: there the part on the page
    counts more. In another language than the question's it says little, and the closeness decides. A needed
    financial statement of a named document counts as the part on its page.

    Chosen from data by logistic regression: questions asked of the corpus that holds the answer, and of the
    same corpus without the documents on that topic. `python -m tests.benchmarks.quotes` measures it on xquad;
    of every third question were refused, wrongly and rightly,

        questions      built-in     multilingual-e5-small   the same in English documents
        en            .01  1.00     .03  1.00
        de            .05   .96     .05  1.00               .04  .80
        es            .01   .62     .04  1.00               .01  .69
        zh            .00   .89     .00   .96               .11  .78
        hi            .04   .76     .12   .98               .14  .69
    """
    own = [one for one in ranked if not one.source.evidence.foreign]
    foreign = [one for one in ranked if one.source.evidence.foreign]
    return max(_strength(matcher, own), _strength(matcher, foreign))


def _strength(matcher: ConceptMatcher, ranked: Sequence[RankedSentence]) -> float:
    """Of sentences that are all in the question's language, or none."""
    if not ranked:
        return 0.0
    evidence = ranked[0].source.evidence
    page = max(_on_the_page(one.source.evidence) for one in ranked)
    pairs = sum(is_pair_script(concept.forms[0]) for concept in matcher.concepts)
    size = len(matcher.concepts) - pairs / 2
    page *= math.sqrt(max(1.0, size / _LONG))
    if pairs > len(matcher.concepts) / 2:
        page *= _PAIRS
    page = min(1.0, page)
    page += (1 - page) * _TRANSLATED * evidence.fluency * evidence.foreign
    meaning = max(one.meaning for one in ranked)
    return page + _MEANING * (meaning - _WITHOUT_ANSWER * evidence.fluency)


def _on_the_page(evidence: ChunkEvidence) -> float:
    """How much of what is asked for stands on a page; a needed statement of a named document does."""
    named = evidence.mentioned >= HARDLY_NAMED
    return max(evidence.page, evidence.statement if named else 0.0)


def header(table: str, before: int) -> list[list[str]]:
    """The cells of the rows that name the columns of a table, if they end before offset `before`."""
    found: list[list[str]] = []
    for start, end in rows(table)[:_HEADER_ROWS]:
        row = table[start:end]
        if end > before or _has_amounts(row):
            break
        found.append([" ".join(cell.split()) for cell in row.split("\t")])
    return found


def header_line(header: Sequence[Sequence[str]]) -> str:
    """The names of the columns on one line."""
    return " / ".join(" ".join(cell for cell in row if cell) for row in header)[:_HEADER_CHARACTERS]


def _has_amounts(row: str) -> bool:
    words = row.split()
    return any(
        _AMOUNT.fullmatch(word) and not YEAR.fullmatch(word.strip(",;()")) and not _DAY.fullmatch(word)
        for word in words
    )


def _stated_rows(statements: StatementMatcher | None, found: RankedChunk) -> list[Span]:
    """The rows on the page of a statement that the asked figure is computed from."""
    if statements is None or not found.evidence.statement or not found.row.table:
        return []
    text, language = found.row.text, found.row.language
    return [
        (start, end)
        for start, end in rows(text)
        if _has_amounts(text[start:end]) and statements.is_row(index_terms(text[start:end], language))
    ]


def _candidates(matcher: ConceptMatcher, found: RankedChunk) -> list[tuple[Span, float]]:
    """The sentences or rows of a passage that may answer, with their `coverage`."""
    if not found.row.table:
        return [(span, sum(_covered(matcher, found, span, above))) for span, above in _statements(found)]
    covered = [(span, _covered(matcher, found, span)) for span in _body(found.row.text)]
    # The heads of a table cover all rows alike; where some rows say more themselves, those are meant.
    some = any(own for _, (own, _) in covered)
    return [(span, own + context) for span, (own, context) in covered if own or not some]


def _statements(found: RankedChunk) -> list[tuple[Span, str]]:
    """The sentences that are neither headings nor questions, each with the question that it may answer."""
    text = found.row.text
    begin = _after_headings(text, {_plain(name) for name in (found.row.title, *found.row.heading)})
    kept: list[tuple[Span, str]] = []
    asked = ""
    for start, end in sentences(text[begin:], found.row.language):
        span = begin + start, begin + end
        if text[slice(*span)].endswith(QUESTION_MARKS):
            asked = text[slice(*span)]
        else:
            kept.append((span, asked))
    return kept or [(span, "") for span in sentences(text, found.row.language)]


def _after_headings(text: str, names: set[str]) -> int:
    """Where the text goes on behind lines at its beginning that only repeat its headings."""
    begin = 0
    for line in text.splitlines(keepends=True):
        if line.strip() and _plain(line) not in names:
            break
        begin += len(line)
    return begin


def _body(table: str) -> list[Span]:
    """The rows of a table without those that name its columns."""
    spans = rows(table)
    first = next((at for at, (start, end) in enumerate(spans) if _has_amounts(table[start:end])), 0)
    return spans[first:] if first <= _HEADER_ROWS else spans


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _embedded_text(found: RankedChunk, span: Span) -> str:
    text = found.row.text[span[0] : span[1]]
    # A row says little without the name of its table.
    return f"{found.row.heading[-1]}: {text}" if found.row.table and found.row.heading else text


def _covered(matcher: ConceptMatcher, found: RankedChunk, span: Span, above: str = "") -> tuple[float, float]:
    """The parts of the question that stand in it, and only in the headings or the question above it."""
    text = found.row.text[span[0] : span[1]]
    context = "\n".join((found.row.title, *found.row.heading, above))
    language = found.row.language
    match = matcher.match(index_terms(text, language, rows=True), index_terms(context, language, rows=True))
    over = match.context - match.counts.keys()
    whole = matcher.total_weight
    return matcher.weight(match.counts) / whole, _CONTEXT * matcher.weight(over) / whole
