"""The big button, the level of the microphone, and in words what happens or what is in the way."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolButton, QWidget

from ui.common import quantities
from ui.common.buttons_and_labels import Button, Card, IconLabel, Label, restyle
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.screen_reader import announce
from ui.common.theme import theme
from ui.common.translation import arg, translate
from ui.dictation.controller import DictationController, DictationState, Remedy
from ui.dictation.level_meter import LevelMeter

SIDE = 72
"""Pixels of the big button."""
REFRESH_MS = 60
"""How often the level is shown anew, while it listens."""


class RecordButton(QToolButton):
    """Round; starts, and stops while it listens."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("record")
        self.setFixedSize(SIDE, SIDE)
        self.setIconSize(QSize(32, 32))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._listening = False
        self.show_state(DictationState.IDLE)
        theme().changed.connect(self._recolor)

    def show_state(self, state: DictationState) -> None:
        self._listening = state is DictationState.LISTENING
        words = (
            translate("dictation", "Stop dictating (Esc)")
            if self._listening
            else translate("dictation", "Dictate (Ctrl+Shift+Space)")
        )
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setEnabled(state is not DictationState.FINISHING)
        self.setProperty("on", "true" if self._listening else "false")
        restyle(self)
        self._recolor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _recolor(self) -> None:
        self.setIcon(theme().icon("stop-fill" if self._listening else "microphone", "on_accent"))


LATE_FOR = 5.0
"""Seconds of sound after which nobody waits for the microphone any more."""


class Recorder(Card):
    toggled = Signal()
    models_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, dictation: DictationController) -> None:
        super().__init__()
        self._dictation = dictation
        self._late = False
        self.button = RecordButton()
        self.button.clicked.connect(lambda: self.toggled.emit())
        self.status = Label("", "heading", wrap=True)
        self.time = Label("", "second")
        self.meter = LevelMeter()
        self.advice = Label("", "second", wrap=True)
        self._icon = IconLabel("warning-circle", "error")
        self._icon.hide()
        self.remedy = Button(translate("dictation", "Try again"), self._mend)
        self.remedy.hide()
        self.meter.hide()
        title = QWidget()
        hbox(self._icon, (self.status, 1), self.time, parent=title, spacing=8, margins=NO_MARGINS)
        words = vbox(1, title, self.meter, self.advice, 1, spacing=8)
        hbox(self.button, (words, 1), self.remedy, parent=self, spacing=20, margins=(20, 16, 20, 16))
        self.setMinimumHeight(SIDE + 34)
        self._refreshing = QTimer(self, interval=REFRESH_MS)
        self._refreshing.timeout.connect(self._show_level)
        dictation.changed.connect(self._show)
        dictation.starts_late.connect(self._starts_late)
        self._said = ""
        self._show()

    def _starts_late(self) -> None:
        self._late = True
        self._show()

    # --- what is shown

    def _show(self) -> None:
        dictation = self._dictation
        listening = dictation.state is DictationState.LISTENING
        trouble = dictation.trouble
        if dictation.state is DictationState.IDLE:
            self._late = False
        self.button.show_state(dictation.state)
        self._icon.setVisible(trouble is not None)
        self.status.setText(trouble.message if trouble is not None else self._status())
        self.status.setAccessibleName(self.status.text())
        self.meter.setVisible(listening)
        self.time.setVisible(dictation.state is not DictationState.IDLE)
        remedy = trouble.remedy if trouble is not None else Remedy.NONE
        words = {
            Remedy.MODELS: translate("dictation", "Models"),
            Remedy.SETTINGS: translate("dictation", "Choose a microphone"),
            Remedy.AGAIN: translate("dictation", "Try again"),
        }.get(remedy, "")
        if words:
            self.remedy.setText(words)
            self.remedy.setAccessibleName(words)
        self.remedy.setVisible(bool(words) and dictation.state is DictationState.IDLE)
        if listening:
            self._refreshing.start()
        else:
            self._refreshing.stop()
        self._show_level()
        if self.status.text() != self._said:
            self._said = self.status.text()
            announce(self, self._said)

    def _status(self) -> str:
        dictation = self._dictation
        if dictation.state is DictationState.LISTENING:
            return translate("dictation", "Listening")
        if dictation.state is DictationState.FINISHING:
            return translate("dictation", "Finishing…")
        if dictation.stopped_by_silence:
            return translate("dictation", "Stopped: nobody spoke")
        return translate("dictation", "Press the button and speak")

    def _show_level(self) -> None:
        level = self._dictation.level()
        self.meter.show_level(level)
        self.time.setText(quantities.clock(self._dictation.seconds))
        trouble = self._dictation.trouble
        kind = "second"
        if trouble is not None:
            advice = trouble.hint
        elif self._dictation.state is not DictationState.LISTENING:
            advice = (
                translate("dictation", "The microphone is off.")
                if self._dictation.state is DictationState.FINISHING
                else translate("dictation", "Text appears at the cursor. Nothing leaves this computer.")
            )
        elif level.clipping:
            kind, advice = "warn", translate("dictation", "Too loud: move back, or turn the microphone down.")
        elif level.silent:
            kind, advice = "warn", translate("dictation", "No sound: the microphone may be muted.")
        elif self._late and self._dictation.seconds < LATE_FOR:
            kind, advice = (
                "warn",
                translate(
                    "dictation", "This microphone starts late: wait until the bar moves before you speak."
                ),
            )
        elif self._dictation.loading:
            advice = translate("dictation", "The model is loading. What you say meanwhile is kept.")
        elif self._dictation.info is not None:
            advice = arg(translate("dictation", "Using %1"), self._dictation.info.name)
        else:
            advice = ""
        self.advice.set_kind(kind)
        if self.advice.text() != advice:
            self.advice.setText(advice)

    def _mend(self) -> None:
        trouble = self._dictation.trouble
        remedy = trouble.remedy if trouble is not None else Remedy.NONE
        if remedy is Remedy.MODELS:
            self.models_wanted.emit()
        elif remedy is Remedy.SETTINGS:
            self.settings_wanted.emit()
        else:
            self.toggled.emit()
