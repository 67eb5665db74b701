"""Sound whose loudness spells words, a voice detector that hears it, and a decoder that reads it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from assistant.speech.audio.resampler import Samples
from assistant.speech.audio.voice_activity import HOP
from assistant.speech.context import what_follows
from assistant.speech.decoder import Context, Hypothesis
from assistant.speech.records import SAMPLE_RATE, Decoding, Segment, Word


def sound(*parts: int | float) -> Samples:
    """An int is a word of half a second (0 to 70); a float is so many seconds of silence."""
    pieces = [
        np.full(SAMPLE_RATE // 2, (part + 10) / 100, np.float32)
        if isinstance(part, int)
        else np.zeros(round(part * SAMPLE_RATE), np.float32)
        for part in parts
    ]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


def words(samples: Samples) -> list[Word]:
    """What is spelled; a word of which less than 0.2 s are there is not understood."""
    found: list[Word] = []
    levels = np.rint(samples * 100).astype(int)
    borders = np.flatnonzero(np.diff(levels, prepend=-1, append=-1))
    for first, last in itertools.pairwise(borders):
        if levels[first] and last - first >= SAMPLE_RATE // 5:
            found.append(Word(first / SAMPLE_RATE, last / SAMPLE_RATE, f" w{levels[first] - 10}", 0.9))
    return found


class Voice:
    """Hears speech in whatever is not silent."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)

    def reset(self) -> None:
        self._rest = np.zeros(0, np.float32)

    def hops(self, samples: Samples, *, last: bool = False) -> tuple[list[float], list[float]]:
        samples = np.concatenate((self._rest, samples))
        if last and len(samples) % HOP:
            samples = np.pad(samples, (0, HOP - len(samples) % HOP))
        count = len(samples) // HOP
        self._rest = samples[count * HOP :]
        loud = samples[: count * HOP].reshape(count, HOP).max(axis=1) if count else np.zeros(0)
        return (loud > 0.05).astype(float).tolist(), np.where(loud > 0, -20.0, -100.0).tolist()


class Decoder:
    """Reads what is spelled, in one segment for each run of words."""

    def __init__(self, language: tuple[str, float] = ("en", 0.9), takes: Callable[[], None] = int) -> None:
        self.language = language
        self.takes = takes
        """Called for each hypothesis that is asked for quickly."""
        self.asked: list[str] = []
        """Languages of final decodes."""
        self.lengths: list[float] = []
        self.contexts: list[Context] = []
        """Of decodes that follow on from something."""
        self.follows = True
        """Whether it can."""
        self.quick = 0
        self.detected = 0
        self.loops: set[bool] = set()
        """Of `afresh`: for which decodes it runs into a loop."""

    def languages(self, samples: Samples) -> tuple[str, float]:
        assert len(samples) <= 30 * SAMPLE_RATE
        self.detected += 1
        return self.language

    def decode(
        self, samples: Samples, decoding: Decoding, language: str, *, afresh: bool = False
    ) -> list[Hypothesis]:
        assert len(samples) <= 30 * SAMPLE_RATE
        self.asked.append(language)
        self.lengths.append(len(samples) / SAMPLE_RATE)
        return [self._hypothesis(run, afresh in self.loops) for run in _runs(words(samples))]

    def decode_after(
        self, context: Context, samples: Samples, decoding: Decoding, language: str
    ) -> Hypothesis | None:
        assert len(samples) <= 30 * SAMPLE_RATE
        self.contexts.append(context)
        self.lengths.append(len(samples) / SAMPLE_RATE)
        found = words(samples)
        if not self.follows or not found:
            return None
        return what_follows(self._hypothesis(found, True in self.loops), context.text)

    def decode_quickly(self, samples: Samples, language: str) -> str:
        self.quick += 1
        self.takes()
        return "".join(word.text for word in words(samples)).strip()

    @staticmethod
    def _hypothesis(run: list[Word], loops: bool) -> Hypothesis:
        if loops:
            run = [*run, *(Word(run[-1].end, run[-1].end, text) for text in [" over", " again"] * 20)]
        text = "".join(word.text for word in run).strip()
        return Hypothesis(
            Segment(run[0].start, run[-1].end, text, tuple(run)), 0.0, -0.2, 3.0 if loops else 1.0
        )


def _runs(found: list[Word]) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in found:
        if run and word.start - run[-1].end > 0.3:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


class Audio:
    """A file of sound; see `audio_file.AudioFile`."""

    def __init__(self, samples: Samples, block: int = SAMPLE_RATE, damage: Exception | None = None) -> None:
        """`damage` is what it ends with."""
        self._samples = samples
        self._block = block
        self._damage = damage
        self.duration: float | None = len(samples) / SAMPLE_RATE

    def blocks(self, start: float = 0.0) -> Iterator[Samples]:
        for at in range(round(start * SAMPLE_RATE), len(self._samples), self._block):
            yield self._samples[at : at + self._block]
        if self._damage is not None:
            raise self._damage

    def close(self) -> None: ...


def texts(segments: Iterable[Segment]) -> str:
    return " ".join(segment.text for segment in segments)
