"""PURE: where a sentence that is too long for a model is parted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.text_folding import bare_span
from assistant.translation.records import Span

_CLAUSES = re.compile(r"[;:.!?…][\"'”’»)\]]*\s+|[；：。！？]|\s[-–—]\s+|\n\s*")
_COMMAS = re.compile(r"[,،、，]\s*")
_SPACES = re.compile(r"\s+")


def parts(text: str, measure: Callable[[Sequence[str]], Sequence[int]], most: int) -> list[Span]:
    """The parts of a text that each measure no more than `most`; together they hold all but white space.

    It is parted at the ends of clauses, else at commas, else between words, else anywhere; and not near an
    end, where there is a choice.

    Args:
        measure: the tokens of each of some texts.
    """
    found: list[Span] = []
    waiting = [bare_span(text, 0, len(text))]
    while waiting:
        start, end = waiting.pop()
        if start == end:
            continue
        if end - start < 2 or measure([text[start:end]])[0] <= most:
            found.append((start, end))
            continue
        cut = _cut(text, start, end)
        waiting += [bare_span(text, cut, end), bare_span(text, start, cut)]
    return found


def _cut(text: str, start: int, end: int) -> int:
    """The best place in the middle half."""
    middle = (start + end) / 2
    for pattern in (_CLAUSES, _COMMAS, _SPACES):
        places = [found.end() for found in pattern.finditer(text, start, end) if start < found.end() < end]
        near = [place for place in places if abs(place - middle) <= (end - start) / 4] or (
            places if pattern is _SPACES else []
        )
        if near:
            return min(near, key=lambda place: abs(place - middle))
    return start + (end - start) // 2
