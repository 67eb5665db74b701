"""Makes `clips/` beside this file: speech that the model never heard, with its text, for tests.

    python -m tests.made_models.whisper.clips

Needs espeak-ng. Voices, speeds and pitches are those of `corpus.HELD_OUT`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soundfile
from numpy.typing import NDArray

from tests.made_models.whisper.library import CLIPS
from tests.made_models.whisper.synthesis import RATE, Manner, Speaker

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recipe:
    sentences: tuple[str, ...]
    voice: str
    speed: int = 145
    pauses: tuple[float, ...] = ()
    """Seconds between the sentences."""
    before: float = 0.3
    behind: float = 0.5
    loudness: float = 0.25
    noise: float = 0.0
    """Its loudness beside that of speech."""
    about: str = "one sentence"


RECIPES = {
    "en-window": Recipe(("Mary opens the window.",), "en-us+m4"),
    "en-picture": Recipe(("Thomas finds the old picture behind the house.",), "en-us+f3", 150),
    "en-bottle": Recipe(("Where is the green bottle?",), "en+f3", 140, about="a question"),
    "en-meeting": Recipe(("The meeting is on Friday at seven.",), "en+m4", 178),
    "en-order-1": Recipe(
        ("Alice brings the key and the letter.",), "en-us+f3", 143, about="the words of en-order-2"
    ),
    "en-order-2": Recipe(
        ("Alice brings the letter and the key.",), "en-us+f3", 143, about="the words of en-order-1"
    ),
    "en-word": Recipe(("Hello.",), "en-us+m4", 148, about="one word"),
    "en-command": Recipe(("George paints my table new line.",), "en-us+f3", 147, about="ends with a command"),
    "en-faint": Recipe(
        ("Please bring the heavy bottle today.",), "en-us+m4", 142, loudness=0.02, about="faint"
    ),
    "en-noisy": Recipe(
        ("The small key is under the tree.",), "en-us+m4", 150, noise=0.15, loudness=0.2, about="in noise"
    ),
    "en-late": Recipe(
        ("Who finds the yellow picture?",),
        "en-us+f3",
        180,
        before=2.5,
        behind=2.0,
        about="silence before and behind",
    ),
    "en-pauses": Recipe(
        (
            "George has five letters.",
            "New paragraph.",
            "The old garden is near the bridge.",
            "Tomorrow Mary brings my bottle.",
        ),
        "en-us+m4",
        147,
        pauses=(1.0, 1.5, 2.0),
        about="sentences with pauses of 1 to 2 s",
    ),
    "en-long": Recipe(
        (
            "Please open the small window on Monday.",
            "Alice paints the red table.",
            "The key is behind the house.",
            "Thomas has nine pictures.",
            "Where is my letter?",
            "Mary and George find the green garden.",
        ),
        "en+f3",
        145,
        pauses=(4.0, 3.0, 5.0, 4.5, 6.0),
        about="longer than the 30 s that Whisper hears at once",
    ),
    "de-schluessel": Recipe(("Lukas findet den alten Schlüssel.",), "de+m4"),
    "de-fenster": Recipe(("Morgen öffnet Sabine das kleine Fenster.",), "de+f3", 150),
    "de-flasche": Recipe(("Wo ist die grüne Flasche?",), "de+f3", 143, about="a question"),
    "de-word": Recipe(("Danke.",), "de+m4", 145, about="one word"),
    "de-pauses": Recipe(
        ("Greta hat drei Briefe.", "Neue Zeile.", "Das Treffen ist am Montag um neun."),
        "de+m4",
        148,
        pauses=(1.2, 1.8),
        about="sentences with pauses of 1 to 2 s",
    ),
    "silence": Recipe((), "", before=4.0, behind=0.0, about="nothing at all"),
    "noise": Recipe((), "", before=3.0, behind=0.0, noise=0.02, about="steady noise"),
}


def _noise(length: int) -> Samples:
    """As of a fan: the higher the fainter."""
    spectrum = np.fft.rfft(np.random.default_rng(1).standard_normal(length))
    spectrum /= 1 + np.fft.rfftfreq(length, 1 / RATE) / 300
    noise = np.fft.irfft(spectrum, length)
    return (noise / np.abs(noise).max()).astype(np.float32)


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def sound(recipe: Recipe, speaker: Speaker) -> tuple[Samples, Sequence[tuple[float, float]]]:
    """And the times of the sentences."""
    samples, times = _silence(recipe.before), []
    for number, text in enumerate(recipe.sentences):
        if number:
            samples = np.concatenate((samples, _silence(recipe.pauses[number - 1])))
        said = speaker.say(text, Manner(recipe.voice, recipe.speed, 50)).samples.astype(np.float32)
        start = len(samples) / RATE
        samples = np.concatenate((samples, said * recipe.loudness / np.abs(said).max()))
        times.append((round(start, 2), round(len(samples) / RATE, 2)))
    samples = np.concatenate((samples, _silence(recipe.behind)))
    return samples + recipe.noise * recipe.loudness * _noise(len(samples)), times


def main() -> None:
    CLIPS.mkdir(exist_ok=True)
    speaker, told = Speaker(), {}
    for name, recipe in RECIPES.items():
        samples, times = sound(recipe, speaker)
        soundfile.write(CLIPS / f"{name}.flac", samples, RATE, subtype="PCM_16")
        told[name] = {
            "language": name.partition("-")[0] if recipe.sentences else "",
            "sentences": recipe.sentences,
            "times": times,
            "about": recipe.about,
        }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    (CLIPS / "clips.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
