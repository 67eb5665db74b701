"""A recording on the disk that survives a kill at any moment; `recording_reader` follows it as it grows.

A WAV file of 16-bit samples. Its header says how much there is only once it is finished: until then the
length is UNFINISHED. Encryption can come in here later: nothing but these two files knows how a recording
is written.
"""

from __future__ import annotations

import os
import queue
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from assistant import atomic_write
from assistant.errors import AssistantError, DiskFull, StorageError, UnreadableDocument

SUFFIX = ".wav"
UNFINISHED = 0xFFFFFFFF
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
HEADER_BYTES = _HEADER.size
_LENGTH_AT = HEADER_BYTES - 4
_SYNC_BYTES = 1 << 18
"""So much is handed to the disk itself at a time; a kill of the program alone costs nothing written."""
WIDTH = 2
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
            self._file = FileIO(os.open(path, atomic_write.NEW_FILE, 0o600), "wb")
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
        return self._written / (WIDTH * self.rate * self.channels)

    def append(self, samples: bytes) -> None:
        """Add 16-bit samples, little end first, channel by channel. Returns at once."""
        if self._thread.is_alive():  # else the disk failed, and nobody would take them out again
            self._queue.put(samples)

    def finish(self) -> None:
        """Have all of it on the disk, and the header say how much it is. Nothing can be added afterwards."""
        self._queue.put(None)
        self._thread.join()

    def _write(self) -> None:
        with self._file as file:
            try:
                self._write_all(file)
                _finish(file.fileno(), self._written)
            except OSError as error:
                with suppress(OSError):  # the header has its place on the disk: whoever follows sees the end
                    _finish(file.fileno(), self._written)
                if self._on_error is not None:
                    self._on_error(_failure(error))

    def _write_all(self, file: FileIO) -> None:
        """Another thread waits for the disk: what a kill finds must not have stood in the queue meanwhile."""
        unsynced = 0
        syncing: Future[None] | None = None
        with ThreadPoolExecutor(1, "recording-sync") as disk:
            while (samples := self._queue.get()) is not None:
                view = memoryview(samples)
                while view:
                    count = file.write(view)
                    view = view[count:]
                    self._written += count
                    unsynced += count
                if unsynced >= _SYNC_BYTES and (syncing is None or syncing.done()):
                    if syncing is not None:
                        syncing.result()
                    syncing, unsynced = disk.submit(os.fsync, file.fileno()), 0
            if syncing is not None:
                syncing.result()


def _header(rate: int, channels: int, length: int) -> bytes:
    frame = WIDTH * channels
    whole = min(UNFINISHED, length + HEADER_BYTES - 8)
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
        8 * WIDTH,
        b"data",
        length,
    )


def _finish(descriptor: int, written: int) -> None:
    os.fsync(descriptor)
    os.lseek(descriptor, 4, os.SEEK_SET)
    os.write(descriptor, struct.pack("<I", min(UNFINISHED - 1, written + HEADER_BYTES - 8)))
    os.lseek(descriptor, _LENGTH_AT, os.SEEK_SET)
    os.write(descriptor, struct.pack("<I", min(UNFINISHED - 1, written)))
    os.fsync(descriptor)


def _failure(error: OSError) -> AssistantError:
    if atomic_write.disk_is_full(error):
        return DiskFull("recording-disk-full")
    return StorageError("recording-not-written", why=error.strerror or str(error))


@dataclass(frozen=True, slots=True)
class Form:
    """What the header of a recording says."""

    rate: int
    channels: int
    length: int
    """Bytes of sound, or UNFINISHED."""
    size: int
    """Bytes of sound that are there."""


def form_of(path: Path) -> Form:
    """Raises UnreadableDocument: it is no recording, or cannot be read."""
    try:
        with path.open("rb", buffering=0) as file:
            return read_form(file, path.name)
    except OSError as error:
        raise UnreadableDocument("recording-damaged", name=path.name) from error


def read_form(file: FileIO, name: str) -> Form:
    """Of an open file, which stands behind its header then.

    Raises:
        UnreadableDocument: it is no recording.
    """
    file.seek(0)
    try:
        fields = _HEADER.unpack(file.read(HEADER_BYTES) or b"")
    except struct.error as error:
        raise UnreadableDocument("recording-damaged", name=name) from error
    riff, _, wave, form, size, coding, channels, rate, _, _, bits, data, length = fields
    known = (riff, wave, form, size, data) == (b"RIFF", b"WAVE", b"fmt ", 16, b"data")
    if not (known and (coding, bits) == (1, 8 * WIDTH) and rate and channels):
        raise UnreadableDocument("recording-damaged", name=name)
    return Form(rate, channels, length, os.fstat(file.fileno()).st_size - HEADER_BYTES)


def is_finished(path: Path) -> bool:
    """Whether a recording was ended properly.

    Raises:
        UnreadableDocument: it is none.
    """
    return form_of(path).length != UNFINISHED


def seconds(path: Path) -> float:
    """How long a recording is; one that grows, so far. Raises UnreadableDocument: it is none."""
    form = form_of(path)
    return form.size / (WIDTH * form.rate * form.channels)


def mend(path: Path) -> None:
    """Finish a recording whose program was killed: all that is there stays.

    Raises:
        UnreadableDocument: it is none.
        DiskFull, StorageError: it cannot be written.
    """
    form = form_of(path)
    frame = WIDTH * form.channels
    length = form.size // frame * frame
    try:
        with path.open("r+b", buffering=0) as file:
            file.truncate(HEADER_BYTES + length)
            _finish(file.fileno(), length)
    except OSError as error:
        raise _failure(error) from error
