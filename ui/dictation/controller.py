"""Dictation for the whole window: one at a time, into whatever asked for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from assistant.errors import AssistantError, DiskFull, ModelError, NoModel
from assistant.speech.records import SpeechModelInfo
from ui.common import error_words
from ui.common.page_context import PageContext
from ui.common.translation import translate
from ui.dictation.microphone import Microphone, MicrophoneTrouble
from ui.dictation.sound import Level
from ui.dictation.take import Take
from ui.dictation.target import Target

TICK_MS = 500
"""How often it is looked whether nobody speaks any more."""


class DictationState(StrEnum):
    IDLE = "idle"
    LISTENING = "listening"
    FINISHING = "finishing"
    """The microphone is off; what was said last is still recognised."""


class Remedy(StrEnum):
    """Where a trouble is mended."""

    MODELS = "models"
    SETTINGS = "settings"
    AGAIN = "again"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing is written any more, and what can be done about it."""

    message: str
    hint: str
    remedy: Remedy
    no_model: bool = False


class DictationController(QObject):
    """`changed` tells of state, trouble and model; `level` and `seconds` are asked for while it listens."""

    changed = Signal()
    recorded = Signal()
    """The recordings that are kept are others than before."""
    starts_late = Signal()

    def __init__(
        self, context: PageContext, parent: QObject | None = None, microphone: Microphone | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self.microphone = microphone or Microphone(self)
        self.state = DictationState.IDLE
        self.trouble: Trouble | None = None
        """Of the last dictation; None once another one has begun."""
        self.info: SpeechModelInfo | None = None
        """The model that recognises; None until it is loaded."""
        self.speaking = False
        self.stopped_by_silence = False
        """The last dictation ended because nobody spoke."""
        self._take: Take | None = None
        self._target: Target | None = None
        self._last_text = ""
        self._silent_since: float | None = None
        """When somebody last spoke; None: it is not counted now."""
        self._before_phrase: float | None = None
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self._tick)
        microphone = self.microphone
        microphone.opened.connect(self._opened)
        microphone.heard.connect(self._heard)
        microphone.ended.connect(self._microphone_ended)
        microphone.failed.connect(self._microphone_failed)
        microphone.starts_late.connect(self.starts_late)

    # --- what is asked of it

    @property
    def target(self) -> Target | None:
        """What is written into now."""
        return self._target

    @property
    def loading(self) -> bool:
        """Whether sound is recorded that waits for the model."""
        return self.state is not DictationState.IDLE and self.info is None

    @property
    def seconds(self) -> float:
        return self._take.seconds if self._take is not None else 0.0

    @property
    def text(self) -> str:
        """What was dictated, in this dictation or, when none runs, in the last one."""
        return self._take.text if self._take is not None else self._last_text

    @property
    def recording(self) -> str:
        """The path of the recording that grows; "" for none."""
        return self._take.path if self._take is not None else ""

    def level(self) -> Level:
        return self.microphone.level() if self.state is DictationState.LISTENING else Level()

    # --- doing

    def toggle(self, target: Callable[[], Target]) -> None:
        """Stop what is dictated; else begin, into what `target` makes."""
        if self.state is DictationState.LISTENING:
            self.stop()
        elif self.state is DictationState.IDLE:
            self.start(target())

    def start(self, target: Target) -> bool:
        """Record from this moment on, and write into the target. False: it cannot begin now."""
        if self.state is not DictationState.IDLE or not self._context.ready_or_told():
            return False
        self.trouble = None
        self.info = None
        self.speaking = self.stopped_by_silence = False
        self._silent_since = None
        self._target = target
        take = self._take = Take(self._context, target, self)
        take.model_ready.connect(self._model_ready)
        take.speaking.connect(self._set_speaking)
        take.phrase_written.connect(self._phrase_written)
        take.not_recorded.connect(self._not_recorded)
        take.ended.connect(self._ended)
        self._set_state(DictationState.LISTENING)
        self.microphone.start(self._context.services.settings.speech.microphone)
        return self.state is not DictationState.IDLE

    def stop(self) -> None:
        """Listen no more. What was said is still recognised and written."""
        if self.state is DictationState.LISTENING:
            self._set_state(DictationState.FINISHING)
            self.microphone.stop()

    def escape(self) -> bool:
        """Stop listening; asked again, recognise no more. False if there was nothing to stop."""
        if self.state is DictationState.LISTENING:
            self.stop()
        elif self.state is DictationState.FINISHING and self._take is not None:
            self.microphone.stop_now()
            self._take.finish()
            self._take.cancel()
        else:
            return False
        return True

    def leave(self) -> None:
        """The window closes: what was said is brought to the disk, and recognised another time."""
        if self._take is not None and self.state is not DictationState.IDLE:
            self.microphone.stop_now()
            self._take.finish_now()
            self.state = DictationState.IDLE

    def dismiss_trouble(self) -> None:
        if self.trouble is not None:
            self.trouble = None
            self.changed.emit()

    # --- the microphone

    def _opened(self, rate: int, channels: int) -> None:
        if self._take is not None:
            self._take.begin(rate, channels)

    def _heard(self, samples: bytes) -> None:
        if self._take is not None:
            self._take.hear(samples)

    def _microphone_ended(self) -> None:
        if self._take is None:
            return
        if self._take.began:
            self._take.finish()
        else:
            self._ended(None)

    def _microphone_failed(self, trouble: MicrophoneTrouble) -> None:
        self.trouble = _microphone_trouble(trouble)
        if self._take is not None and self._take.began:
            self._set_state(DictationState.FINISHING)
            self._take.finish()
        else:
            self._ended(None)

    # --- the take

    def _model_ready(self, info: SpeechModelInfo) -> None:
        self.info = info
        self._silent_since = time.monotonic()
        self._ticks.start()
        self.changed.emit()

    def _set_speaking(self, speaking: bool) -> None:
        if speaking and not self.speaking:
            self._before_phrase, self._silent_since = self._silent_since, None
        elif not speaking and self._silent_since is None:
            self._silent_since = time.monotonic()
        if self.speaking != speaking:
            self.speaking = speaking
            self.changed.emit()

    def _phrase_written(self, text: str) -> None:
        if not text and self._before_phrase is not None:
            self._silent_since = self._before_phrase  # it was a noise

    def _tick(self) -> None:
        limit = self._context.services.settings.speech.silence_limit if self._context.ready else 0
        since = self._silent_since
        if self.state is DictationState.LISTENING and since is not None and time.monotonic() - since > limit:
            self.stopped_by_silence = True
            self.stop()

    def _not_recorded(self, error: AssistantError) -> None:
        self.trouble = _trouble(error)
        if self.state is DictationState.LISTENING:
            self.microphone.stop_now()
            self._set_state(DictationState.FINISHING)
            if self._take is not None:
                self._take.finish()

    def _ended(self, error: AssistantError | None) -> None:
        take, self._take = self._take, None
        self._ticks.stop()
        self.microphone.stop_now()
        self.speaking = False
        self._target = None
        if error is not None:
            self.trouble = _trouble(error)
        if take is not None:
            self._last_text = take.text
            if take.began and error is not None:
                take.finish()  # the recording is whole, and can be recognised again
            self._remember_language(take.language)
            take.deleteLater()
        self._set_state(DictationState.IDLE)
        self.recorded.emit()

    def _remember_language(self, language: str) -> None:
        if not language or not self._context.ready:
            return
        speech = self._context.services.settings.speech
        if speech.last_language != language:
            speech.last_language = language
            self._context.in_background(lambda services: services.save_settings())

    def _set_state(self, state: DictationState) -> None:
        self.state = state
        self.changed.emit()


