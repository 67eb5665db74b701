"""What kind of answer a text calls for."""

from __future__ import annotations

import pytest

from assistant.documents.text.question_kinds import asks_openly, is_fragment, is_task


@pytest.mark.parametrize(
    ("text", "language", "openly"),
    [
        ("When was the fence mended?", "en", True),
        ("Was the fence mended?", "en", False),
        ("Wer wohnt hier", "de", True),
        ("What's the rent?", "en", True),
        ("Tell me “when”", "en", True),
        ("Cos'è il canone?", "it", True),
        ("Qu’a dit le propriétaire ?", "fr", True),
        ("Hur hög är hyran", "sv", True),
        ("Kan vi hyra huset", "sv", False),
        ("¿Cuánto cuesta?", "es", True),
        ("किराया कितना है", "hi", True),
        ("租金是多少", "zh", True),
    ],
)
def test_questions_that_yes_and_no_do_not_answer(text: str, language: str, openly: bool) -> None:
    assert asks_openly(text, language) is openly


@pytest.mark.parametrize(
    ("text", "language", "task"),
    [
        ("Write a letter to the landlord about the broken heating.", "en", True),
        ("Schreib bitte dem Vermieter einen Brief über die Heizung.", "de", True),
        ("请写一封信给房东，说明暖气坏了。", "zh", True),
        ("monthly rent Mill Lane", "en", False),
        ("Is it allowed to keep a dog in the flat?", "en", False),
        ("Tell me when the lease of the flat begins.", "en", False),
        ("每月租金", "zh", False),
    ],
)
def test_pieces_of_work(text: str, language: str, task: bool) -> None:
    assert is_task(text, language) is task


@pytest.mark.parametrize(
    ("text", "language", "fragment"),
    [
        ("And in winter?", "en", True),
        ("And in 2021?", "en", True),
        ("Und im Winter?", "de", True),
        ("¿Y en invierno?", "es", True),
        ("और सर्दियों में?", "hi", True),
        ("那冬天呢？", "zh", True),
        ("Are dogs allowed in the pool?", "en", False),
        ("Who is Miller?", "en", False),
        ("冬天的时候游泳池开不开？", "zh", False),
        ("Thanks.", "en", False),
    ],
)
def test_questions_that_say_too_little_by_themselves(text: str, language: str, fragment: bool) -> None:
    assert is_fragment(text, language) is fragment
