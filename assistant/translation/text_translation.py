"""Texts and paragraphs translated with the models that are here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assistant import languages
from assistant.errors import NoModel, WorkerError, WorkerStartFailed
from assistant.text.language_detection import UNKNOWN
from assistant.translation import plain_text, routes, sentence_parts
from assistant.translation.records import (
    AnalysedParagraph,
    EngineChoice,
    Paragraph,
    ParagraphDone,
    Route,
    TextTranslation,
    TranslatedParagraph,
    TranslationOptions,
)
from assistant.translation.translator import Translator
from assistant.translation.turns import Turns
from assistant.workers.run import Steps

Report = Callable[[ParagraphDone], None]


class TextTranslator:
    """Any thread may call; each call is a work of its own."""

    def __init__(self, engines: Callable[[], Sequence[EngineChoice]], translator: Translator) -> None:
        self._engines = engines
        self._translator = translator

    def route(self, language: str, options: TranslationOptions) -> Route | None:
        """How texts in a language go; None where they stay as they are.

        Raises:
            NoModel: no model that is here goes that way.
        """
        choices = self._choices()
        if language in (UNKNOWN, options.target):
            return None
        found = routes.route(choices, language, options.target, options.engine)
        if found is None:
            source, target = languages.name(language), languages.name(options.target)
            raise NoModel("no-model-for-languages", source=source, target=target)
        return found

    def _expected(self, options: TranslationOptions) -> tuple[str, ...]:
        """What few words are likely in: languages that can be translated here, and the one they would be left
        in."""
        return (*routes.sources(self._engines(), options.target), options.target)

    def _choices(self) -> Sequence[EngineChoice]:
        choices = self._engines()
        if not choices:
            raise NoModel("no-translation-model")
        return choices

    def analyse(
        self, steps: Steps, paragraphs: Sequence[Paragraph], options: TranslationOptions
    ) -> Sequence[AnalysedParagraph]:
        """See `Translator.analyse`."""
        return self._translator.analyse(steps, paragraphs, options, self._expected(options))

    def translate(
        self,
        steps: Steps,
        paragraphs: Sequence[Paragraph],
        analysed: Sequence[AnalysedParagraph],
        options: TranslationOptions,
        on_report: Report | None = None,
        *,
        keep_at_end: bool = False,
    ) -> Sequence[TranslatedParagraph]:
        """See `Translator.translate`."""
        return self._translator.translate(
            steps, paragraphs, options, on_report, analysed=analysed, keep_at_end=keep_at_end
        )

    def alternatives(self, steps: Steps, sentence: str, options: TranslationOptions) -> tuple[str, ...]:
        """See `Translator.alternatives`."""
        return self._translator.alternatives(steps, sentence, options, expected=self._expected(options))

    def text(
        self, steps: Steps, text: str, options: TranslationOptions, on_report: Report | None = None
    ) -> TextTranslation:
        """Translate a text, line by line; once more where the worker dies of something beside it.

        Raises:
            NoModel: no model that is here translates most of it.
            ModelError, WorkerError: of an engine.
            Cancelled: stopped.
        """
        self._choices()  # before a worker is started
        try:
            return self._text(steps, text, options, on_report)
        except WorkerStartFailed:
            raise
        except WorkerError:  # a document that was stopped and did not heed it, say
            return self._text(steps, text, options, on_report)

    def _text(
        self, steps: Steps, text: str, options: TranslationOptions, on_report: Report | None
    ) -> TextTranslation:
        lines = plain_text.lines(text)
        paragraphs = [Paragraph(text[start:end]) for start, end in lines]
        analysed = self.analyse(steps, paragraphs, options)
        language = most(paragraphs, analysed)
        route = self.route(language, options)
        done = self.translate(steps, paragraphs, analysed, options, on_report)
        return plain_text.joined(text, lines, done, language, route, options.target)


def sentences(paragraphs: Iterable[TranslatedParagraph]) -> set[str]:
    """The sentences of paragraphs as the memory knows them."""
    found = set()
    turns = Turns()
    for paragraph in paragraphs:
        turns.give()
        for pair in paragraph.sentences:
            core = sentence_parts.piece(paragraph.source, pair.source).core
            found.add(sentence_parts.readable(paragraph.source[slice(*core)]))
    return found


def most(paragraphs: Sequence[Paragraph], analysed: Sequence[AnalysedParagraph]) -> str:
    """The language that most of the text is in."""
    return plain_text.most(
        (each.language, len(paragraph.text)) for each, paragraph in zip(analysed, paragraphs, strict=True)
    )
