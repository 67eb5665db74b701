"""Where the concepts of a question stand in a chunk."""

from __future__ import annotations

from assistant.documents.search.query_terms import concepts
from assistant.documents.search.term_matching import ConceptMatcher
from assistant.documents.text.terms import index_terms


def matcher(question: str, language: str = "en") -> ConceptMatcher:
    asked = concepts(question, (language,))
    return ConceptMatcher(asked, [1.0] * len(asked))


def test_counts_sentences_and_neighbours() -> None:
    found = matcher("inventory turnover ratio").match(
        index_terms("The inventory turnover rose. The ratio is high. Inventory fell.", "en"), ""
    )
    assert found.counts == {0: 2, 1: 1, 2: 1}
    assert found.sentence == 2.0
    assert found.adjacent == 1.0


def test_the_context_counts_apart() -> None:
    found = matcher("inventory turnover").match("inventori", "turnov of stock")
    assert found.counts == {0: 1}
    assert found.context == {1}


def test_phrases_stand_whole_or_not_at_all() -> None:
    asked = matcher("balance sheet")
    phrase = len(asked.concepts) - 1
    assert phrase in asked.match(index_terms("Statement of financial position", "en"), "").counts
    assert phrase not in asked.match(index_terms("A statement of the position", "en"), "").counts


def test_a_single_ideograph_is_found_in_pairs() -> None:
    assert matcher("猫", "ja").match(index_terms("黒猫が好き", "ja"), "").counts


def test_words_far_apart_are_not_together() -> None:
    asked = matcher("inventory turnover")
    near = asked.match(index_terms("inventory and its turnover", "en"), "")
    far = asked.match(index_terms("inventory of all the many goods that we have and turnover", "en"), "")
    assert near.adjacent == 1.0
    assert far.adjacent == 0.0
