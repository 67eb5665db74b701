"""Spoken sentences on disk, to train on: all that is said, and the words with their times.

Voices, speeds and pitches of `HELD_OUT` and of the bands between those of `TRAINED` are never trained on.
"""

from __future__ import annotations

import json
import multiprocessing
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.made_models.whisper.sentences import LANGUAGES, Language, sentence
from tests.made_models.whisper.synthesis import Manner, Speaker

_ACCENTS = {"en": ("en-us", "en-us", "en"), "de": ("de",)}


@dataclass(frozen=True, slots=True)
class Manners:
    variants: tuple[str, ...]
    speeds: tuple[tuple[int, int], ...]
    pitches: tuple[tuple[int, int], ...]

    def draw(self, language: Language, chance: random.Random) -> Manner:
        voice = f"{chance.choice(_ACCENTS[language.code])}+{chance.choice(self.variants)}"
        speed = chance.randint(*chance.choice(self.speeds))
        pitch = chance.randint(*chance.choice(self.pitches))
        return Manner(voice, speed, pitch, chance.randint(25, 75), chance.choice((0, 0, 0, 1, 3, 8)))


TRAINED = Manners(
    (
        "m1",
        "m2",
        "m3",
        "m5",
        "m6",
        "m7",
        "m8",
        "f1",
        "f2",
        "f4",
        "f5",
        "linda",
        "steph",
        "Andrea",
        "Mike",
        "Gene",
        "anika",
        "rob",
        "ed",
    ),
    ((115, 139), (151, 174), (186, 205)),
    ((25, 44), (56, 75)),
)
HELD_OUT = Manners(("m4", "f3"), ((140, 150), (175, 185)), ((45, 55),))


@dataclass(frozen=True, slots=True)
class Utterance:
    text: str
    language: str
    samples: NDArray[np.int16]
    words: tuple[tuple[float, float], ...]


def spoken(seed: int, count: int, manners: Manners) -> list[Utterance]:
    """Languages in turn."""
    chance, speaker, made = random.Random(seed), Speaker(), []
    for number in range(count):
        language = LANGUAGES[number % len(LANGUAGES)]
        text = sentence(language, chance)
        said = speaker.say(text, manners.draw(language, chance))
        made.append(Utterance(text, language.code, said.samples, said.words))
    return made


def write(folder: Path, count: int, processes: int = 2) -> None:
    """Some parts, each by a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with multiprocessing.Pool(processes) as pool:
        pool.starmap(_write_part, [(folder, part, count // processes) for part in range(processes)])


def _write_part(folder: Path, part: int, count: int) -> None:
    utterances = spoken(1000 + part, count, TRAINED)
    ends = np.cumsum([len(item.samples) for item in utterances]).tolist()
    kept = [
        {"text": item.text, "language": item.language, "words": item.words, "end": end}
        for item, end in zip(utterances, ends, strict=True)
    ]
    np.save(folder / f"{part}.npy", np.concatenate([item.samples for item in utterances]))
    (folder / f"{part}.json").write_text(json.dumps(kept), encoding="utf-8")


def read(folder: Path) -> Sequence[Utterance]:
    utterances = []
    for path in sorted(folder.glob("*.npy")):
        samples, start = np.load(path, mmap_mode="r"), 0
        for item in json.loads(path.with_suffix(".json").read_text(encoding="utf-8")):
            words = tuple((begin, end) for begin, end in item["words"])
            heard = samples[start : item["end"]]
            utterances.append(Utterance(item["text"], item["language"], heard, words))
            start = item["end"]
    return utterances
