"""PURE: the inside of a paragraph as text with marks, and with the words and marks of its translation."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from assistant.text_folding import bare_span
from assistant.translation.records import Mark, Paragraph, Tier, TranslatedParagraph


class Kind(Enum):
    TEXT = auto()
    OPEN = auto()
    CLOSE = auto()
    ATOM = auto()
    """Stands between the words: a picture, a note, a line break."""
    KEPT = auto()
    """Words of the sentence that stay as they are: code, fields."""


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    start: int
    """In the source, as `end`."""
    end: int
    text: str = ""
    """Of a TEXT or KEPT as it is read; of an ATOM the white space that it stands for."""
    partner: int = -1
    """The piece that closes an OPEN, or that a CLOSE closes."""


@dataclass(frozen=True, slots=True)
class _Look:
    """An element around words."""

    opens: tuple[int, int]
    closes: tuple[int, int]


_SPACE = re.compile(r"[ \t\r\n\f]+")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Inline:
    start: int
    """In the source, as `end`: what a translation takes the place of."""
    end: int
    text: str
    marks: tuple[Mark, ...]
    sources: tuple[_Look | Piece, ...]
    """What the marks stand for, by their ids."""
    parents: tuple[int, ...]
    """The look that each stands in; -1 for none."""
    spaced: frozenset[int]
    """Atoms between two white spaces, of which the text has one."""

    def paragraph(self, language: str = "", place: str = "") -> Paragraph:
        return Paragraph(self.text, self.marks, language, place)


def partnered(pieces: Sequence[Piece], names: Sequence[str]) -> Iterator[list[Piece]]:
    """Runs of pieces whose elements open and close in the run; what does not is left out, and ends a run.

    Args:
        names: of the elements that open and close.
    """
    partner: dict[int, int] = {}
    opened: list[int] = []
    for at, piece in enumerate(pieces):
        if piece.kind is Kind.OPEN:
            opened.append(at)
        elif piece.kind is Kind.CLOSE:
            for depth in range(len(opened) - 1, max(-1, len(opened) - 50), -1):
                if names[opened[depth]] == names[at]:
                    partner[at], partner[opened[depth]] = opened[depth], at
                    del opened[depth:]
                    break
    alone = [
        0 if at in partner or piece.kind not in (Kind.OPEN, Kind.CLOSE) else 1
        for at, piece in enumerate(pieces)
    ]
    before = list(itertools.accumulate(alone, initial=0))
    run: list[Piece] = []
    begun = 0
    for at, piece in enumerate(pieces):
        if piece.kind in (Kind.OPEN, Kind.CLOSE):
            # An element around one without its partner would be cut in two as well.
            if alone[at] or before[at] != before[partner[at]]:
                yield run
                run, begun = [], at + 1
                continue
            piece = Piece(piece.kind, piece.start, piece.end, partner=partner[at] - begun)
        run.append(piece)
    yield run


def inline(pieces: Sequence[Piece], *, collapse: bool = True) -> Inline | None:
    """None where there are no words.

    Args:
        pieces: their elements open and close among them.
        collapse: white space means one space, however much it is.
    """
    if not any(piece.kind is Kind.TEXT and _LETTER.search(piece.text) for piece in pieces):
        return None
    first, last = _bounds(pieces)
    text = ""
    marks: list[Mark] = []
    sources: list[_Look | Piece] = []
    parents: list[int] = []
    opened: list[tuple[int, int, int]] = []  # its id, where its words begin, the last piece that closes it
    solid = _solid_before(pieces)
    spaced: set[int] = set()

    def entered(source: _Look | Piece) -> int:
        sources.append(source)
        parents.append(opened[-1][0] if opened else -1)
        return len(sources) - 1

    at = first
    while at <= last:
        piece = pieces[at]
        if piece.kind is Kind.OPEN and solid[piece.partner] == solid[at]:
            inside = " " if any(one.text for one in pieces[at : piece.partner]) else ""
            at = piece.partner
            piece = Piece(Kind.ATOM, piece.start, pieces[at].end, inside)
        if piece.kind is Kind.TEXT:
            if collapse and marks and marks[-1].start == marks[-1].end == len(text) and text[-1:] == " ":
                spaced.update({marks[-1].id} if _SPACE.match(piece.text) else ())
            text += _joined(text, piece.text) if collapse else piece.text
        elif piece.kind is Kind.KEPT:
            marks.append(Mark(entered(piece), len(text), len(text) + len(piece.text)))
            text += piece.text
        elif piece.kind is Kind.ATOM:
            text = text.rstrip(" ") if piece.text == "\n" else text
            marks.append(Mark(entered(piece), len(text), len(text)))
            text += "" if collapse and (not text or text[-1] in " \n\t") else piece.text
        elif piece.kind is Kind.OPEN:
            outer = piece
            while pieces[at + 1].kind is Kind.OPEN and pieces[at + 1].partner == piece.partner - 1:
                at += 1
                piece = pieces[at]
            closes = (pieces[piece.partner].start, pieces[outer.partner].end)
            id = entered(_Look((outer.start, piece.end), closes))
            opened.append((id, len(text), outer.partner))
        else:
            id, begin, at = opened.pop()
            marks.append(Mark(id, *bare_span(text, begin, len(text))))
        at += 1
    if collapse:
        text = text.rstrip(" \n\t")
        marks = [Mark(mark.id, min(mark.start, len(text)), min(mark.end, len(text))) for mark in marks]
    marks.sort(key=lambda mark: (mark.start, -mark.end, mark.id))
    return Inline(
        pieces[first].start,
        pieces[last].end,
        text,
        tuple(marks),
        tuple(sources),
        tuple(parents),
        frozenset(spaced),
    )


def _bounds(pieces: Sequence[Piece]) -> tuple[int, int]:
    """The first and the last piece that a translation takes the place of: elements around all of it stay."""
    worded = [
        at
        for at, piece in enumerate(pieces)
        if piece.kind is Kind.KEPT or (piece.kind is Kind.TEXT and piece.text.strip())
    ]
    first, last = worded[0], worded[-1]
    low, high = first, first
    while low <= last:
        if pieces[low].partner >= 0:
            last = max(last, pieces[low].partner)
        low += 1
    high = last
    while high >= first:
        if pieces[high].partner >= 0:
            first = min(first, pieces[high].partner)
        high -= 1
    return first, last


def _solid_before(pieces: Sequence[Piece]) -> list[int]:
    """How many pieces with words come before each."""
    found, count = [], 0
    for piece in pieces:
        found.append(count)
        count += piece.kind is Kind.KEPT or (piece.kind is Kind.TEXT and bool(_SPACE.sub("", piece.text)))
    return found


def _joined(before: str, text: str) -> str:
    text = _SPACE.sub(" ", text)
    return text.removeprefix(" ") if not before or before[-1] in " \n\t" else text


# --- with other words ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Writer:
    """How source text is written."""

    escape: Callable[[str], str]
    source: Callable[[int, int], str]
    """A piece of the source, with what is translated in it."""
    copied: Callable[[str], str] = lambda source: source
    """An element once more, without what may be there only once."""


def rebuilt(
    inline: Inline,
    translated: TranslatedParagraph,
    writer: Writer,
    *,
    atoms: bool = True,
    complete: bool = True,
) -> str:
    """The source of the translation.

    Args:
        atoms: with what stands between the words; without, for a copy beside the original, only white space.
        complete: with what no mark tells the place of; without, where this is a part of a paragraph.
    """
    marks = _complete(inline, translated) if complete else translated.marks
    return "".join(_Rebuilding(inline, marks, translated, writer, atoms).pieces())


def whole(translated: TranslatedParagraph) -> int:
    """How many looks hold for a whole sentence now."""
    return sum(tier is Tier.WHOLE for _, tier in translated.tiers)


class _Rebuilding:
    def __init__(
        self,
        inline: Inline,
        marks: Iterable[Mark],
        translated: TranslatedParagraph,
        writer: Writer,
        atoms: bool,
    ) -> None:
        self._inline = inline
        self._text = translated.text
        self._writer = writer
        self._with_atoms = atoms
        self._written: set[int] = set()
        self._looks: list[Mark] = []
        self._atoms: dict[int, list[int]] = {}
        self._kept: dict[int, Mark] = {}
        self._everywhere = {id for id, tier in translated.tiers if tier is Tier.WHOLE}
        self._sort(marks)

    def _sort(self, marks: Iterable[Mark]) -> None:
        length = len(self._text)
        placed: set[int] = set()
        for mark in marks:
            source = self._inline.sources[mark.id]
            start, end = min(mark.start, length), min(mark.end, length)
            if isinstance(source, _Look):
                if start < end:
                    self._looks.append(Mark(mark.id, start, end))
            elif mark.id in placed:
                continue
            elif source.kind is Kind.ATOM:
                placed.add(mark.id)
                self._atoms.setdefault(start, []).append(mark.id)
            else:
                placed.add(mark.id)
                self._keep(mark.id, source, start, end)

    def _keep(self, id: int, source: Piece, start: int, end: int) -> None:
        """Words that stay as they are take the place of what was made of them, if that is known."""
        if self._text[start:end] != source.text:
            found = self._text.find(source.text)
            if found >= 0 and self._is_free(found, found + len(source.text)):
                start, end = found, found + len(source.text)
            elif id in self._everywhere:
                start = end
        if start < end and self._is_free(start, end):
            self._kept[start] = Mark(id, start, end)
        else:
            self._atoms.setdefault(end, []).append(id)

    def _is_free(self, start: int, end: int) -> bool:
        """Whether no other words that stay as they are stand there."""
        return all(end <= mark.start or mark.end <= start for mark in self._kept.values())

    def pieces(self) -> Iterator[str]:
        opened: list[Mark] = []
        length = len(self._text)
        stops = {0, length, *self._atoms, *self._kept}
        for mark in self._looks:
            stops.update((mark.start, mark.end))
        starting: dict[int, list[Mark]] = {}
        for mark in self._looks:
            starting.setdefault(mark.start, []).append(mark)
        ordered = sorted(stops)
        until = 0
        for at, stop in enumerate(ordered):
            atoms = sorted(self._atoms.get(stop, ()))
            begin = sorted(starting.get(stop, ()), key=lambda mark: (-mark.end, mark.id))
            closing = {mark.id for mark in opened if mark.end == stop}
            opening = {mark.id for mark in begin}
            parents = self._inline.parents
            inside = [id for id in atoms if parents[id] in closing]
            later = [id for id in atoms if parents[id] in opening and id not in inside]
            yield from (self._atom(id, stop) for id in inside)
            yield from self._closed(opened, stop)
            yield from (self._atom(id, stop) for id in atoms if id not in inside and id not in later)
            for mark in begin:
                # One that would cross another is cut at its end.
                opened.append(mark)
                yield self._opening(mark.id)
            yield from (self._atom(id, stop) for id in later)
            if stop == length:
                break
            if stop in self._kept:
                source = self._inline.sources[self._kept[stop].id]
                assert isinstance(source, Piece)
                yield self._writer.source(source.start, source.end)
                until = self._kept[stop].end
            start = max(stop, until)
            if any(self._white(id) for id in atoms) and self._text[start : start + 1] in (" ", "\n", "\t"):
                start += 1
            if start < ordered[at + 1]:
                yield self._writer.escape(self._text[start : ordered[at + 1]])

    def _closed(self, opened: list[Mark], stop: int) -> Iterator[str]:
        """Close what ends here; what stands in it and goes on is closed and opened again."""
        ending = [at for at, mark in enumerate(opened) if mark.end <= stop]
        if not ending:
            return
        again = [mark for mark in opened[ending[0] :] if mark.end > stop]
        for mark in reversed(opened[ending[0] :]):
            source = self._inline.sources[mark.id]
            assert isinstance(source, _Look)
            yield self._writer.source(*source.closes)
        del opened[ending[0] :]
        for mark in again:
            opened.append(mark)
            yield self._opening(mark.id)

    def _opening(self, id: int) -> str:
        source = self._inline.sources[id]
        assert isinstance(source, _Look)
        opening = self._writer.source(*source.opens)
        if id in self._written or not self._with_atoms:
            return self._writer.copied(opening)
        self._written.add(id)
        return opening

    def _white(self, id: int) -> bool:
        source = self._inline.sources[id]
        return isinstance(source, Piece) and source.kind is Kind.ATOM and bool(source.text)

    def _atom(self, id: int, place: int) -> str:
        source = self._inline.sources[id]
        assert isinstance(source, Piece)
        if not self._with_atoms and not source.text:
            return ""
        written = self._writer.source(source.start, source.end)
        if id in self._inline.spaced and not self._text[place : place + 1].isspace():
            return f"{written} " if place < len(self._text) else written
        return written


def _complete(inline: Inline, translated: TranslatedParagraph) -> list[Mark]:
    """The marks of the translation, and at its end, or around it, those that are missing there."""
    known = [mark for mark in translated.marks if 0 <= mark.id < len(inline.sources)]
    there = {mark.id for mark in known}
    length = len(translated.text)
    for id, source in enumerate(inline.sources):
        if id not in there:
            known.append(Mark(id, 0 if isinstance(source, _Look) else length, length))
    return known
