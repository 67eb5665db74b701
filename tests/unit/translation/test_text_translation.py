"""Texts on their way to the models that are here."""

from __future__ import annotations

import pytest

from assistant.errors import NoModel
from assistant.translation.records import (
    AnalysedParagraph,
    EngineChoice,
    Paragraph,
    TranslatedParagraph,
    TranslationOptions,
)
from assistant.translation.text_translation import TextTranslator
from assistant.workers.run import Run, Steps

ENGLISH_GERMAN = EngineChoice("/en-de", "en-de", chat=False, pairs=(("en", "de"),))
GERMAN = TranslationOptions("de")


class Echo:
    """Translates everything to capitals, and keeps what it was told of languages."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def translate(
        self, steps: Steps, paragraphs: list[Paragraph], options: TranslationOptions, on_report: object
    ) -> tuple[TranslatedParagraph, ...]:
        self.told = [paragraph.language for paragraph in paragraphs]
        return tuple(TranslatedParagraph(each.text, each.text.upper(), each.language) for each in paragraphs)


def analyse(texts: list[str], languages: list[str]) -> Run[tuple[AnalysedParagraph, ...]]:
    found = tuple(
        AnalysedParagraph(given or ("und" if text == "42" else "en"), ())
        for text, given in zip(texts, languages, strict=True)
    )
    return Run.derived(lambda _: found)


def texts(*choices: EngineChoice, echo: Echo | None = None) -> TextTranslator:
    return TextTranslator(lambda: choices, analyse, echo or Echo())  # type: ignore[arg-type]


def test_each_line_is_a_paragraph_of_its_language() -> None:
    echo = Echo()
    found = texts(ENGLISH_GERMAN, echo=echo).text(Steps(None), "one\n\n42\ntwo", GERMAN)
    assert found.text == "ONE\n\n42\nTWO"
    assert echo.told == ["en", "", "en"]
    assert (found.language, found.target) == ("en", "de")
    assert found.route is not None
    assert found.route.hops[0].engine is ENGLISH_GERMAN


def test_the_language_that_is_chosen_counts() -> None:
    with pytest.raises(NoModel) as refused:
        texts(ENGLISH_GERMAN).text(Steps(None), "one", TranslationOptions("de", source="fi"))
    assert refused.value.reason == "no-model-for-languages"
    assert "from Finnish to German" in refused.value.message


def test_without_a_model_nothing_is_asked() -> None:
    with pytest.raises(NoModel) as refused:
        texts().text(Steps(None), "one", GERMAN)
    assert refused.value.reason == "no-translation-model"


@pytest.mark.parametrize("text", ["", " \n", "42", "one"])
def test_what_need_not_be_translated_needs_no_way(text: str) -> None:
    english = TranslationOptions("en", source="en" if text == "one" else "")
    assert texts(ENGLISH_GERMAN).text(Steps(None), text, english).route is None
