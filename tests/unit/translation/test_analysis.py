"""The language of each paragraph, and its sentences."""

from __future__ import annotations

import pytest

from assistant.errors import Cancelled
from assistant.jobs import CancelToken
from assistant.text.language_detection import UNKNOWN
from assistant.text.sentences import whole_sentences
from assistant.translation.analysis import analyse, detected

GERMAN = "Die Gemeinde hat im vergangenen Jahr zwei neue Brücken über den Fluss gebaut."
FRENCH = "La commune a construit l'année dernière deux nouveaux ponts sur la rivière."


def cut(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in whole_sentences(text, language)]


def test_each_paragraph_has_its_language() -> None:
    assert detected([GERMAN, FRENCH, GERMAN], ()) == ["de", "fr", "de"]


def test_few_words_are_in_the_language_around_them() -> None:
    assert detected([GERMAN, "Budget", "3.1", FRENCH, "Budget"], ()) == ["de", "de", "de", "fr", "fr"]
    assert detected(["Plan", GERMAN], ()) == ["de", "de"]


def test_another_script_is_another_language() -> None:
    assert detected([GERMAN, "Мост"], ())[0] == "de"
    assert detected([GERMAN, "桥", "γέφυρα"], ()) == ["de", "zh", "el"]


def test_what_is_given_counts() -> None:
    assert detected([GERMAN, "Budget"], ("en", "")) == ["en", "en"]


def test_nothing_is_told_where_nothing_tells_it() -> None:
    assert detected(["12", "3.5"], ()) == [UNKNOWN, UNKNOWN]
    assert detected([], ()) == []


def test_a_single_line_is_told_by_itself() -> None:
    assert detected(["Guten Morgen, wie geht es dir?"], ()) == ["de"]
    assert detected(["How are you?"], ()) == ["en"]


def test_few_words_are_told_together_and_among_the_languages_that_are_expected() -> None:
    """Slides and tables have no long paragraph, and two words look like many languages."""
    slide = ["the green bed", "The egg is old", "the oven", "The suitcase is light.", "17"]
    assert detected(slide, ()) == ["en"] * 5
    assert detected(["the egg"], (), expected=("en",)) == ["en"]
    assert detected(["Guten Tag, wie geht es?"], (), expected=("en",)) == ["de"]
    assert detected([*slide, "Guten Morgen, wie geht es dir?"], (), expected=("en", "de"))[-1] == "de"


def test_sentences_stay_apart_however_short() -> None:
    assert cut("Yes. No! It runs. Why?") == ["Yes.", "No!", "It runs.", "Why?"]
    assert cut("老狗睡觉。小狗跑步。", "zh") == ["老狗睡觉。", "小狗跑步。"]
    assert cut("Es gilt z. B. hier. Dort nicht.", "de") == ["Es gilt z. B. hier.", "Dort nicht."]


def test_a_long_one_stays_whole() -> None:
    long = "and the river runs " * 100 + "on."
    assert cut(f"{long} Short.") == [long, "Short."]


def test_what_has_no_letters_goes_along() -> None:
    assert cut("1. The plan is old. *") == ["1. The plan is old. *"]
    assert cut("***") == ["***"]
    assert cut(" ") == []


def test_short_lines_are_sentences_and_wrapped_ones_are_not() -> None:
    assert cut("Old Street 5\n12345 Town\nGermany") == ["Old Street 5", "12345 Town", "Germany"]
    wrapped = "The council has built two bridges over the\nriver in the year before."
    assert cut(wrapped) == [wrapped]


def test_all_but_white_space_is_in_a_sentence() -> None:
    text = 'One ("two." Three) … four\n\n• five\n\tsix: 7 % \ud800 8'
    spans = whole_sentences(text, "en")
    inside = {place for start, end in spans for place in range(start, end)}
    assert all(text[place].isspace() for place in set(range(len(text))) - inside)


def test_both_come_together() -> None:
    (first, second) = analyse([f"{GERMAN} {GERMAN}", ""], (), CancelToken())
    assert first.language == "de"
    assert len(first.sentences) == 2
    assert second.sentences == ()


def test_a_stop_is_heeded() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        analyse([GERMAN], (), token)
