"""PURE: segments edited by hand. Words that nobody touched keep their times."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.speech.records import Segment, Word
from assistant.speech.transcripts.subtitles import spread
from assistant.text_folding import is_unspaced, joined

_PIECE = re.compile(r"\s*\S+")


def with_text(segment: Segment, text: str) -> Segment:
    """The segment with another text: new words take the time of those they replace."""
    text = " ".join(text.split())
    words = tuple(word for word in segment.words if word.text.strip())
    if not words:
        return replace(segment, text=text)
    old = [word.text.strip() for word in words]
    pieces = list(_pieces(text, old))
    kept: list[Word] = []
    matcher = difflib.SequenceMatcher(None, old, [piece.strip() for piece in pieces], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            for word, piece in zip(words[a:b], pieces[c:d], strict=True):
                kept.append(replace(word, text=piece))
        elif c < d:
            start = words[a].start if a < b else (words[a - 1].end if a else segment.start)
            end = words[b - 1].end if a < b else (words[a].start if a < len(words) else segment.end)
            kept += _timed(pieces[c:d], start, max(start, end))
    return replace(segment, text=text, words=tuple(kept))


def split(segment: Segment, at: int) -> tuple[Segment, Segment]:
    """The segment as two: the first `at` characters of its text, and the rest; a word is cut if need be.

    Raises:
        ValueError: one of them would be empty.
    """
    first_text, second_text = segment.text[:at].strip(), segment.text[at:].strip()
    if not first_text or not second_text:
        raise ValueError("nothing would be left on one side")
    wanted = len("".join(segment.text[:at].split()))
    first: list[Word] = []
    second: list[Word] = []
    passed = 0
    for word in spread(segment):
        letters = len("".join(word.text.split()))
        inside = wanted - passed
        passed += letters
        if inside >= letters:
            first.append(word)
        elif inside <= 0:
            second.append(word)
        else:
            cut = len(word.text) - len(word.text.lstrip()) + inside
            middle = round(word.start + (word.end - word.start) * inside / letters, 3)
            first.append(replace(word, end=middle, text=word.text[:cut]))
            second.append(replace(word, start=middle, text=word.text[cut:]))
    had_words = bool(segment.words)
    return (
        replace(segment, end=first[-1].end, text=first_text, words=tuple(first) if had_words else ()),
        replace(segment, start=second[0].start, text=second_text, words=tuple(second) if had_words else ()),
    )


def join(segments: Sequence[Segment]) -> Segment:
    """Segments that follow each other as one, by the first one's speaker.

    Raises:
        ValueError: there are none.
    """
    if not segments:
        raise ValueError("nothing to join")
    first = segments[0]
    words: list[Word] = []
    if any(segment.words for segment in segments):
        for segment in segments:
            for number, word in enumerate(spread(segment)):
                apart = not number and _apart(words, word)
                words.append(replace(word, text=f" {word.text.lstrip()}") if apart else word)
    return replace(
        first,
        end=max(segment.end for segment in segments),
        text=joined(segment.text for segment in segments),
        words=tuple(words),
    )


def _apart(before: Sequence[Word], word: Word) -> bool:
    """Whether a space stands between these words, if there are any, and another one."""
    return bool(before) and " " in joined((before[-1].text.strip()[-1:], word.text.strip()[:1]))


def _pieces(text: str, old: Sequence[str]) -> Iterator[str]:
    """A new text cut as the old words were, where it is the same; else into words."""
    known = set(old)
    for match in _PIECE.finditer(text):
        piece = match[0]
        bare = piece.strip()
        if bare in known:
            yield piece
            continue
        yield from _cut(piece, sorted(known, key=len, reverse=True))


def _cut(piece: str, known: Sequence[str]) -> Iterator[str]:
    """What stands without spaces, by the old words that are in it."""
    if not any(map(is_unspaced, piece)):
        yield piece
        return
    space = piece[: len(piece) - len(piece.lstrip())]
    for part in re.split(f"({'|'.join(map(re.escape, known))})", piece.strip()):
        if part:
            yield space + part
            space = ""


def _timed(pieces: Sequence[str], start: float, end: float) -> Iterator[Word]:
    """New words, spread over a time by their letters; nobody heard them, so they are sure."""
    whole = sum(len(piece.strip()) for piece in pieces) or 1
    at = start
    for piece in pieces:
        until = at + (end - start) * len(piece.strip()) / whole
        yield Word(round(at, 3), round(until, 3), piece)
        at = until
