"""Who speaks, found out with a transcript or afterwards; stopped, refused, renamed, made one, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import ModelUnusable
from assistant.speech.speakers.records import Turn
from assistant.speech.transcripts.export import FORMS
from assistant.speech.transcripts.records import SpeakersFound, TranscriptGrew, TranscriptState
from tests.unit.speech.transcripts.test_transcripts import ALL, EN, MODEL, Scene

IN_TURN = ["Speaker 1", "Speaker 2", "Speaker 1", "Speaker 2", "Speaker 1"]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    for each in scene.opened:
        each.close()


def speakers(scene: Scene, id: int) -> list[str]:
    return [each.speaker for each in scene.transcripts.open(id).segments]


def found(scene: Scene, id: int, count: int = 0) -> SpeakersFound:
    scene.transcripts.find_speakers(id, count)
    assert scene.transcripts.wait([id], 20)
    return next(event for event in reversed(scene.events) if isinstance(event, SpeakersFound))


def test_nobody_asks(scene: Scene) -> None:
    (id,) = scene.made("talk.mp3")
    assert scene.speakers.asked == []
    assert speakers(scene, id) == [""] * 5


def test_with_the_transcript(scene: Scene) -> None:
    path = scene.recording()
    (info,) = scene.transcripts.transcribe([path], MODEL, EN, speakers=0)
    assert scene.transcripts.wait([info.id], 20)
    assert scene.transcripts.info(info.id).state is TranscriptState.DONE
    assert scene.speakers.asked == [("well.mp3", 0)]
    assert speakers(scene, info.id) == IN_TURN
    listening = [event for event in scene.events if isinstance(event, TranscriptGrew)][-1]
    assert (listening.finding_speakers, listening.done_until, listening.duration) == (True, 2.5, 5)
    (again,) = scene.transcripts.transcribe([path], MODEL, EN, speakers=0)
    scene.transcripts.wait([again.id], 20)
    assert again.id == info.id
    assert len(scene.speakers.asked) == 1  # it is known


def test_of_what_was_transcribed_before_only_the_speakers_are_found(scene: Scene) -> None:
    (id,) = scene.made("well.mp3")
    (info,) = scene.transcripts.transcribe([scene.root / "well.mp3"], MODEL, EN, speakers=2)
    assert scene.transcripts.wait([id], 20)
    assert info.id == id
    assert len(scene.speech.asked) == 1
    assert scene.speakers.asked == [("well.mp3", 2)]
    assert speakers(scene, id) == IN_TURN


def test_it_stands_in_every_export_and_in_the_document(scene: Scene) -> None:
    (id,) = scene.made("well.mp3")
    found(scene, id)
    scene.transcripts.rename_speaker(id, "Speaker 2", "Ms Green")
    for form in FORMS:
        content = scene.transcripts.export(id, form)
        if form != "docx":
            assert b"Speaker 1" in content, form
            assert b"Ms Green" in content, form
    (document,) = (scene.root / "texts").iterdir()
    assert "Ms Green" in document.read_text()


def test_undone_found_again_renamed_and_made_one(scene: Scene) -> None:
    (id,) = scene.made("well.mp3")
    scene.speakers.turns = (Turn(0, 0.5, 0), Turn(0.5, 5, 1))
    edit = scene.transcripts.edit(id, scene.transcripts.open(id).stored[0].id, "a b. c d.")
    assert edit.after
    first = found(scene, id)
    assert first.count == 2
    texts = [(each.text, each.speaker) for each in scene.transcripts.open(id).segments[:3]]
    assert texts == [("a b.", "Speaker 1"), ("c d.", "Speaker 2"), ("1", "Speaker 2")]
    scene.transcripts.undo(first.edit)
    assert scene.texts(id) == ["a b. c d.", *ALL[1:]]
    assert speakers(scene, id) == [""] * 5
    found(scene, id)
    renamed = scene.transcripts.rename_speaker(id, "Speaker 2", "Speaker 1")
    assert set(speakers(scene, id)) == {"Speaker 1"}
    scene.transcripts.undo(renamed)
    assert speakers(scene, id) == ["Speaker 1"] + ["Speaker 2"] * 5
    assert found(scene, id, 1).count == 1
    assert set(speakers(scene, id)) == {"Speaker 1"}


def test_stopped_the_transcript_is_done_all_the_same(scene: Scene) -> None:
    scene.speakers.holds = True
    (info,) = scene.transcripts.transcribe([scene.recording()], MODEL, EN, speakers=0)
    assert scene.speakers.waits.wait(20)
    scene.transcripts.stop([info.id])
    assert scene.transcripts.wait([info.id], 20)
    assert scene.transcripts.info(info.id).state is TranscriptState.DONE
    assert scene.texts(info.id) == ALL
    assert scene.transcripts.speakers_wanted(info.id) is None


def test_it_goes_on_when_the_program_ended_meanwhile(scene: Scene) -> None:
    scene.speakers.holds = True
    (info,) = scene.transcripts.transcribe([scene.recording()], MODEL, EN, speakers=2)
    assert scene.speakers.waits.wait(20)
    scene.transcripts.close()
    scene.speakers.holds = False
    scene.transcripts = scene.open()
    assert scene.transcripts.info(info.id).state is TranscriptState.STOPPED
    scene.transcripts.resume([info.id])
    assert scene.transcripts.wait([info.id], 20)
    assert len(scene.speech.asked) == 1
    assert speakers(scene, info.id) == IN_TURN


def test_what_fails_is_told_and_costs_nothing_that_was_said(scene: Scene) -> None:
    (id,) = scene.made("well.mp3")
    scene.speakers.error = ModelUnusable("speaker-models-crashed", names="a.onnx, b.onnx")
    scene.transcripts.find_speakers(id, 0)
    scene.transcripts.wait([id], 20)
    info = scene.transcripts.info(id)
    assert info.state is TranscriptState.DONE
    assert info.problem is not None
    assert "a.onnx" in info.problem.message
    assert scene.texts(id) == ALL
    scene.speakers.error = None
    scene.recording(content="another sound")
    scene.transcripts.find_speakers(id, 0)
    scene.transcripts.wait([id], 20)
    changed = scene.transcripts.info(id).problem
    assert changed is not None
    assert "changed" in changed.message
    assert scene.texts(id) == ALL  # nothing is transcribed anew
    scene.speakers.turns = ()
    (quiet,) = scene.made("quiet.mp3")
    scene.transcripts.find_speakers(quiet, 0)
    scene.transcripts.wait([quiet], 20)
    assert scene.transcripts.info(quiet).problem is not None
