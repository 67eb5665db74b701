"""PURE: where the marks of a paragraph stand in its translation, in three tiers; see `records.Tier`."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from assistant.text_folding import is_unspaced
from assistant.translation import mark_words
from assistant.translation.records import Mark, Span, Tier
from assistant.translation.sentence_parts import Segment

_WORD = re.compile(r"\w")
_SIGNS_BEFORE = re.compile(r"[^\w\s]*\Z")
_SIGNS_AFTER = re.compile(r"[^\w\s]*")
_RANK = {Tier.ALIGNED: 0, Tier.FOUND: 1, Tier.WHOLE: 2}


@dataclass(frozen=True, slots=True)
class Placed:
    marks: tuple[Mark, ...]
    """Of the translation, outer ones first."""
    tiers: tuple[tuple[int, Tier], ...]
    whole: tuple[tuple[int, str], ...]
    """Sentences that a mark of some of their words holds for as a whole now, and those words."""


@dataclass(slots=True)
class _Found:
    mark: Mark
    spans: list[Span]
    tier: Tier
    whole: list[tuple[int, str]]


def fragments(text: str, translated: str, marks: Iterable[Mark], segments: Sequence[Segment]) -> set[str]:
    """What has to be translated alone, to be found in the translation: words that nothing else tells of."""
    wanted = set()
    for mark in marks:
        for segment in _touched(mark, segments) if mark.start < mark.end else ():
            place = _InSegment(text, translated, segment, mark)
            if place.is_partial and place.without_help() is None:
                wanted.add(place.words)
    return wanted - {""}


def placed(
    text: str,
    translated: str,
    marks: Sequence[Mark],
    segments: Sequence[Segment],
    alone: Mapping[str, str] | None = None,
) -> Placed:
    """
    Args:
        alone: what `fragments` asked for became.
    """
    order = sorted(range(len(marks)), key=lambda index: (marks[index].start, -marks[index].end, index))
    found: list[_Found] = []
    around: list[_Found] = []
    numbered: list[tuple[int, _Found]] = []
    points: list[tuple[int, Mark]] = []
    for index in order:
        mark = marks[index]
        while around and around[-1].mark.end <= mark.start and not _holds(around[-1].mark, mark):
            around.pop()
        outer = around[-1] if around else None
        if mark.start == mark.end:
            place = _point(text, translated, mark.start, segments)
            if outer is not None and outer.mark.start < mark.start < outer.mark.end:
                place = _nearest_within(place, outer.spans)
            points.append((place, mark))
            continue
        this = _spanned(text, translated, mark, segments, alone or {})
        if outer is not None and _holds(outer.mark, mark):
            this = _inside(this, outer)
        found.append(this)
        numbered.append((index, this))
        around.append(this)
    flat = _uncrossed([(span, item.mark.id) for item in found for span in item.spans])
    result = [*flat, *(Mark(mark.id, place, place) for place, mark in points)]
    return Placed(
        tuple(sorted(result, key=lambda mark: (mark.start, mark.start != mark.end, -mark.end))),
        tuple((item.mark.id, item.tier) for _, item in sorted(numbered, key=itemgetter(0))),
        tuple(each for item in found for each in item.whole),
    )


def _holds(outer: Mark, inner: Mark) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _touched(mark: Mark, segments: Sequence[Segment]) -> list[Segment]:
    return [each for each in segments if each.source[0] < mark.end and mark.start < each.source[1]]


# --- marks with characters


class _InSegment:
    """The part of a mark that lies in one segment; offsets count from the segment's beginning."""

    def __init__(self, text: str, translated: str, segment: Segment, mark: Mark) -> None:
        self.segment = segment
        self.source = text[slice(*segment.source)]
        self.target = translated[slice(*segment.target)]
        self.start = max(0, mark.start - segment.source[0])
        self.end = min(len(self.source), mark.end - segment.source[0])
        self.core = mark_words.bare(self.source, *mark_words.whole_words(self.source, self.start, self.end))
        """Whole words, without the signs around them."""
        outside = self.source[: self.start] + self.source[self.end :]
        self.is_partial = (
            segment.translated and _WORD.search(outside) is not None and self.core[0] < self.core[1]
        )

    @property
    def words(self) -> str:
        return self.source[slice(*self.core)]

    def without_help(self) -> tuple[list[Span], Tier] | None:
        spans = mark_words.aligned(self.source, self.target, self.segment.alignment, *self.core)
        if spans:
            return spans, Tier.ALIGNED
        span = mark_words.unchanged(self.source, self.target, *self.core)
        return ([span], Tier.FOUND) if span else None

    def partial(self, alone: Mapping[str, str]) -> tuple[list[Span], Tier]:
        known = self.without_help()
        if known is None and self.words in alone:
            found = mark_words.fragment(self.source, self.target, *self.core, alone[self.words])
            known = (found, Tier.FOUND) if found else None
        if known is None:
            return [(0, len(self.target))], Tier.WHOLE
        spans = list(known[0])
        spans[0] = spans[0][0] - self._signs_before(spans[0][0]), spans[0][1]
        spans[-1] = spans[-1][0], spans[-1][1] + self._signs_after(spans[-1][1])
        return spans, known[1]

    def _signs_before(self, place: int) -> int:
        """How many of the signs before a place belong to the mark: as many as in the source."""
        inside = self.source[self.start : self.core[0]]
        return min(_signs_at_end(self.target[:place]), _signs_at_end(inside) if inside.strip() else 0)

    def _signs_after(self, place: int) -> int:
        inside = self.source[self.core[1] : self.end]
        return min(_signs_at_start(self.target[place:]), _signs_at_start(inside))

    def untranslated(self) -> Span:
        """Of a stretch that stands as it was, or nearly so."""
        most = len(self.target)
        if self.end == len(self.source):
            return min(self.start, most), most
        return min(self.start, most), min(self.end, most)

    def all_words(self) -> Span:
        """The whole, but for signs at its ends that the mark leaves out."""
        start, end = 0, len(self.target)
        if self.start > 0:
            start = _signs_at_start(self.target)
        if self.end < len(self.source):
            end -= _signs_at_end(self.target)
        return (start, end) if start < end else (0, len(self.target))

    def signs(self) -> Span:
        """Of a mark without words: the same signs near the place, or nothing at it."""
        wanted = self.source[self.start : self.end].strip() or " "
        place = round(self.start / max(1, len(self.source)) * len(self.target))
        there = [match.span() for match in re.finditer(re.escape(wanted), self.target)]
        if there:
            return min(there, key=lambda span: abs(span[0] - place))
        place = _boundary(self.target, place)
        return place, place


