"""The arithmetic of search: monotonous, bounded, and never led by small differences."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.search.fusion import (
    ChunkEvidence,
    Weights,
    bm25,
    fused,
    ordered,
    rarity,
    relative,
    within_budget,
)
from assistant.documents.search.query_terms import Concept
from assistant.documents.search.term_matching import ConceptMatcher
from assistant.documents.text.terms import index_terms

UNIT = st.floats(0, 1)
EVIDENCE = st.builds(ChunkEvidence, **{field.name: UNIT for field in fields(ChunkEvidence)})


@given(EVIDENCE, st.sampled_from([field.name for field in fields(ChunkEvidence)]), UNIT)
def test_more_evidence_never_lowers_a_score(evidence: ChunkEvidence, name: str, more: float) -> None:
    raised = replace(evidence, **{name: max(more, getattr(evidence, name))})
    assert fused(raised, Weights()) >= fused(evidence, Weights())


@given(EVIDENCE)
def test_scores_lie_between_0_and_1(evidence: ChunkEvidence) -> None:
    assert 0.0 <= fused(evidence, Weights()) <= 1.0 + 1e-9


def test_a_vector_of_a_language_the_embedder_does_not_speak_says_nothing() -> None:
    assert fused(ChunkEvidence(keywords=0.5, closeness=1.0, fluency=0.0), Weights()) == fused(
        ChunkEvidence(keywords=0.5), Weights()
    )


def test_words_that_cannot_stand_in_another_language_are_not_missed() -> None:
    answer = ChunkEvidence(closeness=1.0, fluency=1.0, foreign=1.0)
    beside = ChunkEvidence(closeness=0.6, fluency=1.0, keywords=1.0, sentence=0.4, page=0.4)
    assert (
        fused(answer, Weights()) > fused(beside, Weights()) > fused(replace(answer, foreign=0.0), Weights())
    )


def test_numbers_and_names_count_in_another_language() -> None:
    answer = ChunkEvidence(closeness=0.9, fluency=1.0, foreign=1.0)
    assert fused(replace(answer, sentence=0.3), Weights()) > fused(answer, Weights())


@given(st.dictionaries(st.integers(), st.floats(-1, 100, allow_nan=False), max_size=20))
def test_relative_scores_keep_their_order(scores: dict[int, float]) -> None:
    made = relative(scores)
    assert set(made) == set(scores)
    assert all(0.0 <= score <= 1.0 for score in made.values())
    for one in scores:
        for other in scores:
            if scores[one] <= scores[other]:
                assert made[one] <= made[other]


def test_small_differences_stay_small() -> None:
    assert relative({1: 0.52, 2: 0.51, 3: 0.50})[3] > 0.9


@given(st.integers(0, 100_000), st.integers(1, 100_000))
def test_rare_is_worth_more(frequency: int, chunks: int) -> None:
    assert rarity(frequency, chunks) > 0
    assert rarity(frequency, chunks) >= rarity(frequency + 1, chunks)


def test_the_rarest_concepts_are_asked_for_within_the_budget() -> None:
    assert within_budget([500, 10, 7000, 300], 900) == [0, 1, 3]
    assert within_budget([9000, 8000], 100) == [1]
    assert within_budget([], 100) == []


def matches(matcher: ConceptMatcher, *texts: str) -> dict[int, float]:
    found = {
        number: matcher.match(index_terms(text, "en"), index_terms("a title", "en"))
        for number, text in enumerate(texts)
    }
    return bm25(found, matcher)


def test_bm25_prefers_more_of_the_rare_in_less_text() -> None:
    matcher = ConceptMatcher([Concept(("inventori",)), Concept(("total",))], [3.0, 0.5])
    scores = matches(
        matcher,
        "Inventory turnover.",
        "Total of all things.",
        "Inventory " + "and many other words " * 20,
        "Nothing of it.",
    )
    assert scores[0] > scores[2] > scores[1] > scores[3] == 0.0


def test_order_is_stable() -> None:
    assert ordered({3: 0.5, 1: 0.5, 2: 0.9}) == [2, 1, 3]


@pytest.mark.parametrize("weights", [Weights(), replace(Weights(), closeness=0.0), Weights(0, 0, 0, 0, 0, 0)])
def test_no_weights_are_no_trouble(weights: Weights) -> None:
    assert fused(ChunkEvidence(), weights) == 0.0
