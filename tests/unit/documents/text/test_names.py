"""Which words are names."""

from __future__ import annotations

import pytest

from assistant.documents.text.names import beginning, main_part, names_in, possible_names


@pytest.mark.parametrize(
    ("question", "language", "names"),
    [
        ("Which medicine is Maria Lind allergic to?", "en", [("Maria", "Lind")]),
        ("What did Mr Pell of Harbour Homes write in May?", "en", [("Pell",), ("Harbour", "Homes")]),
        ("¿A qué se destina el local de Julián Ortega?", "es", [("Julián", "Ortega")]),
        ("Wie hoch ist das Gehalt von Frau Seidel im Jahr?", "de", [("Seidel",)]),
        ("Wie hoch ist das Gehalt im Jahr?", "de", []),
        ("दुकान का मासिक किराया कितना है?", "hi", []),
        ("How much is the ROA in FY2023 of Best Buy's stores, in USD?", "en", [("Best", "Buy")]),
        ("What is the Meyers’ share in Adobe’s O’Brien fund?", "en", [("Meyers",), ("Adobe", "O’Brien")]),
    ],
)
def test_names_are_known_by_their_capital_letters(
    question: str, language: str, names: list[tuple[str, ...]]
) -> None:
    assert list(names_in(question, language)) == names


@pytest.mark.parametrize(
    ("question", "language", "name"),
    [
        ("Where does Professor Lind live?", "en", "Lind"),
        ("Where does Señora Lind live?", "en", "Lind"),
        ("Où habite Monsieur Dupont ?", "fr", "Dupont"),
        ("Dove abita il Signor Rossi?", "it", "Rossi"),
        ("Wo wohnt Herr Prof. Dr. Seidel?", "de", "Seidel"),
        ("Wat betaalt Mevrouw Bakker?", "nl", "Bakker"),
    ],
)
def test_a_title_is_no_part_of_a_name(question: str, language: str, name: str) -> None:
    assert names_in(question, language) == ((name,),)


def test_words_in_small_letters_are_no_names_whatever_the_letter() -> None:
    assert possible_names("La empresa abrió su última tienda en Ávila.", "es") == [("Ávila",)]
    assert possible_names("Цена аренды в Москве составляет сто рублей.", "ru") == [("Москве",)]
    assert possible_names("Der Brunnen auf dem Feld von Seidel", "de") == []


def test_a_script_without_capital_letters_may_name_anywhere() -> None:
    assert possible_names("वह घर पर", "hi") == [("घर", "पर")]
    assert names_in("वह घर पर", "hi") == ()


def test_the_forms_of_a_name_begin_alike() -> None:
    assert main_part("O’Brien’s") == "brien"
    assert main_part("Ávila") == "avila"
    assert beginning("lindqvists") == "lindqvis"
    assert beginning("lind") == "lind"
