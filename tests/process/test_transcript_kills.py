"""Transcribing when the process is killed: it goes on at the last phrase that was kept."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from assistant.speech.records import Decoding
from assistant.speech.transcripts.records import TranscriptState
from assistant.speech.transcripts.transcripts import Transcripts
from tests.unit.speech.transcripts.scripted import ScriptedSpeakers, ScriptedSpeech

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20

PROGRAM = """
import sys
from pathlib import Path
from assistant.speech.records import Decoding
from assistant.speech.transcripts.transcripts import Transcripts
from tests.unit.speech.transcripts.scripted import ScriptedSpeakers, ScriptedSpeech

root, length = Path(sys.argv[1]), int(sys.argv[2])
speech, speakers = ScriptedSpeech(length), ScriptedSpeakers()
transcripts = Transcripts(root / "t.sqlite3", root / "texts", speech, speakers, lambda: None, print)
(info,) = transcripts.transcribe([root / "talk.wav"], Path("/model"), Decoding("en"))
print(info.id, flush=True)
transcripts.wait([info.id])
"""


def test_no_phrase_is_lost_and_none_comes_twice(tmp_path: Path) -> None:
    (tmp_path / "talk.wav").write_bytes(b"sound")
    chance = random.Random(13)
    ids = set()
    killed = 0
    for _ in range(KILLS):
        arguments = [sys.executable, "-c", PROGRAM, str(tmp_path), "1000000"]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            ids.add(program.stdout.readline().strip())
            time.sleep(chance.uniform(0, 0.15))  # any moment will do
            program.kill()
        killed += program.returncode == -signal.SIGKILL
    assert killed == KILLS
    assert len(ids) == 1
    id = int(ids.pop())
    speech = ScriptedSpeech()
    transcripts = Transcripts(
        tmp_path / "t.sqlite3", tmp_path / "texts", speech, ScriptedSpeakers(), lambda: None, lambda _: None
    )
    try:
        kept = [segment.text for segment in transcripts.open(id).segments]
        assert kept == [str(number) for number in range(len(kept))]
        assert transcripts.info(id).done_until == len(kept) > KILLS
        assert transcripts.info(id).state is TranscriptState.STOPPED
        speech.length = len(kept) + 5
        transcripts.transcribe([tmp_path / "talk.wav"], Path("/model"), Decoding("en"))
        assert transcripts.wait([id], 60)
        kept = [segment.text for segment in transcripts.open(id).segments]
        assert kept == [str(number) for number in range(len(kept))]
        assert transcripts.info(id).state is TranscriptState.DONE
    finally:
        transcripts.close()
