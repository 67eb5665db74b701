"""Files that libsndfile reads: wav, flac, ogg, opus, mp3, aiff and what is like them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import soundfile

from assistant.errors import UnreadableDocument
from assistant.speech.audio.resampler import FASTEST, SLOWEST, Resampler, Samples

_HEADERS = 4096
"""Bytes; a larger file whose header says that there is no sound is not believed."""
_LONGEST = 10 * 24 * 3600
"""Seconds; a header that says more is not believed."""


def reads(path: Path) -> bool:
    """Whether libsndfile knows the form of this file and finds the sound in it.

    A recorder that was killed leaves a header that says there is none; the other readers go by what is there.
    """
    try:
        with soundfile.SoundFile(path) as file:
            return file.frames > 0 or path.stat().st_size < _HEADERS
    except (soundfile.SoundFileError, OSError, ValueError, TypeError):  # RAW wants to be told its rate
        return False


class SoundReader:
    """See `audio_file.AudioFile`."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._file = soundfile.SoundFile(path)
        if not SLOWEST <= self._file.samplerate <= FASTEST:
            self._file.close()
            raise UnreadableDocument("audio-rate-impossible", name=path.name, rate=self._file.samplerate)
        seconds = self._file.frames / self._file.samplerate
        self.duration: float | None = seconds if 0 < seconds < _LONGEST else None

    def blocks(self, start: float = 0.0) -> Iterator[Samples]:
        rate: int = self._file.samplerate
        resampler = Resampler(rate)
        try:
            if start:
                self._file.seek(min(round(start * rate), self._file.frames))
            while len(block := self._file.read(rate, dtype="float32", always_2d=True)):
                yield resampler.process(block)
        except soundfile.SoundFileError as error:
            raise UnreadableDocument("audio-damaged", name=self._name, why=str(error).rstrip(".")) from error
        yield resampler.process(block, last=True)

    def close(self) -> None:
        self._file.close()
