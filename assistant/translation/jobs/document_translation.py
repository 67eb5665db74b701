"""One document, from its file to its translation, a portion at a time, each kept as soon as it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from assistant import languages
from assistant.errors import DocumentGone, UnreadableDocument
from assistant.file_reading.file_stamp import file_stamp
from assistant.translation.jobs.output import Output, key
from assistant.translation.jobs.records import DocumentState, TranslatedDocument
from assistant.translation.jobs.store import TranslationStore
from assistant.translation.records import (
    AnalysedParagraph,
    ExtractedDocument,
    Layout,
    Lost,
    NotKept,
    Paragraph,
    Route,
    Tier,
    TranslatedParagraph,
    TranslationOptions,
    WrittenDocument,
)
from assistant.translation.text_translation import most
from assistant.workers.run import Steps

_SENTENCES, _CHAT_SENTENCES = 64, 8
"""Of a portion, which a killed process has to do again. Portions begin at the same places whenever they are
done: in a batch with others, a sentence may come out otherwise where two translations are as likely."""


class Files(Protocol):
    """What reads and writes files; `document_files.DocumentFiles` does."""

    def extract(self, steps: Steps, path: Path) -> ExtractedDocument: ...

    def write(
        self,
        steps: Steps,
        path: Path,
        output: Path,
        document: ExtractedDocument,
        translated: Sequence[TranslatedParagraph],
        target: str,
        layout: Layout,
    ) -> WrittenDocument: ...

    def suffix(self, path: Path, document: ExtractedDocument, layout: Layout) -> str:
        """Of the file that `write` makes, with its dot."""


class Translating(Protocol):
    """What translates paragraphs; `text_translation.TextTranslator` does."""

    def analyse(
        self, steps: Steps, paragraphs: Sequence[Paragraph], options: TranslationOptions
    ) -> Sequence[AnalysedParagraph]: ...

    def translate(
        self,
        steps: Steps,
        paragraphs: Sequence[Paragraph],
        analysed: Sequence[AnalysedParagraph],
        options: TranslationOptions,
        *,
        keep_at_end: bool,
    ) -> Sequence[TranslatedParagraph]: ...

    def route(self, language: str, options: TranslationOptions) -> Route | None:
        """Raises NoModel."""


class DocumentTranslation:
    """Does it; `tell` hears how far it is, with the seconds that are left."""

    def __init__(
        self,
        store: TranslationStore,
        files: Files,
        translating: Translating,
        tell: Callable[[TranslatedDocument], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._files = files
        self._translating = translating
        self._tell = tell
        self._clock = clock

    def do(self, id: int, steps: Steps) -> None:
        """
        Raises:
            Cancelled: it was stopped.
            AssistantError: it cannot be translated, or what was translated cannot be kept.
        """
        document = self._store.set_state(id, DocumentState.RUNNING)
        path = Path(document.path)
        if not self._store.is_the_same(id):
            document = self._store.start_over(id)
        self._tell(document)
        if not any(file_stamp(path)):
            raise DocumentGone("translation-source-gone", name=path.name)
        extracted = self._files.extract(steps, path)
        if not extracted.paragraphs:
            raise UnreadableDocument("nothing-to-translate", name=path.name)
        output = self._output(document, extracted)
        output.check()
        translated = self._translate(steps, document, extracted.paragraphs)
        if all(each.text == each.source for each in translated):
            target = languages.name(document.options.target)
            raise UnreadableDocument("translation-changed-nothing", name=path.name, language=target)
        if not self._store.is_the_same(id):
            raise DocumentGone("translation-source-changed", name=path.name)
        try:
            written = self._files.write(
                steps, path, output.temporary, extracted, translated, document.options.target, document.layout
            )
            steps.token.raise_if_cancelled()
            final = output.put_in_place()
        finally:
            output.discard()
        lost = _together([*extracted.lost, *written.lost, *_whole_marks(translated)])
        self._store.finish(id, final, translated, lost)

    def _output(self, document: TranslatedDocument, extracted: ExtractedDocument) -> Output:
        path = Path(document.path)
        destination = self._store.destination(document.id)
        suffix = self._files.suffix(path, extracted, document.layout)
        return Output(
            destination.folder, destination.name, path, suffix, document.options.target,
            key(document.id, document.created),
        )  # fmt: skip

    def _translate(
        self, steps: Steps, document: TranslatedDocument, paragraphs: Sequence[Paragraph]
    ) -> list[TranslatedParagraph]:
        """All paragraphs; those that were translated before an interruption as they were then."""
        id, options = document.id, document.options
        analysed = self._translating.analyse(steps, paragraphs, options)
        language = most(paragraphs, analysed)
        counts = [len(each.sentences) for each in analysed]
        done = {
            number: kept
            for number, kept in self._store.paragraphs(id).items()
            if number < len(paragraphs) and kept.source == paragraphs[number].text
        }
        route = self._translating.route(language, options)
        document = self._store.counted(
            id,
            done=sum(counts[number] for number in done),
            total=sum(counts),
            language=language,
            pivot=route.pivot if route else "",
        )
        self._tell(document)
        began, before = self._clock(), document.done
        chat = route is not None and route.hops[-1].engine.chat
        for numbers in _portions(counts, done, _CHAT_SENTENCES if chat else _SENTENCES):
            portion = [paragraphs[number] for number in numbers]
            told = [analysed[number] for number in numbers]
            translated = self._translating.translate(steps, portion, told, options, keep_at_end=not chat)
            new = dict(zip(numbers, translated, strict=True))
            document = self._store.keep(id, new, sum(counts[number] for number in numbers))
            done.update(new)
            self._tell(replace(document, seconds_left=self._seconds_left(document, before, began)))
        return [done[number] for number in range(len(paragraphs))]

    def _seconds_left(self, document: TranslatedDocument, before: int, began: float) -> float | None:
        """At the pace so far; None before there is one."""
        done, took = document.done - before, self._clock() - began
        if done <= 0 or took <= 0:
            return None
        return max(0, document.total - document.done) * took / done


def _portions(counts: Sequence[int], done: Container[int], size: int) -> Iterator[list[int]]:
    """The numbers of the paragraphs that are not done, in portions of about so many sentences."""
    before, found = 0, dict[int, list[int]]()
    for number, count in enumerate(counts):
        if number not in done:
            found.setdefault(before // size, []).append(number)
        before += count
    yield from found.values()


def _whole_marks(translated: Iterable[TranslatedParagraph]) -> list[Lost]:
    count = sum(tier is Tier.WHOLE for each in translated for _, tier in each.tiers)
    return [Lost(NotKept.LOOK, count=count)] if count else []


def _together(lost: Iterable[Lost]) -> list[Lost]:
    """Each loss once: reading may tell what writing tells again."""
    return list(dict.fromkeys(lost))
