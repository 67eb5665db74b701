"""PURE: what stands in a paragraph becomes text with marks, and comes back from its translation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from assistant.translation.files.readable import has_letters
from assistant.translation.records import Mark, Paragraph, TranslatedParagraph

_END = frozenset(".!?:;。！？：；…؟۔।")
_SYMBOL_FONTS = ("symbol", "wingdings", "webdings", "zapfdingbats", "marlett", "mt extra")
_WRAPPED_WORDS = 6
"""A line of more words that ends without a sign goes on in the next one."""


@dataclass(eq=False, frozen=True, slots=True)
class Container:
    """A link, a field or a control around a part of a paragraph."""

    node: Any = None
    """Its element; None for a field, which stands between two items."""
    before: tuple[Point, ...] = ()
    after: tuple[Point, ...] = ()
    copies: bool = True
    """There may be two of it, where its words are torn apart."""


Around: TypeAlias = tuple[Container, ...]
"""What a piece stands in, the outermost first."""


@dataclass(frozen=True, slots=True)
class Look:
    key: Hashable
    """The same for runs that look the same."""
    properties: Any = field(default=None, compare=False)
    """Their element."""
    on_spaces: bool = False
    """It can be seen on spaces: a line, a colour behind them."""


@dataclass(eq=False, frozen=True, slots=True)
class Words:
    text: str
    look: Look
    around: Around = ()


@dataclass(eq=False, frozen=True, slots=True)
class Point:
    """What stands between words: a break, the sign of a note, a picture, a field."""

    nodes: tuple[Any, ...] = ()
    around: Around = ()
    look: Look | None = None
    """Of the run that its nodes stand in; None where they stand beside runs."""
    items: tuple[Item, ...] = ()
    """It consists of these instead of nodes."""
    role: str = ""
    ordered: bool = False
    """It stays before those ordered points that it was before."""
    splits: bool = False
    """What is before it and after it are not one text: a tab."""
    breaks: bool = False
    """A line ends here."""


Item: TypeAlias = Words | Point


_Cover: TypeAlias = tuple[int, int, object]
"""Where something that a mark stands for begins and ends."""


@dataclass(slots=True)
class Translated:
    items: list[Item] = field(default_factory=list)
    lost: int = 0
    """Looks, links and points that the translation has no place for."""
    torn: int = 0
    """Pieces that were left outside of what there can be only one of."""


class Segment:
    """Items of a paragraph that are translated together."""

    def __init__(self, items: Sequence[Item]) -> None:
        first, last = _first_and_last(items)
        self._lead, core, self._tail = _trimmed(items, first, last)
        self._core = _joined(core)
        words = [item for item in self._core if isinstance(item, Words)]
        self._common = _common([item.around for item in words])
        self._with_words = {container for item in words for container in item.around}
        self._paths = {
            container: item.around[: at + 1] for item in words for at, container in enumerate(item.around)
        }
        self._words = words
        self._bases = _bases(words)
        self.table: list[Container | Look | Point] = []
        """What the marks stand for, by their id."""
        self.text, self.marks = self._read()

    @property
    def items(self) -> list[Item]:
        """As they were."""
        return [*self._lead, *self._core, *self._tail]

    def paragraph(self, place: str) -> Paragraph:
        return Paragraph(self.text, self.marks, place=place)

    # --- reading ---

    def _read(self) -> tuple[str, tuple[Mark, ...]]:
        texts: list[str] = []
        length = 0
        marks: list[Mark] = []
        opened: dict[Container, tuple[int, int]] = {}
        begun: tuple[int, Words] | None = None
        """A look that differs from the one around it, and where it begins."""
        for item in [*self._core, None]:
            if isinstance(item, Point):
                if item.breaks:
                    texts.append(" ")
                    length += 1
                marks.append(Mark(len(self.table), length, length))
                self.table.append(item)
                continue
            if begun is not None and (
                item is None or begun[1].look != item.look or begun[1].around != item.around
            ):
                marks.append(Mark(len(self.table), begun[0], length))
                self.table.append(begun[1].look)
                begun = None
            if item is None:
                break
            if begun is None and item.look != self._base(item.around):
                begun = (length, item)
            end = length + len(item.text)
            for container in item.around[len(self._common) :]:
                opened[container] = (opened.get(container, (length, 0))[0], end)
            texts.append(item.text)
            length = end
        for container, (start, end) in opened.items():
            marks.append(Mark(len(self.table), start, end))
            self.table.append(container)
        marks.sort(key=lambda mark: (mark.start, -mark.end))
        return "".join(texts), tuple(marks)

    def _base(self, around: Around) -> Look:
        """The look of most of what stands directly in a container, or in the paragraph."""
        return self._bases.get(around) or self._words[0].look

    # --- writing ---

    def translated(self, done: TranslatedParagraph) -> Translated:
        """The items with the translation in their words."""
        text = done.text
        spans = [
            (max(0, mark.start), min(len(text), mark.end), self.table[mark.id])
            for mark in done.marks
            if 0 <= mark.id < len(self.table)
        ]
        placed, lost = self._placed(spans, len(text))
        covers = sorted((one for one in spans if one[0] < one[1]), key=lambda one: one[0])
        found = {id(what) for _, _, what in covers}
        lost += sum(not isinstance(what, Point) and id(what) not in found for what in self.table)
        dropped = _spaces_of_breaks(text, placed)
        cuts = sorted({0, len(text), *(at for at, _ in placed), *(n for one in covers for n in one[:2])})
        items: list[Item] = []
        waiting, coming = placed[::-1], covers[::-1]
        near: list[_Cover] = []
        """Those that end, begin or go on here."""
        for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
            near = [one for one in near if one[1] >= start]
            while coming and coming[-1][0] <= start:
                near.append(coming.pop())
            while waiting and waiting[-1][0] <= start:
                at, point = waiting.pop()
                items.append(self._moved(point, at, near))
            piece = text[start:end]
            if dropped:
                piece = "".join(text[at] for at in range(start, end) if at not in dropped)
            if piece:
                around = self._around(near, start, end)
                items.append(Words(piece, self._look(near, start, end, around), around))
        items, torn = _closed_up([*self._lead, *items, *self._tail])
        return Translated(items, lost, torn)

    def _placed(self, spans: Sequence[_Cover], end: int) -> tuple[list[tuple[int, Point]], int]:
        """Where the points stand now, in order; how many have no place."""
        points = [what for what in self.table if isinstance(what, Point)]
        places: dict[Point, int] = {}
        for start, _, what in spans:
            if isinstance(what, Point):
                places.setdefault(what, start)
        missing = [point for point in points if point not in places]
        places.update(dict.fromkeys(missing, end))
        in_order = [point for point in points if point.ordered]
        for point, at in zip(in_order, sorted(places[point] for point in in_order), strict=True):
            places[point] = at
        return sorted(((places[point], point) for point in points), key=lambda one: one[0]), len(missing)

    def _moved(self, point: Point, at: int, covers: Iterable[_Cover]) -> Point:
        inside = [
            (start, end, what)
            for start, end, what in covers
            if start < at < end or (start <= at <= end and what in point.around)
        ]
        own = tuple(container for container in point.around if container not in self._with_words)
        return replace(point, around=self._around(inside, at, at) + own)

    def _around(self, covers: Iterable[_Cover], start: int, end: int) -> Around:
        inside = [
            (there - here, -len(self._paths[what]), self._paths[what])
            for here, there, what in covers
            if isinstance(what, Container) and here <= start and end <= there
        ]
        return min(inside, key=lambda one: one[:2])[2] if inside else self._common

    def _look(self, covers: Iterable[_Cover], start: int, end: int, around: Around) -> Look:
        """The look of what is innermost here: a look, or a link or control with a look of its own."""
        inside = [
            (there - here, isinstance(what, Container), what)
            for here, there, what in covers
            if isinstance(what, Look | Container) and here <= start and end <= there
        ]
        what = min(inside, key=lambda one: one[:2])[2] if inside else None
        return what if isinstance(what, Look) else self._base(around)


Pieces: TypeAlias = list["Segment | list[Item]"]
"""A paragraph cut into what is translated together and what is not translated."""


def paragraphs(pieces: Pieces, place: str) -> list[Paragraph]:
    return [piece.paragraph(place) for piece in pieces if isinstance(piece, Segment)]


def translated(pieces: Pieces, done: Sequence[TranslatedParagraph]) -> Translated:
    """The whole paragraph again."""
    whole = Translated()
    rest = iter(done)
    for piece in pieces:
        part = piece.translated(next(rest)) if isinstance(piece, Segment) else Translated(piece)
        whole.items.extend(part.items)
        whole.lost += part.lost
        whole.torn += part.torn
    return whole


def is_symbol_font(name: str) -> bool:
    """Whether letters in this font are signs."""
    return name.lower().startswith(_SYMBOL_FONTS)


def segments(items: Sequence[Item], *, joined: bool = False) -> Pieces:
    """A paragraph cut where its texts have nothing to do with each other; as items, what has no letters.

    `joined`: lines belong together whatever they look like, as in a title.
    """
    found: Pieces = []
    current: list[Item] = []

    def close() -> None:
        if any(isinstance(item, Words) and has_letters(item.text) for item in current):
            found.append(Segment(current))
        elif current:
            found.append(list(current))
        current.clear()

    for at, item in enumerate(items):
        splits = isinstance(item, Point) and (
            item.splits
            or (
                item.breaks
                and not joined
                and not _goes_on(_line(current[::-1])[::-1], _line(items[at + 1 :]))
            )
        )
        if splits:
            close()
            found.append([item])
        else:
            current.append(item)
    close()
    return found


def _line(items: Iterable[Item]) -> list[str]:
    texts: list[str] = []
    for item in items:
        if isinstance(item, Words):
            texts.append(item.text)
        elif item.breaks or item.splits:
            break
    return texts


def _goes_on(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a sentence goes on over the end of a line."""
    line, following = "".join(before).strip(), "".join(after).strip()
    if not line or not following or line[-1] in _END:
        return False
    return following[0].islower() or line[-1] in ",-–(/&" or len(line.split()) > _WRAPPED_WORDS


