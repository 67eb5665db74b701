from __future__ import annotations

import pytest

from assistant.documents.answering.asked_words import asked_words
from assistant.documents.search.query_terms import concepts


@pytest.mark.parametrize(
    ("question", "language", "text", "marked"),
    [
        ("What was total debt in 2022?", "en", "Total debts: 1.9 (2022).", ["Total debts", "2022"]),
        ("Wer kündigt den Vertrag?", "de", "Die Verträge wurden gekündigt.", ["Verträge"]),
        ("¿Cuánto cuesta la conexión?", "es", "Las conexiones cuestan 350.", ["conexiones cuestan"]),
        ("总负债是多少？", "zh", "截至2022年底，总负债为19亿。", ["总负债"]),
        ("बकरी को कितना पानी?", "hi", "बकरी को हर दिन पानी चाहिए।", ["बकरी", "पानी"]),
        ("ما هو إجمالي الدين؟", "ar", "بلغ إجمالي الدين 1.9 مليار.", ["إجمالي الدين"]),
        ("Is it tax-free?", "en", "It is tax‑free, not taxfree-ish.", ["tax‑free"]),
        ("What does it say?", "en", "Nothing is here.", []),
    ],
)
def test_words_are_found_in_whatever_form(question: str, language: str, text: str, marked: list[str]) -> None:
    spans = asked_words(text, concepts(question, [language]), language)
    found = [text[start:end] for start, end in spans]
    assert all(any(word in each for each in found) for word in marked), found
    assert bool(found) == bool(marked)


def test_a_phrase_is_marked_only_as_a_whole() -> None:
    from assistant.documents.search.query_terms import Concept

    phrase = [Concept(("cash flow",))]
    assert asked_words("Cash was low, and cash flow too.", phrase, "") == ((18, 27),)
