"""`transcribe` as scripts use it: results that are kept, where they go, and what is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.speech.records import Decoding, Segment, SegmentsFound, Word
from assistant.speech.speakers.service import available
from assistant.speech.transcripts.records import TranscriptState
from assistant.speech.transcripts.store import TranscriptStore
from assistant.speech.transcripts.subtitles import spread
from tests.process.test_cli import assistant, objects

MADE = Path(__file__).parents[1] / "made_models" / "speakers"
WORDS = (Word(0, 0.5, " The"), Word(0.5, 1, " well"), Word(1, 2, " broke."))


class Scene:
    """A home with transcripts that are done, of a model that is no more than a folder."""

    def __init__(self, root: Path) -> None:
        self.home, self.root = root / "home", root
        self.model = root / "model"
        self.model.mkdir()
        store = TranscriptStore(self.home / "speech" / "transcripts.sqlite3")
        for name in ("one.wav", "two.wav"):
            (root / name).write_bytes(b"sound")
            info = store.begin(root / name, self.model, Decoding("en"))
            store.keep(info.id, SegmentsFound((Segment(0, 2, "The well broke.", WORDS, "Anna"),), 2, 2, "en"))
            store.set_state(info.id, TranscriptState.DONE)
        store.close()

    def transcribe(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return assistant(
            self.home, "transcribe", *arguments, "--model", str(self.model), "--language", "English"
        )


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    sound = tmp_path / "talk.wav"
    sound.write_bytes(b"sound")
    refused = assistant(tmp_path / "home", "transcribe", str(sound), "--json")
    assert refused.returncode == 1
    (error,) = objects(refused)
    assert error["error"]["code"] == "no-model"
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "Models" in refused.stderr


def test_what_is_kept_is_given_out_where_it_is_wanted(scene: Scene) -> None:
    one, two = str(scene.root / "one.wav"), str(scene.root / "two.wav")
    printed = scene.transcribe(one)
    assert (printed.returncode, printed.stdout) == (0, "Anna: The well broke.\n"), printed.stderr
    both = scene.transcribe(one, two, "--to", "json")
    first, second = objects(both)
    assert first == second
    assert set(first) == {"text", "language", "segments"}
    assert first["segments"][0]["words"][1] == {"start": 0.5, "end": 1.0, "text": "well"}
    out = scene.root / "out"
    assert scene.transcribe(one, two, "--to", "srt", "--output", str(out)).returncode == 0
    assert sorted(path.name for path in out.iterdir()) == ["one.srt", "two.srt"]
    kept = (out / "one.srt").read_text()
    (out / "one.srt").write_text("mine")
    refused = scene.transcribe(one, "--output", str(out / "one.srt"))
    assert refused.returncode == 1
    assert "--overwrite" in refused.stderr
    assert (out / "one.srt").read_text() == "mine"
    replaced = scene.transcribe(one, "--output", str(out / "one.srt"), "--overwrite", "--json")
    assert objects(replaced) == [{"written": [str(out / "one.srt")]}]
    assert (out / "one.srt").read_text() == kept


def test_recordings_of_the_same_name_go_to_files_of_their_own(scene: Scene) -> None:
    (scene.root / "other").mkdir()
    other = scene.root / "other" / "one.wav"
    other.write_bytes(b"sound")
    store = TranscriptStore(scene.home / "speech" / "transcripts.sqlite3")
    info = store.begin(other, scene.model, Decoding("en"))
    store.keep(info.id, SegmentsFound((Segment(0, 2, "It rained.", ()),), 2, 2, "en"))
    store.set_state(info.id, TranscriptState.DONE)
    store.close()
    out = scene.root / "out"
    done = scene.transcribe(str(scene.root / "one.wav"), str(other), "--output", str(out))
    assert done.returncode == 0, done.stderr
    assert (out / "one.wav.txt").read_text() == "Anna: The well broke.\n"
    assert (out / "one.wav-2.txt").read_text() == "It rained.\n"


def test_what_could_be_read_of_a_damaged_recording_is_given_out(scene: Scene) -> None:
    damaged = scene.root / "damaged.wav"
    damaged.write_bytes(b"RIFF no sound")
    store = TranscriptStore(scene.home / "speech" / "transcripts.sqlite3")
    info = store.begin(damaged, scene.model, Decoding("en"))
    store.keep(info.id, SegmentsFound((Segment(0, 2, "It rained.", ()),), 2, 9, "en"))
    store.close()
    told = scene.transcribe(str(damaged))
    assert (told.returncode, told.stdout) == (1, "It rained.\n")
    assert "damaged.wav" in told.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no such device")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_output_to_a_full_disk_is_one_line(scene: Scene, more: list[str]) -> None:
    words = [
        "transcribe",
        str(scene.root / "one.wav"),
        "--model",
        str(scene.model),
        "--language",
        "en",
        *more,
    ]
    command = [sys.executable, "-m", "assistant", *words]
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            command,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "OFFLINE_ASSISTANT_HOME": str(scene.home)},
        )
    assert told.returncode == 1
    assert "disk is full" in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1


def test_wrong_use(scene: Scene) -> None:
    one, two = str(scene.root / "one.wav"), str(scene.root / "two.wav")
    assert scene.transcribe(one, "--to", "pdf").returncode == 2
    several = scene.transcribe(one, two, "--to", "srt")
    assert several.returncode == 1
    assert "--output FOLDER" in several.stderr
    assert scene.transcribe(one, two, "--output", one).returncode == 1
    unknown = assistant(scene.home, "transcribe", one, "--language", "klingon", "--json")
    assert json.loads(unknown.stdout)["error"]["code"] == "bad-request"


def test_who_speaks_without_what_it_needs(scene: Scene) -> None:
    one = str(scene.root / "one.wav")
    refused = scene.transcribe(one, "--speakers", "2", "--json")
    assert refused.returncode == 1
    (error,) = objects(refused)
    assert error["error"]["code"] == "no-model"
    assert "sherpa-onnx" in refused.stderr
    assert scene.transcribe(one, "--speakers", "11").returncode == 2


@pytest.mark.skipif(not available(), reason="sherpa-onnx is not installed (the extra `speakers`)")
def test_who_speaks_in_a_talk_of_two(scene: Scene) -> None:
    talk = scene.root / "two_voices.ogg"
    shutil.copy(MADE / "two_voices.ogg", talk)
    turns = json.loads((MADE / "two_voices.json").read_text())
    words = tuple(
        word for turn in turns for word in spread(Segment(turn["start"], turn["end"], turn["text"]))
    )
    store = TranscriptStore(scene.home / "speech" / "transcripts.sqlite3")
    info = store.begin(talk, scene.model, Decoding("en"))
    segment = Segment(words[0].start, words[-1].end, " ".join(turn["text"] for turn in turns), words)
    store.keep(info.id, SegmentsFound((segment,), words[-1].end, words[-1].end, "en"))
    store.set_state(info.id, TranscriptState.DONE)
    store.close()
    models = [str(MADE / "segmentation.onnx"), str(MADE / "embedding.onnx")]
    assert assistant(scene.home, "models", "add", *models).returncode == 0
    told = scene.transcribe(str(talk), "--speakers", "0")
    assert told.returncode == 0, told.stderr
    wanted = [f"Speaker {turn['speaker'] + 1}: {turn['text']}" for turn in turns]
    assert told.stdout.split("\n\n") == [*wanted[:-1], f"{wanted[-1]}\n"]
