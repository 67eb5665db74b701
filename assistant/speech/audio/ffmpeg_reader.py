"""Sound of videos and of forms that libsndfile does not read, by an ffmpeg that the person installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from assistant.errors import UnreadableDocument
from assistant.speech.audio.av_reader import FORMATS
from assistant.speech.audio.resampler import Samples
from assistant.speech.records import SAMPLE_RATE

_PROGRAM = "ffmpeg"
_BYTES = SAMPLE_RATE * 4
"""A second of 32-bit samples."""
_PROBE_SECONDS = 20
_LAST_WORDS = 300
"""Characters of what the program says at its end."""


def available() -> bool:
    return shutil.which(_PROGRAM) is not None


class FfmpegReader:
    """See `audio_file.AudioFile`. The program may open nothing but this file."""

    def __init__(self, path: Path) -> None:
        """Raises UnreadableDocument: it holds no sound, or is no such file."""
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None
        self.duration: float | None = _duration(path)
        try:
            first = next(self._read("-t", "1"), None)
        finally:
            self.close()
        if first is None:
            raise UnreadableDocument("audio-without-sound", name=path.name)

    def blocks(self, start: float = 0.0) -> Iterator[Samples]:
        return self._read("-ss", f"{start:.3f}") if start else self._read()

    def _read(self, *options: str) -> Iterator[Samples]:
        self.close()
        command = [
            _PROGRAM, "-v", "error", "-nostdin", "-protocol_whitelist", "file,pipe",
            "-format_whitelist", FORMATS,
            "-i", f"file:{self._path}", *options, "-map", "0:a:0",
            "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le", "-",
        ]  # fmt: skip
        with tempfile.TemporaryFile() as errors:  # a pipe that nobody empties would stop the program
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
            )
            self._process = process
            assert process.stdout is not None
            came = False
            while data := process.stdout.read(_BYTES):
                came = True
                yield np.frombuffer(data[: len(data) // 4 * 4], np.float32)
            if process.wait() and not came:
                errors.seek(0)
                said = errors.read().decode("utf-8", "replace").strip()[-_LAST_WORDS:]
                raise UnreadableDocument("audio-unknown", name=self._path.name, why=said)

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()  # reads what is left, so that the pipe is closed
            self._process = None


def _duration(path: Path) -> float | None:
    probe = shutil.which("ffprobe")
    if probe is None:
        return None
    command = [
        probe, "-v", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS,
        "-show_entries", "format=duration", "-of", "csv=p=0", f"file:{path}",
    ]  # fmt: skip
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=_PROBE_SECONDS, check=False)
        return float(said.stdout.strip())
    except (ValueError, OSError, subprocess.TimeoutExpired):
        return None
