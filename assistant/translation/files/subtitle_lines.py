"""PURE: the words of a subtitle, spread over its cues and broken into lines.

Two lines of 42 characters at most, as the guides of the BBC and of Netflix have it; a wide sign (Chinese,
Japanese, Korean) takes the room of 42 / 18.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from functools import cache

from assistant.text_folding import is_unspaced

LINE = 42
LINES = 2
_WIDE = LINE / 18
_NEAR = 30
"""Characters from its due place within which a cue may end."""
_CLAUSE_END = frozenset(".,;:!?…—–،؛؟、。，．！？；：")
_NOT_FIRST = frozenset(".,;:!?…%)]}”’»、。，．！？；：）」』】〕〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々")
_AT_CLAUSE = 8.0
"""Characters that a cue may end away from its due place to end with a clause."""
_TOO_LONG = 1_000.0


def width(text: str) -> float:
    """The room that a text takes, in letters."""
    return sum(
        _WIDE if unicodedata.east_asian_width(sign) in "WF" else not unicodedata.combining(sign)
        for sign in text
    )


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


def spread(text: str, shares: Sequence[float]) -> list[tuple[int, int]]:
    """A text over cues in these proportions, as (start, end) without white space around them.

    A cue ends near its due place, well at a clause, and where what it holds fits.
    """
    total = sum(shares) or 1.0
    if len(shares) == 1:
        return [_bare(text, 0, len(text))]
    everywhere = places(text)
    cuts: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    due = 0.0
    for number, share in enumerate(shares[:-1], 1):
        due += len(text) * share / total
        near = [at for at in everywhere if abs(at - due) <= _NEAR] or [
            min(everywhere, key=lambda at: abs(at - due), default=len(text))
        ]
        last = number == len(shares) - 1
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for at in near:
            best = min(
                (
                    (cost + _cost(text, begin, at), before)
                    for begin, (cost, before) in cuts.items()
                    if begin < at
                ),
                default=(math.inf, ()),
            )
            clause = _AT_CLAUSE if text[:at].rstrip()[-1:] in _CLAUSE_END else 0.0
            rest = _cost(text, at, len(text)) if last else 0.0
            reached[at] = (best[0] + abs(at - due) - clause + rest, (*best[1], at))
        if all(math.isinf(cost) for cost, _ in reached.values()):  # fewer words than cues
            reached = {len(text): (0.0, (*min(cuts.values())[1], len(text)))}
        cuts = reached
    ends = (*min(cuts.values())[1], len(text))
    starts = (0, *ends)
    return [_bare(text, start, max(start, end)) for start, end in zip(starts, ends, strict=False)]


def _cost(text: str, start: int, end: int) -> float:
    return 0.0 if fits(text[start:end]) else _TOO_LONG


@cache
def fits(text: str) -> bool:
    text = text.strip()
    return len(lines(text)) <= LINES and all(width(line) <= LINE for line in lines(text))


def lines(text: str) -> list[str]:
    """A text in one line, or in two of about the same length, rather with the upper one shorter."""
    return [text[start:end] for start, end in line_spans(text)]


def line_spans(text: str) -> list[tuple[int, int]]:
    if width(text) <= LINE:
        return [(0, len(text))]
    found = places(text)
    if not found:
        return [(0, len(text))]
    half = width(text) / 2
    widths = {at: width(text[:at].rstrip()) for at in found}

    def cost(at: int) -> float:
        first, second = widths[at], width(text[at:])
        over = max(0.0, first - LINE) + max(0.0, second - LINE)
        clause = 4.0 if text[:at].rstrip()[-1:] in _CLAUSE_END else 0.0
        return over * 100 + abs(first - half) + (1.0 if first > second else 0.0) - clause

    at = min(found, key=cost)
    return [_bare(text, 0, at), _bare(text, at, len(text))]


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
