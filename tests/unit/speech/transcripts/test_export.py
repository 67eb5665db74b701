"""Transcripts as files that other programs read."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
from pathlib import Path

import docx as python_docx
import pytest

from assistant.errors import DiskFull, StorageError, UserInputError
from assistant.quantities import clock
from assistant.speech.records import Segment, Word
from assistant.speech.transcripts.export import FORMS, data, export, write

TALK = (
    Segment(0, 1.25, "Good morning.", (Word(0, 0.5, " Good"), Word(0.6, 1.25, " morning.")), "Anna"),
    Segment(1.5, 2.75, "Is 2 < 3 & 5 > 4?", (), "Ben <b>"),
    Segment(3661.5, 3663, 'It is "dry".', (), "Anna"),
)


def written(form: str, segments: tuple[Segment, ...] = TALK) -> str:
    return export(segments, form, title="well.mp3", language="en").decode("utf-8-sig")


def test_text() -> None:
    assert written("txt") == 'Anna: Good morning.\n\nBen <b>: Is 2 < 3 & 5 > 4?\n\nAnna: It is "dry".\n'
    assert written("txt", ()) == ""


def test_subrip() -> None:
    assert written("srt") == (
        "1\n00:00:00,000 --> 00:00:01,250\nAnna: Good morning.\n\n"
        "2\n00:00:01,500 --> 00:00:03,029\nBen <b>: Is 2 < 3 & 5 > 4?\n\n"
        '3\n01:01:01,500 --> 01:01:03,000\nAnna: It is "dry".\n\n'
    )
    assert written("srt", ()) == ""
    (line,) = [line for line in written("srt", (Segment(0, 2, "مرحبا بكم."),)).splitlines() if "م" in line]
    assert line == "\u202bمرحبا بكم.\u202c"


def test_webvtt() -> None:
    shown = written("vtt").splitlines()
    assert shown[:4] == ["WEBVTT", "", "00:00:00.000 --> 00:00:01.250", "<v Anna>Good morning."]
    assert "<v Ben &lt;b&gt;>Is 2 &lt; 3 &amp; 5 &gt; 4?" in shown
    assert written("vtt", ()) == "WEBVTT\n"


def test_json_has_the_shape_that_programs_rely_on() -> None:
    found = json.loads(written("json"))
    assert found == data(TALK, "en")
    assert set(found) == {"text", "language", "segments"}
    assert found["language"] == "en"
    assert found["text"] == 'Good morning. Is 2 < 3 & 5 > 4? It is "dry".'
    assert found["segments"][0] == {
        "start": 0,
        "end": 1.25,
        "text": "Good morning.",
        "speaker": "Anna",
        "words": [{"start": 0, "end": 0.5, "text": "Good"}, {"start": 0.6, "end": 1.25, "text": "morning."}],
    }


def test_a_table() -> None:
    rows = list(csv.reader(io.StringIO(written("csv"))))
    assert rows[0] == ["start", "end", "speaker", "text"]
    assert rows[3] == ["3661.500", "3663.000", "Anna", 'It is "dry".']
    assert export(TALK, "csv").startswith(b"\xef\xbb\xbf")  # spreadsheets take it for UTF-8


def test_word_reads_it() -> None:
    document = python_docx.Document(io.BytesIO(export(TALK, "docx", title="well.mp3")))
    assert [(each.style.name if each.style else "", each.text) for each in document.paragraphs] == [
        ("Title", "well.mp3"),
        ("Heading 3", "Anna"),
        ("", "0:00 Good morning."),
        ("Heading 3", "Ben <b>"),
        ("", "0:01 Is 2 < 3 & 5 > 4?"),
        ("Heading 3", "Anna"),
        ("", '1:01:01 It is "dry".'),
    ]


@pytest.mark.parametrize(("seconds", "told"), [(0, "0:00"), (754.9, "12:34"), (3754, "1:02:34")])
def test_moments(seconds: float, told: str) -> None:
    assert clock(seconds) == told


def test_what_is_there_is_replaced_only_when_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "well.txt"
    write(path, b"first", replace=False)
    with pytest.raises(UserInputError, match="exists already"):
        write(path, b"second", replace=False)
    assert path.read_bytes() == b"first"
    write(path, b"second", replace=True)
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]
    write(Path(os.devnull), b"third", replace=False)
    assert Path(os.devnull).is_char_device()


def test_a_full_disk_and_a_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StorageError, match="could not be saved"):
        write(tmp_path, b"", replace=True)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StorageError, match="could not be saved"):
        write(tmp_path / "file" / "well.txt", b"", replace=True)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="disk is full"):
        write(tmp_path / "well.txt", b"text", replace=True)
    assert not (tmp_path / "well.txt").exists()


def test_nothing_said_is_a_file_of_each_form() -> None:
    for form in FORMS:
        assert isinstance(export((), form), bytes)
