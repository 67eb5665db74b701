"""The line at the bottom: the guard, and the job that runs, with its end in sight and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from assistant.documents.embedder_records import EmbedderChange, EmbedderStatus, EmbedderStep
from assistant.documents.event_records import IndexingState, IndexingStatus
from ui.common import error_words, formatting, quantities
from ui.common.buttons_and_labels import Button, ElidedLabel, Label, restyle
from ui.common.layouts import NO_MARGINS, hbox
from ui.common.translation import QT_TRANSLATE_NOOP, arg, translate, translate_marked
from ui.embedders import descriptions

GUARD_WORDS = {
    "": ("shield-slash", "text2", QT_TRANSLATE_NOOP("shell", "checking the network guard…")),
    "kernel": ("shield-check-fill", "accent", QT_TRANSLATE_NOOP("shell", "offline, enforced")),
    "python": ("shield-check", "accent", QT_TRANSLATE_NOOP("shell", "offline, enforced by the program")),
    "none": ("shield-warning", "warn", QT_TRANSLATE_NOOP("shell", "offline is not enforced here")),
}
"""Icon, its colour, and words for each level of the network guard; "" is not known yet."""


@dataclass(frozen=True, slots=True)
class Job:
    """What takes long, as it is told: one at a time is shown."""

    doing: str
    stop_words: str
    """On the button."""
    stop_name: str
    """The same for a screen reader, with what is stopped."""
    stop: Callable[[], object] | None
    """None: it cannot be stopped now."""
    done: int = 0
    total: int = 0
    """0: how much there is to do is not known."""
    seconds_left: float | None = None
    held: bool = False
    """`doing` says why nothing goes on; how it begins matters most, and it gets the bar's room."""
    pause: Callable[[], object] | None = None
    """Pauses it or, where it is paused, resumes it; None: it cannot be paused."""
    pause_name: str = ""
    """Of that button, for a screen reader."""
    paused: bool = False


def with_others(doing: str, others: int) -> str:
    """What is done, and how many others wait behind it."""
    if others <= 0:
        return doing
    return f"{doing} · {arg(translate('shell', '%1 more'), quantities.number(others))}"


