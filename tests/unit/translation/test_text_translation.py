"""Texts on their way to the models that are here."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.errors import NoModel, WorkerCrashed
from assistant.translation.records import (
    AnalysedParagraph,
    EngineChoice,
    Paragraph,
    TranslatedParagraph,
    TranslationOptions,
)
from assistant.translation.text_translation import TextTranslator
from assistant.workers.run import Steps

ENGLISH_GERMAN = EngineChoice("/en-de", "en-de", chat=False, pairs=(("en", "de"),))
GERMAN = TranslationOptions("de")


class Echo:
    """Translates everything to capitals. All is English but for numbers, unless a language is chosen."""

    expected: Sequence[str] = ()

    def analyse(
        self,
        steps: Steps,
        paragraphs: Sequence[Paragraph],
        options: TranslationOptions,
        expected: Sequence[str],
    ) -> tuple[AnalysedParagraph, ...]:
        self.expected = expected
        return tuple(
            AnalysedParagraph(options.source or ("und" if each.text == "42" else "en"), ())
            for each in paragraphs
        )

    def translate(
        self,
        steps: Steps,
        paragraphs: Sequence[Paragraph],
        options: TranslationOptions,
        on_report: object,
        *,
        analysed: Sequence[AnalysedParagraph],
        keep_at_end: bool,
    ) -> tuple[TranslatedParagraph, ...]:
        return tuple(
            TranslatedParagraph(paragraph.text, paragraph.text.upper(), each.language)
            for paragraph, each in zip(paragraphs, analysed, strict=True)
        )


def texts(*choices: EngineChoice) -> TextTranslator:
    return TextTranslator(lambda: choices, Echo())  # type: ignore[arg-type]


def test_each_line_is_a_paragraph_of_its_language() -> None:
    found = texts(ENGLISH_GERMAN).text(Steps(None), "one\n\n42\ntwo", GERMAN)
    assert found.text == "ONE\n\n42\nTWO"
    assert [paragraph.language for paragraph in found.paragraphs] == ["en", "und", "en"]
    assert (found.language, found.target) == ("en", "de")
    assert found.route is not None
    assert found.route.hops[0].engine is ENGLISH_GERMAN


def test_few_words_are_rather_in_a_language_that_can_be_translated_or_stays() -> None:
    echo = Echo()
    TextTranslator(lambda: [ENGLISH_GERMAN], echo).text(Steps(None), "one", GERMAN)  # type: ignore[arg-type]
    assert echo.expected == ("en", "de")


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


def test_a_worker_that_died_of_something_else_is_asked_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    deaths = [WorkerCrashed("worker-crashed", name="It", how="ended", exit_code=1, signal="")]
    translate = Echo.translate

    def dying(*arguments: object, **named: object) -> tuple[TranslatedParagraph, ...]:
        if deaths:
            raise deaths.pop()
        return translate(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Echo, "translate", dying)
    assert texts(ENGLISH_GERMAN).text(Steps(None), "A dog.", GERMAN).text == "A DOG."
    deaths += [WorkerCrashed("worker-crashed", name="It", how="ended", exit_code=1, signal="")] * 2
    with pytest.raises(WorkerCrashed):
        texts(ENGLISH_GERMAN).text(Steps(None), "A dog.", GERMAN)
