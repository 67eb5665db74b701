"""Languages are told of texts, of short questions, and of what is no text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text.language_detection import UNKNOWN, detect, script_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The quick brown fox jumps over the lazy dog near the river bank.", "en"),
        ("Der schnelle braune Fuchs springt über den faulen Hund am Flussufer.", "de"),
        ("El veloz zorro marrón salta sobre el perro perezoso junto al río.", "es"),
        ("Le rapide renard brun saute par-dessus le chien paresseux près de la rivière.", "fr"),
        ("Быстрая коричневая лиса прыгает через ленивую собаку у реки.", "ru"),
        ("तेज भूरी लोमड़ी नदी के किनारे आलसी कुत्ते के ऊपर कूदती है।", "hi"),
        ("الثعلب البني السريع يقفز فوق الكلب الكسول بالقرب من ضفة النهر", "ar"),
        ("敏捷的棕色狐狸跳过河边的懒狗。", "zh"),
        ("素早い茶色の狐が川辺の怠け者の犬を飛び越える。", "ja"),
        ("빠른 갈색 여우가 강가의 게으른 개를 뛰어넘는다.", "ko"),
        ("สุนัขจิ้งจอกสีน้ำตาลกระโดดข้ามสุนัขขี้เกียจ", "th"),
        ("Η γρήγορη καφέ αλεπού πηδά πάνω από τον τεμπέλη σκύλο.", "el"),
    ],
)
def test_texts(text: str, language: str) -> None:
    found, confidence = detect(text)
    assert found == language
    assert confidence > 0.5


@pytest.mark.parametrize("text", ["", "   ", "12,345 67.8", "—…!?", "😀"])
def test_what_holds_no_word_has_no_language(text: str) -> None:
    assert detect(text) == (UNKNOWN, 0.0)


def test_an_unsure_guess_stays_among_the_expected() -> None:
    assert detect("cash flow", ["de", "en"])[0] == "en"
    assert detect("Wie hoch?", ["de", "en"])[0] == "de"


def test_a_likely_guess_is_not_given_up_for_an_unlikely_one() -> None:
    assert detect("¿A qué es alérgico Esteban Villar?", ["en", "de", "zh"])[0] == "es"


def test_a_sure_guess_is_not_forced_among_the_expected() -> None:
    assert detect("Der schnelle braune Fuchs springt über den faulen Hund.", ["en"])[0] == "de"


def test_kana_among_ideographs_means_japanese() -> None:
    assert script_language("東京都の人口は何人ですか") == "ja"
    assert script_language("北京市人口多少") == "zh"
    assert script_language("plain words") is None


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    language, confidence = detect(text, ["en", "de"])
    assert language
    assert 0.0 <= confidence <= 1.0
