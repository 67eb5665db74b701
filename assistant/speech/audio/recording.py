"""A recording on the disk that survives a kill at any moment, and its reader, which follows as it grows.

A WAV file of 16-bit samples. Its header says how much there is only once it is finished: until then the
length is UNFINISHED. Encryption can come in here later: nothing else knows how a recording is written.
"""

from __future__ import annotations

import errno
import os
import queue
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.errors import AssistantError, DiskFull, StorageError, UnreadableDocument
from assistant.speech.audio.resampler import Resampler, Samples

SUFFIX = ".wav"
UNFINISHED = 0xFFFFFFFF
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_LENGTH_AT = _HEADER.size - 4
_SYNC_BYTES = 1 << 18
"""So much is handed to the disk itself at a time; what a kill finds is with the system by then."""
_WIDTH = 2
"""Bytes of a sample."""


class Recording:
    """Takes sound as it comes; a thread writes it, so that a slow disk keeps nobody waiting."""

    def __init__(
        self,
        path: Path,
        rate: int,
        channels: int = 1,
        on_error: Callable[[AssistantError], None] | None = None,
    ) -> None:
        """
        Args:
            path: a file that does not exist yet.
            rate: samples a second and channel.
            on_error: told on a thread, once, when the disk fails; what was written stays.

        Raises:
            DiskFull, StorageError: it cannot be begun.
        """
        self.path = path
        self.rate, self.channels = rate, channels
        self._on_error = on_error
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(
                path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
            )
            self._file = os.fdopen(descriptor, "wb", buffering=0)
            self._file.write(_header(rate, channels, UNFINISHED))
        except OSError as error:
            raise _failure(error) from error
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._written = 0
        self._thread = threading.Thread(target=self._write, name="recording", daemon=True)
        self._thread.start()

    @property
    def seconds(self) -> float:
        """How much is on the disk."""
        return self._written / (_WIDTH * self.rate * self.channels)

    def append(self, samples: bytes) -> None:
        """Add 16-bit samples, little end first, channel by channel. Returns at once."""
        self._queue.put(samples)

    def finish(self) -> None:
        """Have all of it on the disk, and the header say how much it is. Nothing can be added afterwards."""
        self._queue.put(None)
        self._thread.join()

    def _write(self) -> None:
        unsynced = 0
        try:
            with self._file as file:
                while (samples := self._queue.get()) is not None:
                    view = memoryview(samples)
                    while view:
                        count = file.write(view)
                        view = view[count:]
                    self._written += len(samples)
                    unsynced += len(samples)
                    if unsynced >= _SYNC_BYTES:
                        os.fsync(file.fileno())
                        unsynced = 0
                _finish(file.fileno(), self._written)
        except OSError as error:
            if self._on_error is not None:
                self._on_error(_failure(error))


def _header(rate: int, channels: int, length: int) -> bytes:
    frame = _WIDTH * channels
    whole = min(UNFINISHED, length + _HEADER.size - 8)
    return _HEADER.pack(
        b"RIFF",
        whole,
        b"WAVE",
        b"fmt ",
        16,
        1,
        channels,
        rate,
        rate * frame,
        frame,
        8 * _WIDTH,
        b"data",
        length,
    )


def _finish(descriptor: int, written: int) -> None:
    os.fsync(descriptor)
    os.lseek(descriptor, 4, os.SEEK_SET)
    os.write(descriptor, struct.pack("<I", min(UNFINISHED - 1, written + _HEADER.size - 8)))
    os.lseek(descriptor, _LENGTH_AT, os.SEEK_SET)
    os.write(descriptor, struct.pack("<I", min(UNFINISHED - 1, written)))
    os.fsync(descriptor)


def _failure(error: OSError) -> AssistantError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull("recording-disk-full")
    return StorageError("recording-not-written", why=error.strerror or str(error))


@dataclass(frozen=True, slots=True)
class _Form:
    rate: int
    channels: int
    length: int


def _form(path: Path) -> _Form:
    try:
        with path.open("rb") as file:
            fields = _HEADER.unpack(file.read(_HEADER.size))
    except (OSError, struct.error) as error:
        raise UnreadableDocument("recording-damaged", name=path.name) from error
    riff, _, wave, _, _, coding, channels, rate, _, _, bits, data, length = fields
    if (riff, wave, data, coding, bits) != (b"RIFF", b"WAVE", b"data", 1, 8 * _WIDTH) or not (
        rate and channels
    ):
        raise UnreadableDocument("recording-damaged", name=path.name)
    return _Form(rate, channels, length)


def is_finished(path: Path) -> bool:
    """Whether a recording was ended properly.

    Raises:
        UnreadableDocument: it is none.
    """
    return _form(path).length != UNFINISHED


def seconds(path: Path) -> float:
    """How long a recording is; one that grows, so far. Raises UnreadableDocument: it is none."""
    form = _form(path)
    return max(0, path.stat().st_size - _HEADER.size) / (_WIDTH * form.rate * form.channels)


def mend(path: Path) -> None:
    """Finish a recording whose program was killed: all that is there stays.

    Raises:
        UnreadableDocument: it is none.
        DiskFull, StorageError: it cannot be written.
    """
    form = _form(path)
    frame = _WIDTH * form.channels
    length = (path.stat().st_size - _HEADER.size) // frame * frame
    try:
        with path.open("r+b", buffering=0) as file:
            file.truncate(_HEADER.size + length)
            _finish(file.fileno(), length)
    except OSError as error:
        raise _failure(error) from error


class RecordingReader:
    """Reads a recording that may still grow, at the rate that is recognised."""

    def __init__(self, path: Path) -> None:
        """Raises UnreadableDocument: it is no recording."""
        form = _form(path)
        self._path = path
        self._frame = _WIDTH * form.channels
        self._channels = form.channels
        self._rate = form.rate
        self._file = path.open("rb", buffering=0)
        self._file.seek(_HEADER.size)
        self._resampler = Resampler(form.rate)
        self._partial = b""
        self._most = form.rate * self._frame * 10
        """Bytes that are read at a time: ten seconds, where recognition has fallen behind."""
        self.ended = False
        """Whether all of a finished recording was read."""

    def read(self) -> Samples:
        """What has come since; shape (n,), maybe nothing. Sets `ended`."""
        finished = is_finished(self._path)  # looked at first: what is read afterwards is all there is
        data = self._partial + (self._file.read(self._most) or b"")
        whole = len(data) // self._frame * self._frame
        self._partial = data[whole:]
        self.ended = finished and whole < self._most
        samples = np.frombuffer(data[:whole], "<i2").reshape(-1, self._channels).astype(np.float32)
        return self._resampler.process(samples / 32768.0, last=self.ended)

    @property
    def waiting(self) -> float:
        """Seconds of sound that have not been read."""
        left = os.fstat(self._file.fileno()).st_size - self._file.tell()
        return left / (self._frame * self._rate)

    def close(self) -> None:
        self._file.close()
