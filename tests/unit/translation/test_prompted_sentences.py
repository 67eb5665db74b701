"""What a chat model is asked, and what is taken of its answers."""

from __future__ import annotations

import pytest

from assistant.errors import Cancelled
from assistant.translation import answer_cleaning
from assistant.translation.prompted_sentences import Answer, Prompt, PromptedSentences, prompt
from assistant.translation.records import EngineChoice, Formality, Hop, Hypotheses
from assistant.translation.sentence_engine import Hints
from assistant.workers.run import Steps

HOP = Hop(EngineChoice("/chat.gguf", "chat", chat=True), "en", "de")
DOG = "A dog sleeps."


@pytest.mark.parametrize(
    ("answer", "translation"),
    [
        ("Ein Hund schläft.", "Ein Hund schläft."),
        (" Ein Hund schläft.\n", "Ein Hund schläft."),
        ("German: Ein Hund schläft.", "Ein Hund schläft."),
        ("Deutsch:\nEin Hund schläft.", "Ein Hund schläft."),
        ("Sure! Here is the translation:\n\n“Ein Hund schläft.”", "Ein Hund schläft."),
        ("**Translation:** Ein Hund schläft.", "Ein Hund schläft."),
        ("**Ein Hund schläft.**\n\nNote: “Hund” is masculine.", "Ein Hund schläft."),
        ("```\nEin Hund schläft.\n```", "Ein Hund schläft."),
        ("<think>A dog is… so: Ein</think>Ein Hund schläft.", "Ein Hund schläft."),
        ("<think>A dog is", ""),
        ("«Ein Hund» und «schläft»", "«Ein Hund» und «schläft»"),
        ("I'm sorry, but I can't help with that.", ""),
        ("", ""),
    ],
)
def test_only_the_translation_is_taken(answer: str, translation: str) -> None:
    assert answer_cleaning.translation(DOG, answer, ended=True) == translation


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("“Come in.”", "„Komm herein.“"),
        ("Note: it barks.", "Hinweis: Er bellt."),
        ("You can choose from these:", "Sie können wählen aus:"),
        ("I'm sorry, I can't help you.", "Es tut mir leid."),
        ("*Important*", "*Wichtig*"),
    ],
)
def test_signs_of_the_sentence_stay(source: str, answer: str) -> None:
    assert answer_cleaning.translation(source, answer, ended=True) == answer


def test_an_answer_that_does_not_end_is_none_but_for_its_first_line() -> None:
    assert answer_cleaning.translation(DOG, "Ein Hund schläft schläft schl", ended=False) == ""
    assert answer_cleaning.translation(DOG, "Ein Hund schläft.\nThis mea", ended=False) == "Ein Hund schläft."


def test_the_beginning_of_the_prompt_is_the_same_for_all_sentences() -> None:
    plain = prompt(HOP, DOG, Hints())
    assert plain.instructions.endswith(" You write nothing but the German translation.")
    assert plain.message == f"Translate into German:\n{DOG}"
    with_terms = prompt(HOP, DOG, Hints(Formality.FORMAL, (("dog", "Köter"), ("cat", "Miez"))))
    assert with_terms.instructions.startswith(plain.instructions)
    assert with_terms.instructions.endswith(
        " Address the reader formally. Translate “dog” as “Köter”, “cat” as “Miez”."
    )


def test_room_follows_the_sentence_and_the_language() -> None:
    short, long = (prompt(HOP, text, Hints()).max_tokens for text in (DOG, DOG * 20))
    assert short < long < 20 * short
    hindi = Hop(HOP.engine, "en", "hi")
    assert prompt(hindi, DOG * 20, Hints()).max_tokens > long


class Scripted:
    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[Prompt] = []

    def __call__(self, steps: Steps, model: str, prompt: Prompt) -> Answer:
        assert model == "/chat.gguf"
        self.asked.append(prompt)
        return Answer(self.answers.pop(0), ended=True)


def test_sentences_are_asked_one_by_one() -> None:
    chat = Scripted("Ein Hund.", "Deutsch: Zwei Hunde.")
    told: list[tuple[int, Hypotheses]] = []
    hints = [Hints(), Hints(afresh=True)]
    made = PromptedSentences(chat).translate(
        Steps(None), HOP, ["One dog.", "Two dogs."], hints=hints, on_done=lambda *each: told.append(each)
    )
    assert made == [Hypotheses(("Ein Hund.",)), Hypotheses(("Zwei Hunde.",))]
    assert told == list(enumerate(made))
    assert [each.seed is None for each in chat.asked] == [True, False]


def test_alternatives_are_each_asked_for_and_told_once() -> None:
    chat = Scripted("Ein Hund.", "Ein Hund.", "Der Hund.", "")
    (made,) = PromptedSentences(chat).translate(Steps(None), HOP, ["One dog."], alternatives=4)
    assert made.texts == ("Ein Hund.", "Der Hund.")
    assert len({each.seed for each in chat.asked}) == 4


def test_stop_ends_it_before_the_next_sentence() -> None:
    steps = Steps(None)

    def stopping(*_: object) -> Answer:
        steps.cancel()
        return Answer("Ein Hund.", ended=True)

    with pytest.raises(Cancelled):
        PromptedSentences(stopping).translate(steps, HOP, ["One dog.", "Two dogs."])


def test_what_is_too_long_for_a_prompt_is_translated_in_parts() -> None:
    chat = Scripted(*(f"Teil {number}," for number in range(1, 99)))
    long = ", ".join(["a dog sleeps in the garden"] * 100)
    (made,) = PromptedSentences(chat).translate(Steps(None), HOP, [long])
    assert made.cut
    assert made.texts[0].startswith("Teil 1, Teil 2,")
    assert 1 < len(chat.asked) < 5
    (made,) = PromptedSentences(Scripted("Eins", "", "Drei", "Vier")).translate(Steps(None), HOP, [long])
    assert made.texts == ("",)
