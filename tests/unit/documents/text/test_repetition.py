"""What says the same, and what only looks like it."""

from __future__ import annotations

import pytest

from assistant.documents.text.repetition import repeats, words_of

CLAUSE = (
    "The monthly fee for cleaning the offices is {fee} euros, payable by {who} within {days} days of the "
    "bill, and covers the windows, the stairs and the yard as listed in annex two."
)
OLD = CLAUSE.format(fee="1,200", who="Polar Clean", days="fourteen")


@pytest.mark.parametrize(
    "other",
    [
        CLAUSE.format(fee="1,450", who="Polar Clean", days="fourteen"),
        CLAUSE.format(fee="1,200", who="Brontë", days="fourteen"),
        CLAUSE.format(fee="1,200", who="Polar Clean", days="thirty"),
        OLD.replace("annex two.", "annex nine."),
        OLD.replace("The monthly", "A yearly"),
    ],
)
def test_what_differs_in_a_number_or_a_name_does_not_repeat(other: str) -> None:
    assert not repeats(words_of(OLD), words_of(other))
    assert not repeats(words_of(other), words_of(OLD))


def test_copies_repeat_wherever_their_lines_break_and_their_ends_are_cut() -> None:
    assert repeats(words_of(OLD), words_of(OLD.replace(" ", "\n")))
    assert repeats(words_of(OLD), words_of(OLD.upper()))
    assert repeats(words_of(OLD), words_of(f"3. Fees\n{OLD}"))
    assert repeats(words_of(f"3. Fees {OLD}"), words_of(f"{OLD} Signed in Kiel."))
    assert not repeats(words_of(OLD), words_of(OLD[: len(OLD) // 2]) + words_of(OLD[len(OLD) // 2 + 40 :]))


def test_nothing_repeats_nothing() -> None:
    assert repeats((), ())
    assert not repeats((), words_of(OLD))
