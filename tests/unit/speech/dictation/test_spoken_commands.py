"""Which words are a command, and which are talked about."""

from __future__ import annotations

import pytest

from assistant.speech.dictation import spoken_commands
from assistant.speech.dictation.spoken_commands import Command, Kind

LANGUAGES = spoken_commands.read()


def parts(text: str, language: str = "en") -> list[str]:
    """With what a command writes, or does, between bars."""
    return [
        f"|{part.writes or part.kind}|" if isinstance(part, Command) else part
        for part in LANGUAGES[language].parts(text)
    ]


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        ("en", "A comma is a mark."),
        ("en", "Put the comma there."),
        ("en", "The Oxford comma is older."),
        ("en", "a period of time"),
        ("en", "In this period, nothing happened."),
        ("en", "The period ended in war."),
        ("en", "Add a dash of salt."),
        ("en", "dash of salt and colon cancer"),
        ("en", "We announced a new line of products."),
        ("en", "Its new line of cars"),
        ("en", "a comma-separated list"),
        ("en", "commas and periods are marks"),
        ("en", 'He wrote "comma" there.'),
        ("en", "period/semester"),
        ("en", "He came to a full stop."),
        ("en", "I cannot undo that."),
        ("en", "undo that now"),
        ("de", "Der Punkt ist klar."),
        ("de", "Das ist ein Punkt."),
        ("de", "Punkt Zwölf war er da."),
        ("de", "Wir kommen zum Punkt."),
        ("de", "Das Komma fehlt."),
        ("de", "3 Komma 5"),
        ("de", "Das mache ich rückgängig."),
        ("es", "Desde mi punto de vista"),
        ("es", "Está en coma profundo"),
        ("es", "Hay dos puntos importantes"),
        ("fr", "Il y a deux points importants"),
        ("fr", "C'est un point."),
        ("fr", "Je voudrais aller à la ligne."),
        ("fr", "d'une virgule"),
        ("it", "Il punto è questo"),
        ("it", "ci sono due punti di vista"),
        ("it", "Bisogna andare a capo."),
    ],
)
def test_what_is_talked_about_is_written(language: str, phrase: str) -> None:
    assert parts(phrase, language) == [phrase]


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("the house period", ["the house", "|.|"]),
        ("the house period The garden", ["the house", "|.|", "The garden"]),
        ("the house period new line", ["the house", "|.|", "|\n|"]),
        ("the house, period, and", ["the house,", "|.|", "and"]),
        ("milk comma eggs", ["milk", "|,|", "eggs"]),
        ("I like that, comma, of course", ["I like that,", "|,|", "of course"]),
        ("COMMA", ["|,|"]),
        ("New line.", ["|\n|"]),
        ("is it there question mark is it", ["is it there", "|?|", "is it"]),
        ("Undo that. Scratch that!", ["|undo|", "|undo|"]),
        ("", []),
        ("...", ["..."]),
    ],
)
def test_commands_are_found(phrase: str, expected: list[str]) -> None:
    assert parts(phrase) == expected


def test_either_apostrophe_will_do() -> None:
    assert parts("quoi point d’interrogation", "fr") == parts("quoi point d'interrogation", "fr")
    assert parts("quoi point d’interrogation", "fr")[1] == "|\u202f?|"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_saying_is_a_command_when_it_is_all_that_is_said(language: str) -> None:
    for found in LANGUAGES[language]._by_first.values():
        for spoken in found:
            assert LANGUAGES[language].parts(" ".join(spoken.words)) == [spoken.command]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_usual_commands(language: str) -> None:
    commands = [spoken.command for found in LANGUAGES[language]._by_first.values() for spoken in found]
    written = {command.writes.strip("\u00a0\u202f") for command in commands}
    assert {",", ".", ":", ";", "?", "!", "(", ")", "-", "\n", "\n\n"} <= written
    assert {command.kind for command in commands} >= {Kind.OPEN, Kind.CLOSE, Kind.UNDO}
