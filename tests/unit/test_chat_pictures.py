"""Pictures of messages: made ready, kept, read as text once, and taken in from elsewhere."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.chat.history.history import History
from assistant.chat.history.records import StoredMessage, StoredPicture
from assistant.chat.records import Role
from assistant.chat_pictures import ChatPictures
from assistant.errors import DiskFull, UnreadableDocument, WorkerCrashed
from assistant.jobs import Progress
from assistant.vision.records import RecognitionOptions
from assistant.workers.run import Run
from tests.scripted_vision import ScriptedVision
from tests.told import told


@pytest.fixture
def vision() -> ScriptedVision:
    return ScriptedVision()


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    history = History(tmp_path / "history.sqlite3")
    yield history
    history.close()


@pytest.fixture
def pictures(vision: ScriptedVision, history: History) -> ChatPictures:
    return ChatPictures(vision, lambda: history, lambda: ["de"])  # type: ignore[arg-type]


def file(folder: Path, name: str, content: bytes = b"red") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def answered(pictures: ChatPictures, messages: Sequence[StoredMessage]) -> tuple[Any, list[Any]]:
    """What is answered from, and what was reported."""
    reports: list[Any] = []

    def begin(read: Sequence[StoredMessage], report: Callable[[Any], None] | None) -> Run[Any]:
        assert report is not None
        report("writing")
        return Run.derived(lambda _: read)

    return pictures.answered(messages, begin, reports.append).result(10), reports


@pytest.mark.parametrize(("name", "suffix"), [("a.JPG", ".jpg"), ("a.heic", ".jpg"), ("a.png", ".png")])
def test_a_picture_is_prepared_and_kept(
    pictures: ChatPictures, history: History, tmp_path: Path, name: str, suffix: str
) -> None:
    taken = pictures.take(file(tmp_path, name), "mine").result(10)
    assert history.pictures.path(taken.file).read_bytes() == b"red"
    assert (taken.name, taken.width, taken.height, taken.text) == ("mine", 40, 30, None)
    assert taken.file.endswith(suffix)


def test_what_is_no_picture_says_so(
    pictures: ChatPictures, vision: ScriptedVision, history: History, tmp_path: Path
) -> None:
    vision.refusal = told(UnreadableDocument, "It is damaged.", "")
    with pytest.raises(UnreadableDocument):
        pictures.take(file(tmp_path, "a.png")).result(10)
    assert history.pictures.names() == []


def test_text_is_recognised_once_and_kept_with_the_message(
    pictures: ChatPictures, vision: ScriptedVision, history: History, tmp_path: Path
) -> None:
    vision.texts += ["Total 12.40", "Table 7"]
    files = [file(tmp_path, name, name.encode()) for name in ("a.png", "b.png")]
    both = [pictures.take(each, each.name).result(10) for each in files]
    id = history.create().id
    plain = history.add_message(id, Role.USER, "Hello")
    said = history.add_message(id, Role.USER, "What is this?", pictures=both)
    read, reports = answered(pictures, [plain, said])
    assert read[0] == plain
    assert [each.text for each in read[1].pictures] == ["Total 12.40", "Table 7"]
    assert history.message(said.id).pictures == read[1].pictures
    assert reports == [Progress("Recognising text", 0, 2), Progress("Recognising text", 1, 2), "writing"]
    assert [options for _, options in vision.recognised] == [RecognitionOptions(languages=("de",))] * 2
    again, reports = answered(pictures, [plain, said])  # as it was before: the history knows more
    assert again[1].pictures == read[1].pictures
    assert reports == ["writing"]
    assert len(vision.recognised) == 2


def test_tables_are_read_row_by_row(
    pictures: ChatPictures, vision: ScriptedVision, history: History, tmp_path: Path
) -> None:
    vision.texts.append("Item\tPrice\nPotatoes\t3.20\nThyme\t2.30\nTotal\t5.50")
    bill = pictures.take(file(tmp_path, "a.png")).result(10)
    said = history.add_message(history.create().id, Role.USER, "?", pictures=[bill])
    read, _ = answered(pictures, [said])
    rows = [line.split() for line in (read[0].pictures[0].text or "").splitlines()]
    assert rows == [["Item", "Price"], ["Potatoes", "3.20"], ["Thyme", "2.30"], ["Total", "5.50"]]


def test_a_picture_that_somebody_deleted_does_not_end_the_conversation(
    pictures: ChatPictures, vision: ScriptedVision, history: History
) -> None:
    gone = StoredPicture(f"{'0' * 64}.png", "a.png", 4, 3)
    said = history.add_message(history.create().id, Role.USER, "?", pictures=[gone])
    read, _ = answered(pictures, [said])
    assert read[0].pictures[0].text == ""
    assert vision.recognised == []


def test_what_was_recognised_stays_when_the_next_picture_fails(
    pictures: ChatPictures, vision: ScriptedVision, history: History, tmp_path: Path
) -> None:
    vision.texts += ["One", WorkerCrashed("as-told", message="It crashed.", hint="")]
    both = [pictures.take(file(tmp_path, name, name.encode())).result(10) for name in ("a.png", "b.png")]
    said = history.add_message(history.create().id, Role.USER, "?", pictures=both)
    with pytest.raises(WorkerCrashed):
        answered(pictures, [said])
    assert [each.text for each in history.message(said.id).pictures] == ["One", None]


def exported(folder: Path) -> tuple[str, StoredPicture]:
    """A conversation of another home, and the picture in it."""
    other = History(folder / "other.sqlite3", folder / "other")
    kept = StoredPicture(other.pictures.keep(b"red", ".png"), "a.png", 4, 3)
    said = other.add_message(other.create().id, Role.USER, "?", pictures=[kept])
    text = other.export([said.conversation], "json")
    other.close()
    return text, kept


def test_pictures_of_an_exported_conversation_are_made_anew(
    pictures: ChatPictures, vision: ScriptedVision, history: History, tmp_path: Path
) -> None:
    text, kept = exported(tmp_path)
    (taken,) = pictures.import_conversations(text)
    assert history.open(taken).messages[0].pictures == (kept,)
    assert history.pictures.path(kept.file).read_bytes() == b"red"
    assert len(vision.prepared) == 1
    pictures.import_conversations(text)
    assert len(vision.prepared) == 1  # it is here


@pytest.mark.allow_log("could not be taken over")
def test_a_carried_picture_that_cannot_be_read_is_left_out(
    pictures: ChatPictures, vision: ScriptedVision, history: History, tmp_path: Path
) -> None:
    vision.refusal = told(UnreadableDocument, "It is damaged.", "")
    (tmp_path / "stick").mkdir()
    file(tmp_path / "stick", f"{'0' * 64}.png")
    assert pictures.adopt(tmp_path / "stick") == {}
    assert pictures.adopt(tmp_path / "none") == {}


def test_carried_pictures_without_room_on_the_disk_say_so(
    pictures: ChatPictures, history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, _ = exported(tmp_path)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DiskFull):
        pictures.import_conversations(text)
    assert history.conversations() == ()
