"""Files that are cut, lie about themselves or hold something else: read, or refused with a reason."""

from __future__ import annotations

import os
import random
import struct
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.errors import DocumentError
from assistant.speech.audio import ffmpeg_reader
from assistant.speech.audio.audio_file import open_audio
from assistant.speech.records import SAMPLE_RATE

TONE = (0.3 * np.sin(np.arange(2 * SAMPLE_RATE) / 8)).astype(np.float32)


def wav(
    data: bytes, *, rate: int = SAMPLE_RATE, bits: int = 16, form: int = 1, says: int | None = None
) -> bytes:
    """A WAV file whose header says what it is told to."""
    length = len(data) if says is None else says
    width = bits // 8
    whole, a_second = min(2**32 - 1, 36 + length), min(2**32 - 1, rate * width)
    fields = struct.pack("<IHHIIHH", 16, form, 1, rate, a_second, width, bits)
    head = b"RIFF" + struct.pack("<I", whole) + b"WAVEfmt " + fields
    return head + b"data" + struct.pack("<I", length) + data


def sound(path: Path) -> np.ndarray:
    with closing(open_audio(path)) as audio:
        return np.concatenate([np.zeros(0, np.float32), *audio.blocks()])


INT16 = (TONE * 32767).astype("<i2").tobytes()
RANDOM = random.Random(1).randbytes(50_000)

REFUSED = {
    "empty.wav": b"",
    "header.wav": wav(INT16)[:20],
    "random.mp3": RANDOM,
    "random.wav": b"RIFF" + RANDOM,
    "text.wav": b"These are notes about a well.\n" * 100,
    "list.mp3": b"#EXTM3U\n#EXTINF:10,x\n/etc/passwd\nhttp://example.org/a.mp3\n",
    "list-of-files.mp3": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "one-a-second.wav": wav(INT16, rate=1),
    "four-billion-a-second.wav": wav(INT16, rate=4_000_000_000),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_reason(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(REFUSED[name])
    began = time.monotonic()
    with pytest.raises(DocumentError) as refused:
        sound(path)
    assert name in refused.value.message
    assert str(tmp_path) not in refused.value.message
    assert time.monotonic() - began < 20


READ: dict[str, tuple[Callable[[Path], object], float]] = {
    "no sound at all": (lambda path: path.write_bytes(wav(b"")), 0),
    "cut": (lambda path: path.write_bytes(wav(INT16)[:32_044]), 1),
    "longer by its header": (lambda path: path.write_bytes(wav(INT16, says=2**32 - 10)), 2),
    "none by its header, as a killed recorder leaves it": (
        lambda path: path.write_bytes(wav(INT16, says=0)),
        2,
    ),
    "8 bits": (lambda path: soundfile.write(path, TONE, SAMPLE_RATE, "PCM_U8"), 2),
    "24 bits": (lambda path: soundfile.write(path, TONE, SAMPLE_RATE, "PCM_24"), 2),
    "96 kHz": (lambda path: soundfile.write(path, TONE, 96_000), 2 * SAMPLE_RATE / 96_000),
    "six channels": (lambda path: soundfile.write(path, np.stack([TONE] * 6, 1), SAMPLE_RATE), 2),
    "no numbers": (
        lambda path: path.write_bytes(wav(np.full(SAMPLE_RATE, np.nan, "<f4").tobytes(), bits=32, form=3)),
        1,
    ),
    "endless": (
        lambda path: path.write_bytes(wav(np.full(SAMPLE_RATE, np.inf, "<f4").tobytes(), bits=32, form=3)),
        1,
    ),
}


@pytest.mark.parametrize("name", READ)
def test_read_as_far_as_there_is_sound(tmp_path: Path, name: str) -> None:
    write, seconds = READ[name]
    path = tmp_path / "sound.wav"
    write(path)
    samples = sound(path)
    assert abs(len(samples) / SAMPLE_RATE - seconds) < 0.05
    assert np.isfinite(samples).all()


def test_the_content_tells_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp3"
    path.write_bytes(wav(INT16))
    assert len(sound(path)) == len(TONE)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.wav"
    os.mkfifo(path)
    with pytest.raises(DocumentError, match="pipe"):
        open_audio(path)
    with pytest.raises(DocumentError, match="folder"):
        open_audio(tmp_path)


@pytest.mark.skipif(not ffmpeg_reader.available(), reason="there is no ffmpeg")
def test_ffmpeg_opens_no_lists_of_other_files(tmp_path: Path) -> None:
    other, path = tmp_path / "other.wav", tmp_path / "list.mp3"
    other.write_bytes(wav(INT16))
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,x\n{other}\n#EXT-X-ENDLIST\n")
    with pytest.raises(DocumentError):
        ffmpeg_reader.FfmpegReader(path)
    with closing(ffmpeg_reader.FfmpegReader(other)) as audio:
        assert sum(map(len, audio.blocks())) == len(TONE)
