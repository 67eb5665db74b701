"""The microphone: opened within an instant, its samples as they come, and what can go wrong with it.

QtMultimedia is loaded with the first use: it takes 20 MB that a window without dictation does not need.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QIODevice, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from ui.dictation import sound
from ui.dictation.sound import Level, SoundMeter

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSource, QMediaDevices

log = logging.getLogger(__name__)

RATE = 16_000
"""Samples a second that recognition wants; a device that cannot give them is taken as it is."""
KEPT_MS = 300
"""Milliseconds that are recorded after the release: people let go with the last syllable."""
BUFFER_SECONDS = 4
"""Of sound that waits where the window is busy, and is not lost."""
LOOK_MS = 250
"""How often the device is asked whether it still works."""
LATE_SECONDS = 0.7
"""A microphone whose first sound comes later loses words; Bluetooth ones do, while they change their mode."""
_WIRELESS = ("bluez", "bluetooth", "hands-free", "handsfree", "airpods", "buds")
"""In the names of microphones that start late."""


class MicrophoneTrouble(StrEnum):
    NONE_THERE = "none-there"
    NOT_ALLOWED = "not-allowed"
    NOT_OPENED = "not-opened"
    GONE = "gone"
    """It was unplugged while it recorded."""


@dataclass(frozen=True, slots=True)
class AudioInput:
    id: str
    name: str


class Microphone(QObject):
    """Records from one device at a time."""

    opened = Signal(int, int)
    """It records: samples a second, and channels. `heard` follows."""
    heard = Signal(object)
    """16-bit samples, as bytes, in the order in which they were spoken."""
    ended = Signal()
    """All of it has been told."""
    failed = Signal(MicrophoneTrouble)
    """It does not record any more; what was told before is right. `ended` does not follow."""
    starts_late = Signal()
    """What was said in the first moment is not heard with this device."""
    inputs_changed = Signal()
    """A device was plugged in or out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: QAudioSource | None = None
        self._stream: QIODevice | None = None
        self._devices: QMediaDevices | None = None
        self._meter = SoundMeter(RATE, 1)
        self._convert: sound.Convert = sound.as_int16
        self._frame = 2
        self._rest = b""
        self._id = ""
        self._wanted = False
        """Between `start` and `stop`, also while the person is asked for permission."""
        self._opened_at = 0.0
        self._heard_any = False
        self._warned: set[str] = set()
        self._tail = QTimer(self, singleShot=True, interval=KEPT_MS)
        self._tail.timeout.connect(self._end)
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(self._look)

    # --- what there is

    def inputs(self) -> tuple[AudioInput, ...]:
        """The microphones of this computer."""
        self._watch()
        from PySide6.QtMultimedia import QMediaDevices

        return tuple(AudioInput(_id(device), device.description()) for device in QMediaDevices.audioInputs())

    def level(self) -> Level:
        return self._meter.level

    # --- recording

    def start(self, chosen: str = "") -> None:
        """Record from the device of this id; from the system's own choice where it is "" or not there."""
        self._tail.stop()
        self._close()
        self._wanted = True
        self._id = chosen
        status = _permission_status()
        if status is Qt.PermissionStatus.Undetermined:
            self._ask()
        elif status is Qt.PermissionStatus.Denied:
            self._fail(MicrophoneTrouble.NOT_ALLOWED)
        else:
            self._open()

    def stop(self) -> None:
        """Record for a moment more, then tell `ended`."""
        if not self._wanted:
            return
        self._wanted = False
        if self._source is None:
            self.ended.emit()
        else:
            self._tail.start()

    def stop_now(self) -> None:
        """The window closes, or nothing more can be kept: tell what is there; without `ended`."""
        self._wanted = False
        self._tail.stop()
        self._read()
        self._close()

    # --- opening

    def _ask(self) -> None:
        from PySide6.QtCore import QMicrophonePermission

        application = QApplication.instance()
        assert application is not None
        application.requestPermission(QMicrophonePermission(), self, self._answered)

    def _answered(self, permission: Any) -> None:
        if not self._wanted:
            return
        if permission.status() is Qt.PermissionStatus.Granted:
            self._open()
        else:
            self._fail(MicrophoneTrouble.NOT_ALLOWED)

    def _open(self) -> None:
        from PySide6.QtMultimedia import QAudioSource, QtAudio

        device = self._device()
        if device is None:
            self._fail(MicrophoneTrouble.NONE_THERE)
            return
        form = _format(device)
        rate, channels = form.sampleRate(), form.channelCount()
        self._frame = form.bytesPerFrame()
        self._convert = _converter(form)
        self._meter = SoundMeter(rate, channels)
        self._rest = b""
        source = self._source = QAudioSource(device, form, self)
        source.setBufferSize(BUFFER_SECONDS * rate * self._frame)
        stream = source.start()
        if source.error() is not QtAudio.Error.NoError:
            log.info("the microphone cannot be opened: %s", source.error())
            self._fail(MicrophoneTrouble.NOT_OPENED)
            return
        self._stream = stream
        self._opened_at = time.monotonic()
        self._heard_any = False
        self.opened.emit(rate, channels)
        stream.readyRead.connect(self._read)
        self._looking.start()
        if any(word in f"{_id(device)} {device.description()}".casefold() for word in _WIRELESS):
            self._warn()

    def _device(self) -> QAudioDevice | None:
        self._watch()
        from PySide6.QtMultimedia import QMediaDevices

        for device in QMediaDevices.audioInputs():
            if self._id and _id(device) == self._id:
                return device
        usual = QMediaDevices.defaultAudioInput()
        self._id = "" if usual.isNull() else _id(usual)
        return None if usual.isNull() else usual

    def _watch(self) -> None:
        if self._devices is None:
            from PySide6.QtMultimedia import QMediaDevices

            self._devices = QMediaDevices(self)
            self._devices.audioInputsChanged.connect(self._inputs_changed)

    # --- while it records

    def _read(self) -> None:
        if self._stream is None:
            return
        data = self._rest + bytes(self._stream.readAll().data())
        whole = len(data) // self._frame * self._frame
        self._rest = data[whole:]
        if not whole:
            return
        samples = self._convert(data[:whole])
        if self._meter.feed(samples) and not self._heard_any:
            self._heard_any = True
            seconds = len(samples) / 2 / self._meter.samples_a_second
            if time.monotonic() - self._opened_at - seconds > LATE_SECONDS:
                self._warn()
        self.heard.emit(samples)

    def _look(self) -> None:
        """Whether the device still works. Its own signal cannot be received from Python (Qt 6.11)."""
        from PySide6.QtMultimedia import QtAudio

        if self._source is not None and self._source.error() in (
            QtAudio.Error.IOError,
            QtAudio.Error.FatalError,
        ):
            self._fail(MicrophoneTrouble.GONE)

    def _inputs_changed(self) -> None:
        if self._source is not None and not any(each.id == self._id for each in self.inputs()):
            self._fail(MicrophoneTrouble.GONE)
        self.inputs_changed.emit()

    def _warn(self) -> None:
        """Once for each device: it will be known then."""
        if self._id not in self._warned:
            self._warned.add(self._id)
            self.starts_late.emit()

    # --- the end

    def _end(self) -> None:
        self._read()
        self._close()
        self.ended.emit()

    def _fail(self, trouble: MicrophoneTrouble) -> None:
        self.stop_now()
        self.failed.emit(trouble)

    def _close(self) -> None:
        self._looking.stop()
        stream, source = self._stream, self._source
        self._stream = self._source = None
        if stream is not None:
            stream.readyRead.disconnect(self._read)
        if source is not None:
            source.stop()
            source.deleteLater()


def _permission_status() -> Qt.PermissionStatus:
    """Granted where the system asks nobody."""
    from PySide6.QtCore import QMicrophonePermission

    application = QApplication.instance()
    assert application is not None
    return application.checkPermission(QMicrophonePermission())


def _id(device: QAudioDevice) -> str:
    return bytes(device.id().data()).decode("utf-8", "backslashreplace")


def _format(device: QAudioDevice) -> QAudioFormat:
    """What recognition wants, else what the device likes best, as 16-bit samples if it can."""
    from PySide6.QtMultimedia import QAudioFormat

    form = QAudioFormat()
    form.setSampleRate(RATE)
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    if device.isFormatSupported(form):
        return form
    liked = device.preferredFormat()
    form = QAudioFormat(liked)
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return form if device.isFormatSupported(form) else liked


def _converter(form: QAudioFormat) -> sound.Convert:
    formats = type(form.sampleFormat())
    return {
        formats.UInt8: sound.from_uint8,
        formats.Int32: sound.from_int32,
        formats.Float: sound.from_float,
    }.get(form.sampleFormat(), sound.as_int16)
