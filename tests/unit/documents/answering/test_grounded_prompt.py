"""What a model reads of the documents: instructions, and where a source is from."""

from __future__ import annotations

from assistant.documents.answering import grounded_prompt
from assistant.documents.records import Quote


def test_instructions_end_with_the_rules() -> None:
    assert grounded_prompt.instructions() == grounded_prompt.ANSWER
    assert (
        grounded_prompt.instructions(" Speak like a farmer. ")
        == f"Speak like a farmer.\n\n{grounded_prompt.ANSWER}"
    )


def test_a_head_says_where_it_is_from() -> None:
    quote = Quote(1, 1.0, 7, "/a/year.pdf", "year.pdf", 3, "page 3", ("Costs", "Feed"), "text", (), 5, 0, 4)
    assert grounded_prompt.label(quote) == "year.pdf, page 3, Feed"
