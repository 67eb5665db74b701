"""PURE: where words of a sentence stand in its translation: aligned, unchanged, or by what they mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.text_folding import is_unspaced, without_accents
from assistant.translation.edits import Alignment
from assistant.translation.records import Span

_WORD = re.compile(r"\w+(?:['’\u00ad]\w+)*")
_ENOUGH = 0.55
"""How much of a fragment must be found for its place to be taken."""
_FORM = 0.9
"""How alike two forms of a word are that share their beginning."""
_FARTHER = 0.6
"""How alike a word must be that is torn from the others."""
_TORN = 4
"""Letters of a word that is looked for farther away."""
_ARTICLE = 5
"""Letters of a word that may have come to stand with others when they were translated alone."""
_MOST_WANTED = 15
"""Words that are looked for together; more are found by alignment or not at all."""
_MOST_WORDS = 400
"""Of the sentence in which they are looked for."""
_MOST_WEIGHT = 8
_UNMATCHED = 0.3
"""What a word that is too many costs beside one that is missing."""


@lru_cache(maxsize=64)
def words(text: str) -> tuple[Span, ...]:
    return tuple(match.span() for match in _WORD.finditer(text))


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
    targets = Counter(piece for piece, _ in set(alignment))
    links = [(piece, target, 1 / targets[piece]) for piece, target in set(alignment)]
    inside = [_share(unit, links, start, end) for unit in units]
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


_Link = tuple[Span, Span, float]
"""Of the source, of the text, and how much it says: a piece that is linked with many places says little of
each."""


def _share(unit: Span, links: Iterable[_Link], start: int, end: int) -> float | None:
    """How much of what a word comes from lies in [start, end); None where nothing is told."""
    within = total = 0.0
    for (first, last), (begin, finish), weight in links:
        overlap = weight * (min(finish, unit[1]) - max(begin, unit[0]))
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


def fragment(source: str, text: str, start: int, end: int, alone: str) -> list[Span]:
    """Where the words of [start, end), which are `alone` when translated alone, stand in the text."""
    first, last = bare(alone, 0, len(alone))
    alone = alone[first:last]
    if not alone:
        return []
    if is_unspaced(alone[0]) or is_unspaced(alone[-1]):
        return _common_run(alone, text)
    wanted = [_folded(alone[slice(*span)]) for span in words(alone)]
    wanted = _without_articles(wanted, len(words(source[start:end])))
    spans = words(text)
    if len(wanted) > _MOST_WANTED or len(spans) > _MOST_WORDS:
        return []
    there = [_folded(text[slice(*span)]) for span in spans]
    place = _proportional(source, text, start)
    found, total = _found(wanted, there, [-abs(span[0] - place) for span in spans])
    if total < _ENOUGH * sum(map(_weight, wanted)):
        return []
    joined: list[Span] = []
    for index in sorted(found):
        if joined and index - 1 in found:
            joined[-1] = joined[-1][0], spans[index][1]
        else:
            joined.append(spans[index])
    return joined


def _without_articles(wanted: Sequence[str], count: int) -> list[str]:
    """The words but for those that came to stand with them: "das Haus" of "house"."""
    left = list(wanted)
    while len(left) > max(1, count) and len(min(left, key=len)) <= _ARTICLE:
        left.remove(min(left, key=len))
    return left


def _found(wanted: Sequence[str], there: Sequence[str], nearness: Sequence[float]) -> tuple[set[int], float]:
    """The words that the wanted ones are, most of them in a row, and how much of the wanted that is."""
    windows = [
        (_score(wanted, there, range(begin, finish)), nearness[begin], begin, finish)
        for begin, finish in _windows(len(there), len(wanted) + 2)
    ]
    score, _, begin, finish = max(windows, default=(0.0, 0.0, 0, 0))
    if score <= 0:
        return set(), 0.0
    pairs, left = _pairs(wanted, there, range(begin, finish))
    taken = {index for _, index, _ in pairs}
    for word in left:  # torn from the others
        others = [index for index in range(len(there)) if index not in taken]
        best = max(others, key=lambda index: (_likeness(word, there[index]), nearness[index]), default=-1)
        if best >= 0 and len(word) >= _TORN and _likeness(word, there[best]) > _FARTHER:
            pairs.append((word, best, _likeness(word, there[best])))
    found = {index for _, index, _ in pairs}
    if len(pairs) < len(wanted):  # what stands between the others may be what is missing
        found |= set(range(begin, finish))
    return found, sum(likeness * _weight(word) for word, _, likeness in pairs)


def _windows(length: int, longest: int) -> Iterator[Span]:
    for begin in range(length):
        for finish in range(begin + 1, min(length, begin + longest) + 1):
            yield begin, finish


def _score(wanted: Sequence[str], there: Sequence[str], window: range) -> float:
    """How much of the wanted words is there, in any order and form, less what is there beside them."""
    pairs, _ = _pairs(wanted, there, window)
    known = sum(likeness * _weight(word) for word, _, likeness in pairs)
    beside = sum(_weight(there[index]) for index in window) - sum(
        _weight(there[index]) for _, index, _ in pairs
    )
    return known - _UNMATCHED * beside


def _pairs(
    wanted: Sequence[str], there: Sequence[str], window: range
) -> tuple[list[tuple[str, int, float]], list[str]]:
    """The wanted words that are there, each with its place and how alike they are; and those that are not."""
    free = list(window)
    pairs, missing = [], []
    for word in sorted(wanted, key=len, reverse=True):
        likeness, place = max(((_likeness(word, there[index]), index) for index in free), default=(0.0, -1))
        if likeness > 0:
            pairs.append((word, place, likeness))
            free.remove(place)
        else:
            missing.append(word)
    return pairs, missing


def _weight(word: str) -> int:
    return min(len(word), _MOST_WEIGHT)


def same_word(one: str, other: str) -> bool:
    """Whether two words are one, or forms of it."""
    return _likeness(_folded(one), _folded(other)) >= _FORM


@lru_cache(maxsize=4096)
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


def _common_run(alone: str, text: str) -> list[Span]:
    match = SequenceMatcher(None, alone, text, autojunk=False).find_longest_match()
    if match.size < max(1 if len(alone) == 1 else 2, _ENOUGH * len(alone)):
        return []
    return [(match.b, match.b + match.size)]
