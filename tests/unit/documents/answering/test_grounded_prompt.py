"""What a model reads of the documents: instructions, and where a source is from."""

from __future__ import annotations

from dataclasses import replace

from assistant.chat.records import Message, Request, Role, Source
from assistant.documents.answering import grounded_prompt
from assistant.documents.records import Quote


def test_instructions_end_with_the_rules() -> None:
    assert grounded_prompt.instructions() == grounded_prompt.ANSWER
    assert (
        grounded_prompt.instructions(" Speak like a farmer. ")
        == f"Speak like a farmer.\n\n{grounded_prompt.ANSWER}"
    )


ASKED = Request("", (Message(Role.USER, "How deep is it?"),), (Source(1, "a.txt", ("43 metres.",), (0,)),))


def test_a_small_model_is_asked_for_an_answer_only() -> None:
    asked = grounded_prompt.fitting(ASKED, 500_000_000)
    assert asked.instructions == grounded_prompt.ANSWER_ONLY
    assert not asked.numbered
    assert asked.messages == ASKED.messages
    assert grounded_prompt.fitting(ASKED, 500_000_000, task=True).instructions == grounded_prompt.DO


def test_a_small_model_reads_few_sources() -> None:
    many = replace(ASKED, sources=tuple(replace(ASKED.sources[0], n=n) for n in range(1, 6)))
    assert [source.n for source in grounded_prompt.fitting(many, 500_000_000).sources] == [1, 2, 3]


def test_a_large_model_is_asked_to_cite() -> None:
    asked = grounded_prompt.fitting(ASKED, 7_000_000_000)
    assert asked.instructions == grounded_prompt.ANSWER
    assert asked.numbered
    assert grounded_prompt.in_language(asked, "de") == asked


def test_a_small_model_is_told_the_language() -> None:
    asked = grounded_prompt.fitting(ASKED, 500_000_000)
    german = grounded_prompt.in_language(asked, "de")
    assert german.messages[-1].content == "How deep is it?\nAnswer in German."
    french = grounded_prompt.in_language(replace(asked, language="fr"), "de")
    assert french.messages[-1].content.endswith("Answer in French.")
    assert grounded_prompt.in_language(asked, "en") == asked
    assert grounded_prompt.in_language(asked, "und") == asked


def test_a_judgement_is_asked_for_behind_the_same_sources() -> None:
    asked = grounded_prompt.fitting(ASKED, 1_500_000_000)
    judged = grounded_prompt.judging(asked)
    assert replace(judged, messages=asked.messages) == asked
    assert "How deep is it?" in judged.messages[-1].content


def test_cells_get_the_names_of_their_columns() -> None:
    columns = [["Goods", "Price"], ["", "in euros"]]
    assert grounded_prompt.named_cells("Oak\t58.50", columns) == "Goods: Oak; Price in euros: 58.50"
    assert grounded_prompt.named_cells("Oak\t\t58.50", columns) == "Oak\t\t58.50"  # which is which?
    assert grounded_prompt.named_cells("Oak 58.50", columns) == "Oak 58.50"


def test_a_head_says_where_it_is_from() -> None:
    quote = Quote(1, 1.0, 7, "/a/year.pdf", "year.pdf", 3, "page 3", ("Costs", "Feed"), "text", (), 5, 0, 4)
    assert grounded_prompt.label(quote) == "year.pdf, page 3, Feed"
