"""Transcripts as files: text, subtitles, data, and a file for Word. Who speaks is said in all of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant import atomic_write
from assistant.errors import DiskFull, StorageError, UserInputError
from assistant.quantities import clock
from assistant.rich_text.blocks import Block, Paragraph, Span, SpanStyle
from assistant.rich_text.characters import is_right_to_left
from assistant.speech.records import Segment
from assistant.speech.transcripts.paragraphs import paragraphs
from assistant.speech.transcripts.subtitles import Cue, cues
from assistant.text_folding import joined

_EMBED_RIGHT_TO_LEFT, _END_OF_EMBEDDING = "\u202b", "\u202c"


def text(segments: Sequence[Segment]) -> str:
    """Paragraphs with a blank line between them."""
    lines = [paragraph.labelled for paragraph in paragraphs(segments)]
    return "\n\n".join(lines) + "\n" if lines else ""


def srt(segments: Sequence[Segment]) -> str:
    """SubRip. It has no way to say who speaks: names stand before what they say."""
    return "".join(
        f"{number}\n{_stamp(cue.start, ',')} --> {_stamp(cue.end, ',')}\n{_srt_lines(cue)}\n\n"
        for number, cue in enumerate(cues(segments), start=1)
    )


def vtt(segments: Sequence[Segment]) -> str:
    """WebVTT (https://www.w3.org/TR/webvtt1/)."""
    shown = "".join(
        f"\n{_stamp(cue.start, '.')} --> {_stamp(cue.end, '.')}\n{_voice(cue)}\n"
        for cue in cues(segments, labels=False)
    )
    return f"WEBVTT\n{shown}"


def data(segments: Sequence[Segment], language: str) -> dict[str, Any]:
    """What `transcribe --json` prints; programs rely on it."""
    return {
        "text": joined(segment.text for segment in segments),
        "language": language,
        "segments": [
            {
                "start": round(segment.start, 3),
                "end": round(segment.end, 3),
                "text": segment.text,
                "speaker": segment.speaker,
                "words": [
                    {"start": round(word.start, 3), "end": round(word.end, 3), "text": word.text.strip()}
                    for word in segment.words
                ],
            }
            for segment in segments
        ],
    }


def table(segments: Sequence[Segment]) -> str:
    """CSV, a row for each segment."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(("start", "end", "speaker", "text"))
    for segment in segments:
        times = (f"{segment.start:.3f}", f"{segment.end:.3f}")
        writer.writerow((*times, segment.speaker, segment.text))
    return file.getvalue()


def blocks(segments: Sequence[Segment]) -> list[Block]:
    """Paragraphs, each with its time and, where another one speaks, the name."""
    found: list[Block] = []
    speaker = ""
    for paragraph in paragraphs(segments):
        if paragraph.speaker and paragraph.speaker != speaker:
            found.append(Paragraph((Span(paragraph.speaker),), heading=3))
        speaker = paragraph.speaker
        time = Span(f"{clock(paragraph.start)} ", SpanStyle.BOLD)
        found.append(Paragraph((time, Span(paragraph.text))))
    return found


def docx(segments: Sequence[Segment], title: str) -> bytes:
    from assistant.rich_text import docx as word

    return word.docx(title, blocks(segments))


_FORMS: dict[str, Callable[[Sequence[Segment], str, str], bytes]] = {
    "txt": lambda segments, title, language: text(segments).encode(),
    "srt": lambda segments, title, language: srt(segments).encode(),
    "vtt": lambda segments, title, language: vtt(segments).encode(),
    "json": lambda segments, title, language: _json(data(segments, language)).encode(),
    "csv": lambda segments, title, language: table(segments).encode("utf-8-sig"),
    "docx": lambda segments, title, language: docx(segments, title),
}
FORMS = tuple(_FORMS)
"""By what `--to` and a file's suffix say."""


def export(segments: Sequence[Segment], form: str, *, title: str = "", language: str = "") -> bytes:
    """The transcript in one of FORMS; text is UTF-8."""
    return _FORMS[form](segments, title, language)


def write(path: Path, content: bytes, *, replace: bool) -> None:
    """Write an export so that, whatever happens, all of it is there or what was there before.

    Args:
        replace: a file that is there already.

    Raises:
        UserInputError: there is one, and it may not be replaced.
        DiskFull, StorageError: it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():  # a device or a pipe takes it as it comes
            path.write_bytes(content)
            return
        if not replace and path.exists():
            raise UserInputError("transcript-export-exists", file=str(path))
        atomic_write.write_bytes(path, content)
    except OSError as error:
        if atomic_write.disk_is_full(error):
            raise DiskFull("transcript-export-disk-full", file=str(path)) from error
        why = error.strerror or str(error)
        raise StorageError("transcript-export-not-written", file=str(path), why=why) from error


def _json(value: dict[str, Any]) -> str:
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n"


def _stamp(seconds: float, point: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}{point}{thousandths:03}"


def _srt_lines(cue: Cue) -> str:
    """Lines of which no player takes one for the end of the cue, or shows it from the wrong side."""
    return "\n".join(
        f"{_EMBED_RIGHT_TO_LEFT}{line}{_END_OF_EMBEDDING}" if is_right_to_left(line) else line
        for line in (line.replace("-->", "→") for line in cue.lines)
    )


def _voice(cue: Cue) -> str:
    lines = _escaped(cue.text)
    return f"<v {_escaped(' '.join(cue.speaker.split()))}>{lines}" if cue.speaker else lines


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