def _trouble(error: AssistantError) -> Trouble:
    message, hint = error_words.message(error), error_words.hint(error)
    if isinstance(error, ModelError):
        return Trouble(message, hint, Remedy.MODELS, isinstance(error, NoModel))
    if isinstance(error, DiskFull):
        return Trouble(message, hint, Remedy.NONE)
    kept = translate("dictation", "What you said is kept below and can be recognised again.")
    return Trouble(message, f"{hint} {kept}".strip(), Remedy.AGAIN)


def _microphone_trouble(trouble: MicrophoneTrouble) -> Trouble:
    if trouble is MicrophoneTrouble.NONE_THERE:
        return Trouble(
            translate("dictation", "No microphone was found."),
            translate("dictation", "Plug one in, or turn it on in your system settings."),
            Remedy.AGAIN,
        )
    if trouble is MicrophoneTrouble.NOT_ALLOWED:
        return Trouble(
            translate("dictation", "This program is not allowed to use the microphone."),
            translate("dictation", "Allow it in your system's privacy settings."),
            Remedy.AGAIN,
        )
    if trouble is MicrophoneTrouble.NOT_OPENED:
        return Trouble(
            translate("dictation", "The microphone cannot be opened."),
            translate(
                "dictation",
                "Another program may be using it. Close that program, or choose another microphone.",
            ),
            Remedy.SETTINGS,
        )
    return Trouble(
        translate("dictation", "The microphone was disconnected."),
        translate("dictation", "What you said so far is kept. Plug it in again, or choose another one."),
        Remedy.SETTINGS,
    )
