"""PURE: a transcript as subtitles, made from the times of its words.

The figures are those of the BBC's and Netflix's guides for subtitles: two lines of 42 characters, five sixths
of a second to seven seconds each, at most 17 characters a second. Where a text ends is chosen for all of it
at once (dynamic programming, as paragraphs are set into lines: Knuth and Plass 1981).
"""

from __future__ import annotations

import bisect
import itertools
import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.speech.records import Segment, Word
from assistant.speech.transcripts.paragraphs import ends_sentence
from assistant.text.subtitle_room import LINE, width
from assistant.text_folding import is_unspaced

SPEED = 17.0
"""Characters a second that people read."""
SHORTEST = 5 / 6
LONGEST = 7.0
GAP = 1 / 12
"""Seconds between two cues: two pictures of a film."""

_SILENCE = 1.5
"""Seconds that no cue stays over."""
_BREATH = 0.35
"""A shorter silence, at which it is well to end one."""
_GLIMPSE = 0.2
"""Seconds that a cue is shown at the least, where words have no time at all."""
_CLAUSE_ENDS = tuple(",;:—–،؛、，；：")
_NOT_FIRST = tuple(".,;:!?…%)]}”’»、。，．！？；：）」』】〕〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々〻")
_NOT_LAST = tuple("([{“‘«（「『【〔〈《¿¡")

_CUE_COSTS = 1.0
_ANYWHERE = 2.0
"""What it costs to end a cue between two words of a clause."""
_AT_CLAUSE = 0.5
_TOO_FAST = 4.0
_TOO_SHORT = 3.0
_IMPOSSIBLE = 1_000.0


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown at a time."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def cues(segments: Iterable[Segment], *, labels: bool = True) -> list[Cue]:
    """The subtitles of a transcript, in order, none over another.

    Args:
        labels: begin with the speaker's name where another one begins to speak.
    """
    found: list[Cue] = []
    for run in _runs(_units(segments, labels=labels)):
        found += _divided(run)
    return list(_timed(found))


# --- words ------------------------------------------------------------------------------------------------


def spread(segment: Segment) -> tuple[Word, ...]:
    """The words of a segment; where it has none with times, its text's, spread evenly over its time."""
    if segment.words:
        return segment.words
    pieces = list(_pieces(segment.text))
    whole = sum(map(width, pieces)) or 1.0
    words, at = [], segment.start
    for piece in pieces:
        end = at + (segment.end - segment.start) * width(piece) / whole
        words.append(Word(round(at, 3), round(end, 3), piece))
        at = end
    return tuple(words)


def _pieces(text: str) -> Iterator[str]:
    """Words with the space before them; letters, where there are no spaces."""
    for number, word in enumerate(text.split()):
        piece = " " if number else ""
        for letter in word:
            if piece.strip() and _may_part(piece, letter):
                yield piece
                piece = ""
            piece += letter
        yield piece


def _may_part(before: str, after: str) -> bool:
    """Whether a line may end between two texts that have no space between them."""
    last, first = before[-1:], after[:1]
    if not last or not first or not (is_unspaced(last) or is_unspaced(first)):
        return False
    if first in _NOT_FIRST or last in _NOT_LAST or unicodedata.category(first).startswith("M"):
        return False
    return not (_katakana(last) and _katakana(first))


def _katakana(letter: str) -> bool:
    return "\u30a0" <= letter <= "\u30ff"


def _units(segments: Iterable[Segment], *, labels: bool) -> Iterator[tuple[Word, str]]:
    """What no line ends within, with who says it; its times never run back."""
    held: Word | None = None
    speaker, latest = "", 0.0
    for segment in segments:
        words = [word for word in spread(segment) if word.text.strip()]
        for number, word in enumerate(words):
            start = max(word.start, latest)
            latest, end = start, max(start, word.end)
            text = word.text if number else f" {word.text.strip()}"
            if held is not None and number and not text[0].isspace() and not _may_part(held.text, text):
                held = replace(held, end=end, text=held.text + text)
                continue
            if held is not None:
                yield held, speaker
            if labels and segment.speaker and segment.speaker != speaker:
                text = f" {' '.join(segment.speaker.split())}: {text.strip()}"
            speaker = segment.speaker
            held = Word(start, end, text)
    if held is not None:
        yield held, speaker


def _runs(units: Iterable[tuple[Word, str]]) -> Iterator[_Run]:
    """Words of one speaker without a long silence between them."""
    held: list[Word] = []
    speaker = ""
    for word, said_by in units:
        if held and (said_by != speaker or word.start - held[-1].end >= _SILENCE):
            yield _Run(held, speaker, word.start)
            held = []
        held.append(word)
        speaker = said_by
    if held:
        yield _Run(held, speaker, math.inf)


