"""PURE: the words of a subtitle, spread over its cues and broken into lines.

Two lines at the most, as the guides of the BBC and of Netflix have it.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from assistant.text.subtitle_room import LINE, width
from assistant.text_folding import bare_span, is_unspaced

LINES = 2
_NEAR = 30
"""Characters from its due place within which a cue may end."""
_CLAUSE_END = frozenset(".,;:!?…—–،؛؟、。，．！？；：")
_NOT_FIRST = frozenset(".,;:!?…%)]}”’»、。，．！？；：）」』】〕〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々")
_AT_CLAUSE = 8.0
"""Characters that a cue may end away from its due place to end with a clause."""
_TOO_LONG = 1_000.0


def places(text: str) -> list[int]:
    """Where a text may be cut: before its words, or between signs of scripts without spaces."""
    found = []
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        if before in " \n":
            fits = after not in " \n"
        else:
            fits = after not in _NOT_FIRST and after != " " and (is_unspaced(before) or is_unspaced(after))
            fits = fits and not unicodedata.combining(after)
        if fits:
            found.append(at)
    return found


class _Room:
    """How much room the pieces of a text take, and whether they fit into a cue."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places = places(text)
        self._widths = [0.0, *itertools.accumulate(width(sign) for sign in text)]

    def _width(self, start: int, end: int) -> float:
        start, end = bare_span(self.text, start, end)
        return self._widths[max(start, end)] - self._widths[start]

    def fits(self, start: int, end: int) -> bool:
        whole = self._width(start, end)
        if whole <= LINE or whole > LINES * LINE + 1:
            return whole <= LINE
        # The last place where the first line is full.
        last = bisect_right(self._widths, self._widths[start] + LINE + 1)
        at = bisect_right(self.places, last) - 1
        while at >= 0 and self.places[at] > start and self._width(start, self.places[at]) > LINE:
            at -= 1
        return at >= 0 and self.places[at] > start and self._width(self.places[at], end) <= LINE

    def near(self, due: float) -> list[int]:
        """Where a cue may end that should end at `due`."""
        found = self.places[bisect_left(self.places, due - _NEAR) : bisect_right(self.places, due + _NEAR)]
        return found or [min(self.places, key=lambda at: abs(at - due), default=len(self.text))]

    def ends_clause(self, at: int) -> bool:
        return self.text[at - 1 : at] in _CLAUSE_END or self.text[at - 2 : at - 1] in _CLAUSE_END


def spread(text: str, shares: Sequence[float]) -> list[tuple[int, int]]:
    """A text over cues in these proportions, as (start, end) without white space around them.

    A cue ends near its due place, well at a clause, and where what it holds fits.
    """
    total = sum(shares) or 1.0
    room = _Room(text)
    reached: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    due = 0.0
    for number, share in enumerate(shares[:-1], 1):
        due += len(text) * share / total
        before, reached = reached, {}
        for at in room.near(due):
            ways = [
                (cost + (0.0 if room.fits(begin, at) else _TOO_LONG), ends)
                for begin, (cost, ends) in before.items()
                if begin < at
            ]
            if not ways:
                continue
            cost, ends = min(ways)
            cost += abs(at - due) - (_AT_CLAUSE if room.ends_clause(at) else 0.0)
            if number == len(shares) - 1 and not room.fits(at, len(text)):
                cost += _TOO_LONG
            reached[at] = (cost, (*ends, at))
        if not reached:  # fewer words than cues
            reached = {len(text): (0.0, (*min(before.values())[1], len(text)))}
    ends = (*min(reached.values())[1], len(text))
    return [bare_span(text, start, max(start, end)) for start, end in itertools.pairwise((0, *ends))]


def line_spans(text: str) -> list[tuple[int, int]]:
    """Where the lines of a text stand in it: one, two of about one length, or more where these are full."""
    spans: list[tuple[int, int]] = []
    start = 0
    while (rest := width(text[start:])) > LINE:
        count = max(LINES, math.ceil(rest / LINE))
        at = _line_end(text, start, rest / count)
        if at is None:
            break
        spans.append(bare_span(text, start, at))
        start = at
    return [*spans, bare_span(text, start, len(text))]


def _line_end(text: str, start: int, due: float) -> int | None:
    """Where a line ends that should be so wide: rather at a clause, and rather too short than too long."""
    best: tuple[float, int] | None = None
    wide = 0.0
    at = start
    for place in (place for place in places(text) if place > start):
        wide += width(text[at:place])
        at = place
        over = max(0.0, wide - 1 - LINE) * 100
        clause = 6.0 if text[:place].rstrip()[-1:] in _CLAUSE_END else 0.0
        cost = over + abs(wide - due) + (1.0 if wide > due else 0.0) - clause
        if best is None or cost < best[0]:
            best = (cost, place)
    return best[1] if best else None
