"""A long dictation in real time: its words against a file's, its delay at the beginning and at the end.

The English clips of `../shared/data/speech` whose words are known are joined, with pauses, to so many minutes
and recorded as from a microphone; the worker follows. Whisper tiny.en (`make starter`) listens. Says
so and skips where they are absent.

    python -m tests.benchmarks.dictation_stream [--minutes N] [--speed N] [--beam N]

With `--speed 4` the sound comes four times as fast as it is spoken, and delays mean little.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from itertools import cycle, pairwise

import numpy as np

from assistant.speech.audio.recording import Recording
from assistant.speech.audio.resampler import Samples
from assistant.speech.records import SAMPLE_RATE, Decoding, LivePhrase, PhraseDone
from tests.benchmarks.spoken import (
    as_recorded,
    clips,
    folder,
    model_or_exit,
    normalised,
    samples_of,
    speech_service,
    wrong_words,
)

_PAUSE = 1.0
"""Seconds between two clips: the words of one end a phrase."""
_STEP = 0.1
"""Seconds of sound that come at a time."""


def joined(minutes: float) -> tuple[Samples, tuple[str, ...]]:
    """The clips, again and again until it is enough, and what is said in them."""
    parts: list[Samples] = []
    words: list[str] = []
    length = 0.0
    for clip in cycle(clips()):
        samples = samples_of(clip.path)
        parts += [samples, np.zeros(round(_PAUSE * SAMPLE_RATE), np.float32)]
        words += clip.words
        length += len(samples) / SAMPLE_RATE + _PAUSE
        if length >= 60 * minutes:
            return np.concatenate(parts), tuple(words)
    raise AssertionError("there are no clips")


def as_it_comes(samples: Samples, speed: float) -> Iterator[bytes]:
    """Pieces of sound, each when it is spoken."""
    began = time.monotonic()
    step = round(_STEP * SAMPLE_RATE)
    for first in range(0, len(samples), step):
        piece = samples[first : first + step]
        end = (first + len(piece)) / SAMPLE_RATE
        time.sleep(max(0.0, began + end / speed - time.monotonic()))
        yield as_recorded(piece)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--beam", type=int, default=5)
    chosen = parser.parse_args()
    model = model_or_exit()
    decoding = Decoding("en", beam=chosen.beam)
    samples, said = joined(chosen.minutes)
    done: list[tuple[PhraseDone, float]] = []
    live: list[float] = []
    began = 0.0

    def hear(report: object) -> None:
        if isinstance(report, PhraseDone):
            done.append((report, time.monotonic() - began))
        elif isinstance(report, LivePhrase):
            live.append(time.monotonic())

    with speech_service() as speech, folder() as here:
        speech.load(model).result()
        recording = Recording(here / "stream.wav", SAMPLE_RATE, 1)
        run = speech.dictate(recording.path, model, decoding, on_report=hear)
        began = time.monotonic()
        for piece in as_it_comes(samples, chosen.speed):
            recording.append(piece)
        recording.finish()
        run.result()
        length = len(samples) / SAMPLE_RATE
        behind = time.monotonic() - began - length / chosen.speed
        whole = speech.transcribe(here / "stream.wav", model, decoding).result()[0].text
    finals = [(phrase, came) for phrase, came in done if phrase.text]
    dictated = normalised(" ".join(phrase.text for phrase, _ in finals))
    delays = [(phrase.end, came - phrase.end / chosen.speed) for phrase, came in finals]
    first = [delay for end, delay in delays if end <= 60]
    last = [delay for end, delay in delays if end > length - 60]
    spoken = sum(phrase.end - phrase.start for phrase, _ in finals)
    overlaps = sum(other.start < one.end - 0.001 for (one, _), (other, _) in pairwise(done))
    print(f"{length / 60:.1f} minutes at {chosen.speed:g} ×, {len(said)} words")
    print(f"{len(finals)} phrases, {len(live)} times live words")
    for name, written in (("dictated", dictated), ("as a file", normalised(whole))):
        wrong = wrong_words(said, written)
        print(f"{name:10} {wrong} words wrong = {100 * wrong / len(said):.2f} %; {len(written)} written")
    if first and last:
        early, late = statistics.median(first), statistics.median(last)
        print(f"delay from a phrase's end: first minute {early:.2f} s, last minute {late:.2f} s")
    print(f"finals: real-time factor {sum(phrase.delay for phrase, _ in finals) / spoken:.2f}")
    print(f"phrases that overlap: {overlaps}; done {behind:.1f} s after the last sound")
    return overlaps > 0


if __name__ == "__main__":
    sys.exit(main())