def _bases(words: Iterable[Words]) -> dict[Around, Look]:
    """The look of most of what stands directly in each container, or else of what is further in."""
    direct: dict[Around, Counter[Look]] = {}
    deep: dict[Around, Counter[Look]] = {}
    for item in words:
        direct.setdefault(item.around, Counter())[item.look] += len(item.text)
        for depth in range(len(item.around)):
            deep.setdefault(item.around[:depth], Counter())[item.look] += len(item.text)
    return {around: count.most_common(1)[0][0] for around, count in {**deep, **direct}.items()}


def _first_and_last(items: Sequence[Item]) -> tuple[int, int]:
    said = [at for at, item in enumerate(items) if isinstance(item, Words) and item.text.strip()]
    return said[0], said[-1]


def _trimmed(items: Sequence[Item], first: int, last: int) -> tuple[list[Item], list[Item], list[Item]]:
    """What is before the first character, what is translated, and what is after the last one."""
    lead, core, tail = list(items[:first]), list(items[first : last + 1]), list(items[last + 1 :])
    begin = core[0]
    assert isinstance(begin, Words)
    text = begin.text.lstrip()
    if len(text) < len(begin.text):
        lead.append(replace(begin, text=begin.text[: -len(text)]))
        core[0] = replace(begin, text=text)
    end = core[-1]
    assert isinstance(end, Words)
    text = end.text.rstrip()
    if len(text) < len(end.text):
        tail.insert(0, replace(end, text=end.text[len(text) :]))
        core[-1] = replace(end, text=text)
    return lead, core, tail


