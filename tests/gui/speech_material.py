"""A speech model that is here, and speech that it understands; tests skip with a word where there is none."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

MADE = Path(__file__).resolve().parents[1] / "made_models" / "whisper"
TINY = Path.home() / ".cache/real-models/whisper-tiny.en"
SPEECH = Path(__file__).resolve().parents[3] / "shared" / "data" / "speech"


@dataclass(frozen=True)
class Material:
    model: Path
    spoken: tuple[tuple[bytes, str], ...]
    """16 kHz, 16 bit, one channel; and the words."""


def material() -> Material:
    """The trained model and its English clips; else a real model and real speech."""
    if (MADE / "model" / "model.bin").is_file():
        from tests.made_models.whisper.library import clips

        spoken = [(clip.path, clip.text) for clip in clips().values() if clip.language == "en"]
        return Material(MADE / "model", tuple((samples(path), text) for path, text in spoken[:3]))
    if (TINY / "model.bin").is_file() and (SPEECH / "clips.tsv").is_file():
        with (SPEECH / "clips.tsv").open(encoding="utf-8", newline="") as table:
            rows = list(csv.DictReader(table, delimiter="\t"))[:3]
        spoken = [(SPEECH / row["path"], row["reference_text"]) for row in rows]
        return Material(TINY, tuple((samples(path), text) for path, text in spoken))
    pytest.skip("no speech model is here")


def samples(path: Path) -> bytes:
    sound, rate = soundfile.read(path, dtype="int16")
    assert (rate, sound.ndim) == (16_000, 1)
    return np.asarray(sound, "<i2").tobytes()


def words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c in "' " else " " for c in text.casefold()).split()


def share_found(text: str, reference: str) -> float:
    """Of the reference's words, in their order, how many the text has."""
    wanted, found = words(reference), words(text)
    row = [0] * (len(found) + 1)
    for word in wanted:
        before = row[:]
        for place, other in enumerate(found, 1):
            row[place] = before[place - 1] + 1 if word == other else max(before[place], row[place - 1])
    return row[-1] / len(wanted)
