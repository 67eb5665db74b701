"""Transcripts: made one after the other, kept as they come, edited, and searched."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import StorageError, UnreadableDocument, UserInputError
from assistant.speech.records import Decoding, Segment, SegmentsFound, Word
from assistant.speech.transcripts import document
from assistant.speech.transcripts.queue import Event
from assistant.speech.transcripts.records import (
    DOCUMENT_HEAD,
    TranscriptChanged,
    TranscriptGrew,
    TranscriptState,
)
from assistant.speech.transcripts.transcripts import Transcripts
from tests.unit.speech.transcripts.scripted import ScriptedSpeakers, ScriptedSpeech

EN = Decoding("en")
MODEL = Path("/models/tiny")


class Scene:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.speech = ScriptedSpeech()
        self.speakers = ScriptedSpeakers()
        self.events: list[Event] = []
        self.new_documents = 0
        self.gone: list[Path] = []
        self.opened: list[Transcripts] = []
        self.transcripts = self.open()

    def open(self) -> Transcripts:
        """As the next process would."""
        made = Transcripts(
            self.root / "t.sqlite3",
            self.root / "texts",
            self.speech,
            self.speakers,
            self._count,
            self.gone.append,
        )
        made.subscribe(self.events.append)
        self.opened.append(made)
        return made

    def _count(self) -> None:
        self.new_documents += 1

    def recording(self, name: str = "well.mp3", content: str = "sound") -> Path:
        path = self.root / name
        path.write_text(content)
        return path

    def made(self, *names: str) -> list[int]:
        files = [self.recording(name) for name in names]
        ids = [info.id for info in self.transcripts.transcribe(files, MODEL, EN)]
        assert self.transcripts.wait(ids, 20)
        return ids

    def texts(self, id: int) -> list[str]:
        return [segment.text for segment in self.transcripts.open(id).segments]

    def documents(self) -> list[str]:
        return sorted(path.name for path in (self.root / "texts").glob("*"))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    for each in scene.opened:
        each.close()


ALL = ["0", "1", "2", "3", "4"]


def test_several_one_after_the_other_and_one_that_fails_stops_no_other(scene: Scene) -> None:
    scene.speech.errors["bad.mp3"] = UnreadableDocument("audio-damaged", name="bad.mp3", why="noise")
    gone = scene.root / "gone.mp3"
    first, bad, last = scene.made("one.mp3", "bad.mp3", "two.mp3")
    (lost,) = scene.transcripts.transcribe([gone], MODEL, EN)
    scene.transcripts.wait([lost.id], 20)
    states = {info.title: info.state for info in scene.transcripts.infos()}
    assert states == {"one.mp3": "done", "bad.mp3": "failed", "two.mp3": "done", "gone.mp3": "failed"}
    assert scene.texts(first) == scene.texts(last) == ALL
    assert scene.texts(bad) == ["0", "1"]
    problem = scene.transcripts.info(bad).problem
    assert problem is not None
    assert "damaged" in problem.message
    info = scene.transcripts.info(first)
    assert (info.language, info.duration, info.done_until) == ("en", 5, 5)
    grown = [event for event in scene.events if isinstance(event, TranscriptGrew) and event.id == first]
    assert [event.done_until for event in grown] == [1, 2, 3, 4, 5]
    assert grown[-1].seconds_left == 0
    assert [event.segments[0].segment.text for event in grown] == ALL


def test_stopped_and_gone_on_with(scene: Scene) -> None:
    scene.speech.held_at = 3
    path, waiting = scene.recording(), scene.recording("two.mp3")
    info, other = scene.transcripts.transcribe([path, waiting], MODEL, EN)
    assert scene.speech.waits.wait(20)
    scene.transcripts.stop()
    assert scene.transcripts.wait([info.id, other.id], 20)
    assert [each.state for each in scene.transcripts.infos()] == [TranscriptState.STOPPED] * 2
    assert scene.texts(info.id) == ["0", "1", "2"]
    scene.speech.held_at = None
    (again,) = scene.transcripts.transcribe([path], MODEL, EN)
    assert again.id == info.id
    scene.transcripts.wait([info.id], 20)
    assert scene.texts(info.id) == ALL
    assert scene.speech.asked == [("well.mp3", 0, "en"), ("well.mp3", 3, "en")]
    (kept,) = scene.transcripts.transcribe([path], MODEL, Decoding("en", last_language="de"))
    assert (kept.id, kept.state) == (info.id, TranscriptState.DONE)
    (anew,) = scene.transcripts.transcribe([path], MODEL, EN, again=True)
    assert anew.id != info.id
    scene.transcripts.wait([anew.id], 20)


def test_a_file_that_changed_since_is_begun_anew(scene: Scene) -> None:
    scene.speech.held_at = 2
    (info,) = scene.transcripts.transcribe([scene.recording()], MODEL, EN)
    assert scene.speech.waits.wait(20)
    scene.transcripts.stop([info.id])
    assert scene.transcripts.wait([info.id], 20)
    scene.speech.held_at = None
    scene.recording(content="another sound")
    scene.transcripts.resume([info.id])
    scene.transcripts.wait([info.id], 20)
    assert scene.texts(info.id) == ALL


def test_what_a_killed_process_left_is_stopped_and_goes_on(scene: Scene) -> None:
    store = scene.transcripts
    info = store.begin(scene.recording(), MODEL, EN)
    store.set_state(info.id, TranscriptState.RUNNING)
    store.keep(info.id, SegmentsFound((Segment(0, 1, "0"),), 1, 5, "en"))
    assert store.keep(info.id, SegmentsFound((Segment(0, 1, "again"),), 1, 5, "en")) == ()
    scene.transcripts = scene.open()
    assert scene.transcripts.info(info.id).state is TranscriptState.STOPPED
    scene.transcripts.resume([info.id])
    scene.transcripts.wait([info.id], 20)
    assert scene.texts(info.id) == ALL


def test_a_worker_that_dies_takes_nothing_along(scene: Scene) -> None:
    scene.speech.crashes = [0, 2, 3]
    (id,) = scene.made("well.mp3")
    assert scene.transcripts.info(id).state is TranscriptState.DONE
    assert scene.texts(id) == ALL
    assert [start for _, start, _ in scene.speech.asked] == [0, 0, 2, 3]


def test_a_worker_that_always_dies_in_the_same_place_is_not_tried_for_ever(scene: Scene) -> None:
    scene.speech.crashes = [2] * 3
    (id,) = scene.made("well.mp3")
    assert scene.transcripts.info(id).state is TranscriptState.FAILED
    assert scene.texts(id) == ["0", "1"]
    assert [start for _, start, _ in scene.speech.asked] == [0, 2]


def test_the_disk_fails_on_the_way(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageError("transcripts-disk-full")

    monkeypatch.setattr(scene.transcripts, "keep", full)
    (id,) = scene.made("well.mp3")
    info = scene.transcripts.info(id)
    assert info.state is TranscriptState.FAILED
    assert info.problem is not None
    assert "disk is full" in info.problem.message


# --- edited


def test_edits_and_how_they_are_taken_back(scene: Scene) -> None:
    store = scene.transcripts
    (id,) = scene.made("well.mp3")
    before = store.open(id)
    first, second, third = (each.id for each in before.stored[:3])
    edits = [store.edit(id, first, "zero point")]
    assert scene.texts(id)[0] == "zero point"
    edits.append(store.split(id, first, len("zero")))
    assert scene.texts(id)[:3] == ["zero", "point", "1"]
    edits.append(store.join(id, [second, third]))
    assert scene.texts(id) == ["zero", "point", "1 2", "3", "4"]
    edits.append(store.remove(id, [second]))
    edits.append(store.set_speaker(id, [first], "Anna"))
    assert store.read(id).speakers == ("Anna",)
    redone = [store.undo(edit) for edit in reversed(edits)]
    assert store.open(id).stored == before.stored
    for edit in reversed(redone):
        store.undo(edit)
    assert scene.texts(id) == ["zero", "point", "3", "4"]
    with pytest.raises(UserInputError, match="changed since"):
        store.undo(edits[0])
    with pytest.raises(UserInputError, match="nothing to divide"):
        store.split(id, first, 0)
    with pytest.raises(UserInputError, match="no longer exists"):
        store.edit(id, 999, "x")


def test_speakers_are_renamed_and_merged(scene: Scene) -> None:
    store = scene.transcripts
    (id,) = scene.made("well.mp3")
    ids = [each.id for each in store.open(id).stored]
    store.set_speaker(id, ids[:2], "Speaker 1")
    store.set_speaker(id, ids[2:], "Speaker 2")
    store.rename_speaker(id, "Speaker 1", " Anna  B. ")
    merged = store.rename_speaker(id, "Speaker 2", "Anna B.")
    assert store.read(id).speakers == ("Anna B.",)
    store.undo(merged)
    assert store.read(id).speakers == ("Anna B.", "Speaker 2")


def test_times_of_words_are_kept_on_the_disk(scene: Scene) -> None:
    store = scene.transcripts
    info = store.begin(scene.recording(), MODEL, EN)
    words = (Word(0, 0.5, " The", 0.9), Word(0.5, 1, " wel", 0.3))
    store.keep(info.id, SegmentsFound((Segment(0, 1, "The wel", words, "Anna"),), 1, None, ""))
    ((stored),) = scene.open().open(info.id).stored
    assert stored.segment == Segment(0, 1, "The wel", words, "Anna")
    edited = store.edit(info.id, stored.id, "The well").after[0].segment
    assert edited.words == (Word(0, 0.5, "The", 0.9), Word(0.5, 1, " well"))


# --- searched


def test_a_transcript_is_a_document_while_it_is_there(scene: Scene) -> None:
    (id,) = scene.made("well.mp3")
    assert scene.documents() == [f"well.mp3.{id}.transcript"]
    assert scene.new_documents == 1
    path = scene.root / "texts" / scene.documents()[0]
    assert path.read_bytes().startswith(DOCUMENT_HEAD)
    assert b'"words"' not in path.read_bytes()  # their times stand in the transcript
    scene.transcripts.edit(id, scene.transcripts.open(id).stored[0].id, "The pump")
    assert document.read(path).segments[0].text == "The pump"
    scene.transcripts.rename(id, "The well")
    assert document.read(path).title == "The well"
    assert scene.gone == []
    scene.transcripts.delete(id)
    assert scene.documents() == []
    assert scene.gone == [path]
    assert scene.transcripts.infos() == ()
    assert scene.events[-1] == TranscriptChanged(id, None)
    with pytest.raises(UserInputError, match="no longer exists"):
        scene.transcripts.open(id)
    assert scene.transcripts.undelete(id).title == "The well"
    assert path.exists()


def test_a_citation_leads_to_its_moment(scene: Scene) -> None:
    store = scene.transcripts
    (id,) = scene.made("well.mp3")
    stored = store.open(id).stored
    store.edit(id, stored[3].id, "The pump broke in May.")
    store.set_speaker(id, [stored[3].id], "Anna")
    path = str(scene.root / "texts" / scene.documents()[0])
    moment = store.moment(path, "0:03", "Anna: The pump broke")
    assert moment is not None
    assert (moment.transcript, Path(moment.path).name) == (id, "well.mp3")
    assert moment.seconds == 3.1
    later = store.moment(path, "0:03", "broke in May.")
    assert later is not None
    assert 3.3 < later.seconds < 3.9
    unknown = store.moment(path, "0:02", "nobody said that")
    assert unknown is not None
    assert unknown.seconds == 2
    assert store.moment("/elsewhere/report.pdf", "page 3", "x") is None
    assert store.moment(path.replace(f".{id}.", ".99."), "0:03", "x") is None


def test_a_newer_version_wrote_them(scene: Scene) -> None:
    scene.transcripts.close()
    with sqlite3.connect(scene.root / "t.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="newer version"):
        scene.open()


def test_it_is_read_in_paragraphs_whose_words_all_have_times(scene: Scene) -> None:
    id = scene.transcripts.begin(scene.recording(), MODEL, EN).id
    timed = Segment(4.0, 5.0, "Two three.", (Word(4.0, 4.4, " Two"), Word(4.5, 5.0, " three.")))
    segments = (Segment(0.0, 1.0, "One word"), Segment(2.0, 3.0, " "), timed, Segment(9.0, 9.5, "After."))
    scene.transcripts.keep(id, SegmentsFound(segments, 10.0, 10.0, "en"))
    first, second, third = scene.transcripts.read(id).paragraphs
    assert (first.text, second.text, third.text) == ("One word", "Two three.", "After.")
    assert [word.text for word in first.segments[0].segment.words] == ["One", " word"]
    assert second.segments[0].segment == timed
    assert third.start == 9.0


def test_a_file_that_failed_or_still_waits_is_not_begun_twice(scene: Scene) -> None:
    file = scene.recording()
    scene.speech.errors = {file.name: UnreadableDocument("audio-empty", name=file.name)}
    (info,) = scene.transcripts.transcribe([file], MODEL, EN)
    (same,) = scene.transcripts.transcribe([file], MODEL, EN)
    assert scene.transcripts.wait([info.id], 20)
    scene.speech.errors = {}
    (again,) = scene.transcripts.transcribe([file], MODEL, EN)
    assert scene.transcripts.wait([again.id], 20)
    assert info.id == same.id == again.id
    assert scene.transcripts.info(info.id).state is TranscriptState.DONE
