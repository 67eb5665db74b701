"""Transcripts among the documents: their places are times."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistant.documents.formats.detection import Family, family_of
from assistant.documents.formats.open_document import open_document
from assistant.errors import UnreadableDocument
from assistant.speech.records import Segment
from assistant.speech.transcripts import document
from assistant.speech.transcripts.records import (
    DOCUMENT_HEAD,
    StoredSegment,
    StoredTranscript,
    TranscriptInfo,
    TranscriptState,
)

INFO = TranscriptInfo(
    7, "/sound/interview.mp3", "interview.mp3", 1, 1, "en", "/model", 800, TranscriptState.DONE, 800, 1, 1
)
TALK = (
    Segment(3, 5, "Good morning.", (), "Anna"),
    Segment(754.2, 756, "The well is dry.", (), "Ben"),
    Segment(756.5, 758, "Since May.", (), "Ben"),
    Segment(3754, 3755, "Thank you."),
)


def written(folder: Path, segments: tuple[Segment, ...] = TALK, name: str = document.name(INFO)) -> Path:
    path = folder / name
    stored = tuple(StoredSegment(number, segment) for number, segment in enumerate(segments))
    path.write_text(document.content(StoredTranscript(INFO, stored)))
    return path


def test_paragraphs_stand_at_their_times(tmp_path: Path) -> None:
    opened = open_document(written(tmp_path))
    assert (opened.opened.kind, opened.opened.title, opened.opened.parts) == (
        "transcript",
        "interview.mp3",
        1,
    )
    (part,) = opened.parts()
    assert [(section.location, section.text, section.page) for section in part.sections] == [
        ("0:03", "Anna: Good morning.", None),
        ("12:34", "Ben: The well is dry. Since May.", None),
        ("1:02:34", "Thank you.", None),
    ]


def test_long_talk_has_places_close_to_each_other(tmp_path: Path) -> None:
    talk = tuple(Segment(4.0 * i, 4 * i + 4, "The pump ran for an hour, and stopped.") for i in range(300))
    places = [
        section.location
        for part in open_document(written(tmp_path, talk)).parts()
        for section in part.sections
    ]
    assert 300 * 4 / len(places) < 70


def test_the_content_tells_and_not_the_name(tmp_path: Path) -> None:
    assert family_of(written(tmp_path, name="other.json")) is Family.TRANSCRIPT
    other = tmp_path / "mine.transcript"
    other.write_text("These are notes.")
    with pytest.raises(UnreadableDocument):
        family_of(other)


@pytest.mark.parametrize("cut", [40, 100, 200])
def test_a_damaged_one_is_refused(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes()[:cut])
    began = time.monotonic()
    with pytest.raises(UnreadableDocument):
        open_document(path)
    assert time.monotonic() - began < 5


def test_one_that_says_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.transcript"
    for rest in ("}", ', "title": "x", "segments": 3}', ', "title": "x", "segments": [{"start": "soon"}]}'):
        path.write_text(DOCUMENT_HEAD.decode() + rest)
        with pytest.raises(UnreadableDocument):
            open_document(path)
