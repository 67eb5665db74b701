"""PURE: where words of a sentence stand in its translation: aligned, unchanged, or by what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from assistant.text_folding import is_unspaced, without_accents
from assistant.translation.edits import Alignment
from assistant.translation.records import Span

_WORD = re.compile(r"\w+(?:['’\u00ad]\w+)*")
_ENOUGH = 0.55
"""How much of a fragment must be found for its place to be taken."""
_FORM = 0.9
"""How alike two forms of a word are that share their beginning."""
_MOST_WEIGHT = 8
_UNMATCHED = 0.3
"""What a word that is too many costs beside one that is missing."""


def words(text: str) -> list[Span]:
    return [match.span() for match in _WORD.finditer(text)]


def whole_words(text: str, start: int, end: int) -> Span:
    """The stretch with the rest of the words that it cuts, where the script has spaces."""
    for first, last in words(text):
        if first < end and start < last and not is_unspaced(text[first]):
            start, end = min(start, first), max(end, last)
    return start, end


def bare(text: str, start: int, end: int) -> Span:
    """The stretch without white space and signs around it; empty at `start` where there is nothing else."""
    inside = [span for span in words(text) if span[0] < end and start < span[1]]
    if not inside:
        return start, start
    return max(start, inside[0][0]), min(end, inside[-1][1])


# --- by alignment


def aligned(source: str, text: str, alignment: Alignment, start: int, end: int) -> list[Span]:
    """What the words of [start, end) became in the text; several stretches where they were torn apart."""
    units = _units(text, alignment)
    inside = [_share(unit, alignment, start, end) for unit in units]
    for index, share in enumerate(inside):
        if share is None and 0 < index < len(units) - 1:
            before, after = inside[index - 1], inside[index + 1]
            if before is not None and after is not None and min(before, after) >= 0.5:
                inside[index] = 1.0
    spans: list[Span] = []
    joins = False
    for unit, share in zip(units, inside, strict=True):
        taken = share is not None and share >= 0.5
        if taken and joins:
            spans[-1] = spans[-1][0], unit[1]
        elif taken:
            spans.append(unit)
        joins = taken
    return spans


def _units(text: str, alignment: Alignment) -> list[Span]:
    """The words of the text; in scripts without spaces, the pieces that the model wrote."""
    pieces = sorted({target for _, target in alignment})
    units: list[Span] = []
    for first, last in words(text):
        if not is_unspaced(text[first]):
            units.append((first, last))
            continue
        inside = [(max(first, a), min(last, b)) for a, b in pieces if a < last and first < b]
        units.extend(sorted(set(inside)))
    return units


def _share(unit: Span, alignment: Alignment, start: int, end: int) -> float | None:
    """How much of what a word comes from lies in [start, end); None where nothing is told."""
    within = total = 0.0
    for (first, last), (begin, finish) in alignment:
        overlap = min(finish, unit[1]) - max(begin, unit[0])
        if overlap > 0 and first < last:
            total += overlap
            within += overlap * max(0, min(last, end) - max(first, start)) / (last - first)
    return within / total if total else None


# --- unchanged


def unchanged(source: str, text: str, start: int, end: int) -> Span | None:
    """Where the words of [start, end) stand in the text as they are; the same one of several."""
    wanted = source[start:end]
    for flags in (0, re.IGNORECASE):
        pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)", flags)
        if is_unspaced(wanted[0]) or is_unspaced(wanted[-1]):
            pattern = re.compile(re.escape(wanted), flags)
        there = [match.span() for match in pattern.finditer(text)]
        if there:
            here = [match.start() for match in pattern.finditer(source)]
            if len(here) == len(there) and start in here:
                return there[here.index(start)]
            return _nearest(there, _proportional(source, text, start))
    return None


def _proportional(source: str, text: str, place: int) -> float:
    return place / max(1, len(source)) * len(text)


def _nearest(spans: Sequence[Span], place: float) -> Span:
    return min(spans, key=lambda span: abs(span[0] - place))


# --- by what they mean alone


def fragment(source: str, text: str, start: int, end: int, alone: str) -> Span | None:
    """Where the words of [start, end), which are `alone` when translated alone, stand in the text."""
    first, last = bare(alone, 0, len(alone))
    alone = alone[first:last]
    if not alone:
        return None
    place = _proportional(source, text, start)
    if is_unspaced(alone[0]) or is_unspaced(alone[-1]):
        return _common_run(alone, text)
    wanted = [_folded(alone[slice(*span)]) for span in words(alone)]
    spans = words(text)
    there = [_folded(text[slice(*span)]) for span in spans]
    best: tuple[float, float, Span] | None = None
    for begin, finish in _windows(len(there), len(wanted) + 2):
        score = _score(wanted, there[begin:finish])
        span = spans[begin][0], spans[finish - 1][1]
        found = (score, -abs(span[0] - place), span)
        if score >= _ENOUGH and (best is None or found > best):
            best = found
    return best[2] if best else None


def _windows(length: int, longest: int) -> Iterator[Span]:
    for begin in range(length):
        for finish in range(begin + 1, min(length, begin + longest) + 1):
            yield begin, finish


def _score(wanted: Sequence[str], there: Sequence[str]) -> float:
    """How much of the wanted words is there, in any order and form; 1 where all is, and nothing else."""
    left = list(there)
    found = 0.0
    for word in sorted(wanted, key=len, reverse=True):
        likeness, other = max(((_likeness(word, each), each) for each in left), default=(0.0, ""))
        if likeness > 0:
            found += likeness * _weight(word)
            left.remove(other)
    total = sum(map(_weight, wanted))
    return (found - _UNMATCHED * sum(map(_weight, left))) / total


def _weight(word: str) -> int:
    return min(len(word), _MOST_WEIGHT)


def same_word(one: str, other: str) -> bool:
    """Whether two words are one, or forms of it."""
    return _likeness(_folded(one), _folded(other)) >= _FORM


def _likeness(one: str, other: str) -> float:
    """1 for the same word, less for another form of it, 0 for another word."""
    if one == other:
        return 1.0
    longer = max(len(one), len(other))
    shared = next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    if shared >= 3 and shared >= 0.6 * longer:
        return _FORM
    if longer <= 3:
        return 0.5 if shared == 2 or (shared and len(one) == len(other)) else 0.0
    likeness = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return 0.8 if likeness >= 0.75 and longer >= 5 else 0.0


def _folded(word: str) -> str:
    return without_accents(word).casefold()


def _common_run(alone: str, text: str) -> Span | None:
    match = SequenceMatcher(None, alone, text, autojunk=False).find_longest_match()
    if match.size < max(1 if len(alone) == 1 else 2, _ENOUGH * len(alone)):
        return None
    return match.b, match.b + match.size
