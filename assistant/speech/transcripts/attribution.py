"""PURE: what is said, given to those who say it: by the times of words and of the speakers' turns."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.speech.records import Segment, Word
from assistant.speech.speakers.records import Turn
from assistant.speech.transcripts.subtitles import spread


def attribution(turns: Sequence[Turn], name: Callable[[int], str]) -> Callable[[Segment], list[Segment]]:
    """Gives a segment as one or more, each said by one speaker.

    A word is said by whom it overlaps most, or who speaks nearest to it.

    Args:
        turns: in order of time.
        name: of a speaker, by number.
    """
    speaks = _Speaks(turns)

    def attributed(segment: Segment) -> list[Segment]:
        words = [word for word in spread(segment) if word.text.strip()]
        if not words or not turns:
            return [segment]
        runs = [
            (speaker, tuple(said)) for speaker, said in itertools.groupby(words, lambda word: speaks.at(word))
        ]
        if len(runs) == 1:
            return [replace(segment, speaker=name(runs[0][0]))]
        return [
            Segment(
                said[0].start if number else segment.start,
                said[-1].end if number < len(runs) - 1 else segment.end,
                "".join(word.text for word in said).strip(),
                said if segment.words else (),
                name(speaker),
            )
            for number, (speaker, said) in enumerate(runs)
        ]

    return attributed


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
