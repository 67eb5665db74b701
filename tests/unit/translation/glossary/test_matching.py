"""Terms: found in sentences, looked for in translations, put right."""

from __future__ import annotations

import pytest

from assistant.translation.glossary.matching import applying, has_term, occurring, put_right
from assistant.translation.glossary.records import Term


@pytest.mark.parametrize(
    ("term", "sentence", "found"),
    [
        (Term("bank", "x"), "The Bank opens.", True),
        (Term("bank", "x", match_case=True), "The Bank opens.", False),
        (Term("bank", "x"), "Two banks and their riverbank.", True),
        (Term("bank", "x"), "A riverbank.", False),
        (Term("bank", "x", part_of_word=True), "A riverbank.", True),
        (Term("Recht", "x"), "Ein Rechtsanwalt", False),
        (Term("Recht", "x"), "des Rechts", True),
        (Term("car", "x"), "Take care of cats.", False),
        (Term("car", "x"), "Three cars.", True),
        (Term("power supply", "x"), "The power  supply failed.", True),
        (Term("电源", "x"), "请关闭电源开关。", True),
    ],
)
def test_terms_are_found(term: Term, sentence: str, found: bool) -> None:
    assert bool(occurring([term], sentence)) is found


def test_a_term_within_a_longer_one_does_not_count() -> None:
    supply, long = Term("supply", "Vorrat"), Term("power supply", "Netzteil")
    assert occurring([supply, long], "The power supply failed.") == (long,)
    assert occurring([supply, long], "The power supply and a supply of food.") == (long, supply)


def test_languages_must_fit() -> None:
    terms = [Term("a", "b", "en", "de"), Term("c", "d"), Term("e", "f", "fr", "")]
    assert applying(terms, "en", "de") == tuple(terms[:2])
    assert applying(terms, "fr", "it") == tuple(terms[1:])


def test_a_translation_may_bend_the_term() -> None:
    assert has_term("Die Netzteile sind heiß.", Term("x", "Netzteil"))
    assert has_term("Des neuen Vertrages wegen.", Term("x", "neuer Vertrag"))
    assert not has_term("Die Stromversorgung ist heiß.", Term("x", "Netzteil"))
    assert not has_term("die netzteile", Term("x", "Netzteil", match_case=True))


def test_a_term_is_put_in_the_place_of_what_was_aligned_to_it() -> None:
    alignment = (((0, 3), (0, 3)), ((4, 9), (4, 11)), ((10, 15), (12, 16)))
    term = Term("crane", "Kranich")
    text, moved, absent = put_right("The crane flew", "Der Baukran flog", alignment, [term])
    assert (text, absent) == ("Der Kranich flog", ())
    assert moved[2] == ((10, 15), (12, 16))
    assert put_right("The crane flew", "Der Baukran flog", (), [term]) == ("Der Baukran flog", (), (term,))


def test_a_term_that_was_left_untranslated_is_put_right() -> None:
    term = Term("dashboard", "Übersicht")
    assert put_right("Open the dashboard.", "Öffne das Dashboard.", (), [term])[0] == "Öffne das Übersicht."
    term = Term("dashboard", "übersicht")
    assert put_right("Dashboard opens.", "Dashboard öffnet.", (), [term])[0] == "Übersicht öffnet."
