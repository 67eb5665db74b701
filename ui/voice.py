"""Reads aloud with the system's own voice, where it has one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtTextToSpeech import QTextToSpeech

log = logging.getLogger(__name__)

SILENT = frozenset({"mock"})
"""Engines of Qt that make no sound."""


class Voice(QObject):
    changed = Signal()
    """It has begun or ended to speak."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engines: list[str] | None = None
        self._speech: QTextToSpeech | None = None

    @property
    def available(self) -> bool:
        """Whether the system has a voice. Looked for once, when it is first asked."""
        if self._engines is None:
            try:
                from PySide6.QtTextToSpeech import QTextToSpeech
            except ImportError as error:  # a system without the library that it needs
                log.info("no reading aloud: %s", error)
                self._engines = []
            else:
                self._engines = [name for name in QTextToSpeech.availableEngines() if name not in SILENT]
        return bool(self._engines)

    @property
    def speaking(self) -> bool:
        return self._speech is not None and self._speech.state() is self._speech.State.Speaking

    def say(self, text: str) -> None:
        """Read it aloud, and stop reading what was read before."""
        if not self.available:
            return
        if self._speech is None:
            from PySide6.QtTextToSpeech import QTextToSpeech

            self._speech = QTextToSpeech(self._engines[0] if self._engines else "", self)
            self._speech.stateChanged.connect(lambda _: self.changed.emit())
        self._speech.stop()
        self._speech.say(text)

    def stop(self) -> None:
        if self._speech is not None:
            self._speech.stop()
