"""What crosses between the program and the speech engine. Times are seconds from the sound's beginning."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.text_folding import joined

SAMPLE_RATE = 16_000
"""Samples a second of what is recognised, one channel."""
SOUND_SUFFIXES = (
    ".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".caf", ".w64",
)  # fmt: skip
"""Of files of sound, in small letters with the dot."""
VIDEO_SUFFIXES = (
    ".m4a", ".m4b", ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".wma", ".aac", ".amr", ".3gp",
    ".mpg", ".mpeg", ".ts", ".flv", ".ac3", ".mka", ".ogv", ".mp2",
)  # fmt: skip
"""Of videos, and of sound in such a form."""
RECORDING_SUFFIXES = SOUND_SUFFIXES + VIDEO_SUFFIXES


@dataclass(frozen=True, slots=True)
class Word:
    start: float
    end: float
    text: str
    """With the space before it, where there is one: the words of a segment joined are its text."""
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or so."""

    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()
    speaker: str = ""
    """"" where nobody asked who speaks."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How speech is recognised."""

    language: str = ""
    """ISO 639-1; "" has it detected."""
    last_language: str = ""
    """The one spoken last: taken where an utterance is too short to tell."""
    translate: bool = False
    """Write English, whatever is spoken; only models for many languages can."""
    beam: int = 5
    """Hypotheses kept side by side; 1 is quickest."""
    own_words: tuple[str, ...] = ()
    """Names and terms that are likelier than the model thinks."""


@dataclass(frozen=True, slots=True)
class SpeechModelInfo:
    """A model that is loaded."""

    path: str
    name: str
    languages: tuple[str, ...]
    """Those it was made for: ("en",) or all of them."""
    translates: bool
    compute_type: str
    device: str
    """"cpu" or "cuda"."""
    threads: int


@dataclass(frozen=True, slots=True)
class SegmentsFound:
    """The next segments of a file; what comes before `until` is done for good."""

    segments: tuple[Segment, ...]
    until: float
    total: float | None
    """Length of the whole, where the file tells."""
    language: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that was said in a file."""

    segments: tuple[Segment, ...]
    language: str
    duration: float

    @property
    def text(self) -> str:
        return joined(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody began to speak; nothing is recognised yet."""

    phrase: int
    start: float


@dataclass(frozen=True, slots=True)
class LivePhrase:
    """A phrase that is still spoken, as far as it is understood."""

    phrase: int
    stable: str
    """What two hypotheses in a row agree on."""
    tail: str
    """What may change."""


@dataclass(frozen=True, slots=True)
class PhraseDone:
    """A phrase as it stays: one decode of the whole of it. Its text is "" where nothing was said."""

    phrase: int
    start: float
    end: float
    text: str
    language: str
    segments: tuple[Segment, ...] = ()
    delay: float = 0.0
    """Seconds from the end of the phrase, as it came in, to its text."""