# --- where cues and lines end -----------------------------------------------------------------------------


class _Run:
    """Words of one speaker, with what is asked of them over and over."""

    def __init__(self, words: Sequence[Word], speaker: str, next_start: float) -> None:
        self.words = words
        self.speaker = speaker
        self.ends = [*(word.start for word in words[1:]), next_start]
        """When what comes after each word begins."""
        self.before = [0.0, *itertools.accumulate(width(_spaced(word.text)) for word in words)]
        """Room that the words before each one take."""

    def room(self, first: int, last: int) -> float:
        """Of the words first to last, the last one not counted, in one line."""
        return self.before[last] - self.before[first] - self.words[first].text[:1].isspace()

    def text(self, first: int, last: int) -> str:
        return "".join(_spaced(word.text) for word in self.words[first:last]).strip()

    def fits(self, first: int, last: int) -> bool:
        """Whether the words fit into two lines."""
        if last - first == 1 or self.room(first, last) <= LINE:
            return True
        limit = self.before[first] + self.words[first].text[:1].isspace() + LINE
        full = bisect.bisect_right(self.before, limit, first + 1, last) - first - 1
        return full > 0 and self.room(first + full, last) <= LINE

    def ending(self, last: int) -> float:
        """What it costs that a text ends before this word."""
        text, silence = self.words[last - 1].text, self.ends[last - 1] - self.words[last - 1].end
        if last == len(self.words) or ends_sentence(text):
            return 0.0
        if text.rstrip().endswith(_CLAUSE_ENDS):
            return _AT_CLAUSE
        return _AT_CLAUSE if silence >= _BREATH else _ANYWHERE

    def cost(self, first: int, last: int) -> float:
        """Of a cue of these words."""
        start = self.words[first].start
        shown = min(self.ends[last - 1] - GAP - start, LONGEST)
        needed = self.room(first, last) / SPEED
        cost = _CUE_COSTS + self.ending(last)
        if shown < needed:
            cost += _TOO_FAST * (needed / max(shown, GAP) - 1)
        if shown < SHORTEST:
            cost += _TOO_SHORT * (1 - max(shown, 0.0) / SHORTEST)
        return cost


def _spaced(text: str) -> str:
    """The word with at most one space before it and none after it."""
    return f"{' ' if text[:1].isspace() else ''}{' '.join(text.split())}"


def _divided(run: _Run) -> Iterator[Cue]:
    """The cheapest way to divide a run into cues."""
    count = len(run.words)
    best = [0.0] + [math.inf] * count
    came_from = [0] * (count + 1)
    for first in range(count):
        for last in range(first + 1, count + 1):
            single = last - first == 1
            spoken = run.words[last - 1].end - run.words[first].start
            if not single and (spoken > LONGEST or not run.fits(first, last)):
                break
            cost = best[first] + run.cost(first, last)
            if cost < best[last]:
                best[last], came_from[last] = cost, first
    places = [count]
    while places[-1]:
        places.append(came_from[places[-1]])
    for first, last in itertools.pairwise(reversed(places)):
        lines = _lines(run, first, last)
        yield Cue(run.words[first].start, run.words[last - 1].end, lines, run.speaker)


def _lines(run: _Run, first: int, last: int) -> tuple[str, ...]:
    """One line where it fits, else two: at a clause's end if there is one near the middle, even otherwise."""
    whole = run.room(first, last)
    if whole <= LINE or last - first == 1:
        return (run.text(first, last),)

    def cost(middle: int) -> float:
        upper, lower = run.room(first, middle), run.room(middle, last)
        too_long = max(0.0, upper - LINE) + max(0.0, lower - LINE)
        return too_long * _IMPOSSIBLE + run.ending(middle) * 6 + abs(upper - lower) / 2

    middle = min(range(first + 1, last), key=cost)
    return run.text(first, middle), run.text(middle, last)


# --- times ------------------------------------------------------------------------------------------------


def _timed(found: Sequence[Cue]) -> Iterator[Cue]:
    """Cues shown long enough to be read, as far as the silence behind them allows."""
    earliest = 0.0
    for number, cue in enumerate(found):
        following = found[number + 1].start if number + 1 < len(found) else math.inf
        start = max(cue.start, earliest)
        needed = max(SHORTEST, width(" ".join(cue.lines)) / SPEED)
        wanted = min(max(cue.end, start + needed), start + LONGEST)
        end = max(min(wanted, following - GAP), start + _GLIMPSE)
        earliest = end + GAP
        yield replace(cue, start=round(start, 3), end=round(end, 3))
