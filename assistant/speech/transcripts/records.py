"""What the transcripts hand to others: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import Problem
from assistant.speech.records import Segment

COLLECTION = "Transcripts"
"""Of the documents that transcripts are."""
DOCUMENT_SUFFIX = ".transcript"
"""Of the files by which they are."""
DOCUMENT_HEAD = b'{"offline-assistant": "transcript"'
"""How such a file begins."""


class TranscriptState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """By the person, or because the program ended; it can go on."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TranscriptInfo:
    id: int
    path: str
    """Of the file of sound or video; absolute."""
    title: str
    size: int
    """Of the file, in bytes, when it was transcribed."""
    mtime_ns: int
    language: str
    """ISO 639-1; "" while it is not known."""
    model: str
    """Folder of the model."""
    duration: float | None
    """Seconds; None while it is not known."""
    state: TranscriptState
    done_until: float
    """Seconds up to which all that is said is kept."""
    created: float
    """Seconds since 1970, as all moments here."""
    changed: float
    problem: Problem | None = None
    """Why it failed or, where it is done, why nobody knows who speaks."""

    @property
    def complete(self) -> bool:
        """All that is said is kept."""
        return self.duration is not None and self.done_until >= self.duration


@dataclass(frozen=True, slots=True)
class StoredSegment:
    id: int
    segment: Segment


@dataclass(frozen=True, slots=True)
class StoredTranscript:
    info: TranscriptInfo
    stored: tuple[StoredSegment, ...]
    """In order of time."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(each.segment for each in self.stored)


@dataclass(frozen=True, slots=True)
class StoredParagraph:
    segments: tuple[StoredSegment, ...]
    """Every word has a time; it is spread over the segment's where none was kept."""
    text: str

    @property
    def start(self) -> float:
        return self.segments[0].segment.start

    @property
    def speaker(self) -> str:
        return self.segments[0].segment.speaker


@dataclass(frozen=True, slots=True)
class ReadableTranscript:
    """As people read it."""

    info: TranscriptInfo
    paragraphs: tuple[StoredParagraph, ...]

    @property
    def speakers(self) -> tuple[str, ...]:
        """Their names, in the order in which they speak."""
        return tuple(dict.fromkeys(each.speaker for each in self.paragraphs if each.speaker))


@dataclass(frozen=True, slots=True)
class TranscriptEdit:
    """A change to some segments; `Transcripts.undo` takes it back, and what that returns does it again."""

    transcript: int
    before: tuple[StoredSegment, ...]
    after: tuple[StoredSegment, ...]


@dataclass(frozen=True, slots=True)
class TranscriptChanged:
    """An event: a transcript is new, has another state, or was edited; None where it was deleted."""

    id: int
    info: TranscriptInfo | None


@dataclass(frozen=True, slots=True)
class TranscriptGrew:
    """An event: more of a recording was transcribed."""

    id: int
    segments: tuple[StoredSegment, ...]
    done_until: float
    duration: float | None
    seconds_left: float | None
    """Until it is done, at the pace so far."""
    queued: int
    """Transcripts that wait behind it."""
    finding_speakers: bool = False
    """All is transcribed, and it is how far who speaks was listened for that is told."""


@dataclass(frozen=True, slots=True)
class SpeakersFound:
    """An event: it was found out who speaks."""

    id: int
    count: int
    edit: TranscriptEdit


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a recording."""

    transcript: int
    path: str
    """Of the recording."""
    seconds: float