def _joined(items: Iterable[Item]) -> list[Item]:
    """Neighbours that look the same become one; spaces look like what is before them."""
    joined: list[Item] = []
    before: Words | None = None
    for item in items:
        if isinstance(item, Words):
            if before is not None and item.around == before.around and _is_blank(item):
                item = replace(item, look=before.look)
            last = joined[-1] if joined else None
            if isinstance(last, Words) and last.look == item.look and last.around == item.around:
                item = joined[-1] = replace(last, text=last.text + item.text)
            else:
                joined.append(item)
            before = item
        else:
            joined.append(item)
    return joined


def _is_blank(words: Words) -> bool:
    return words.text.isspace() and not words.look.on_spaces


def _common(arounds: Sequence[Around]) -> Around:
    common = arounds[0]
    for around in arounds:
        length = next(
            (at for at, (one, other) in enumerate(zip(common, around, strict=False)) if one is not other),
            min(len(common), len(around)),
        )
        common = common[:length]
    return common


def _spaces_of_breaks(text: str, placed: Iterable[tuple[int, Point]]) -> set[int]:
    """The spaces that stand for ends of lines."""
    dropped: set[int] = set()
    for at, point in placed:
        if point.breaks:
            dropped.update([near for near in (at - 1, at) if text[near : near + 1] == " " and near >= 0][:1])
    return dropped


def _closed_up(items: Sequence[Item]) -> tuple[list[Item], int]:
    """Of what there can be only one, the longest piece is kept; how many pieces were left outside."""
    pieces: dict[Container, list[list[int]]] = {}
    for at, item in enumerate(items):
        for container in item.around:
            if not container.copies:
                runs = pieces.setdefault(container, [])
                if runs and runs[-1][-1] == at - 1:
                    runs[-1].append(at)
                else:
                    runs.append([at])
    changed = list(items)
    torn = 0
    for container, runs in pieces.items():
        longest = max(runs, key=lambda run: sum(_length(items[at]) for at in run))
        for run in runs:
            if run is not longest:
                torn += 1
                for at in run:
                    around = tuple(one for one in changed[at].around if one is not container)
                    changed[at] = replace(changed[at], around=around)
    return changed, torn


def _length(item: Item) -> int:
    return len(item.text) if isinstance(item, Words) else 0
