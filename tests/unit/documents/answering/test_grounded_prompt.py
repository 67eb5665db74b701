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
    asked = grounded_prompt.fitting(ASKED, "de", 500_000_000)
    assert asked.instructions == "Answer in one German sentence, from the text."
    assert not asked.numbered
    assert asked.messages == ASKED.messages
    french = grounded_prompt.fitting(replace(ASKED, language="fr"), "de", 500_000_000)
    assert french.instructions == "Answer in one French sentence, from the text."
    task = grounded_prompt.fitting(ASKED, "de", 500_000_000, task=True)
    assert task.instructions == "Do what is asked, in German, from the text."
    unknown = grounded_prompt.fitting(ASKED, "und", 500_000_000)
    assert unknown.instructions == "Answer in one sentence, from the text."


def test_a_large_model_is_asked_to_cite() -> None:
    asked = grounded_prompt.fitting(ASKED, "de", 7_000_000_000)
    assert asked.instructions == grounded_prompt.ANSWER
    assert asked.numbered


def test_a_judgement_is_asked_for_behind_the_same_sources() -> None:
    asked = grounded_prompt.fitting(ASKED, "de", 1_500_000_000)
    judged = grounded_prompt.judging(asked)
    assert (judged.instructions, judged.sources, judged.numbered) == (
        asked.instructions,
        asked.sources,
        asked.numbered,
    )
    assert judged.messages[-1].content.startswith("How deep is it?\n")


def test_cells_get_the_names_of_their_columns() -> None:
    columns = [["Goods", "Price"], ["", "in euros"]]
    assert grounded_prompt.named_cells("Oak\t58.50", columns) == "Goods: Oak; Price in euros: 58.50"
    assert grounded_prompt.named_cells("Oak\t\t58.50", columns) == "Oak\t\t58.50"  # which is which?
    assert grounded_prompt.named_cells("Oak 58.50", columns) == "Oak 58.50"


def test_a_head_says_where_it_is_from() -> None:
    quote = Quote(1, 1.0, 7, "/a/year.pdf", "year.pdf", 3, "page 3", ("Costs", "Feed"), "text", (), 5, 0, 4)
    assert grounded_prompt.label(quote) == "year.pdf, page 3, Feed"
