"""Subtitles (.srt, .vtt): a sentence over several cues is translated whole and spread over them again.

Times, settings, notes and styles stay as they are.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UnreadableDocument
from assistant.text.subtitle_room import LINE, width
from assistant.translation.files.encoded_text import EncodedText, read_text, replaced
from assistant.translation.files.language_tags import language_of
from assistant.translation.files.markup.inline import (
    Inline,
    Kind,
    Piece,
    Writer,
    inline,
    partnered,
    rebuilt,
    whole,
)
from assistant.translation.files.markup.tokens import Token, TokenKind, escaped, text_of
from assistant.translation.files.subtitle_lines import LINES, line_spans, spread
from assistant.translation.files.writing import save
from assistant.translation.records import Layout, Lost, Mark, NotKept, Paragraph, TranslatedParagraph

_TIMES = re.compile(
    r"^[ \t]*((?:\d+:)?\d+:\d+[.,]\d+)[ \t]*-->[ \t]*((?:\d+:)?\d+:\d+[.,]\d+)[^\r\n]*(?:\r\n?|\n|\Z)",
    re.MULTILINE,
)
_BLANK = re.compile(r"(?:^|(?<=\n)|(?<=\r)(?!\n))[ \t]*(?:\r\n?|\n|\Z)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:[ \t][^>]*)?>")
_DASH = re.compile(r"[-‐–—][ \t]?(?=\S)")
_FRAME = re.compile(
    r"(?:\s|<v(?:\.[^\s>]*)?(?:[ \t][^>]*)?>|\{\\[^}]*\}|[-‐–—][ \t]?(?=\S)|>> ?"
    r"|[A-Z][A-Z .'\d]{1,24}:(?=\s))+"
)
_FRAME_END = re.compile(r"(?:\s|</v>)+\Z")
_WRAPPED = re.compile(r"<(i|b|u|font|c|lang)\b[^>]*>(?:(?!</?\1\b).)*</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w]*)[^>\n]*>|<\d[\d:.]*>|\{\\[^}]*\}")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।♪♫\])）」』][\"'”’»)\]]*\s*\Z")
_BEGINS_ANEW = re.compile(r"[\[(♪♫（]|>>")
_LANGUAGE = re.compile(r"^Language:[ \t]*(\S+)", re.MULTILINE)
_LETTER = re.compile(r"[^\W\d_]")
_TAGS = (Kind.OPEN, Kind.CLOSE)
_PAUSE = 2.0
"""Seconds of silence that no sentence goes over."""
_MOST_CUES = 6
_MOST_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one person says in a cue."""

    start: int
    end: int
    line: int
    """Where its first line begins."""
    cue: int
    alone: bool
    """Nobody else speaks in the cue."""
    voice: str
    begin: float
    finish: float
    """Seconds, of the cue."""


@dataclass(frozen=True, slots=True)
class _Speech:
    """Turns that are translated as one."""

    turns: tuple[_Turn, ...]
    inline: Inline


