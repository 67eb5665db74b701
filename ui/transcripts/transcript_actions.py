"""What is done with transcripts: begun, stopped, gone on with, deleted and brought back; the list follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from assistant.errors import AssistantError, NoModel
from assistant.speech.records import RECORDING_SUFFIXES
from assistant.speech.transcripts.records import (
    SpeakersFound,
    TranscriptChanged,
    TranscriptGrew,
    TranscriptInfo,
)
from ui.common import formatting
from ui.common.dialogs import QuestionDialog
from ui.common.file_dialogs import Purpose, choose_files
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.common.undo_stack import UndoStack

if TYPE_CHECKING:
    from assistant.services import Services

GATHER_MS = 200
"""Changes that come one after the other are shown together."""


class TranscriptActions(QObject):
    changed = Signal()
    """Of the list, or of one in it."""
    transcript_changed = Signal(int)
    """Its state, or what it says so far."""
    speakers_found = Signal(SpeakersFound)
    begun = Signal()
    """Recordings were put into the queue."""

    def __init__(self, context: PageContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self.all: dict[int, TranscriptInfo] = {}
        """The newest first."""
        self.growth: dict[int, TranscriptGrew] = {}
        """Of those that are being transcribed: what came last."""
        self.loaded = False
        self.waiting_for_model: tuple[str, ...] = ()
        """Recordings that were given while there was no model."""
        self._undo: UndoStack[int] = UndoStack(context, self._restore)
        self._unsubscribe: Callable[[], None] | None = None
        self._subscribing = False
        self._heard = 0
        """Events so far."""
        self._last_heard: dict[int, int] = {}
        """For each transcript the last event that was of it."""
        self._touched: dict[int, None] = {}
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self._tell)

    def load(self) -> None:
        """The first time opens the transcripts."""
        if self._subscribing or not self._context.ready:
            return
        self._subscribing = self._unsubscribe is None
        tell = self._context.bridge.relay(self._happened)
        since = self._heard

        def load(services: Services) -> tuple[tuple[TranscriptInfo, ...], Callable[[], None] | None]:
            transcripts = services.transcripts
            unsubscribe = transcripts.subscribe(tell) if self._subscribing else None
            return transcripts.infos(), unsubscribe

        self._context.in_background(load, lambda found: self._loaded(*found, since), self._not_loaded)

    def leave(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    # --- doing

    def choose(self) -> None:
        pattern = " ".join(f"*{suffix}" for suffix in RECORDING_SUFFIXES)
        kinds = [f"{translate('transcripts', 'Recordings and videos')} ({pattern})"]
        title = translate("transcripts", "Transcribe recordings")
        choose_files(self._window, Purpose.RECORDINGS, title, self.transcribe, kinds)

    def transcribe(self, paths: Sequence[str]) -> None:
        """One after the other, by the settings. What was transcribed so already is simply there."""
        if not paths or not self._context.ready_or_told():
            return
        self.load()
        files = [Path(path) for path in paths]
        since = self._heard

        def begin(services: Services) -> tuple[TranscriptInfo, ...]:
            transcripts = services.transcripts
            model, decoding, speakers = (
                services.speech_model(), services.decoding(), services.speakers_wanted()
            )  # fmt: skip
            infos = transcripts.transcribe(files, model, decoding, speakers=speakers)
            return tuple(transcripts.info(info.id) for info in infos)  # they are queued since

        def begun(infos: tuple[TranscriptInfo, ...]) -> None:
            self.waiting_for_model = ()
            found = self._newest(infos, since)
            self.all = found | self.all | found
            self.begun.emit()
            self.changed.emit()

        def refused(error: AssistantError) -> None:
            if isinstance(error, NoModel):
                self.waiting_for_model = tuple(dict.fromkeys((*self.waiting_for_model, *paths)))
                self.changed.emit()
            else:
                self._context.notices.error(error)

        self._context.in_background(begin, begun, refused)

    def model_came(self) -> None:
        """What waited for a model goes on."""
        if self.waiting_for_model:
            self.transcribe(self.waiting_for_model)

    def resume(self, id: int) -> None:
        self._do(lambda services: services.transcripts.resume([id]))

    def stop(self, id: int) -> None:
        self._do(lambda services: services.transcripts.stop([id]))

    def find_speakers(self, id: int, count: int) -> None:
        """`count`: how many speak; 0 has it found out."""
        self._do(lambda services: services.find_speakers(id, count))

    def rename(self, info: TranscriptInfo) -> None:
        QuestionDialog(
            self._window,
            translate("transcripts", "Rename"),
            translate("transcripts", "Citations and exports use this name. The recording keeps its own."),
            translate("transcripts", "Rename"),
            translate("transcripts", "Name of the transcript"),
            lambda name: self._do(lambda services: services.transcripts.rename(info.id, name)),
            value=info.title,
        ).open()

    def delete(self, info: TranscriptInfo) -> None:
        message = translate("transcripts", "The transcript was deleted. The recording itself was not.")
        self._context.in_background(
            lambda services: services.transcripts.delete(info.id),
            lambda _: self._undo.removed(info.id, message),
        )

    def undo(self) -> bool:
        return self._undo.undo()

    # --- what comes back

    def _loaded(
        self, infos: Sequence[TranscriptInfo], unsubscribe: Callable[[], None] | None, since: int
    ) -> None:
        self._subscribing = False
        self._unsubscribe = unsubscribe or self._unsubscribe
        self.loaded = True
        read = self._newest(infos, since)
        begun = {id: info for id, info in self.all.items() if self._last_heard.get(id, 0) > since}
        self.all = {id: info for id, info in begun.items() if id not in read} | read
        self.changed.emit()

    def _newest(self, read: Sequence[TranscriptInfo], since: int) -> dict[int, TranscriptInfo]:
        """What was read, except where an event told something newer after number `since`."""
        told = {info.id for info in read if self._last_heard.get(info.id, 0) > since}
        newest = ((info.id, self.all.get(info.id) if info.id in told else info) for info in read)
        return {id: info for id, info in newest if info is not None}

    def _not_loaded(self, error: AssistantError) -> None:
        self._subscribing = False
        self._context.notices.error(error)

    def _happened(self, event: TranscriptChanged | TranscriptGrew | SpeakersFound) -> None:
        if isinstance(event, SpeakersFound):
            self.speakers_found.emit(event)
            return
        self._heard += 1
        if isinstance(event, TranscriptGrew):
            self.growth[event.id] = event
            self._touch(event.id)
            return
        self._last_heard[event.id] = self._heard
        if event.info is None:
            self.all.pop(event.id, None)
        else:
            self.growth.pop(event.id, None)
            fresh = {} if event.id in self.all else {event.id: event.info}
            self.all = fresh | self.all | {event.id: event.info}
        self._touch(event.id)

    def _touch(self, id: int) -> None:
        self._touched[id] = None
        if not self._gather.isActive():
            self._gather.start()

    def _tell(self) -> None:
        touched, self._touched = self._touched, {}
        self.changed.emit()
        for id in touched:
            self.transcript_changed.emit(id)

    def _restore(self, id: int) -> None:
        def restored(info: TranscriptInfo) -> None:
            self._context.notices.say(arg(translate("transcripts", "“%1” was restored."), title(info)))
            self.load()

        self._context.in_background(lambda services: services.transcripts.undelete(id), restored)

    def _do(self, work: Callable[[Services], object]) -> None:
        if self._context.ready_or_told():
            self._context.in_background(work)


def title(info: TranscriptInfo) -> str:
    return formatting.name(info.title)


def share(info: TranscriptInfo, growth: TranscriptGrew | None) -> float | None:
    """How much of it is transcribed; None while its length is not known."""
    done = growth.done_until if growth is not None else info.done_until
    total = growth.duration if growth is not None else info.duration
    return min(1.0, done / total) if total else None
