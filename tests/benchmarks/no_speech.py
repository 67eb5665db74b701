"""Sound in which nobody speaks: nothing may be written, neither as a file nor as a dictation.

Takes `no_speech.tsv` of `../shared/data/speech`, and silence, noise, tones and music that are made here;
Whisper tiny.en, which `make starter` brings, listens. Says so and skips where they are absent.

    python -m tests.benchmarks.no_speech [--seconds N]
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from assistant.speech.audio.recording import Recording
from assistant.speech.audio.resampler import Samples
from assistant.speech.records import SAMPLE_RATE, Decoding, PhraseDone
from assistant.speech.service import SpeechService
from tests.benchmarks.corpora import data_or_exit
from tests.benchmarks.spoken import DATA, as_recorded, folder, model_or_exit, samples_of, speech_service

_DECODING = Decoding("en")


def made(seconds: float) -> Iterator[tuple[str, Samples]]:
    """Sounds of many kinds, each so long."""
    random = np.random.default_rng(1)
    count = round(seconds * SAMPLE_RATE)
    time = np.arange(count) / SAMPLE_RATE
    white = random.standard_normal(count)
    spectrum = np.fft.rfft(white)
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), count)
    brown = np.cumsum(white - white.mean())
    yield "digital silence", np.zeros(count, np.float32)
    for name, noise in (("white", white), ("pink", pink), ("brown", brown)):
        even = noise / np.abs(noise).max()
        for level in (0.003, 0.05, 0.5):
            yield f"{name} noise at {level}", (level * even).astype(np.float32)
    yield (
        "noise that comes and goes",
        (0.3 * white / 4 * (np.sin(2 * np.pi * 0.5 * time) > 0)).astype(np.float32),
    )
    yield "hum at 50 Hz", (0.2 * np.sin(2 * np.pi * 50 * time)).astype(np.float32)
    yield "tone at 440 Hz", (0.3 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)
    yield "rising tone", (0.3 * np.sin(2 * np.pi * (100 + 100 * time) * time)).astype(np.float32)
    yield "clicks", np.where(np.arange(count) % 8000 < 3, 0.9, 0).astype(np.float32)
    yield (
        "breath",
        (0.1 * pink / np.abs(pink).max() * np.abs(np.sin(2 * np.pi * 0.25 * time))).astype(np.float32),
    )
    yield "chords", _music(time, (262, 330, 392))
    yield "melody", _music(time, (220, 247, 262, 294, 330, 349, 392, 440), melody=True)


def _music(time: np.ndarray, notes: tuple[int, ...], *, melody: bool = False) -> Samples:
    """Notes with overtones that fade, all at once or one after the other."""
    sound = np.zeros(len(time))
    beat = (time * 2).astype(int)
    fading = np.exp(-3 * (time * 2 % 1))
    for place, note in enumerate(notes):
        sounds = beat * 5 % len(notes) == place if melody else np.ones(len(time), bool)
        for overtone in range(1, 6):
            sound += sounds * np.sin(2 * np.pi * note * overtone * time) / overtone
    return (0.4 * sound * fading / np.abs(sound).max()).astype(np.float32)


def as_dictation(speech: SpeechService, samples: Samples, model: Path, into: Path) -> str:
    recording = Recording(into, SAMPLE_RATE, 1)
    recording.append(as_recorded(samples))
    recording.finish()
    texts: list[str] = []

    def hear(report: object) -> None:
        if isinstance(report, PhraseDone):
            texts.append(report.text)

    speech.dictate(into, model, _DECODING, on_report=hear).result()
    return " ".join(filter(None, texts))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=40.0, help="of each sound that is made here")
    chosen = parser.parse_args()
    model = model_or_exit()
    with (data_or_exit(DATA) / "no_speech.tsv").open(encoding="utf-8", newline="") as file:
        files = [(row["what"], DATA / row["path"]) for row in csv.DictReader(file, delimiter="\t")]
    written = tried = 0
    with speech_service() as speech, folder() as here:
        for name, samples in made(chosen.seconds):
            path = here / f"{name}.wav"
            soundfile.write(path, samples, SAMPLE_RATE)
            files.append((name, path))
        for number, (name, path) in enumerate(files):
            transcribed = speech.transcribe(path, model, _DECODING).result()[0].text
            dictated = as_dictation(speech, samples_of(path), model, here / f"{number}.recording")
            for how, text in (("file", transcribed), ("dictation", dictated)):
                tried += 1
                if text:
                    written += 1
                    print(f"{name} ({path.name}), as {how}: {text}")
    print(f"{len(files)} sounds without speech, {tried} tries: {written} wrote something")
    return written > 0


if __name__ == "__main__":
    sys.exit(main())
