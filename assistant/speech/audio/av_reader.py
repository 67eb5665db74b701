"""Sound of videos and of forms that libsndfile does not read, by PyAV where that is installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import UnreadableDocument
from assistant.speech.audio.resampler import Samples
from assistant.speech.records import SAMPLE_RATE

FORMATS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,asf,avi,caf,dts,eac3,flac,flv,gsm,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,"
    "mpeg,mpegts,ogg,w64,wav,wv,tta,ape,mpc,mpc8,rm,loas,au,mxf"
)
"""Those that hold sound; lists of other files and addresses are not among them."""


def available() -> bool:
    """Whether PyAV is installed; asking does not load it."""
    return importlib.util.find_spec("av") is not None


class AvReader:
    """See `audio_file.AudioFile`."""

    def __init__(self, path: Path) -> None:
        """Raises UnreadableDocument: it holds no sound, or is no such file."""
        import av

        self._name = path.name
        self._errors: type[Exception] = av.FFmpegError
        try:
            self._container: Any = av.open(
                f"file:{path}",
                metadata_errors="ignore",
                container_options={"format_whitelist": FORMATS, "protocol_whitelist": "file"},
            )
        except (self._errors, ValueError, OSError) as error:
            raise UnreadableDocument("audio-unknown", name=path.name, why=_words(error)) from error
        if not self._container.streams.audio:
            self._container.close()
            raise UnreadableDocument("audio-without-sound", name=path.name)
        self._stream: Any = self._container.streams.audio[0]
        length = self._container.duration
        self.duration: float | None = length / av.time_base if length and length > 0 else None

    def blocks(self, start: float = 0.0) -> Iterator[Samples]:
        from av.audio.resampler import AudioResampler

        resampler = AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE, frame_size=SAMPLE_RATE)
        to_skip = round(start * SAMPLE_RATE)
        try:
            for frame in self._frames(resampler):
                samples = frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)
                if to_skip >= len(samples):
                    to_skip -= len(samples)
                    continue
                yield samples[to_skip:]
                to_skip = 0
        except (self._errors, ValueError) as error:
            raise UnreadableDocument("audio-damaged", name=self._name, why=_words(error)) from error

    def _frames(self, resampler: Any) -> Iterator[Any]:
        came, damage = False, ""
        for packet in self._container.demux(self._stream):
            try:
                frames = packet.decode()
            except self._errors as error:  # one damaged packet does not end the file
                damage = _words(error)
                continue
            for frame in frames:
                came = True
                frame.pts = None
                yield from resampler.resample(frame)
        if not came:
            if damage:
                raise UnreadableDocument("audio-damaged", name=self._name, why=damage)
            raise UnreadableDocument("audio-without-sound", name=self._name)
        yield from resampler.resample(None)

    def close(self) -> None:
        self._container.close()


def _words(error: Exception) -> str:
    """What ffmpeg says, without numbers and paths."""
    return str(getattr(error, "strerror", None) or error)
