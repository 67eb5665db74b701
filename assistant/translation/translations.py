"""Everything that is done with translations: texts at once, documents one after the other, what is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from assistant.errors import NoModel
from assistant.translation import plain_text
from assistant.translation.jobs.records import DocumentChanged, TranslatedDocument
from assistant.translation.memory.records import PastText
from assistant.translation.records import (
    EngineChoice,
    Layout,
    Paragraph,
    ParagraphDone,
    SentencePair,
    TextTranslation,
    TranslatedParagraph,
    TranslationOptions,
)
from assistant.workers.run import Run, Steps

Listener = Callable[[DocumentChanged], None]


class ParagraphTranslator(Protocol):
    """What translates paragraphs; `translator.Translator` does."""

    def translate(
        self,
        steps: Steps,
        paragraphs: Sequence[Paragraph],
        options: TranslationOptions,
        on_report: Callable[[ParagraphDone], None] | None = None,
    ) -> tuple[TranslatedParagraph, ...]: ...


class Translations:
    """Any thread may call."""

    def __init__(self, engines: Callable[[], Sequence[EngineChoice]]) -> None:
        self._engines = engines
        self._translator: ParagraphTranslator = _StandIn()
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    # --- what there is

    def engines(self) -> tuple[EngineChoice, ...]:
        """The models that translate: those made for it, then the chat models."""
        return tuple(self._engines())

    def languages(self) -> tuple[str, ...]:
        """The languages that can be a target with the models that are here, by their English names."""
        return ("de", "en", "fr")

    # --- texts

    def translate(
        self,
        text: str,
        options: TranslationOptions,
        *,
        on_report: Callable[[ParagraphDone], None] | None = None,
    ) -> Run[TextTranslation]:
        """Translate a text, line by line.

        Its run fails with NoModel, another ModelError or a WorkerError. Cancel it when the text has changed:
        what it has translated until then is not paid for again.
        """

        def work(steps: Steps) -> TextTranslation:
            lines = plain_text.lines(text)
            paragraphs = [Paragraph(text[start:end]) for start, end in lines]
            done = self._translator.translate(steps, paragraphs, options, steps.report)
            return plain_text.joined(text, lines, done, lambda _: None)

        return Run.derived(work, on_report)

    def alternatives(self, sentence: str, options: TranslationOptions) -> Run[tuple[str, ...]]:
        """Other translations of a sentence, the best first.

        Its run fails as that of `translate`.
        """
        return Run.derived(lambda steps: (sentence,))

    def remember(self, translation: TextTranslation) -> PastText:
        """Keep a text in the history."""
        raise NotImplementedError

    def past_texts(self, search: str = "") -> tuple[PastText, ...]:
        """What was translated, the newest first."""
        return ()

    def forget_text(self, id: int) -> None:
        """Take a text out of the history."""

    # --- documents

    def add_documents(
        self,
        files: Sequence[Path],
        options: TranslationOptions,
        layout: Layout = Layout.TRANSLATION,
        *,
        output: Path | None = None,
    ) -> tuple[TranslatedDocument, ...]:
        """Have files translated, one after the other. Nothing that exists is overwritten.

        Args:
            output: of one file, the file to write; else a folder. None: beside each, under another name.

        Raises:
            NoModel: there is none that could do it.
        """
        raise NoModel("no-translation-model")

    def documents(self) -> tuple[TranslatedDocument, ...]:
        """All that are kept in the list, the newest first."""
        return ()

    def stop(self, ids: Sequence[int] | None = None) -> None:
        """Stop these, or all. What was translated of them is kept."""

    def resume(self, ids: Sequence[int]) -> None:
        """Go on with what stopped or failed."""

    def remove(self, id: int) -> None:
        """Take one off the list, stopped if need be; its files stay."""

    def wait(self, ids: Sequence[int], timeout: float | None = None) -> bool:
        """Wait until these are done, stopped or failed; false when the time is over."""
        return True

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have `listener` told of events, on threads of the program. Call what is returned to end that."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    def close(self) -> None:
        """Stop what is being translated; it can go on another time."""


class _StandIn:
    """Until the translator is there: every word backwards."""

    def translate(
        self,
        steps: Steps,
        paragraphs: Sequence[Paragraph],
        options: TranslationOptions,
        on_report: Callable[[ParagraphDone], None] | None = None,
    ) -> tuple[TranslatedParagraph, ...]:
        done = []
        for index, paragraph in enumerate(paragraphs):
            steps.token.raise_if_cancelled()
            text = " ".join(word[::-1] for word in paragraph.text.split())
            pair = SentencePair((0, len(paragraph.text)), (0, len(text)))
            done.append(TranslatedParagraph(paragraph.text, text, options.source or "en", (pair,)))
            if on_report is not None:
                on_report(ParagraphDone(index, done[-1], complete=True))
        return tuple(done)
