"""What is done with the recordings that are kept: recognised again, deleted, brought back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from assistant.errors import AssistantError
from assistant.models.files.records import ModelKind
from assistant.models.library.records import Installed
from assistant.speech.dictation.records import StoredRecording
from assistant.speech.records import LivePhrase, PhraseDone, SpeechBegan, SpeechModelInfo
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.translation import translate
from ui.common.undo_stack import UndoStack


@dataclass
class Recognition:
    """A recording that is recognised again."""

    seconds: float
    done: float = 0.0
    """Seconds."""
    phrases: list[PhraseDone] = field(default_factory=list)
    following: Following[SpeechModelInfo] | None = None


class RecordingActions(QObject):
    changed = Signal()
    """Of the recordings, or of one that is recognised."""

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.all: tuple[StoredRecording, ...] = ()
        """The newest first."""
        self.models: tuple[Installed, ...] = ()
        """Those for speech that are here."""
        self.running: dict[str, Recognition] = {}
        """By the recording's id."""
        self._undo: UndoStack[str] = UndoStack(context, self._restore)

    def load(self) -> None:
        self._context.in_background(lambda services: services.recordings.all(), self._loaded)
        self._context.in_background(
            lambda services: services.models.library.of_kind(ModelKind.SPEECH), self._models_found
        )

    def undo(self) -> bool:
        return self._undo.undo()

    def delete(self, recording: StoredRecording) -> None:
        self.stop(recording.id)
        self._context.in_background(
            lambda services: services.recordings.delete(recording.id),
            lambda _: self._deleted(recording.id),
        )

    # --- recognising again

    def recognise(self, recording: StoredRecording, model: str = "") -> None:
        """With the model in this folder; "" for the one that dictation uses."""
        if recording.id in self.running or not self._context.ready_or_told():
            return
        work = self.running[recording.id] = Recognition(recording.seconds)
        self.changed.emit()

        def found(folder: Path) -> None:
            report = self._context.bridge.relay(partial(self._reported, recording.id))
            work.following = self._context.run(
                lambda services: services.speech.dictate(
                    Path(recording.path), folder, services.decoding(), on_report=report
                ),
                lambda info: self._recognised(recording.id, info.name),
                lambda error: self._failed(recording.id, error),
            )

        self._context.in_background(
            lambda services: services.speech_model(model or None),
            found,
            lambda error: self._failed(recording.id, error),
        )

    def stop(self, id: str) -> None:
        work = self.running.pop(id, None)
        if work is not None:
            if work.following is not None:
                work.following.cancel()
            self.changed.emit()

    def _reported(self, id: str, report: SpeechBegan | LivePhrase | PhraseDone) -> None:
        work = self.running.get(id)
        if work is not None and isinstance(report, PhraseDone):
            work.phrases.append(report)
            work.done = report.end
            self.changed.emit()

    def _recognised(self, id: str, model: str) -> None:
        work = self.running.pop(id, None)
        if work is None or not self._context.ready:
            return
        text = self._context.services.dictation_text()
        language = ""
        for phrase in work.phrases:
            if phrase.text:
                text.phrase(phrase.text, phrase.language)
                language = phrase.language
        self._context.in_background(
            lambda services: services.recordings.set_text(id, text.text.strip(), language, model),
            lambda _: self.load(),
        )

    def _failed(self, id: str, error: AssistantError) -> None:
        self.running.pop(id, None)
        self.changed.emit()
        self._context.notices.error(error)

    # --- what comes back

    def _loaded(self, recordings: tuple[StoredRecording, ...]) -> None:
        self.all = recordings
        self.changed.emit()

    def _models_found(self, models: tuple[Installed, ...]) -> None:
        self.models = models
        self.changed.emit()

    def _deleted(self, id: str) -> None:
        self.all = tuple(each for each in self.all if each.id != id)
        self.changed.emit()
        self._undo.removed(id, translate("dictation", "The recording was deleted."))

    def _restore(self, id: str) -> None:
        self._context.in_background(lambda services: services.recordings.restore(id), lambda _: self.load())
