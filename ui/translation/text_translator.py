"""A text is translated while it is written: what has come, what is under way, what is in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from assistant.errors import AssistantError
from assistant.translation.memory.records import MemoryKey, PastText, Remembered
from assistant.translation.records import ParagraphDone, TextTranslation, TranslationOptions
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.throttle import Throttle
from ui.translation.language_menus import UNKNOWN
from ui.translation.sentences import GrowingText, Sentence, with_sentence

if TYPE_CHECKING:
    from assistant.services import Services

PAUSE_MS = 400
"""So long nobody types before a text is translated."""
PAUSE_FOR_CHAT_MS = 1000
"""The same for a chat model, which takes the whole processor."""
LIVE_UNTIL = 5000
"""Characters of a text that is translated by itself; a longer one when the person says so."""
MOST = 200_000
"""Characters of a text; more is a document."""
SETTLED_MS = 4000
"""So long a text stays as it is before the history keeps it."""


class TextTranslator(QObject):
    changed = Signal()
    """What is under way, what came of it, or why it did not."""
    grew = Signal(str)
    """The translation as far as it is there."""
    done = Signal()
    """It has come to its end."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._context = context
        self.source = ""
        self.options = TranslationOptions("")
        self.result: TextTranslation | None = None
        """Of `source` by `options`; None until it is there."""
        self.problem: AssistantError | None = None
        self.detected = ""
        """The language of most of the source."""
        self.slow = False
        """A chat model translates."""
        self._last: tuple[TextTranslation, TranslationOptions] | None = None
        self._following: Following[TextTranslation] | None = None
        self._throttle: Throttle | None = None
        self._growing = GrowingText("")
        self._kept: TextTranslation | None = None
        """What was given to the history last."""
        self._entry: PastText | None = None
        """What that keeps of the text that is being written."""
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self.translate)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self.remember)

    # --- what is asked of it

    @property
    def running(self) -> bool:
        return self._following is not None

    @property
    def coming(self) -> bool:
        """A translation is under way, or will be when nobody types any more."""
        return self.running or self._pause.isActive()

    @property
    def waits(self) -> bool:
        """The text is too long to be translated without being asked for, and was not yet."""
        return bool(self.source.strip()) and not self._live and not self.running and self.result is None

    @property
    def too_long(self) -> bool:
        return len(self.source) > MOST

    def take(self, source: str, options: TranslationOptions, *, at_once: bool = False) -> None:
        """The text or the options have changed."""
        if source == self.source and options == self.options:
            return
        self._end()
        another = not _goes_on(self.source, source)
        if another:
            self.remember()
            self._entry = None
        if another or options.target != self.options.target:
            self._last = None
            self.grew.emit("")  # what stands there is the translation of something else
        self.source, self.options = source, options
        self.result, self.problem = None, None
        if not source.strip():
            self._last, self.detected = None, ""
        elif options.target and not self.too_long and (at_once or self._live):
            self._pause.start(0 if at_once else PAUSE_FOR_CHAT_MS if self.slow else PAUSE_MS)
        self.changed.emit()

    def translate(self) -> None:
        self._end()
        if not self._context.ready or not self.options.target or not self.source.strip() or self.too_long:
            return
        self._growing = self._begun()
        throttle = self._throttle = Throttle(self._context.bridge, self._take_reports)
        text, options = self.source, self.options
        self.result, self.problem = None, None
        self._following = self._context.run(
            lambda services: services.translations.translate(text, options, on_report=throttle.put),
            self._done,
            self._failed,
        )
        self.changed.emit()

    def stop(self) -> bool:
        """False if nothing was under way."""
        coming = self.coming
        if coming and not self.running:
            self._growing = self._begun()
        self._end()
        if coming:
            self._show_begun()
        return coming

    def choose(self, sentence: Sentence, text: str) -> None:
        """Another translation of a sentence is the right one, now and when it comes again."""
        if self.result is None:
            return
        self._show(with_sentence(self.result, sentence, text))
        language = self.result.paragraphs[sentence.paragraph].language
        if self.options.use_memory:
            key = MemoryKey(sentence.source_text, language, self.options.target, "")
            chosen = [(key, Remembered(text, edited=True))]
            self._context.in_background(lambda services: services.translations.memory.keep(chosen))

    def remember(self) -> None:
        """Keep the text in the history, in the place of what was kept while it was written."""

        def kept(entry: PastText) -> None:
            if _goes_on(entry.source, self.source):
                self._entry = entry

        if (keep := self._to_keep()) is not None:
            self._context.in_background(keep, kept)

    def leave(self) -> None:
        """The window closes: what was translated is in the history before that."""
        self.stop()
        if (keep := self._to_keep()) is not None:
            with suppress(AssistantError):
                keep(self._context.services)

    def _to_keep(self) -> Callable[[Services], PastText] | None:
        """What keeps the text; None where there is nothing new."""
        self._settled.stop()
        result, entry = self.result, self._entry
        if result is None or result is self._kept or not self._context.ready:
            return None
        self._kept = result

        def keep(services: Services) -> PastText:
            kept = services.translations.remember(result)
            if entry is not None and entry.id != kept.id:
                services.translations.forget_text(entry.id)
            return kept

        return keep

    # --- what comes back

    @property
    def _live(self) -> bool:
        return len(self.source) <= LIVE_UNTIL

    def _take_reports(self, reports: Sequence[object]) -> None:
        for report in reports:
            if isinstance(report, ParagraphDone):
                self._growing.take(report)
        found = Counter(self._growing.languages.values())
        for unknown in UNKNOWN:
            found.pop(unknown, None)
        if found and (language := found.most_common(1)[0][0]) != self.detected:
            self.detected = language
            self.changed.emit()
        self.grew.emit(self._growing.text())

    def _done(self, result: TextTranslation) -> None:
        self._end()
        self.detected = result.language
        self._show(result)
        self.done.emit()

    def _show(self, result: TextTranslation) -> None:
        self.result = result
        self._last = (result, self.options)
        self._settled.start()
        self.grew.emit(result.text)
        self.changed.emit()

    def _failed(self, error: AssistantError) -> None:
        self._end()
        self.problem = error
        self._show_begun()

    def _begun(self) -> GrowingText:
        """The text before anything of it has come: with the lines that are known from the last time."""
        before = self._last[0] if self._last is not None and self._last[1] == self.options else None
        return GrowingText(self.source, before)

    def _show_begun(self) -> None:
        """It goes no further: what stood there before, of another text, is not taken for its translation."""
        self.grew.emit(self._growing.text())
        self.changed.emit()

    def _end(self) -> None:
        """Nothing of what is under way is wanted any more."""
        self._pause.stop()
        self._settled.stop()
        if self._throttle is not None:
            self._throttle.close()
            self._throttle.deleteLater()
            self._throttle = None
        if self._following is not None:
            self._following.cancel()
            self._following = None


def resolved(options: TranslationOptions, language: str) -> TranslationOptions:
    """The options for one sentence, whose language is known."""
    return options if language in UNKNOWN else replace(options, source=language)


def _goes_on(old: str, new: str) -> bool:
    """Whether the one text became the other by writing on it."""
    half = max(1, min(len(old), len(new)) // 2)
    return bool(old and new) and (old[:half] == new[:half] or old[-half:] == new[-half:])