class StatusLine(QFrame):
    proof_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal(int)
    """The document that is being read."""
    shortcuts_wanted = Signal()
    embedder_stop_wanted = Signal()
    """The change to another model that searches."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setFixedHeight(36)
        self.shield = Button("", self.proof_wanted.emit, kind="quiet", icon="shield-slash")
        self.note = ElidedLabel("", "second", Qt.TextElideMode.ElideRight)
        self.doing = ElidedLabel("", "second")
        self.doing.set_side(Qt.AlignmentFlag.AlignRight)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(96)
        self.bar.setAccessibleName(translate("shell", "Progress"))
        self.left = Label("", "second")
        self.pause = Button(translate("shell", "Pause"), self._pause_or_resume, kind="quiet")
        self.stop = Button(translate("shell", "Stop reading"), self._stop, kind="quiet")
        self._job = QWidget()
        hbox(
            (self.doing, 1),
            self.bar,
            self.left,
            self.pause,
            self.stop,
            parent=self._job,
            spacing=8,
            margins=NO_MARGINS,
        )
        self.shortcuts = Button("?", self.shortcuts_wanted.emit, kind="quiet")
        self.shortcuts.setAccessibleName(translate("shell", "Keyboard shortcuts"))
        self.shortcuts.setToolTip(translate("shell", "Keyboard shortcuts (F1)"))
        row = (self.shield, (self.note, 1), (self._job, 3), self.shortcuts)
        hbox(*row, parent=self, spacing=8, margins=(8, 0, 12, 0))
        self._status: IndexingStatus | None = None
        self._embedder: EmbedderStatus | None = None
        self._dictation: Job | None = None
        self._transcription: Job | None = None
        self._translation: Job | None = None
        self._recognition: Job | None = None
        self._shown: Job | None = None
        self.show_guard("")
        self._job.hide()

    def show_guard(self, level: str) -> None:
        icon, token, words = GUARD_WORDS.get(level, GUARD_WORDS["none"])
        text = translate_marked("shell", words)
        self.shield.set_icon(icon, token)
        self.shield.setText(text)
        self.shield.setAccessibleName(arg(translate("shell", "Network: %1. Show the proof"), text))
        self.shield.setToolTip(translate("shell", "Show the proof"))

    def show_note(self, note: str, kind: str = "second") -> None:
        self.note.set_text(note)
        _set_words(self.note, kind)

    def show_indexing(self, status: IndexingStatus) -> None:
        self._status = status
        self._show_job()

    def show_embedder(self, status: EmbedderStatus) -> None:
        self._embedder = status
        self._show_job()

    def show_dictation(self, job: Job | None) -> None:
        self._dictation = job
        self._show_job()

    def show_transcription(self, job: Job | None) -> None:
        self._transcription = job
        self._show_job()

    def show_translation(self, job: Job | None) -> None:
        self._translation = job
        self._show_job()

    def show_recognition(self, job: Job | None) -> None:
        self._recognition = job
        self._show_job()

    @property
    def _paused(self) -> bool:
        return self._status is not None and self._status.state is IndexingState.PAUSED

    def _show_job(self) -> None:
        job = self._most_important()
        self._shown = job
        self._job.setVisible(job is not None)
        if job is not None:
            self._show(job)

    def _most_important(self) -> Job | None:
        """A microphone that is on comes first; a change of the model that searches goes on behind all."""
        status, embedder = self._status, self._embedder
        reads = status is not None and status.state is not IndexingState.IDLE
        if self._dictation is not None:
            return self._dictation
        if status is not None and reads and (status.documents_left > 0 or status.document is not None):
            return self._reading(status)
        if self._transcription is not None:
            return self._transcription
        if self._translation is not None:
            return self._translation
        if self._recognition is not None:
            return self._recognition
        if embedder is not None and embedder.change is not None:
            return self._changing(embedder, embedder.change)
        return None

    def _reading(self, status: IndexingStatus) -> Job:
        document = status.document
        return Job(
            self._doing(status, self._paused),
            translate("shell", "Stop reading"),
            arg(translate("shell", "Stop reading %1"), formatting.name(status.title)),
            None if document is None else lambda: self.stop_wanted.emit(document),
            status.pages_done,
            status.pages or 0,
            None if document is None else status.seconds_left,
            held=status.notice is not None,
            pause=self._pause_or_resume_reading,
            pause_name=translate("shell", "Resume reading")
            if self._paused
            else translate("shell", "Pause reading"),
            paused=self._paused,
        )

    def _changing(self, status: EmbedderStatus, change: EmbedderChange) -> Job:
        embeds = change.step is EmbedderStep.EMBEDDING
        name = formatting.name(change.name)
        pause = translate("shell", "Pause preparing to search with %1")
        go_on = translate("shell", "Resume preparing to search with %1")
        return Job(
            _changing(change, self._paused),
            translate("shell", "Stop preparing"),
            arg(translate("shell", "Do not search with %1"), name),
            # The vectors of the active one itself are not given up.
            self.embedder_stop_wanted.emit if change.id != status.id else None,
            change.chunks_done if embeds else 0,
            change.chunks if embeds else 0,
            change.seconds_left,
            held=change.held is not None,
            pause=self._pause_or_resume_reading,
            pause_name=arg(go_on if self._paused else pause, name),
            paused=self._paused,
        )

    def _show(self, job: Job) -> None:
        modes = Qt.TextElideMode
        self.doing.set_text(job.doing, modes.ElideRight if job.held else modes.ElideMiddle)
        _set_words(self.doing, "warn" if job.held else "second")
        self.bar.setRange(0, job.total)
        self.bar.setValue(min(job.done, job.total))
        self.bar.setVisible(job.total > 0 and not job.held)
        self.left.setText(arg(translate("shell", "%1 left"), quantities.duration(job.seconds_left or 0)))
        self.left.setVisible(job.seconds_left is not None and not job.paused and not job.held)
        self.pause.setText(translate("shell", "Resume") if job.paused else translate("shell", "Pause"))
        self.pause.setAccessibleName(job.pause_name)
        self.pause.setVisible(job.pause is not None)
        self.stop.setText(job.stop_words)
        self.stop.setAccessibleName(job.stop_name)
        self.stop.setVisible(job.stop is not None)

    @staticmethod
    def _doing(status: IndexingStatus, paused: bool) -> str:
        if status.notice is not None:
            return formatting.one_line(error_words.both(status.notice))
        if status.own_left <= 0:
            handbook = translate("shell", "Reading the handbook")
            return translate("shell", "Paused · the handbook") if paused else handbook
        if not status.title or status.builtin:
            waiting = status.own_left
            if paused:
                return translate("shell", "Paused · %n document(s) waiting", None, waiting)
            return translate("shell", "%n document(s) waiting", None, waiting)
        doing = translate("shell", "Paused · %1") if paused else translate("shell", "Reading · %1")
        words = [arg(doing, formatting.isolate(formatting.name(status.title)))]
        if status.pages:
            done, pages = quantities.number(status.pages_done), quantities.number(status.pages)
            words.append(arg(translate("shell", "%1 of %2"), done, pages))
        others = status.own_left - (1 if status.document is not None else 0)
        return with_others(" · ".join(words), others)

    def _pause_or_resume(self) -> None:
        if self._shown is not None and self._shown.pause is not None:
            self._shown.pause()

    def _pause_or_resume_reading(self) -> None:
        (self.resume_wanted if self._paused else self.pause_wanted).emit()

    def _stop(self) -> None:
        if self._shown is not None and self._shown.stop is not None:
            self._shown.stop()


def _set_words(label: QWidget, kind: str) -> None:
    if label.property("words") != kind:
        label.setProperty("words", kind)
        restyle(label)


def _changing(change: EmbedderChange, paused: bool) -> str:
    """ "Preparing to search with “Multilingual E5 small” · 42 %"."""
    if change.held is not None:
        return formatting.one_line(error_words.both(change.held))
    text = translate("shell", "Preparing to search with “%1”")
    if paused:
        text = translate("shell", "Paused · preparing to search with “%1”")
    words = [arg(text, formatting.isolate(formatting.name(change.name)))]
    if (percent := descriptions.percent(change)) is not None:
        words.append(arg(translate("shell", "%1 %"), percent))
    return " · ".join(words)
