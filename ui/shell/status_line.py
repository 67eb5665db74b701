"""The line at the bottom: the guard, and the job that runs, with its end in sight and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from assistant.documents.embedder_records import EmbedderChange, EmbedderStatus, EmbedderStep
from assistant.documents.records import IndexingState, IndexingStatus
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
        self.bar.setAccessibleName(translate("shell", "Progress of reading"))
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

    @property
    def _paused(self) -> bool:
        return self._status is not None and self._status.state is IndexingState.PAUSED

    def _show_job(self) -> None:
        """New documents come first; a change of the model that searches goes on behind them."""
        status = self._status
        reads = status is not None and status.state is not IndexingState.IDLE
        if status is not None and reads and (status.documents_left > 0 or status.document is not None):
            self._show_reading(status)
        elif self._embedder is not None and self._embedder.change is not None:
            self._show_change(self._embedder.change)
            # The vectors of the active one itself are not given up.
            self.stop.setVisible(self._embedder.change.id != self._embedder.id)
        else:
            self._job.hide()

    def _show_reading(self, status: IndexingStatus) -> None:
        self._show(
            self._doing(status, self._paused),
            status.pages_done,
            status.pages or 0,
            None if status.document is None else status.seconds_left,
            held=status.notice is not None,
        )
        self.pause.setAccessibleName(
            translate("shell", "Resume reading") if self._paused else translate("shell", "Pause reading")
        )
        self.stop.setText(translate("shell", "Stop reading"))
        self.stop.setVisible(status.document is not None)
        self.stop.setAccessibleName(arg(translate("shell", "Stop reading %1"), formatting.name(status.title)))

    def _show_change(self, change: EmbedderChange) -> None:
        embeds = change.step is EmbedderStep.EMBEDDING
        self._show(
            _changing(change, self._paused),
            change.chunks_done if embeds else 0,
            change.chunks if embeds else 0,
            change.seconds_left,
            held=change.held is not None,
        )
        name = formatting.name(change.name)
        self.stop.setText(translate("shell", "Stop preparing"))
        pause = translate("shell", "Pause preparing to search with %1")
        go_on = translate("shell", "Resume preparing to search with %1")
        self.pause.setAccessibleName(arg(go_on if self._paused else pause, name))
        self.stop.setAccessibleName(arg(translate("shell", "Do not search with %1"), name))

    def _show(self, doing: str, done: int, total: int, seconds_left: float | None, *, held: bool) -> None:
        """`held`: it says why nothing goes on; how it begins matters most, and it gets the bar's room."""
        self._job.show()
        modes = Qt.TextElideMode
        self.doing.set_text(doing, modes.ElideRight if held else modes.ElideMiddle)
        _set_words(self.doing, "warn" if held else "second")
        self.bar.setRange(0, total)
        self.bar.setValue(min(done, total))
        self.bar.setVisible(total > 0 and not held)
        self.left.setText(arg(translate("shell", "%1 left"), quantities.duration(seconds_left or 0)))
        self.left.setVisible(seconds_left is not None and not self._paused and not held)
        self.pause.setText(translate("shell", "Resume") if self._paused else translate("shell", "Pause"))

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
        if others > 0:
            words.append(arg(translate("shell", "%1 more"), quantities.number(others)))
        return " · ".join(words)

    def _pause_or_resume(self) -> None:
        (self.resume_wanted if self._paused else self.pause_wanted).emit()

    def _stop(self) -> None:
        if self._status is not None and self._status.document is not None:
            self.stop_wanted.emit(self._status.document)
        else:
            self.embedder_stop_wanted.emit()


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
