"""A program that records is killed at any moment: all but the last instant can be recognised."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.speech.audio.recording import mend
from assistant.speech.audio.recording_reader import RecordingReader
from assistant.speech.dictation.recordings import Recordings

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
RATE = 16_000
LATEST = RATE // 2 * 2
"""Bytes of the last half second, which may be missing."""

PROGRAM = """
import os, sys, time
from pathlib import Path
from assistant.speech.dictation.recordings import Recordings

folder = Path(sys.argv[1])
recordings = Recordings(folder)
for _ in range(int(sys.argv[2])):
    # A child for each kill; what it records is told before it is appended, as bytes of a number that counts.
    if os.fork() == 0:
        recording = recordings.begin(16_000)
        os.write(1, f"{os.getpid()} {recording.path.name}\\n".encode())
        count, more = 0, 17_600
        while True:
            block = b"".join((n % 32_768).to_bytes(2, "little") for n in range(count, count + more))
            count, more = count + more, 1_600
            recording.append(block)
            os.write(1, f"{count * 2}\\n".encode())
            time.sleep(0.02)  # 5 times as fast as somebody speaks
    os.wait()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_twenty_kills_lose_nothing_but_the_last_half_second(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    waits = random.Random(7)
    told: dict[str, int] = {}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), str(KILLS)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        pid, name, blocks = 0, "", 0
        for line in program.stdout:
            first, _, second = line.strip().partition(" ")
            if second:
                pid, name, blocks = int(first), second, waits.randrange(3, 9)
                told[name] = 0
                continue
            told[name] = int(first)
            blocks -= 1
            if blocks == 0:
                time.sleep(waits.random() * 0.02)
                os.kill(pid, signal.SIGKILL)
    assert len(told) == KILLS
    recordings = Recordings(folder)
    assert recordings.notices == ()
    found = {Path(each.path).name: each for each in recordings.not_recognised()}
    for name, appended in told.items():
        assert name in found
        with closing(RecordingReader(folder / name)) as reader:
            samples = reader.read()
            assert reader.ended
        count = len(samples)
        assert count * 2 >= appended - LATEST
        assert (samples * 32_768).astype(np.int64).tolist() == list(range(count))


def test_a_reader_sees_the_end_of_one_that_was_killed_once_it_is_mended(tmp_path: Path) -> None:
    recording = Recordings(tmp_path).begin(RATE)
    recording.append(b"\x01\x00" * RATE)
    with closing(RecordingReader(recording.path)) as reader:
        while reader.waiting < 1:
            time.sleep(0.001)
        assert len(reader.read()) == RATE
        assert not reader.ended
        mend(recording.path)
        assert len(reader.read()) == 0
        assert reader.ended
    recording.finish()
