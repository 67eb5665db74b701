"""The text of a dictation: spaces, capitals, commands, replacements, undo."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speech.dictation import spoken_commands
from assistant.speech.dictation.records import Edit, Replacement
from assistant.speech.dictation.replacements import Replacements
from assistant.speech.dictation.text import DictationText

LANGUAGES = spoken_commands.read()


def dictation(before: str = "", *written: tuple[str, str], commands: bool = True) -> DictationText:
    replacements = Replacements(Replacement(heard, write) for heard, write in written)
    return DictationText(before, languages=LANGUAGES, commands=commands, replacements=replacements)


def said(*phrases: str, language: str = "en", before: str = "", commands: bool = True) -> str:
    text = dictation(before, commands=commands)
    for phrase in phrases:
        text.phrase(phrase, language)
    return text.text


@pytest.mark.parametrize(
    ("before", "phrase", "written"),
    [
        ("", "Hello.", "Hello."),
        ("Hello.", "How are you?", " How are you?"),
        ("Hello. ", "How are you?", "How are you?"),
        ("Hello.\n", "How are you?", "How are you?"),
        ("I think that", "The house is red.", " the house is red."),
        ("I think that ", "It is red.", "it is red."),
        ("I think that", "I am late.", " I am late."),
        ("I think that", "London is big.", " London is big."),
        ("I think that", "IT is hard.", " IT is hard."),
        ("(", "The house", "The house"),
        ("see (as", "The house", " the house"),
        ('He said "', "The house", "The house"),
        ('He said "no"', "And left.", " and left."),
        ("He left. ”", "The end.", " The end."),
        ("well-", "Known.", "Known."),
        ("one -", "two", " two"),
        ("Hello", ", and so on.", ", and so on."),
    ],
)
def test_the_first_phrase_gets_its_space_and_its_capital_from_what_stands_before(
    before: str, phrase: str, written: str
) -> None:
    assert dictation(before).phrase(phrase, "en") == Edit(0, written)


@pytest.mark.parametrize(
    ("phrases", "language", "written"),
    [
        (("今天天气很好。", "我们去公园。"), "zh", "今天天气很好。我们去公园。"),
        (("今日は", "いい天気です。"), "ja", "今日はいい天気です。"),
        (("สวัสดี", "ครับ"), "th", "สวัสดีครับ"),
        (("안녕하세요.", "반갑습니다."), "ko", "안녕하세요. 반갑습니다."),
        (("مرحبا بك.", "كيف حالك؟"), "ar", "مرحبا بك. كيف حالك؟"),
        (("Er sagte „", "Ja“ und ging."), "de", "Er sagte „Ja“ und ging."),
        (("Er sagte „Ja“", "Und ging."), "de", "Er sagte „Ja“ und ging."),
        (("Er sagte „Ja", "“ und ging."), "de", "Er sagte „Ja“ und ging."),
    ],
)
def test_phrases_are_joined_as_the_script_does_it(
    phrases: tuple[str, ...], language: str, written: str
) -> None:
    assert said(*phrases, language=language) == written


@pytest.mark.parametrize(
    ("phrases", "written"),
    [
        (
            ("Dear Sir, comma, new line.", "Thank you for your letter."),
            "Dear Sir,\nThank you for your letter.",
        ),
        (("Dear Sir, comma, new line, thank you.",), "Dear Sir,\nThank you."),
        (("Dear Sir.", "Comma."), "Dear Sir,"),
        (("Apples. Comma. And pears. Full stop.",), "Apples, and pears."),
        (("This is a test period",), "This is a test."),
        (("This is a test. Period. The next one.",), "This is a test. The next one."),
        (("this is a test full stop the next one",), "this is a test. The next one"),
        (("Is it true? Question mark. Exclamation mark.",), "Is it true?!"),
        (("and so on full stop full stop full stop",), "and so on..."),
        (("Milk. New line. Eggs. New line. Bread.",), "Milk.\nEggs.\nBread."),
        (("The end. New paragraph. the beginning",), "The end.\n\nThe beginning"),
        (("He said, colon, open quote. Hello. Close quote. And left.",), "He said: “Hello.” And left."),
        (("He saw it, open bracket, the dog, close bracket, and left.",), "He saw it (the dog) and left."),
        (("It is well, hyphen, known, dash, or not.",), "It is well-known – or not."),
        (("Semicolon",), ";"),
        (("iPhone full stop iPhone is good",), "iPhone. iPhone is good"),
    ],
)
def test_commands_are_carried_out(phrases: tuple[str, ...], written: str) -> None:
    assert said(*phrases) == written


@pytest.mark.parametrize(
    ("language", "phrase", "written"),
    [
        ("de", "Sehr geehrte Damen und Herren, Komma, neue Zeile, Ich schreibe Ihnen. Punkt.",
         "Sehr geehrte Damen und Herren,\nich schreibe Ihnen."),
        ("de", "Er sagte, Doppelpunkt, Anführungszeichen auf, Ja, Anführungszeichen zu, Punkt.",
         "Er sagte: „Ja“."),
        ("de", "Das Haus ist groß Punkt neuer Absatz das Auto", "Das Haus ist groß.\n\nDas Auto"),
        ("es", "Estimado señor, dos puntos, nueva línea. Le escribo. Punto y aparte. Gracias",
         "Estimado señor:\nLe escribo.\n\nGracias"),
        ("fr", "Comment allez-vous, point d'interrogation, à la ligne. Merci",
         "Comment allez-vous\u202f?\nMerci"),
        ("fr", "Il dit, deux points, ouvrez les guillemets, oui, fermez les guillemets.",
         "Il dit\u00a0: «\u00a0oui\u00a0»"),
        ("it", "Gentile signora, virgola, a capo. La ringrazio. Punto.", "Gentile signora,\nla ringrazio."),
    ],
)  # fmt: skip
def test_each_language_has_its_own_commands_and_marks(language: str, phrase: str, written: str) -> None:
    assert said(phrase, language=language) == written


@pytest.mark.parametrize("language", ["ar", "he", "zh", "ja", "", "nl"])
def test_other_languages_stay_as_they_are(language: str) -> None:
    phrase = "שלום, new line, comma. 你好，句号。 Full stop"
    assert said(phrase, language=language) == phrase


def test_commands_can_be_off() -> None:
    assert (
        said("Dear Sir, comma, new line. Undo that.", commands=False)
        == "Dear Sir, comma, new line. Undo that."
    )


def test_undo_takes_back_the_last_phrase_or_command() -> None:
    text = dictation("Well. ")
    states = [""]
    edits = []
    for phrase in ("I write to you.", "Comma.", "new line", "The house"):
        edits.append(text.phrase(phrase, "en"))
        states.append(text.text)
    assert states == [
        "",
        "I write to you.",
        "I write to you,",
        "I write to you,\n",
        "I write to you,\nThe house",
    ]
    assert edits[1] == Edit(1, ",")
    for state in reversed(states[:-1]):
        text.undo()
        assert text.text == state
    assert text.undo() == Edit()


@pytest.mark.parametrize(
    ("phrases", "written"),
    [
        (("One.", "Two.", "Undo that."), "One."),
        (("One.", "Two. Undo that."), "One."),
        (("One.", "Two.", "Undo that. Undo that."), ""),
        (("One.", "Two.", "Undo that.", "Undo that.", "Undo that."), ""),
        (("One.", "New line, undo that"), "One."),
        (("One.", "I cannot undo that."), "One. I cannot undo that."),
        (("One.", "Undo that change."), "One. Undo that change."),
        (("One.", "Undo that, please."), "One. Undo that, please."),
    ],
)
def test_undo_is_said_on_its_own(phrases: tuple[str, ...], written: str) -> None:
    assert said(*phrases) == written


def test_what_was_heard_is_replaced_and_kept_exactly() -> None:
    text = dictation("", ("offline assistant", "OFFLINE assistant"), ("my name", "John von Neumann"))
    text.phrase("The Offline  Assistant, full stop, my name is it", "en")
    assert text.text == "The OFFLINE assistant. John von Neumann is it"


def test_words_that_begin_in_one_phrase_and_end_in_the_next_are_replaced_and_taken_back() -> None:
    text = dictation("", ("offline assistant", "OA"), ("oa is", "wrong"))
    text.phrase("This is Offline", "en")
    assert (
        text.phrase("Assistant is here.", "en") == Edit(8, " OA is here.")
        or text.text == "This is OA is here."
    )
    assert text.undo().insert.endswith("Offline")
    assert text.text == "This is Offline"


PHRASES = st.lists(
    st.one_of(
        st.lists(
            st.sampled_from(
                ["The house", "and", "comma", "Full stop.", "new line", "Undo that.", "open quote", "Hello,",
                 "close quote", "is", "red.", "3", "a", "period", "dash", "hyphen", "heard this", "Heard",
                 "这", "“"]
            ),
            max_size=6,
        ).map(" ".join),
        st.text(max_size=12),
    ),
    max_size=8,
)  # fmt: skip


@given(PHRASES, st.text(max_size=8), st.sampled_from(["en", "de", "fr", "zh", ""]))
def test_edits_do_to_a_document_what_the_text_says(phrases: list[str], before: str, language: str) -> None:
    text = dictation(before, ("heard", "written. New line"), ("heard this", "This"), ("red the house", "Red"))
    document = before
    states = [text.text]
    for phrase in phrases:
        edit = text.phrase(phrase, language)
        assert edit.delete <= len(document) - len(before)
        document = document[: len(document) - edit.delete] + edit.insert
        assert document == before + text.text
        states.append(text.text)
    while text.text:
        edit = text.undo()
        document = document[: len(document) - edit.delete] + edit.insert
        assert document == before + text.text
    assert document == before


@given(PHRASES, st.sampled_from(["en", "de", "zh"]))
def test_without_commands_every_word_is_said_once(phrases: list[str], language: str) -> None:
    def bare(text: str) -> str:
        return re.sub(r"\s", "", text.casefold())

    text = said(*phrases, language=language, commands=False)
    assert bare(text) == bare("".join(phrases))