def _signs_at_end(text: str) -> int:
    match = _SIGNS_BEFORE.search(text)
    return len(match.group()) if match else 0


def _signs_at_start(text: str) -> int:
    match = _SIGNS_AFTER.match(text)
    return len(match.group()) if match else 0


def _spanned(
    text: str, translated: str, mark: Mark, segments: Sequence[Segment], alone: Mapping[str, str]
) -> _Found:
    spans: list[Span] = []
    tier = Tier.ALIGNED
    whole: list[tuple[int, str]] = []
    for segment in _touched(mark, segments):
        place = _InSegment(text, translated, segment, mark)
        if not segment.translated:
            pieces = [place.untranslated()]
        elif place.is_partial:
            pieces, how = place.partial(alone)
            tier = max(tier, how, key=_RANK.__getitem__)
            if how is Tier.WHOLE:
                whole.append((segment.sentence, place.words))
        elif place.core[0] < place.core[1]:
            pieces = [place.all_words()]
        else:
            pieces = [place.signs()]
        spans += [(start + segment.target[0], end + segment.target[0]) for start, end in pieces]
    return _Found(mark, _joined(spans, translated), tier, whole)


def _joined(spans: Iterable[Span], translated: str) -> list[Span]:
    """Stretches that touch as one; empty ones only where there is no other."""
    ordered = sorted(set(spans))
    full = [span for span in ordered if span[0] < span[1]] or ordered[:1]
    joined = full[:1]
    for start, end in full[1:]:
        if start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _inside(this: _Found, outer: _Found) -> _Found:
    """What lies in the outer mark's words; all of those where nothing does."""
    cut = [
        (max(start, first), min(end, last))
        for start, end in this.spans
        for first, last in outer.spans
        if max(start, first) < min(end, last)
    ]
    if cut:
        return _Found(this.mark, cut, this.tier, this.whole)
    return _Found(this.mark, list(outer.spans), Tier.WHOLE, this.whole)


def _uncrossed(spans: Iterable[tuple[Span, int]]) -> list[Mark]:
    """Marks of which none crosses another: the later one is divided where the earlier one ends."""
    waiting = [(start, -end, number, id) for number, ((start, end), id) in enumerate(spans)]
    heapq.heapify(waiting)
    done: list[Mark] = []
    open_ends: list[int] = []
    while waiting:
        start, minus_end, number, id = heapq.heappop(waiting)
        end = -minus_end
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        if open_ends and end > open_ends[-1]:
            heapq.heappush(waiting, (open_ends[-1], -end, number, id))
            end = open_ends[-1]
        done.append(Mark(id, start, end))
        open_ends.append(end)
    return done


# --- marks without characters


def _point(text: str, translated: str, place: int, segments: Sequence[Segment]) -> int:
    """Where something that stands between two characters of the source stands in the translation."""
    for segment in segments:
        start, end = segment.source
        if place == start:
            return segment.target[0]
        if place < end:
            inside = text[start:end], translated[slice(*segment.target)], place - start
            offset = _in_core(*inside, segment) if segment.translated else min(place - start, len(inside[1]))
            return segment.target[0] + offset
    return len(translated)


def _in_core(source: str, target: str, place: int, segment: Segment) -> int:
    if not _WORD.search(source[:place]):
        return min(place, _signs_at_start(target))
    if not _WORD.search(source[place:]):
        return len(target) - min(len(source) - place, _signs_at_end(target))
    follows = not source[place - 1].isspace()
    """It belongs to the word before it, like the sign of a note."""
    spans = mark_words.words(source)
    anchor = (
        next(span for span in reversed(spans) if span[0] < place)
        if follows
        else next(span for span in spans if span[1] > place)
    )
    found = mark_words.aligned(source, target, segment.alignment, *anchor)
    same = None if found else mark_words.unchanged(source, target, *anchor)
    if same is not None:
        found = [same]
    if found:
        return found[-1][1] if follows else found[0][0]
    offset = _boundary(target, round(place / len(source) * len(target)))
    if not follows:
        while offset < len(target) and target[offset].isspace():
            offset += 1
    return offset


def _boundary(text: str, place: int) -> int:
    """The next place at which no word goes on."""
    while 0 < place < len(text) and _goes_on(text[place - 1], text[place]):
        place += 1
    return place


def _goes_on(before: str, after: str) -> bool:
    inside = all(sign.isalnum() or sign in "'’_" for sign in (before, after))
    return inside and not (is_unspaced(before) or is_unspaced(after))


def _nearest_within(place: int, spans: Sequence[Span]) -> int:
    return min(
        (max(start, min(place, end)) for start, end in spans),
        key=lambda inside: abs(inside - place),
        default=place,
    )
