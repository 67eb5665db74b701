"""Paragraphs to translated paragraphs: sentences, memory, engine, checks, glossary, marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.translation import sentence_parts, values
from assistant.translation.dependencies import Dependencies
from assistant.translation.glossary import matching
from assistant.translation.paragraph_translation import ParagraphTranslation
from assistant.translation.records import (
    AnalysedParagraph,
    Paragraph,
    ParagraphDone,
    TranslatedParagraph,
    TranslationOptions,
)
from assistant.translation.sentence_engine import Hints
from assistant.workers.run import Steps


class Translator:
    """Any thread may call; each call is a work of its own."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies = dependencies

    def analyse(
        self,
        steps: Steps,
        paragraphs: Sequence[Paragraph],
        options: TranslationOptions,
        expected: Sequence[str] = (),
    ) -> tuple[AnalysedParagraph, ...]:
        """The language and the sentences of each paragraph, told from all of them together.

        Args:
            expected: languages that few words are rather taken for.
        """
        texts = [sentence_parts.without_bullet(paragraph.text) for paragraph in paragraphs]
        # What a document says of its language is but its program's default, too often: the text tells better.
        given = [options.source] * len(texts)
        return steps.result(self._dependencies.analyse, texts, given, expected)

    def translate(
        self,
        steps: Steps,
        paragraphs: Sequence[Paragraph],
        options: TranslationOptions,
        on_report: Callable[[ParagraphDone], None] | None = None,
        *,
        analysed: Sequence[AnalysedParagraph] | None = None,
        keep_at_end: bool = False,
    ) -> tuple[TranslatedParagraph, ...]:
        """
        Args:
            on_report: told of paragraphs as their sentences come, in any order; at last of each, complete.
            analysed: what `analyse` told of them, be it together with others; None: not asked yet.
            keep_at_end: the memory is given nothing before all is done.

        Raises:
            ModelError, WorkerError: of an engine.
            Cancelled: stopped; what was translated is in the memory, unless that waits for the end.
        """
        if analysed is None:
            analysed = self.analyse(steps, paragraphs, options)
        work = ParagraphTranslation(self._dependencies, steps, options, on_report, keep_at_end=keep_at_end)
        work.plan(paragraphs, analysed)
        return work.done()

    def alternatives(
        self,
        steps: Steps,
        sentence: str,
        options: TranslationOptions,
        count: int = 5,
        expected: Sequence[str] = (),
    ) -> tuple[str, ...]:
        """Translations of a sentence, best first; none where no model translates it."""
        (analysed,) = steps.result(self._dependencies.analyse, [sentence], [options.source], expected)
        route = self._dependencies.route(analysed.language, options)
        if route is None:
            return ()
        part = sentence_parts.piece(sentence, (0, len(sentence)))
        core = sentence_parts.readable(sentence[slice(*part.core)])
        if not core:
            return ()
        terms = matching.occurring(self._dependencies.terms(analysed.language, options.target), core)
        known = tuple((term.source, term.target) for term in terms) if len(route.hops) == 1 else ()
        hints = [Hints(options.formality, known)]
        texts = [core]
        for hop in route.hops:
            engine = self._dependencies.engine(hop.engine.chat)
            wanted = count if hop is route.hops[-1] else 1
            (made,) = engine.translate(steps, hop, texts, hints=hints, alternatives=wanted)
            texts = list(made.texts[:1])
        before, after = sentence[: part.core[0]], sentence[part.core[1] :]
        found = (values.repaired(core, sentence_parts.with_end(core, text))[0] for text in made.texts)
        return tuple(dict.fromkeys(before + text + after for text in found if text))