class Subtitles:
    def __init__(self, source: EncodedText, *, vtt: bool) -> None:
        self._source = source
        self._vtt = vtt
        turns = list(_turns(source.text))
        if not turns and not _TIMES.search(source.text):
            raise UnreadableDocument("not-what-its-name-says", format="VTT" if vtt else "SRT")
        head = _LANGUAGE.search(source.text, 0, max(0, source.text.find("-->"))) if vtt else None
        self._named = head.span(1) if head else None
        self.language = language_of(head.group(1)) if head else ""
        self._speeches = [one for joined in _joined(source.text, turns) for one in self._read(joined)]
        self.paragraphs: tuple[Paragraph, ...] = tuple(
            Paragraph(one.inline.text, one.inline.marks, self.language) for one in self._speeches
        )
        self.lost: tuple[Lost, ...] = ()

    def _read(self, turns: tuple[_Turn, ...]) -> Iterator[_Speech]:
        """Together where their tags allow it, else one by one."""
        pieces, names = self._pieces(turns)
        runs = list(partnered(pieces, names))
        if len(runs) > 1 and len(turns) > 1:
            for turn in turns:
                yield from self._read((turn,))
            return
        if len(runs) > 1:
            runs = [[_alone(one) for one in pieces]]
        found = inline(runs[0])
        if found is not None:
            yield _Speech(turns, found)

    def _pieces(self, turns: Sequence[_Turn]) -> tuple[list[Piece], list[str]]:
        pieces: list[Piece] = []
        names: list[str] = []

        def add(kind: Kind, start: int, end: int, text: str = "", name: str = "") -> None:
            pieces.append(Piece(kind, start, end, text))
            names.append(name)

        text = self._source.text
        for turn in turns:
            if pieces:
                add(Kind.TEXT, turn.start, turn.start, " ")
            at = turn.start
            for tag in _TAG.finditer(text, turn.start, turn.end):
                add(Kind.TEXT, at, tag.start(), self._plain(at, tag.start()))
                kind = Kind.ATOM if not tag.group(2) else Kind.CLOSE if tag.group(1) else Kind.OPEN
                add(kind, *tag.span(), name=(tag.group(2) or "").lower())
                at = tag.end()
            add(Kind.TEXT, at, turn.end, self._plain(at, turn.end))
        return pieces, names

    def _plain(self, start: int, end: int) -> str:
        text = self._source.text
        return text_of(text, Token(TokenKind.TEXT, start, end)) if self._vtt else text[start:end]

    def write(
        self, output: Path, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> tuple[Lost, ...]:
        text = self._source.text
        ending = self._source.line_end
        new: dict[_Turn, str] = {}
        looks = 0
        tall: dict[int, int] = {}
        wide: set[int] = set()
        for speech, paragraph in zip(self._speeches, translated, strict=True):
            if paragraph.text == speech.inline.text:
                continue
            looks += whole(paragraph)
            for turn, part in zip(speech.turns, self._spread(speech, paragraph), strict=True):
                words, lines = part
                new[turn] = words.replace("\n", ending)
                tall[turn.cue] = tall.get(turn.cue, 0) + len(lines)
                if any(width(line) > LINE for line in lines):
                    wide.add(turn.cue)
        changes = []
        if self._named is not None and layout is Layout.TRANSLATION:
            changes.append((*self._named, target))
        for turn, words in new.items():
            if layout is Layout.BELOW:
                dash = _DASH.match(text, turn.line)
                words = f"{text[turn.start : turn.end]}{ending}{dash.group() if dash else ''}{words}"
            changes.append((turn.start, turn.end, words))
        save(output, self._source.encode(replaced(text, changes))[0])
        long = len(wide | {cue for cue, count in tall.items() if count > LINES})
        lost = [Lost(NotKept.LOOK, count=looks)] if looks else []
        return (*lost, Lost(NotKept.LONG_LINE, count=long)) if long else tuple(lost)

    def _spread(self, speech: _Speech, paragraph: TranslatedParagraph) -> Iterator[tuple[str, list[str]]]:
        """For each turn its source, with its lines broken, and these lines without tags."""
        text = paragraph.text.replace("\n", " ")
        shares = [max(1.0, width(_TAG.sub("", self._plain(turn.start, turn.end)))) for turn in speech.turns]
        source = self._source.text
        writer = Writer(escaped if self._vtt else str, lambda start, end: source[start:end])
        atoms = {mark.id for mark in paragraph.marks if mark.start == mark.end}
        missing = {mark.id for mark in speech.inline.marks} - {mark.id for mark in paragraph.marks}
        marks = [*paragraph.marks, *(mark for mark in speech.inline.marks if mark.id in missing)]
        for number, (start, end) in enumerate(spread(text, shares)):
            inside = [
                Mark(mark.id, max(mark.start, start) - start, min(mark.end, end) - start)
                for mark in marks
                if mark.id not in atoms and max(mark.start, start) < min(mark.end, end)
            ]
            last = number == len(shares) - 1
            for mark in marks:
                if mark.id in atoms and (start <= mark.start < end or (last and mark.start >= end)):
                    atoms.discard(mark.id)
                    place = min(mark.start, end) - start
                    inside.append(Mark(mark.id, place, place))
            part = text[start:end]
            spans = line_spans(part)
            lines = [part[begin:stop] for begin, stop in spans]
            for (_, before), (after, _) in reversed(list(itertools.pairwise(spans))):
                part = f"{part[:before]}\n{part[after:]}"
                shift = 1 - (after - before)
                inside = [
                    Mark(
                        mark.id,
                        _moved(mark.start, before, after, shift),
                        _moved(mark.end, before, after, shift),
                    )
                    for mark in inside
                ]
            words = TranslatedParagraph("", part, "", marks=tuple(inside))
            yield rebuilt(speech.inline, words, writer, complete=False), lines


def _alone(piece: Piece) -> Piece:
    """A tag without its partner stays between the words."""
    return Piece(Kind.ATOM, piece.start, piece.end) if piece.kind in _TAGS else piece


def _moved(place: int, before: int, after: int, shift: int) -> int:
    if place >= after:
        return place + shift
    return min(place, before)


def open(path: Path) -> Subtitles:
    """Raises UnreadableDocument."""
    source = read_text(path)
    return Subtitles(source, vtt=path.suffix.lower() == ".vtt" or source.text.startswith("WEBVTT"))


def _turns(text: str) -> Iterator[_Turn]:
    times = list(_TIMES.finditer(text))
    for number, time in enumerate(times):
        limit = times[number + 1].start() if number + 1 < len(times) else len(text)
        blank = _BLANK.search(text, time.end(), limit)
        end = blank.start() if blank else limit
        starts = [time.end()]
        for line in re.finditer(r"[^\r\n]+", text[time.end() : end]):
            at = time.end() + line.start()
            if at > time.end() and (_DASH.match(text, at) or _VOICE.match(text, at)):
                starts.append(at)
        voice = ""
        for at, stop in zip(starts, (*starts[1:], end), strict=True):
            named = _VOICE.search(text, at, stop)
            voice = named.group() if named else voice
            start, finish = _bare(text, at, stop)
            if start < finish and _LETTER.search(text, start, finish):
                shown = _seconds(time.group(1)), _seconds(time.group(2))
                yield _Turn(start, finish, at, number, len(starts) == 1, voice, *shown)


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Without names of speakers, dashes and tags around all of it."""
    frame = _FRAME.match(text, start, end)
    start = frame.end() if frame else start
    ending = _FRAME_END.search(text[start:end])
    end = start + ending.start() if ending else end
    while _WRAPPED.fullmatch(text, start, end):
        start = text.index(">", start) + 1
        end = text.rindex("<", start, end)
    return start, end


def _seconds(stamp: str) -> float:
    seconds = 0.0
    for part in stamp.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _joined(text: str, turns: Sequence[_Turn]) -> Iterator[tuple[_Turn, ...]]:
    """Turns that go on with a sentence of the one before, together with it."""
    group: list[_Turn] = []
    for turn in turns:
        if group and not _goes_on(text, group, turn):
            yield tuple(group)
            group = []
        group.append(turn)
    if group:
        yield tuple(group)


def _goes_on(text: str, group: Sequence[_Turn], turn: _Turn) -> bool:
    before = group[-1]
    return (
        before.alone
        and turn.alone
        and turn.cue == before.cue + 1
        and turn.voice == before.voice
        and 0 <= turn.begin - before.finish + 0.5 <= _PAUSE + 0.5
        and len(group) < _MOST_CUES
        and turn.end - group[0].start < _MOST_CHARACTERS * 2
        and not _SENTENCE_END.search(text[before.start : before.end])
        and not _BEGINS_ANEW.match(text, turn.start)
    )
