"""A recording on the disk: whole when finished, readable while it grows, mended when cut short anywhere."""

from __future__ import annotations

import errno
import os
import struct
import time
import wave
from contextlib import closing
from io import FileIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import AssistantError, DiskFull, StorageError, UnreadableDocument
from assistant.speech.audio import recording
from assistant.speech.audio.recording import HEADER_BYTES, Recording, is_finished, mend, seconds
from assistant.speech.audio.recording_reader import RecordingReader

RATE = 16_000


def sound(count: int, channels: int = 1) -> bytes:
    return (np.arange(count * channels) % 30_000).astype("<i2").tobytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "a.wav"


def read_all(path: Path) -> np.ndarray:
    with closing(RecordingReader(path)) as reader:
        parts = [reader.read()]
        while not reader.ended:
            parts.append(reader.read())
    return np.concatenate(parts)


def until(path: Path, size: int) -> None:
    while path.stat().st_size < HEADER_BYTES + size:
        time.sleep(0.001)


def test_a_finished_recording_is_a_wav_file(path: Path) -> None:
    made = Recording(path, 44_100, 2)
    made.append(sound(44_100, 2))
    made.append(sound(22_050, 2))
    made.finish()
    assert made.seconds == seconds(path) == 1.5
    assert is_finished(path)
    with wave.open(str(path)) as file:
        assert file.getparams()[:4] == (2, 2, 44_100, 66_150)
        assert file.readframes(100_000) == sound(44_100, 2) + sound(22_050, 2)
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_it_is_read_while_it_grows(path: Path) -> None:
    made = Recording(path, RATE)
    with closing(RecordingReader(path)) as reader:
        assert len(reader.read()) == 0
        parts = []
        for odd in (3, 2000, 1):  # blocks that end within a sample
            data = sound(10_000)[:odd]
            made.append(data)
            until(path, sum(map(len, parts)) + odd)
            parts.append(data)
            assert not is_finished(path)
        assert reader.waiting == 2004 / 2 / RATE
        got = reader.read()
        assert (got * 32768).astype("<i2").tobytes() == b"".join(parts)
        assert not reader.ended
        made.append(sound(10))
        made.finish()
        assert len(reader.read()) == 10
        assert reader.ended


def test_what_is_far_behind_is_read_in_pieces_and_to_its_end(path: Path) -> None:
    made = Recording(path, RATE)
    made.append(sound(RATE * 20))
    made.finish()
    with closing(RecordingReader(path)) as reader:
        assert reader.waiting == 20
        assert (len(reader.read()), reader.ended, reader.waiting) == (RATE * 10, False, 10)
        assert (len(reader.read()), reader.ended) == (RATE * 10, False)
        assert (len(reader.read()), reader.ended) == (0, True)


def test_it_is_followed_where_it_was_moved_to(path: Path) -> None:
    made = Recording(path, RATE)
    made.append(sound(RATE))
    made.finish()
    with closing(RecordingReader(path)) as reader:
        path.rename(path.with_name("moved.wav"))
        assert len(reader.read()) == RATE
        assert reader.ended


def test_channels_and_rates_become_what_is_recognised(path: Path) -> None:
    made = Recording(path, 48_000, 2)
    left = (np.sin(np.arange(96_000) * 2 * np.pi * 440 / 48_000) * 20_000).astype("<i2")
    made.append(np.stack((left, np.zeros_like(left)), axis=1).tobytes())
    made.finish()
    samples = read_all(path)
    assert abs(len(samples) - 2 * RATE) < 20
    assert 0.28 < samples[RATE // 2 : RATE].max() < 0.33


@given(st.integers(0, 400))
def test_cut_anywhere_all_whole_samples_stay_or_it_is_no_recording(
    tmp_path_factory: pytest.TempPathFactory, size: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "a.wav"
    made = Recording(path, RATE)
    made.append(sound(200))
    made.finish()
    whole = path.read_bytes()
    path.write_bytes((whole[:40] + b"\xff" * 4 + whole[44:])[:size])
    if size < HEADER_BYTES:
        for act in (mend, is_finished, seconds, RecordingReader):
            with pytest.raises(UnreadableDocument):
                act(path)
        return
    assert not is_finished(path)
    mend(path)
    assert is_finished(path)
    samples = (size - HEADER_BYTES) // 2
    assert path.read_bytes()[HEADER_BYTES:] == whole[HEADER_BYTES:][: samples * 2]
    with wave.open(str(path)) as file:
        assert file.getnframes() == samples
    assert len(read_all(path)) == samples
    mend(path)
    assert is_finished(path)


@pytest.mark.parametrize(
    ("at", "value"),
    [(0, b"RIFX"), (8, b"AVI "), (12, b"JUNK"), (16, struct.pack("<I", 18)), (20, struct.pack("<H", 3)),
     (22, b"\0\0"), (24, b"\0\0\0\0"), (34, struct.pack("<H", 24)), (36, b"LIST")],
)  # fmt: skip
def test_other_files_are_refused_and_stay(path: Path, at: int, value: bytes) -> None:
    Recording(path, RATE).finish()
    content = bytearray(path.read_bytes())
    content[at : at + len(value)] = value
    path.write_bytes(content)
    for act in (mend, is_finished, seconds, RecordingReader):
        with pytest.raises(UnreadableDocument):
            act(path)
    assert path.read_bytes() == content


def test_nothing_is_overwritten(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"other")
    with pytest.raises(StorageError):
        Recording(path, RATE)
    assert path.read_bytes() == b"other"


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, DiskFull), (errno.EIO, StorageError)])
def test_a_disk_that_fails_is_said_once_and_the_recording_ends_there(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[AssistantError]
) -> None:
    class Failing(FileIO):
        def write(self, data: object) -> int:
            if self.tell() > RATE:
                raise OSError(number, "it failed")
            return super().write(bytes(data)[:1000])  # type: ignore[call-overload]

    monkeypatch.setattr(recording, "FileIO", Failing)
    said: list[AssistantError] = []
    made = Recording(path, RATE, on_error=said.append)
    for _ in range(10):
        made.append(sound(RATE // 4))
    made._thread.join()
    made.append(sound(RATE))
    assert made._queue.qsize() <= 10  # what comes afterwards is not kept for ever
    made.finish()
    assert [type(error) for error in said] == [kind]
    monkeypatch.undo()
    assert is_finished(path)  # whoever follows it does not wait for more
    assert 0.4 < made.seconds == seconds(path) < 0.6


def test_a_slow_disk_keeps_nothing_in_memory(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill finds what was appended although the disk itself is busy."""
    import threading

    busy = threading.Event()
    monkeypatch.setattr(os, "fsync", lambda _: busy.wait(20))
    made = Recording(path, RATE)
    try:
        for _ in range(12):
            made.append(sound(RATE))
        until(path, RATE * 24)
    finally:
        busy.set()
        made.finish()
    assert seconds(path) == 12
