"""A transcript as a document that is searched: a file of its own form, whose places are times."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.speech.records import Segment, Word
from assistant.speech.transcripts.records import DOCUMENT_SUFFIX, StoredTranscript, TranscriptInfo
from assistant.speech.transcripts.subtitles import spread

_LONGEST_NAME = 48
_LOOKED_FOR = 60
"""Letters at the beginning of a quote that are looked for."""


@dataclass(frozen=True, slots=True)
class TranscriptDocument:
    """What is in such a file."""

    title: str
    segments: tuple[Segment, ...]


def name(info: TranscriptInfo) -> str:
    """Of its file: that of the recording, and the number, by which it is found again."""
    return f"{Path(info.path).name[:_LONGEST_NAME]}.{info.id}{DOCUMENT_SUFFIX}"


def number(path: str) -> int | None:
    """Of the transcript that this file is of; None: it is no such file."""
    parts = Path(path).name.removesuffix(DOCUMENT_SUFFIX).rpartition(".")
    return int(parts[2]) if path.endswith(DOCUMENT_SUFFIX) and parts[2].isdecimal() else None


def content(transcript: StoredTranscript) -> str:
    """The file, without the times of words: they are many, and stand in the transcript."""
    info = transcript.info
    segments = [
        {"start": each.start, "end": each.end, "text": each.text, "speaker": each.speaker}
        for each in transcript.segments
    ]
    return json.dumps(
        {
            "offline-assistant": "transcript",
            "title": info.title,
            "recording": info.path,
            "language": info.language,
            "segments": segments,
        }
    )


def read(path: Path) -> TranscriptDocument:
    """
    Raises:
        OSError, ValueError, KeyError, TypeError: it cannot be read, or is not such a file.
    """
    values = json.loads(path.read_text("utf-8"))
    segments = tuple(
        Segment(float(each["start"]), float(each["end"]), str(each["text"]), (), str(each["speaker"]))
        for each in values["segments"]
    )
    return TranscriptDocument(str(values["title"]), segments)


def moment(segments: Sequence[Segment], location: str, quote: str) -> float:
    """Seconds at which a quote is said.

    Args:
        location: the place of the passage that it stands in, "12:34".
        quote: as it was cited; a speaker's name may stand before it.
    """
    begins = _seconds(location)
    wanted = _letters(quote)
    words: list[Word] = []
    starts: list[int] = []
    said = ""
    for segment in segments:
        if segment.end < begins:
            continue
        for word in spread(segment):
            starts.append(len(said))
            words.append(word)
            said += _letters(word.text)
    without_name = _letters(quote.partition(": ")[2])
    for looked_for in (wanted[:_LOOKED_FOR], without_name[:_LOOKED_FOR]):
        at = said.find(looked_for) if looked_for else -1
        if at >= 0:
            return words[bisect_right(starts, at) - 1].start
    return begins


def _seconds(location: str) -> float:
    seconds = 0.0
    for part in location.split(":"):
        seconds = seconds * 60 + (int(part) if part.isdecimal() else 0)
    return seconds


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
