from __future__ import annotations

from assistant.chat.llama.prompt_lookup import DraftSpeeds, PromptLookup

PROMPT = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 21, 22, 2, 3, 30]


def known(guessing: float = 1.0) -> DraftSpeeds:
    """A plain step takes a second; one with a guess `guessing` seconds for each token it gives."""
    speeds = DraftSpeeds()
    for _ in range(5):
        speeds.record(1.0, 1, 0)
        speeds.record(guessing * 4, 4, 5)
    speeds.draft_length = 8
    return speeds


def lookup(answer: list[int], speeds: DraftSpeeds) -> PromptLookup:
    made = PromptLookup(PROMPT, speeds)
    for token in answer:
        made.add(token)
    return made


def test_what_followed_before_is_guessed() -> None:
    assert lookup([3, 4, 5], known(0.5)).draft(20) == [6, 7, 8, 9, 10, 20, 21, 22]
    assert lookup([3, 4, 5], known(0.5)).draft(3) == [6, 7, 8]
    assert lookup([99, 4, 5], known(0.5)).draft(20) == [6, 7]  # two tokens are worth a short guess
    assert lookup([2, 3], known(0.5)).draft(20) == [30, 2]  # the latest of two places
    assert lookup([99, 98, 97], known(0.5)).draft(20) == []
    assert lookup([3, 4, 5], known(0.5)).draft(0) == []


def test_the_answer_itself_is_looked_up_too() -> None:
    made = lookup([50, 51, 52, 53, 99], known(0.5))
    made.draft(8)
    for token in (50, 51, 52):
        made.add(token)
    assert made.draft(8)[:2] == [53, 99]


def test_no_guess_before_a_plain_step_is_measured() -> None:
    speeds = DraftSpeeds()
    made = lookup([3, 4, 5], speeds)
    assert made.draft(8) == []
    for _ in range(4):
        speeds.record(1.0, 1, 0)
    assert made.draft(8) == [6, 7, 8, 9, 10]


def test_guesses_grow_while_they_are_right_and_shrink_when_not() -> None:
    speeds = known(0.1)
    for _ in range(20):
        speeds.record(0.1, speeds.draft_length + 1, speeds.draft_length)
    assert len(PromptLookup(list(range(40)) * 2, speeds).draft(30)) == 16
    for _ in range(40):
        speeds.record(0.1, 1, speeds.draft_length)
    assert len(PromptLookup(list(range(40)) * 2, speeds).draft(30)) == 2


def test_guessing_rests_when_it_does_not_pay_and_is_tried_again() -> None:
    made = lookup([3, 4, 5], known(2.0))
    tries = [bool(made.draft(8)) for _ in range(60)]
    assert not any(tries[:30])
    assert any(tries[30:])


def test_it_rests_over_the_next_answers_too() -> None:
    speeds = known(2.0)
    assert lookup([3, 4, 5], speeds).draft(8) == []
    assert not any(lookup([3, 4, 5], speeds).draft(8) for _ in range(20))


def test_guessing_goes_on_while_it_pays() -> None:
    assert known(0.9).pays
    assert not known(1.1).pays


def test_counts() -> None:
    made = lookup([], known(0.5))
    made.record(1.0, 8, 3)
    made.record(1.0, 0, 0)
    assert (made.drafted, made.accepted) == (8, 3)
