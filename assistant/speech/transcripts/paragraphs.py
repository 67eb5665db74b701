"""PURE: a transcript to read: segments joined to paragraphs, by pauses and by who speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.speech.records import Segment
from assistant.text_folding import joined

PAUSE = 2.0
"""Seconds of silence that begin a new paragraph."""
_BREATH = 0.6
"""A shorter pause that ends a paragraph that has grown long."""
LONG = 600
"""Characters from which on a paragraph ends with the next sentence that a short pause follows, and from twice
as many with the next sentence."""
_SENTENCE_ENDS = ".!?…。！？؟۔।॥"
_CLOSING = "\"'”’»)]）」』】"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Segments of one speaker that follow each other."""

    segments: tuple[Segment, ...]

    @property
    def start(self) -> float:
        return self.segments[0].start

    @property
    def end(self) -> float:
        return self.segments[-1].end

    @property
    def speaker(self) -> str:
        return self.segments[0].speaker

    @property
    def text(self) -> str:
        return joined(segment.text for segment in self.segments)

    @property
    def labelled(self) -> str:
        """The text behind the speaker's name, where that is known."""
        return f"{self.speaker}: {self.text}" if self.speaker else self.text


def paragraphs(segments: Iterable[Segment], *, pause: float = PAUSE, long: int = LONG) -> list[Paragraph]:
    """In order of time. A new one begins with another speaker, after a pause, and where one grew too long."""
    found: list[Paragraph] = []
    held: list[Segment] = []
    size = 0
    for segment in segments:
        if not segment.text.strip():
            continue
        if held and _begins(held, segment, size, pause, long):
            found.append(Paragraph(tuple(held)))
            held, size = [], 0
        held.append(segment)
        size += len(segment.text)
    if held:
        found.append(Paragraph(tuple(held)))
    return found


def _begins(held: Sequence[Segment], segment: Segment, size: int, pause: float, long: int) -> bool:
    silence = segment.start - held[-1].end
    if segment.speaker != held[-1].speaker or silence >= pause:
        return True
    if size < long or not ends_sentence(held[-1].text):
        return False
    return silence >= _BREATH or size >= 2 * long


def ends_sentence(text: str) -> bool:
    """Whether a text ends with a full stop or what is like it, closing quotation marks left aside."""
    return text.rstrip().rstrip(_CLOSING)[-1:] in tuple(_SENTENCE_ENDS)
