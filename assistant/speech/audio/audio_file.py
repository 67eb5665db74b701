"""A file of sound or video, read block by block at the rate that is recognised.

libsndfile reads the plain forms; for the others there is PyAV where it is installed, else a program called
ffmpeg. Both can be missing: PyAV's wheel holds encoders under the GPL and need not be shipped.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from assistant.errors import AccessDenied, DocumentGone, UnreadableDocument
from assistant.speech.audio import av_reader, ffmpeg_reader, sound_reader
from assistant.speech.audio.resampler import Samples


class AudioFile(Protocol):
    """An open file; close it by leaving a `with` block around `contextlib.closing`."""

    duration: float | None
    """Seconds, where the file tells; it may be wrong in damaged files."""

    def blocks(self, start: float = 0.0) -> Iterator[Samples]:
        """The sound from `start` (seconds) on, in blocks of about a second; see `resampler.Samples`.

        Raises:
            UnreadableDocument: it is damaged.
        """
        ...

    def close(self) -> None: ...


def open_audio(path: Path) -> AudioFile:
    """Find out what a file is by looking into it, and open it.

    Raises:
        DocumentGone, AccessDenied: it is not there, or may not be read.
        UnreadableDocument: it holds no sound, or nothing here reads it.
    """
    try:
        if (
            not path.is_file() and not path.is_dir() and path.exists()
        ):  # a pipe would be waited for without end
            raise UnreadableDocument("audio-not-a-file", name=path.name)
        with path.open("rb") as file:
            if not file.read(1):
                raise UnreadableDocument("audio-empty", name=path.name)
    except FileNotFoundError:
        raise DocumentGone("audio-gone", name=path.name) from None
    except IsADirectoryError:
        raise UnreadableDocument("audio-is-folder", name=path.name) from None
    except OSError as error:
        kind = AccessDenied if error.errno in (errno.EACCES, errno.EPERM) else UnreadableDocument
        raise kind("audio-not-read", name=path.name, why=error.strerror or str(error)) from None
    if sound_reader.reads(path):
        return sound_reader.SoundReader(path)
    if av_reader.available():
        return av_reader.AvReader(path)
    if ffmpeg_reader.available():
        return ffmpeg_reader.FfmpegReader(path)
    raise UnreadableDocument("audio-needs-ffmpeg", name=path.name)
