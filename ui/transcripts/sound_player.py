"""Plays the sound of a file from any moment on; QtMultimedia is loaded with the first one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Signal

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaPlayer

TICK_MS = 50
"""How often it is asked what is heard: Qt's own signal comes ten times a second at most."""
SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
STEP = 3.0
"""Seconds back or forth."""


class SoundPlayer(QObject):
    changed = Signal()
    """It plays or pauses, at another speed, or another file."""
    heard = Signal(float)
    """The moment, in seconds, many times a second while it plays, and where it was moved to."""
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = ""
        self.playing = False
        self.speed = 1.0
        self.seconds = 0.0
        self._wanted = 0.0
        """Where it was moved to last."""
        self._until: float | None = None
        self._player: QMediaPlayer | None = None
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self._tick)

    def open(self, path: str) -> None:
        """Nothing is read before it plays."""
        self.close()
        self.path = path
        self.changed.emit()

    def close(self) -> None:
        """Let go of the file."""
        self.pause()
        if self._player is not None:
            self._player.setSource(QUrl())
        self.path, self.seconds = "", 0.0

    @property
    def there(self) -> bool:
        return bool(self.path) and Path(self.path).is_file()

    def toggle(self) -> None:
        if self.playing:
            self.pause()
        else:
            self.play()

    def play(self, seconds: float | None = None, until: float | None = None) -> None:
        """On from where it is, or from a moment; up to another one, if there is one."""
        if not self.there:
            self.pause()
            self.failed.emit("")
            return
        player = self._ready()
        if seconds is not None:
            self._move(seconds)
        self._until = until
        player.play()
        self.playing = True
        self._ticks.start()
        self.changed.emit()

    def pause(self) -> None:
        self._until = None
        self._ticks.stop()
        if self.playing and self._player is not None:
            self._player.pause()
            self.playing = False
            self.changed.emit()

    def seek(self, seconds: float) -> None:
        self._until = None
        self._move(max(0.0, seconds))
        self.heard.emit(self.seconds)

    def step(self, by: float) -> None:
        """So many seconds forth, or back."""
        self.seek(self.seconds + by)

    def change_speed(self, by: int) -> None:
        """To the next one of SPEEDS, or the one before."""
        place = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - self.speed))
        self.set_speed(SPEEDS[max(0, min(len(SPEEDS) - 1, place + by))])

    def set_speed(self, speed: float) -> None:
        self.speed = speed
        if self._player is not None:
            self._player.setPlaybackRate(speed)
        self.changed.emit()

    def _ready(self) -> QMediaPlayer:
        from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer

        if self._player is None:
            player = self._player = QMediaPlayer(self)
            player.setAudioOutput(QAudioOutput(self))
            player.setPlaybackRate(self.speed)
            player.mediaStatusChanged.connect(self._status_changed)
            player.errorOccurred.connect(lambda _, text: self._fail(text))
        source = QUrl.fromLocalFile(self.path)
        if self._player.source() != source:
            self._player.setSource(source)
            self._move(self.seconds)
        return self._player

    def _move(self, seconds: float) -> None:
        self.seconds = self._wanted = seconds
        if self._player is not None:
            self._player.setPosition(round(seconds * 1000))

    def _tick(self) -> None:
        if self._player is None:
            return
        self.seconds = self._player.position() / 1000
        self.heard.emit(self.seconds)
        if self._until is not None and self.seconds >= self._until:
            self.pause()

    def _status_changed(self, status: object) -> None:
        from PySide6.QtMultimedia import QMediaPlayer

        if status is QMediaPlayer.MediaStatus.EndOfMedia:
            self.pause()
        elif status is QMediaPlayer.MediaStatus.LoadedMedia:
            # Some of Qt's players forget where to begin if that was said before the file was open.
            self._move(self._wanted)

    def _fail(self, text: str) -> None:
        self.pause()
        self.failed.emit(text)
