"""One dictation from its sound to its text: kept on the disk first, then recognised while it grows.

A worker that crashes loses nothing: the recording is recognised again from its last final phrase on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from assistant.errors import AssistantError, NoModel, WorkerCrashed, WorkerUnresponsive
from assistant.speech.records import Decoding, LivePhrase, PhraseDone, SpeechBegan, SpeechModelInfo
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.dictation.target import Target

if TYPE_CHECKING:
    from assistant.services import Services
    from assistant.speech.audio.recording import Recording
    from assistant.speech.dictation.text import DictationText

SHORTEST = 1.0
"""Seconds of a recording that is kept though nothing was recognised in it; a shorter one was a slip."""

Report = SpeechBegan | LivePhrase | PhraseDone


@dataclass(frozen=True, slots=True)
class _Prepared:
    recording: Recording
    text: DictationText
    decoding: Decoding
    model: Path | None
    problem: AssistantError | None
    """Why there is no model."""


class Take(QObject):
    """Begins with the first sound that it hears, whatever is not ready yet."""

    model_ready = Signal(SpeechModelInfo)
    speaking = Signal(bool)
    """Somebody speaks, or has ended a phrase."""
    phrase_written = Signal(str)
    """What the phrase was in the end; "" where nothing was said."""
    not_recorded = Signal(object)
    """An AssistantError: nothing more can be kept. What was kept is still recognised."""
    ended = Signal(object)
    """All is recognised and inserted: None, or the AssistantError that recognition ended with."""

    def __init__(self, context: PageContext, target: Target, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._target = target
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._second = 1
        self._began = self._finished = False
        self._cancelled = False
        self._prepared: _Prepared | None = None
        self._dictation: DictationText | None = None
        self._following: Following[SpeechModelInfo] | None = None
        self._until = 0.0
        """Seconds up to which all phrases are final."""
        self._restarted_at = -1.0
        """The same, when recognition was last begun anew."""
        self._model = ""
        self.language = ""
        """That of the last phrase."""
        self.text = ""
        """All that was recognised, as it was inserted."""
        self.live_words = context.services.settings.speech.live_words

    @property
    def seconds(self) -> float:
        """How much was recorded."""
        return self._bytes / self._second

    @property
    def path(self) -> str:
        """Of its recording; "" before that is there."""
        return str(self._prepared.recording.path) if self._prepared is not None else ""

    @property
    def began(self) -> bool:
        """Whether the microphone was open."""
        return self._began

    # --- sound

    def begin(self, rate: int, channels: int) -> None:
        """The microphone is open."""
        self._began = True
        self._second = 2 * rate * channels
        before = self._target.before()
        tell = self._context.bridge.relay(self._disk_failed)

        def prepare(services: Services) -> _Prepared:
            recording = services.recordings.begin(rate, channels, tell)
            model, problem = None, None
            try:
                model = services.speech_model()
            except NoModel as error:
                problem = error
            text = services.dictation_text(before)
            return _Prepared(recording, text, services.decoding(), model, problem)

        self._context.in_background(prepare, self._begun, self._not_begun)

    def hear(self, samples: bytes) -> None:
        self._bytes += len(samples)
        if self._prepared is None:
            self._waiting.append(samples)
        else:
            self._prepared.recording.append(samples)

    def finish(self) -> None:
        """No more sound comes. `ended` follows once all of it is recognised."""
        self._finished = True
        if self._prepared is not None:
            self._context.bridge.in_background(self._prepared.recording.finish, lambda _: None)

    def finish_now(self) -> None:
        """The window closes: have all of it on the disk. It can be recognised at the next start."""
        self._cancelled = True
        if self._following is not None:
            self._following.cancel()
        if self._prepared is not None:
            self._prepared.recording.finish()
        self._target.end()

    def cancel(self) -> None:
        """Recognise no more; the recording stays."""
        self._cancelled = True
        if self._following is not None:
            self._following.cancel()
        self._end(None)

    # --- what it needs comes

    def _begun(self, prepared: _Prepared) -> None:
        self._prepared = prepared
        self._dictation = prepared.text
        for samples in self._waiting:
            prepared.recording.append(samples)
        self._waiting.clear()
        if self._finished or self._cancelled:
            self.finish()
        if self._cancelled:
            return
        if prepared.problem is not None:
            self._drop(prepared.problem)
        else:
            self._load()

    def _not_begun(self, error: AssistantError) -> None:
        self.not_recorded.emit(error)
        self._end(error)

    def _disk_failed(self, error: AssistantError) -> None:
        self.not_recorded.emit(error)

    # --- recognition

    def _load(self) -> None:
        assert self._prepared is not None
        assert self._prepared.model is not None
        model = self._prepared.model
        self._following = self._context.run(
            lambda services: services.speech.load(model), self._loaded, self._recognition_failed
        )

    def _loaded(self, info: SpeechModelInfo) -> None:
        self._model = info.name
        self.model_ready.emit(info)
        self._recognise()

    def _recognise(self) -> None:
        assert self._prepared is not None
        assert self._prepared.model is not None
        prepared, model, start = self._prepared, self._prepared.model, self._until
        report = self._context.bridge.relay(self._report)
        self._following = self._context.run(
            lambda services: services.speech.dictate(
                prepared.recording.path, model, prepared.decoding, start=start, on_report=report
            ),
            lambda _: self._end(None),
            self._recognition_failed,
        )

    def _recognition_failed(self, error: AssistantError) -> None:
        if self._cancelled:
            return
        again = isinstance(error, WorkerCrashed | WorkerUnresponsive) and self._until > self._restarted_at
        if not again:
            self._end(error)
            return
        self._restarted_at = self._until
        self._target.show_live("", "")
        self.speaking.emit(False)
        if self._model:
            self._recognise()
        else:
            self._load()

    def _report(self, report: Report) -> None:
        if self._cancelled:
            return
        if isinstance(report, SpeechBegan):
            self.speaking.emit(True)
        elif isinstance(report, LivePhrase):
            if self.live_words:
                self._target.show_live(report.stable, report.tail)
        elif report.end > self._until:
            self._until = report.end
            self._target.show_live("", "")
            if report.text:
                self.language = report.language
                self._write(report)
            self.speaking.emit(False)
            self.phrase_written.emit(report.text)

    def _write(self, phrase: PhraseDone) -> None:
        assert self._dictation is not None
        edit = self._dictation.phrase(phrase.text, phrase.language)
        if not self._target.apply(edit):
            # The person has changed what was dictated before: it stays as they have it.
            self._dictation = self._context.services.dictation_text(self._target.before())
            edit = self._dictation.phrase(phrase.text, phrase.language)
            self._target.apply(edit)
        kept = len(self.text) - edit.delete
        self.text = self.text[: max(0, kept)] + edit.insert

    # --- the end

    def _drop(self, error: AssistantError) -> None:
        """Nobody can recognise it: what was recorded until that was known is not kept."""
        assert self._prepared is not None
        self._cancelled = True
        recording = self._prepared.recording

        def drop(services: Services) -> None:
            recording.finish()
            services.recordings.delete(recording.path.stem)

        self._context.in_background(drop)
        self._end(error)

    def _end(self, error: AssistantError | None) -> None:
        self._target.end()
        prepared = self._prepared
        if prepared is None or self._cancelled or error is not None:
            self.ended.emit(error)
            return
        id, text, language, model = prepared.recording.path.stem, self.text, self.language, self._model
        slip = not text and self.seconds < SHORTEST

        def keep(services: Services) -> None:
            prepared.recording.finish()
            if slip:
                services.recordings.delete(id)
            else:
                services.recordings.set_text(id, text.strip(), language, model)

        self._context.in_background(keep, lambda _: self.ended.emit(None), self.ended.emit)
