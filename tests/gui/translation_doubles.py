"""A double of the translations at their seam: words turned round, runs and documents that a test moves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.translation.glossary.records import Term
from assistant.translation.jobs.records import DocumentChanged, DocumentState, TranslatedDocument
from assistant.translation.memory.records import MemoryKey, PastText, Remembered
from assistant.translation.records import (
    Concern,
    EngineChoice,
    Hop,
    Layout,
    ParagraphDone,
    Route,
    SentencePair,
    TextTranslation,
    TranslatedParagraph,
    TranslationOptions,
)

OPUS = EngineChoice("/models/opus-en-de", "OPUS-MT English to German", False, (("en", "de"), ("de", "en")))
NLLB = EngineChoice(
    "/models/nllb", "NLLB-200 600M", False, (), ("ar", "de", "en", "es", "fr", "he"),
    "CC-BY-NC-4.0", non_commercial=True,
)  # fmt: skip
CHAT = EngineChoice("/models/qwen.gguf", "Qwen3 4B", True)
CREATED = 1_760_000_000.0


class Glossary:
    def __init__(self) -> None:
        self.terms: tuple[Term, ...] = ()
        self.exported: list[Path] = []
        self.imported: list[Path] = []

    def set_terms(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)

    def import_file(self, path: Path) -> int:
        self.imported.append(path)
        self.terms += (Term("bank", "Ufer"),)
        return 1

    def export_file(self, path: Path) -> None:
        self.exported.append(path)


class Memory:
    def __init__(self) -> None:
        self.sentences = 12
        self.files: list[Path] = []
        self.kept: list[tuple[MemoryKey, Remembered]] = []

    def keep(self, entries: Sequence[tuple[MemoryKey, Remembered]]) -> None:
        self.kept += entries

    def import_tmx(self, path: Path) -> int:
        self.files.append(path)
        return 3

    def export_tmx(self, path: Path) -> None:
        self.files.append(path)

    def clear(self) -> None:
        self.sentences = 0

    def count(self) -> int:
        return self.sentences


class Translations:
    """What `queue` holds comes first: a TextTranslation, an error or a Pending that a test ends."""

    def __init__(self, pending: Callable[[], Any]) -> None:
        self._pending = pending
        self.here: tuple[EngineChoice, ...] = (OPUS,)
        self.targets: tuple[str, ...] = ("de", "en")
        self.queue: deque[Any] = deque()
        self.asked: list[tuple[str, TranslationOptions]] = []
        self.reports: list[Callable[[ParagraphDone], None]] = []
        self.runs: list[Any] = []
        self.others: tuple[str, ...] = ()
        """Alternatives for every sentence."""
        self.sentences: list[tuple[str, TranslationOptions]] = []
        self.glossary = Glossary()
        self.memory = Memory()
        self.past: list[PastText] = []
        self._kept = 0
        self.rows: dict[int, TranslatedDocument] = {}
        self.calls: list[tuple[str, Any]] = []
        self.paragraphs: tuple[TranslatedParagraph, ...] = ()
        """Of every document, those with sentences to look at."""
        self._listeners: list[Callable[[DocumentChanged], None]] = []

    # --- what a test does

    def put(self, *documents: TranslatedDocument) -> None:
        """Documents that are there, or change."""
        for document in documents:
            self.rows[document.id] = document
            self._tell(DocumentChanged(document.id, document))

    # --- what the window calls

    def engines(self) -> tuple[EngineChoice, ...]:
        return self.here

    def languages(self) -> tuple[str, ...]:
        return self.targets

    def translate(self, text: str, options: TranslationOptions, *, on_report: Any = None) -> Any:
        self.asked.append((text, options))
        self.reports.append(on_report)
        run = self._pending()
        self.runs.append(run)
        answer = self.queue.popleft() if self.queue else turned(text, options, self.here[0])
        if isinstance(answer, type(run)):
            self.runs[-1] = answer
            return answer
        return run.fail(answer) if isinstance(answer, Exception) else run.finish(answer)

    def alternatives(self, sentence: str, options: TranslationOptions) -> Any:
        self.sentences.append((sentence, options))
        return self._pending().finish(self.others)

    def remember(self, translation: TextTranslation) -> PastText:
        self._kept += 1
        past = PastText(
            self._kept,
            translation.source,
            translation.text,
            translation.language,
            translation.target,
            CREATED,
        )
        self.past.append(past)
        return past

    def past_texts(self, search: str = "") -> tuple[PastText, ...]:
        words = search.casefold()
        found = (each for each in reversed(self.past) if words in f"{each.source} {each.text}".casefold())
        return tuple(found)

    def forget_text(self, id: int) -> None:
        self.past = [each for each in self.past if each.id != id]

    def add_documents(
        self,
        files: Sequence[Path],
        options: TranslationOptions,
        layout: Layout = Layout.TRANSLATION,
        *,
        output: Path | None = None,
    ) -> tuple[TranslatedDocument, ...]:
        self.calls.append(("add", (tuple(map(str, files)), options, layout)))
        new = [
            document(max([0, *self.rows]) + number, str(file), options=options, layout=layout)
            for number, file in enumerate(files, 1)
        ]
        self.put(*new)
        return tuple(new)

    def take_transcript(
        self, transcript: int, form: str, options: TranslationOptions, output: Path
    ) -> TranslatedDocument:
        self.calls.append(("transcript", (transcript, form, options, output)))
        self.put(document(max([0, *self.rows]) + 1, f"/transcripts/{transcript}/talk.{form}"))
        return self.rows[max(self.rows)]

    def documents(self) -> tuple[TranslatedDocument, ...]:
        return tuple(sorted(self.rows.values(), key=lambda each: -each.id))

    def marked(self, id: int) -> tuple[TranslatedParagraph, ...]:
        return self.paragraphs

    def stop(self, ids: Sequence[int] | None = None) -> None:
        self.calls.append(("stop", ids))
        self.put(*(replace(self.rows[id], state=DocumentState.STOPPED) for id in ids or self.rows))

    def resume(self, ids: Sequence[int]) -> None:
        self.calls.append(("resume", ids))
        self.put(*(replace(self.rows[id], state=DocumentState.QUEUED) for id in ids))

    def remove(self, id: int) -> None:
        del self.rows[id]
        self._tell(DocumentChanged(id, None))

    def subscribe(self, listener: Callable[[DocumentChanged], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self, event: DocumentChanged) -> None:
        for listener in list(self._listeners):
            listener(event)


def document(id: int, path: str, **other: Any) -> TranslatedDocument:
    """Waits, unless said otherwise."""
    values: dict[str, Any] = {
        "output": "",
        "options": TranslationOptions("de"),
        "layout": Layout.TRANSLATION,
        "state": DocumentState.QUEUED,
        "created": CREATED,
        **other,
    }
    return TranslatedDocument(id, path, **values)


def turned(text: str, options: TranslationOptions, engine: EngineChoice) -> TextTranslation:
    """Each word the other way round, in English, sentences parted at ". "."""
    lines = []
    for line in text.splitlines():
        lines.append([(s, " ".join(word[::-1] for word in s.split())) for s in line.split(". ") if s.strip()])
    return of_pairs(lines, options.source or "en", options.target, engine)


def of_pairs(
    lines: Sequence[Sequence[tuple[str, str]]],
    language: str,
    target: str,
    engine: EngineChoice = OPUS,
    *,
    between: tuple[str, str] = (". ", ". "),
    concerns: dict[int, tuple[Concern, ...]] | None = None,
    pivot: str = "",
) -> TextTranslation:
    """A text from its lines, each of sentences with their translations.

    Args:
        between: what stands between two sentences of the source, and of the translation.
        concerns: of sentences by their numbers in the text.
    """
    paragraphs, places = [], []
    number = source_at = target_at = 0
    for pairs in lines:
        source, text, sentences = "", "", []
        for original, translated in pairs:
            if source:
                source, text = source + between[0], text + between[1]
            spans = (len(source), len(source) + len(original)), (len(text), len(text) + len(translated))
            sentences.append(SentencePair(*spans, (concerns or {}).get(number, ())))
            source, text = source + original, text + translated
            number += 1
        if sentences:
            paragraphs.append(TranslatedParagraph(source, text, language, tuple(sentences)))
            places.append((source_at, target_at))
        source_at, target_at = source_at + len(source) + 1, target_at + len(text) + 1
    by_line = iter(paragraphs)
    shown = [next(by_line) if pairs else TranslatedParagraph("", "", "und") for pairs in lines]
    hops = (
        (Hop(engine, language, pivot), Hop(engine, pivot, target))
        if pivot
        else (Hop(engine, language, target),)
    )
    return TextTranslation(
        "\n".join(each.source for each in shown),
        "\n".join(each.text for each in shown),
        tuple(paragraphs),
        tuple(places),
        language,
        Route(hops),
        target,
    )
