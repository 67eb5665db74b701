"""Follows a recording as it grows."""

from __future__ import annotations

import os
from io import FileIO
from pathlib import Path

import numpy as np

from assistant.speech.audio.recording import HEADER_BYTES, UNFINISHED, WIDTH, form_of, read_form
from assistant.speech.audio.resampler import Resampler, Samples


class RecordingReader:
    """Reads a recording that may still grow, at the rate that is recognised."""

    def __init__(self, path: Path, start: float = 0.0) -> None:
        """
        Args:
            start: seconds that are passed over.

        Raises:
            UnreadableDocument: it is no recording.
        """
        form = form_of(path)
        self._name = path.name
        self._frame = WIDTH * form.channels
        self._channels = form.channels
        self._rate = form.rate
        self._file = FileIO(path)
        self._position = HEADER_BYTES + round(start * form.rate) * self._frame
        self._resampler = Resampler(form.rate)
        self._partial = b""
        self._most = form.rate * self._frame * 10
        """Bytes that are read at a time: ten seconds, where recognition has fallen behind."""
        self.ended = False
        """Whether all of a finished recording was read."""

    def read(self) -> Samples:
        """What has come since; shape (n,), maybe nothing. Sets `ended`."""
        # Looked at first: what is read afterwards is all there is. The file may have been moved meanwhile.
        finished = read_form(self._file, self._name).length != UNFINISHED
        self._file.seek(self._position)
        data = self._partial + (self._file.read(self._most) or b"")
        self._position = self._file.tell()
        whole = len(data) // self._frame * self._frame
        self._partial = data[whole:]
        self.ended = finished and whole < self._most
        samples = np.frombuffer(data[:whole], "<i2").reshape(-1, self._channels).astype(np.float32)
        return self._resampler.process(samples / 32768.0, last=self.ended)

    @property
    def waiting(self) -> float:
        """Seconds of sound that have not been read."""
        left = os.fstat(self._file.fileno()).st_size - self._position
        return max(0, left) / (self._frame * self._rate)

    def close(self) -> None:
        self._file.close()
