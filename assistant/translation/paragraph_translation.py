"""One call of `Translator.translate`: sentences, memory, engine, checks, marks."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.text.language_detection import UNKNOWN
from assistant.translation import checks, marks, sentence_parts, sentence_results, values
from assistant.translation.dependencies import Dependencies
from assistant.translation.glossary import matching
from assistant.translation.glossary.records import Term
from assistant.translation.memory.memory import engine_of
from assistant.translation.memory.records import MemoryKey, Remembered
from assistant.translation.records import (
    AnalysedParagraph,
    Concern,
    Flag,
    Hypotheses,
    Paragraph,
    ParagraphDone,
    Route,
    SentencePair,
    Span,
    TranslatedParagraph,
    TranslationOptions,
)
from assistant.translation.sentence_engine import Hints
from assistant.translation.sentence_parts import Piece, Segment
from assistant.translation.turns import Turns
from assistant.workers.run import Steps

Report = Callable[[ParagraphDone], None]

_SURE_LETTERS = 25
"""Of a text whose language is beyond doubt, nearly."""
_MANY = 50
"""Sentences of a paragraph that is put together only now and then while they come."""
_REPORT_EVERY = 1.0
"""Seconds."""
_KEEP_EVERY = 1.0
"""Seconds after which what is done is kept: a killed process has to do so much again."""


@dataclass(slots=True)
class _Sentence:
    """One that is translated; several places of a text may hold it."""

    key: MemoryKey
    route: Route
    terms: tuple[Term, ...]
    aligned: bool = False
    """It has to be told which words became which: for marks, or to put something right."""
    result: Remembered | None = None
    from_memory: bool = False
    places: set[int] = field(default_factory=set)
    """The paragraphs that hold it."""

    @property
    def text(self) -> str:
        return self.key.sentence


@dataclass(slots=True)
class _Plan:
    """A paragraph: its pieces, and which sentence each is; None where it stays as it is."""

    paragraph: Paragraph
    language: str
    pieces: list[Piece]
    sentences: list[_Sentence | None]
    no_route: bool = False
    reported: float = 0.0
    """When it was told of, by a clock that only goes forwards."""
    alone: dict[str, str] = field(default_factory=dict)
    """What its marked words became where they were translated alone."""


class ParagraphTranslation:
    """Paragraphs on their way; `plan` comes first, then `done`."""

    def __init__(
        self,
        dependencies: Dependencies,
        steps: Steps,
        options: TranslationOptions,
        on_report: Report | None,
        *,
        keep_at_end: bool = False,
    ) -> None:
        """Args:
        keep_at_end: the memory is given nothing before all is done.
        """
        self._dependencies = dependencies
        self._steps = steps
        self._options = options
        self._on_report = on_report
        self._plans: list[_Plan] = []
        self._sentences: dict[MemoryKey, _Sentence] = {}
        self._routes: dict[str, tuple[Route | None, tuple[Term, ...]]] = {}
        self._unkept: list[tuple[MemoryKey, Remembered]] = []
        self._keep_every = math.inf if keep_at_end else _KEEP_EVERY
        self._kept_at = time.monotonic()
        self._lock = threading.Lock()

    # --- planning

    def plan(self, paragraphs: Sequence[Paragraph], analysed: Sequence[AnalysedParagraph]) -> None:
        turns = Turns()
        for index, (paragraph, found) in enumerate(zip(paragraphs, analysed, strict=True)):
            turns.give()
            self._plans.append(self._planned(index, paragraph, found))

    def _planned(self, index: int, paragraph: Paragraph, found: AnalysedParagraph) -> _Plan:
        pieces = [sentence_parts.piece(paragraph.text, span) for span in found.sentences]
        language = self._language(paragraph, found)
        plan = _Plan(paragraph, language, pieces, [None] * len(pieces))
        if language in (UNKNOWN, self._options.target):
            return plan
        route, terms = self._way(language)
        for number, part in enumerate(pieces):
            core = sentence_parts.readable(paragraph.text[slice(*part.core)])
            if not core:
                continue
            if route is None:
                plan.no_route = True
                continue
            sentence = self._sentence(core, language, route, terms)
            sentence.places.add(index)
            sentence.aligned |= bool(paragraph.marks)
            plan.sentences[number] = sentence
        return plan

    def _language(self, paragraph: Paragraph, found: AnalysedParagraph) -> str:
        """As the text tells; as the document does, where nothing can be translated from that."""
        said = paragraph.language
        if self._options.source or not said or found.language == self._options.target:
            return found.language
        if found.language == UNKNOWN or self._way(found.language)[0] is None:
            return said
        return found.language

    def _way(self, language: str) -> tuple[Route | None, tuple[Term, ...]]:
        if language not in self._routes:
            route = self._dependencies.route(language, self._options)
            self._routes[language] = route, self._dependencies.terms(language, self._options.target)
        return self._routes[language]

    def _sentence(self, core: str, language: str, route: Route, terms: tuple[Term, ...]) -> _Sentence:
        applying = matching.occurring(terms, core)
        key = MemoryKey(
            core,
            language,
            self._options.target,
            engine_of(route),
            self._options.formality,
            tuple((term.source, term.target) for term in applying),
        )
        aligned = bool(applying) or values.has_verbatim(core)
        return self._sentences.setdefault(key, _Sentence(key, route, applying, aligned))

    # --- translating

    def done(self) -> tuple[TranslatedParagraph, ...]:
        sentences = list(self._sentences.values())
        self._remember(sentences, fragments=False)
        turns = Turns()
        for index, plan in enumerate(self._plans):
            turns.give()
            if all(sentence is None or sentence.result for sentence in plan.sentences):
                self._report(index)
        try:
            self._run([sentence for sentence in sentences if sentence.result is None], afresh=False)
            suspect = [sentence for sentence in sentences if self._is_suspect(sentence)]
            self._run(suspect, afresh=True)
            self._unkept += [(each.key, each.result) for each in suspect if each.result is not None]
        finally:
            self._keep(fragments=False)
        self._translate_fragments()
        return tuple(self._all_finished())

    def _all_finished(self) -> Iterator[TranslatedParagraph]:
        turns = Turns()
        for index in range(len(self._plans)):
            turns.give()
            yield self._finished(index)

    def _remember(self, sentences: Sequence[_Sentence], *, fragments: bool) -> None:
        if not self._options.use_memory:
            return
        kept = self._dependencies.remembered((sentence.key for sentence in sentences), fragments)
        for sentence in sentences:
            sentence.result = kept.get(sentence.key)
            sentence.from_memory = sentence.result is not None

    def _translate_fragments(self) -> None:
        """Translate marked words alone, all in one batch, where nothing else tells what they became."""
        self._sentences.clear()
        wanted: list[tuple[_Plan, str, _Sentence]] = []
        turns = Turns()
        for index, plan in enumerate(self._plans):
            turns.give()
            if not plan.paragraph.marks:
                continue
            whole, segments = self._put_together(index)
            route, terms = self._way(plan.language)
            for words in marks.fragments(plan.paragraph.text, whole, plan.paragraph.marks, segments):
                if route is not None:
                    wanted.append(
                        (
                            plan,
                            words,
                            self._sentence(sentence_parts.readable(words), plan.language, route, terms),
                        )
                    )
        alone = list(self._sentences.values())
        self._remember(alone, fragments=True)
        try:
            self._run([sentence for sentence in alone if sentence.result is None], afresh=False)
        finally:
            self._keep(fragments=True)
        for plan, words, sentence in wanted:
            if sentence.result is not None:
                plan.alone[words] = sentence.result.text

    @staticmethod
    def _is_suspect(sentence: _Sentence) -> bool:
        result = sentence.result
        return result is not None and not sentence.from_memory and checks.worth_another_try(result.concerns)

    def _run(self, sentences: Sequence[_Sentence], *, afresh: bool) -> None:
        by_route: dict[Route, list[_Sentence]] = {}
        for sentence in sentences:
            by_route.setdefault(sentence.route, []).append(sentence)
        for route, group in by_route.items():
            self._go(route, group, afresh)

    def _go(self, route: Route, sentences: Sequence[_Sentence], afresh: bool) -> None:
        """Sentences over a route, hop by hop: the models of a pivot need not be in memory together."""
        *first, last = route.hops
        hints = [
            Hints(self._options.formality, () if first else sentence.key.terms, afresh, sentence.aligned)
            for sentence in sentences
        ]
        texts = [sentence.text for sentence in sentences]
        over: Sequence[Hypotheses | None] = [None] * len(sentences)
        for hop in first:
            engine = self._dependencies.engine(hop.engine.chat)
            between = engine.translate(self._steps, hop, texts, hints=hints)
            over, texts = between, [made.texts[0] if made.texts else "" for made in between]
        told: set[int] = set()
        turns = Turns()

        def arrived(index: int, made: Hypotheses) -> None:
            turns.give()
            told.add(index)
            self._arrived(sentences[index], over[index], made)

        engine = self._dependencies.engine(last.engine.chat)
        found = engine.translate(self._steps, last, texts, hints=hints, on_done=arrived)
        for index, made in enumerate(found):
            if index not in told:
                arrived(index, made)

    def _arrived(self, sentence: _Sentence, over: Hypotheses | None, made: Hypotheses) -> None:
        result = sentence_results.judged(sentence.key, sentence.terms, over, made)
        if sentence.route.hops[-1].engine.chat and self._is_untranslated(sentence, result):
            result = replace(result, concerns=(*result.concerns, Concern(Flag.UNCHANGED)))
        with self._lock:
            before = sentence.result
            if before is not None and checks.severity(before.concerns) <= checks.severity(result.concerns):
                return
            sentence.result = result
            # What is to be tried again is not to be remembered before: the end may come between.
            if not sentence.places or not checks.worth_another_try(result.concerns):
                self._unkept.append((sentence.key, result))
            due = time.monotonic() - self._kept_at > self._keep_every
        if due and sentence.places:
            self._keep(fragments=False)
        for index in sentence.places:
            self._report(index)

    def _is_untranslated(self, sentence: _Sentence, result: Remembered) -> bool:
        """Whether it is in the language of the source: small chat models answer questions, for instance."""
        if sum(map(str.isalpha, result.text)) < _SURE_LETTERS or checks.worth_another_try(result.concerns):
            return False
        (found,) = self._steps.result(self._dependencies.analyse, [result.text])
        return found.language == sentence.key.source_language

    def _keep(self, *, fragments: bool) -> None:
        with self._lock:
            entries, self._unkept = self._unkept, []
            self._kept_at = time.monotonic()
        if entries:
            self._dependencies.keep(entries, fragments)

    # --- putting together

    def _finished(self, index: int) -> TranslatedParagraph:
        plan = self._plans[index]
        whole, segments = self._put_together(index)
        found = marks.placed(plan.paragraph.text, whole, plan.paragraph.marks, segments, plan.alone)
        lost: dict[int, list[Concern]] = {}
        for number, words in found.whole:
            lost.setdefault(number, []).append(Concern(Flag.MARK, words))
        paragraph = replace(
            self._paragraph(plan, whole, segments, lost), marks=found.marks, tiers=found.tiers
        )
        if self._on_report is not None:
            self._on_report(ParagraphDone(index, paragraph, complete=True))
        return paragraph

    def _report(self, index: int) -> None:
        """Tell how far a paragraph is, without its marks; of a very long one not for each sentence."""
        plan = self._plans[index]
        if self._on_report is None or self._steps.token.cancelled:
            return
        moment = time.monotonic()
        if len(plan.pieces) < _MANY or moment - plan.reported > _REPORT_EVERY:
            plan.reported = moment
            paragraph = self._paragraph(plan, *self._put_together(index), {})
            self._on_report(ParagraphDone(index, paragraph, complete=False))

    def _put_together(self, index: int) -> tuple[str, tuple[Segment, ...]]:
        plan = self._plans[index]
        results = (sentence.result if sentence else None for sentence in plan.sentences)
        # Nothing at all would be worse than the sentence as it was.
        cores = [(result.text, result.alignment) if result and result.text else None for result in results]
        return sentence_parts.assembled(plan.paragraph.text, plan.pieces, cores)

    @staticmethod
    def _paragraph(
        plan: _Plan, whole: str, segments: Sequence[Segment], lost: Mapping[int, Sequence[Concern]]
    ) -> TranslatedParagraph:
        pairs = []
        targets: dict[int, list[Span]] = {}
        for segment in segments:
            targets.setdefault(segment.sentence, []).append(segment.target)
        for number, (part, sentence) in enumerate(zip(plan.pieces, plan.sentences, strict=True)):
            own = targets.get(number)
            concerns: tuple[Concern, ...] = ()
            if sentence is not None and sentence.result is not None:
                concerns = sentence.result.concerns
            elif plan.no_route and part.core[0] < part.core[1]:
                concerns = (Concern(Flag.LANGUAGE),)
            pairs.append(
                SentencePair(
                    part.source,
                    (own[0][0], own[-1][1]) if own else (0, 0),
                    (*concerns, *lost.get(number, ())),
                    sentence is not None and sentence.from_memory,
                )
            )
        return TranslatedParagraph(plan.paragraph.text, whole, plan.language, tuple(pairs))
