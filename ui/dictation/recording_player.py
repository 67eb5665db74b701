"""Plays a recording; QtMultimedia is loaded with the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaPlayer


class RecordingPlayer(QObject):
    changed = Signal()
    """Another one plays, or none."""
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player: QMediaPlayer | None = None
        self.playing = ""
        """The path of what plays; "" for nothing."""

    def toggle(self, path: str) -> None:
        if self.playing == path:
            self.stop()
        else:
            self.play(path)

    def play(self, path: str) -> None:
        from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer

        if self._player is None:
            player = self._player = QMediaPlayer(self)
            player.setAudioOutput(QAudioOutput(self))
            player.mediaStatusChanged.connect(self._status_changed)
            player.errorOccurred.connect(lambda _, text: self._fail(text))
        self.playing = path
        self._player.setSource(QUrl.fromLocalFile(path))
        self._player.play()
        self.changed.emit()

    def stop(self) -> None:
        if self._player is not None and self.playing:
            self.playing = ""
            self._player.stop()
            self._player.setSource(QUrl())  # the file can be moved
            self.changed.emit()

    def _status_changed(self, status: object) -> None:
        from PySide6.QtMultimedia import QMediaPlayer

        if status is QMediaPlayer.MediaStatus.EndOfMedia:
            self.stop()

    def _fail(self, text: str) -> None:
        self.stop()
        self.failed.emit(text)
