"""Documents and translations that are made up: a paragraph is a line, a sentence is a word."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.errors import AssistantError
from assistant.translation.records import (
    AnalysedParagraph,
    Concern,
    EngineChoice,
    ExtractedDocument,
    Flag,
    Hop,
    Layout,
    Lost,
    NotKept,
    Paragraph,
    Route,
    SentencePair,
    TranslatedParagraph,
    TranslationOptions,
    WrittenDocument,
)
from assistant.workers.run import Steps

LOST_READING = Lost(NotKept.MACROS)
LOST_WRITING = Lost(NotKept.LONG_LINE, "1", 2)


class ScriptedFiles:
    """Text files."""

    def __init__(self) -> None:
        self.extracted = 0
        self.failures: list[AssistantError] = []
        """Of reading, each once."""
        self.not_written: AssistantError | None = None
        self.while_written: Callable[[], object] = lambda: None

    def extract(self, steps: Steps, path: Path) -> ExtractedDocument:
        self.extracted += 1
        if self.failures:
            raise self.failures.pop(0)
        lines = path.read_text().splitlines()
        return ExtractedDocument("txt", tuple(map(Paragraph, lines)), lost=(LOST_READING,))

    def suffix(self, path: Path, document: ExtractedDocument, layout: Layout) -> str:
        return ".docx" if layout is Layout.BESIDE else path.suffix

    def write(
        self,
        steps: Steps,
        path: Path,
        output: Path,
        document: ExtractedDocument,
        translated: Sequence[TranslatedParagraph],
        target: str,
        layout: Layout,
    ) -> WrittenDocument:
        output.write_text("\n".join(each.text for each in translated))
        self.while_written()
        if self.not_written is not None:
            raise self.not_written
        return WrittenDocument(str(output), (LOST_READING, LOST_WRITING))


class ScriptedTranslating:
    """Capitals, a paragraph after the other. Those that begin with a number stay as they are, and those that
    begin with "!" should be looked at."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.crashes: dict[str, list[AssistantError]] = {}
        """By the paragraph before which the worker dies."""
        self.held_at = ""
        self.waits = threading.Event()
        self.may_pass = threading.Event()

    def analyse(
        self, steps: Steps, paragraphs: Sequence[Paragraph], options: TranslationOptions
    ) -> Sequence[AnalysedParagraph]:
        return [
            AnalysedParagraph(each.language or "en", tuple((0, 1) for _ in each.text.split()))
            for each in paragraphs
        ]

    def translate(
        self,
        steps: Steps,
        paragraphs: Sequence[Paragraph],
        analysed: Sequence[AnalysedParagraph],
        options: TranslationOptions,
        *,
        keep_at_end: bool,
    ) -> Sequence[TranslatedParagraph]:
        done = []
        for paragraph in paragraphs:
            text = paragraph.text
            if text == self.held_at:
                self.waits.set()
                while not self.may_pass.wait(0.01):
                    steps.token.raise_if_cancelled()
            steps.token.raise_if_cancelled()
            if self.crashes.get(text):
                raise self.crashes[text].pop()
            self.asked.append(text)
            made = text if text[:1].isdigit() else text.upper()
            concerns = (Concern(Flag.LENGTH),) if text.startswith("!") else ()
            pair = SentencePair((0, len(text)), (0, len(made)), concerns)
            done.append(TranslatedParagraph(text, made, "en", (pair,)))
        return done

    def route(self, language: str, options: TranslationOptions) -> Route | None:
        one = EngineChoice("/one", "one", chat=False)
        return Route((Hop(one, language, "en"), Hop(one, "en", options.target)))
