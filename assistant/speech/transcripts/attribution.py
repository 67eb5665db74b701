"""PURE: what is said, given to those who say it: by the times of words and of the speakers' turns."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.speech.records import Segment, Word
from assistant.speech.speakers.records import Turn
from assistant.speech.transcripts.paragraphs import PAUSE, ends_sentence
from assistant.speech.transcripts.subtitles import spread

_WHOLE = 0.7
"""Share of a sentence's time from which on one speaker says all of it: neither times are exact."""
_LONGEST_SENTENCE = 40
"""Words; what has no marks of sentences is taken as it is."""


def attributed(
    segments: Sequence[Segment], turns: Sequence[Turn], name: Callable[[int], str]
) -> list[list[Segment]]:
    """Each segment as one or more, each of which one speaker says.

    A word is said by whom it overlaps most, or who speaks nearest to it.

    Args:
        segments, turns: in order of time.
        name: of a speaker, by number.
    """
    if not turns:
        return [[segment] for segment in segments]
    words = [[word for word in spread(segment) if word.text.strip()] for segment in segments]
    speakers = _speakers(list(itertools.chain.from_iterable(words)), _Speaks(turns))
    return [
        _divided(segment, list(zip(said, speakers, strict=False)), name)
        for segment, said in zip(segments, words, strict=True)
    ]


def _divided(segment: Segment, said: Sequence[tuple[Word, int]], name: Callable[[int], str]) -> list[Segment]:
    runs = [
        (speaker, tuple(word for word, _ in run))
        for speaker, run in itertools.groupby(said, lambda each: each[1])
    ]
    if len(runs) <= 1:
        return [replace(segment, speaker=name(speaker)) for speaker, _ in runs] or [segment]
    return [
        Segment(
            words[0].start if number else segment.start,
            words[-1].end if number < len(runs) - 1 else segment.end,
            "".join(word.text for word in words).strip(),
            words if segment.words else (),
            name(speaker),
        )
        for number, (speaker, words) in enumerate(runs)
    ]


def _speakers(words: Sequence[Word], speaks: _Speaks) -> Iterator[int]:
    """Of each word; a sentence that is nearly all one speaker's is all theirs."""
    for sentence in _sentences(words):
        found = [speaks.at(word) for word in sentence]
        times: dict[int, float] = {}
        for word, speaker in zip(sentence, found, strict=True):
            times[speaker] = times.get(speaker, 0.0) + word.end - word.start
        most = max(times, key=lambda speaker: times[speaker])
        if len(sentence) <= _LONGEST_SENTENCE and times[most] >= _WHOLE * sum(times.values()):
            found = [most] * len(sentence)
        yield from found


def _sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    held: list[Word] = []
    for word in words:
        if held and (ends_sentence(held[-1].text) or word.start - held[-1].end >= PAUSE):
            yield held
            held = []
        held.append(word)
    if held:
        yield held


class _Speaks:
    """Who speaks at a time."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = turns
        self._latest = list(itertools.accumulate((turn.end for turn in turns), max))
        """When all that began up to each turn has ended."""
        self._starts = [turn.start for turn in turns]

    def at(self, word: Word) -> int:
        # Turns before `first` end before the word, those from `last` on begin after it.
        first = bisect_left(self._latest, word.start)
        last = bisect_left(self._starts, max(word.end, word.start))
        over: dict[int, float] = {}
        for turn in self._turns[first:last]:
            shared = min(turn.end, word.end) - max(turn.start, word.start)
            if shared > 0:
                over[turn.speaker] = over.get(turn.speaker, 0.0) + shared
        if over:
            return max(over, key=lambda speaker: over[speaker])
        near = self._turns[max(0, first - 1) : last + 1] or self._turns
        return min(near, key=lambda turn: max(turn.start - word.end, word.start - turn.end)).speaker
