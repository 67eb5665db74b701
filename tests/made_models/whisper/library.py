"""The trained model and its clips, for tests: `MODEL`, `clips()`, `word_errors`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

MODEL = Path(__file__).with_name("model")
"""A Whisper of CTranslate2, made by train.py."""
CLIPS = Path(__file__).with_name("clips")


@dataclass(frozen=True, slots=True)
class Clip:
    """Speech of a voice, a speed and a pitch that the model never heard; 16 kHz, mono, FLAC."""

    path: Path
    language: str
    """"" where nobody speaks."""
    sentences: tuple[str, ...]
    times: tuple[tuple[float, float], ...]
    """Of each sentence, in seconds."""
    about: str

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


def clips() -> dict[str, Clip]:
    """By name."""
    told = json.loads((CLIPS / "clips.json").read_text(encoding="utf-8"))
    return {
        name: Clip(
            CLIPS / f"{name}.flac",
            clip["language"],
            tuple(clip["sentences"]),
            tuple((start, end) for start, end in clip["times"]),
            clip["about"],
        )
        for name, clip in told.items()
    }


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def word_errors(reference: str, hypothesis: str) -> int:
    """Words that are wrong, missing or too many, at the fewest."""
    wanted, found = words(reference), words(hypothesis)
    row = list(range(len(found) + 1))
    for number, word in enumerate(wanted, 1):
        diagonal, row[0] = row[0], number
        for place, other in enumerate(found, 1):
            changed = diagonal + (word != other)
            diagonal, row[place] = row[place], min(changed, row[place] + 1, row[place - 1] + 1)
    return row[-1]
