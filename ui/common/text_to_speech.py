"""Reads aloud with the system's own voice, where it has one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtTextToSpeech import QTextToSpeech

log = logging.getLogger(__name__)

SILENT = frozenset({"mock"})
"""Engines of Qt that make no sound."""


def engines() -> list[str]:
    """The system's voices that Qt can use. Looking for them takes a moment: not on the GUI thread."""
    try:
        from PySide6.QtTextToSpeech import QTextToSpeech
    except ImportError as error:  # a system without the library that it needs
        log.info("no reading aloud: %s", error)
        return []
    return [name for name in QTextToSpeech.availableEngines() if name not in SILENT]


class TextToSpeech(QObject):
    changed = Signal()
    """It has begun or ended to speak, or been found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engines: list[str] = []
        self._speech: QTextToSpeech | None = None

    @property
    def available(self) -> bool:
        """Whether the system has a voice."""
        return bool(self._engines)

    def use(self, engines: list[str]) -> None:
        """What `engines` has found."""
        self._engines = list(engines)
        self.changed.emit()

    @property
    def speaking(self) -> bool:
        return self._speech is not None and self._speech.state() is self._speech.State.Speaking

    def say(self, text: str, language: str = "") -> None:
        """Read it aloud, and stop reading what was read before.

        Args:
            language: ISO 639-1; where the system has a voice for it, that reads. "": the usual voice.
        """
        if not self.available:
            return
        if self._speech is None:
            from PySide6.QtTextToSpeech import QTextToSpeech

            self._speech = QTextToSpeech(self._engines[0], self)
            self._speech.stateChanged.connect(lambda _: self.changed.emit())
        self._speech.stop()
        if language:
            self._speak(QLocale(language).language())
        self._speech.say(text)

    def _speak(self, language: QLocale.Language) -> None:
        assert self._speech is not None
        if self._speech.locale().language() != language:
            voices = (each for each in self._speech.availableLocales() if each.language() == language)
            if (voice := next(voices, None)) is not None:
                self._speech.setLocale(voice)

    def stop(self) -> None:
        if self._speech is not None:
            self._speech.stop()
