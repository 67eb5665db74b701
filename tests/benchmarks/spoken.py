"""Speech with known words, the model that recognises it, and the count of wrong words: for the benchmarks."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.speech.audio.audio_file import open_audio
from assistant.speech.audio.resampler import Samples
from assistant.speech.service import SpeechService
from tests.benchmarks.corpora import data_or_exit
from tests.benchmarks.real_models import real_model

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "speech"
MODEL = real_model("whisper-tiny.en")

_TOLD = ("dataset", "prompt", "test")
"""Where the words of a clip come from, if they can be trusted."""
_WORD = re.compile(r"[a-z0-9]+")
_AS_SPOKEN = {
    "0": "zero", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven",
    "8": "eight", "9": "nine", "10": "ten", "mr": "mister", "mrs": "missus", "dr": "doctor", "okay": "ok",
}  # fmt: skip


@dataclass(frozen=True)
class Clip:
    path: Path
    seconds: float
    words: tuple[str, ...]


def model_or_exit() -> Path:
    """The real model, or an exit that says that there is nothing to measure with."""
    return data_or_exit(MODEL)


def clips(language: str = "en") -> list[Clip]:
    with (data_or_exit(DATA) / "clips.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Clip(DATA / row["path"], float(row["seconds"]), normalised(row["reference_text"]))
        for row in rows
        if row["language"] == language and row["reference_kind"] in _TOLD
    ]


def normalised(text: str) -> tuple[str, ...]:
    """The words as they are spoken: no capitals, marks, apostrophes; numbers and titles in letters."""
    words = _WORD.findall(text.casefold().replace("'", "").replace("’", ""))
    return tuple(_AS_SPOKEN.get(word, word) for word in words)


def wrong_words(said: Sequence[str], written: Sequence[str]) -> int:
    """Words that have to be changed, added or taken out (Levenshtein)."""
    row = list(range(len(written) + 1))
    for i, word in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(written, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def samples_of(path: Path) -> Samples:
    with closing(open_audio(path)) as audio:
        return np.concatenate(list(audio.blocks()))


def as_recorded(samples: Samples) -> bytes:
    """As a microphone gives it: 16 bit."""
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


@contextmanager
def speech_service() -> Iterator[SpeechService]:
    service = SpeechService()
    try:
        yield service
    finally:
        service.close()


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
