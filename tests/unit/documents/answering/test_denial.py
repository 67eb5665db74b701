"""Whether an answer to a yes-or-no question affirms what a source denies."""

from __future__ import annotations

import pytest

from assistant.documents.answering.denial import denial
from assistant.documents.text.word_lists import negations, yes_and_no

ASKED = "Does anything leave my computer?"
PRIVACY = "Does anything leave my computer?\nNo. Nothing leaves your computer: no document, no question."
STAYS = "Your documents stay on this computer and are never copied."


def denied(claim: str, question: str = ASKED, language: str = "en") -> str:
    return denial(claim, (PRIVACY, STAYS), question, language)


@pytest.mark.parametrize(
    ("claim", "question"),
    [
        ("Yes, anything leaves your computer.", ASKED),
        ("Yes, anything leaves your computer: no document, no question.", ASKED),
        ("Your documents leave your computer.", "Do my documents leave my computer?"),
    ],
)
def test_yes_is_denied_by_the_sentence_that_says_no(claim: str, question: str) -> None:
    assert denied(claim, question) == PRIVACY.splitlines()[1]


@pytest.mark.parametrize(
    ("claim", "question"),
    [
        ("No, anything leaves your computer.", ASKED),  # a strange way to say it
        ("Yes, nothing leaves your computer.", ASKED),
        ("No.", ASKED),
        ("Yes.", ASKED),
        ("Yes, your documents stay on this computer.", "Do my documents stay on this computer?"),
        ("Documents leave your computer.", "What leaves my computer?"),  # what yes and no do not answer
        ("The pump was repaired in May.", ASKED),
    ],
)
def test_nothing_else_is(claim: str, question: str) -> None:
    assert denied(claim, question) == ""


@pytest.mark.parametrize(
    ("language", "question", "claim", "source"),
    [
        ("en", "Are dogs allowed?", "Yes, dogs are allowed.", "Dogs aren’t allowed in the garden."),
        (
            "de",
            "Verlassen Daten den Rechner?",
            "Ja, Daten verlassen den Rechner.",
            "Keine Daten verlassen ihn.",
        ),
        (
            "de",
            "Verlassen Daten den Rechner?",
            "Daten verlassen den Rechner.",
            "Daten verlassen den Rechner nicht.",
        ),
        (
            "fr",
            "Les chiens sont-ils admis ?",
            "Oui, les chiens sont admis.",
            "Les chiens ne sont jamais admis.",
        ),
        ("es", "¿Salen los datos?", "Sí, los datos salen.", "Los datos no salen nunca."),
        (
            "it",
            "I dati lasciano il computer?",
            "Sì, i dati lasciano il computer.",
            "I dati non lasciano il computer.",
        ),
        (
            "pt",
            "Os dados saem do computador?",
            "Sim, os dados saem dele.",
            "Os dados não saem do computador.",
        ),
        (
            "nl",
            "Verlaten gegevens de computer?",
            "Ja, gegevens verlaten de computer.",
            "Gegevens verlaten de computer niet.",
        ),
    ],
)
def test_in_every_language_with_a_list(language: str, question: str, claim: str, source: str) -> None:
    assert denial(claim, [source], question, language) == source
    assert denial(source, [source], question, language) == ""
    assert negations(language) & yes_and_no()


@pytest.mark.parametrize(
    "source",
    [
        "The fence was mended in May, not in June.",
        "The fence was mended and never broke again.",
        "Nobody liked it, but the fence was mended.",
        "The fence was not painted. The fence was mended.",
        "Was the fence not mended?",
    ],
)
def test_a_negation_of_something_else_denies_nothing(source: str) -> None:
    assert denial("Yes, the fence was mended.", [source], "Was the fence mended?", "en") == ""
