"""A field is spoken into: what happens is said beside its button, what is in the way as a notice."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QPlainTextEdit

from ui.common.buttons_and_labels import Label
from ui.common.notices import Action, Notice, NoticeKind
from ui.common.page_context import PageContext
from ui.common.translation import translate
from ui.dictation.controller import DictationController, DictationState, Remedy, Trouble
from ui.dictation.microphone_button import MicrophoneButton
from ui.dictation.target import EditorTarget

REFRESH_MS = 250


class Spoken(Protocol):
    """What holds the field, a widget."""

    @property
    def field(self) -> QPlainTextEdit: ...

    @property
    def dictation(self) -> Label:
        """Says what happens."""
        ...

    @property
    def microphone(self) -> MicrophoneButton: ...

    def take_focus(self) -> None: ...


class FieldDictation(QObject):
    def __init__(self, dictation: DictationController, into: Spoken, context: PageContext) -> None:
        super().__init__(into.field)
        self._dictation = dictation
        self._into = into
        self._context = context
        self._told: Trouble | None = None
        self._mine = False
        """The dictation that is told of was begun here."""
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._show_level)
        dictation.changed.connect(self._show)
        self._show()

    def toggle(self) -> None:
        self._mine = True
        self._dictation.toggle(lambda: EditorTarget(self._into.field))
        self._into.take_focus()
        self._show()

    def stop(self) -> bool:
        """False if nothing was dictated into it."""
        return self._writes_here and self._dictation.escape()

    @property
    def _writes_here(self) -> bool:
        target = self._dictation.target
        return isinstance(target, EditorTarget) and target.editor is self._into.field

    def _show(self) -> None:
        here = self._writes_here
        listening = here and self._dictation.state is DictationState.LISTENING
        self._into.microphone.show_listening(listening)
        if listening:
            self._timer.start()
        else:
            self._timer.stop()
        self._show_level()
        trouble = self._dictation.trouble
        if trouble is None:
            self._told = None
        elif trouble is not self._told and self._mine and self._into.field.isVisible():
            self._told = trouble
            self._mine = False
            self._context.notices.show(
                Notice(NoticeKind.WARNING, trouble.message, trouble.hint, self._remedy(trouble))
            )

    def _show_level(self) -> None:
        dictation = self._dictation
        words = ""
        if self._writes_here and dictation.state is DictationState.FINISHING:
            words = translate("dictation", "Finishing…")
        elif self._writes_here and dictation.state is DictationState.LISTENING:
            level = dictation.level()
            if level.clipping:
                words = translate("dictation", "Too loud")
            elif level.silent:
                words = translate("dictation", "Nothing is heard")
            elif dictation.loading:
                words = translate("dictation", "Listening; the model is being loaded…")
            else:
                words = translate("dictation", "Listening…")
        self._into.dictation.setText(words)

    def _remedy(self, trouble: Trouble) -> Action | None:
        if trouble.remedy is Remedy.MODELS:
            return Action(translate("dictation", "Models"), lambda: self._context.page_wanted.emit("models"))
        if trouble.remedy is Remedy.SETTINGS:
            return Action(
                translate("dictation", "Settings"), lambda: self._context.page_wanted.emit("settings")
            )
        return None
