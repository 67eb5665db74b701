"""PURE: probabilities of speech become phrases: what is said between two silences.

Counts in hops of `voice_activity.HOP` samples, and gives seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

HOP_SECONDS = 0.032
LONGEST_WINDOW = 28.0
"""Seconds of phrases that are heard together."""
WIDEST_GAP = 6.0
"""Seconds of silence between two of them: Whisper makes words up in long silences."""


@dataclass(frozen=True, slots=True)
class PhraseOptions:
    """Seconds, and probabilities of speech."""

    begins: float = 0.5
    """A probability from which on somebody speaks."""
    ends: float = 0.35
    """Below it nobody does."""
    pause: float = 0.6
    """So much silence ends a phrase."""
    shortest: float = 0.1
    """Less speech than this is a click."""
    longest: float = 27.0
    """Whisper hears 30 seconds at once. A longer phrase is cut where it was quietest in its later half."""
    before: float = 0.35
    """Sound that is kept before the first hop of speech: soft consonants are not heard as speech."""
    after: float = 0.3


@dataclass(frozen=True, slots=True)
class Phrase:
    start: float
    end: float
    speech: float
    """Share of its hops, without those kept before and after, in which somebody speaks."""
    loudness: float
    """dB of its loudest hop."""


class PhraseDetector:
    """Fed hop by hop; `began` tells where the phrase that is spoken began."""

    def __init__(self, options: PhraseOptions | None = None, start: float = 0.0) -> None:
        """Args:
        start: the time of the first hop.
        """
        self._options = options or PhraseOptions()
        self._offset = start
        self._hop = 0
        self._done_until = 0.0
        """Seconds from the first hop on, up to which all is in phrases that are done."""
        self._start: int | None = None
        self._hops: list[tuple[float, float]] = []
        """Probability and loudness of the phrase that is spoken, from its first hop of speech on."""
        self._silence = 0
        """Hops since anybody spoke in it."""

    @property
    def began(self) -> float | None:
        """The time at which the phrase that is spoken begins; None in silence."""
        if self._start is None or self._spoken(self._hops) * HOP_SECONDS < self._options.shortest:
            return None
        return self._offset + self._padded_start(self._start)

    @property
    def needed_from(self) -> float:
        """The time before which no sound is wanted any more."""
        begin = self._start if self._start is not None else self._hop
        return self._offset + max(0.0, begin * HOP_SECONDS - self._options.before)

    def feed(self, probabilities: Iterable[float], loudness: Iterable[float]) -> Iterator[Phrase]:
        """The phrases that end with these hops."""
        for probability, loud in zip(probabilities, loudness, strict=True):
            yield from self._feed(probability, loud)

    def finish(self) -> Iterator[Phrase]:
        """The phrase that was spoken when the sound ended, if one was."""
        if self._start is not None:
            yield from self._end(len(self._hops) - self._silence)

    def _feed(self, probability: float, loud: float) -> Iterator[Phrase]:
        options = self._options
        self._hop += 1
        if self._start is None:
            if probability < options.begins:
                return
            self._start = self._hop - 1
        self._hops.append((probability, loud))
        self._silence = self._silence + 1 if probability < options.ends else 0
        if self._silence * HOP_SECONDS >= options.pause:
            yield from self._end(len(self._hops) - self._silence)
        elif len(self._hops) * HOP_SECONDS >= options.longest - options.before - options.after:
            yield from self._cut()

    def _end(self, length: int) -> Iterator[Phrase]:
        """End the phrase after `length` hops."""
        assert self._start is not None
        hops = self._hops[:length]
        end = self._start + length
        spoken = self._spoken(hops)
        if spoken * HOP_SECONDS >= self._options.shortest:
            after = min(self._options.after, (self._hop - end) * HOP_SECONDS)
            begin, self._done_until = self._padded_start(self._start), end * HOP_SECONDS + after
            yield Phrase(
                self._offset + begin,
                self._offset + self._done_until,
                spoken / len(hops),
                max(loud for _, loud in hops),
            )
        self._start, self._hops, self._silence = None, [], 0

    def _cut(self) -> Iterator[Phrase]:
        """End it where it was quietest in its later half; the rest begins another one."""
        assert self._start is not None
        half = len(self._hops) // 2
        at = half + min(
            range(len(self._hops) - half), key=lambda i: (self._hops[half + i][0], self._hops[half + i][1])
        )
        rest, begin = self._hops[at:], self._start + at
        yield from self._end(at)
        self._start, self._hops = begin, rest
        self._silence = next(
            (i for i, (probability, _) in enumerate(reversed(rest)) if probability >= self._options.ends),
            len(rest),
        )

    def _spoken(self, hops: list[tuple[float, float]]) -> int:
        return sum(probability >= self._options.ends for probability, _ in hops)

    def _padded_start(self, start: int) -> float:
        return max(self._done_until, start * HOP_SECONDS - self._options.before, 0.0)


class Packer:
    """Puts neighbouring phrases together: Whisper takes as long for two seconds as for thirty."""

    def __init__(self, longest: float = LONGEST_WINDOW, widest_gap: float = WIDEST_GAP) -> None:
        """Args:
        longest: seconds of what is put together.
        widest_gap: seconds of silence between two phrases; Whisper makes words up in long silences.
        """
        self._longest = longest
        self._widest_gap = widest_gap
        self._phrases: list[Phrase] = []

    @property
    def start(self) -> float | None:
        """Where what is not given out yet begins."""
        return self._phrases[0].start if self._phrases else None

    def add(self, phrase: Phrase) -> Iterator[tuple[Phrase, ...]]:
        """Those that are together, once this one does not go with them."""
        if self._phrases and (
            phrase.end - self._phrases[0].start > self._longest
            or phrase.start - self._phrases[-1].end > self._widest_gap
        ):
            yield from self.finish()
        self._phrases.append(phrase)

    def finish(self) -> Iterator[tuple[Phrase, ...]]:
        if self._phrases:
            yield tuple(self._phrases)
            self._phrases = []
