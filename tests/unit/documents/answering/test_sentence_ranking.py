"""Choosing sentences, on texts small enough to be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.documents.answering.sentence_ranking import (
    ANSWERED,
    MOST_QUOTES,
    RankedSentence,
    best_quotes,
    header,
    header_line,
    rank_sentences,
    strength,
)
from assistant.documents.search.deduplication import RankedChunk
from assistant.documents.search.fusion import ChunkEvidence
from assistant.documents.search.query_terms import concepts
from assistant.documents.search.term_matching import ConceptMatcher
from assistant.documents.store.rows import ChunkRow

EVIDENCE = ChunkEvidence(page=1.0, fluency=1.0)


def matcher(question: str) -> ConceptMatcher:
    asked = concepts(question, ("en",))
    return ConceptMatcher(asked, [1.0] * len(asked))


def passage(text: str, *heading: str, table: bool = False, evidence: ChunkEvidence = EVIDENCE) -> RankedChunk:
    row = ChunkRow(
        id=1,
        document=1,
        path="/d/notes.txt",
        title="notes.txt",
        collection="My documents",
        section=1,
        start=100,
        end=100 + len(text),
        text=text,
        page=1,
        location="page 1",
        heading=heading,
        table=table,
        language="en",
        position=1,
    )
    return RankedChunk(row, 0.8, evidence)


def chosen_of(question: str, *passages: RankedChunk) -> list[RankedSentence]:
    """Considered as all alike close to the question, so that words alone decide."""
    return rank_sentences(matcher(question), passages, lambda texts: [1.0] * len(texts))


def test_offsets_count_in_the_section() -> None:
    text = "The weather was mild all year. The bridge was closed in the year 1987."
    best = chosen_of("When was the bridge closed?", passage(text))[0]
    assert best.text == "The bridge was closed in the year 1987."
    assert best.start == 100 + text.index("The bridge")


def test_what_only_repeats_the_heading_or_asks_is_no_answer() -> None:
    found = chosen_of(
        "When was the bridge closed?",
        passage(
            "The bridge\nWhen was the bridge closed?\nThat happened in 1987, after a flood.", "The bridge"
        ),
    )
    assert [one.text for one in found] == ["That happened in 1987, after a flood."]
    assert found[0].coverage == pytest.approx(0.5), "the question above it counts half"


def test_a_passage_of_headings_alone_is_still_shown() -> None:
    assert [one.text for one in chosen_of("bridge", passage("The bridge", "The bridge"))] == ["The bridge"]


def test_rows_that_say_nothing_themselves_give_way_to_those_that_do() -> None:
    table = "Year Debt\n2021 960\n2022 815\n2023 640"
    assert [one.text for one in chosen_of("debt 2022", passage(table, "Debt by year", table=True))] == [
        "2022 815"
    ]
    assert len(chosen_of("debt", passage(table, "Debt by year", table=True))) == 3


def test_the_head_of_a_table_are_its_rows_before_the_first_amount() -> None:
    table = "In thousands\nYear 2022 2023\nDebt 815 640"
    assert header_line(header(table, table.index("Debt"))) == "In thousands / Year 2022 2023"
    assert header(table, 0) == []


def test_no_two_quotes_say_the_same_and_none_is_far_weaker() -> None:
    twice = "The bridge was closed in 1987 after the flood."
    many = " ".join(
        f"Bridge number {word} was closed late." for word in ("one", "two", "three", "four", "five", "six")
    )
    found = chosen_of("bridge closed", passage(twice), passage(twice + " It rained."), passage(many))
    quotes = best_quotes(found)
    assert len(quotes) <= MOST_QUOTES
    assert [quote.text for quote in quotes].count(twice) == 1
    weak = replace(found[0], score=0.1, start=100, end=104)
    assert weak not in best_quotes([found[0], weak])


def test_passages_of_other_documents_go_where_one_is_named() -> None:
    named = passage(
        "The bridge was closed in 1987.", evidence=ChunkEvidence(page=1.0, fluency=1.0, mentioned=1.0)
    )
    found = chosen_of("bridge closed", passage("A bridge was closed somewhere else."), named)
    assert {one.source for one in found} == {named}


def test_strength_grows_with_what_the_page_holds_and_is_nothing_without_sentences() -> None:
    asked = matcher("When was the bridge closed?")
    assert strength(asked, []) == 0.0
    sentences = [
        chosen_of("When was the bridge closed?", passage("It was mild all through May.", evidence=evidence))
        for evidence in (ChunkEvidence(page=0.1, fluency=1.0), ChunkEvidence(page=0.9, fluency=1.0))
    ]
    assert strength(asked, sentences[0]) < strength(asked, sentences[1])


def test_in_another_language_the_meaning_decides() -> None:
    asked = matcher("When was the bridge closed?")
    evidence = ChunkEvidence(closeness=1.0, fluency=1.0, foreign=1.0)
    answer = passage("1987 wurde die Brücke gesperrt.", evidence=evidence)

    def found(closeness: float) -> list[RankedSentence]:
        return rank_sentences(asked, [answer], lambda texts: [closeness] * len(texts))

    assert strength(asked, found(0.45)) >= ANSWERED > strength(asked, found(0.2))
    beside = passage("The bridge is red.", evidence=ChunkEvidence(page=0.3, closeness=0.5, fluency=1.0))
    near = {answer.row.text: 0.5, beside.row.text: 0.2}
    both = rank_sentences(asked, [beside, answer], lambda texts: [near[text] for text in texts])
    assert both[0].source is answer
