"""The folder of recordings: begun, listed, mended, deleted and brought back; nothing in it is lost."""

from __future__ import annotations

import errno
import json
import wave
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assistant import atomic_write
from assistant.errors import DiskFull, DocumentGone, StorageError, UnreadableDocument, UserInputError
from assistant.speech.dictation.recordings import Recordings

NOON = datetime(2026, 11, 30, 10, 15, 32)
SECOND = b"\x01\x00" * 16_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


def kept(folder: Path, *seconds: int, start: datetime = NOON) -> list[str]:
    """Finished recordings, each a minute after the one before."""
    names = []
    for number, count in enumerate(seconds):
        recordings = Recordings(folder, now=lambda number=number: start + timedelta(minutes=number))
        made = recordings.begin(16_000)
        made.append(SECOND * count)
        made.finish()
        names.append(made.path.stem)
    return names


def test_recordings_are_named_by_their_time_and_listed_newest_first(folder: Path) -> None:
    assert Recordings(folder).all() == ()
    kept(folder, 1, 2)
    kept(folder, 3)
    found = Recordings(folder).all()
    assert [each.id for each in found] == [
        "2026-11-30 10.16.32", "2026-11-30 10.15.32-2", "2026-11-30 10.15.32",
    ]  # fmt: skip
    assert [each.seconds for each in found] == [2, 3, 1]
    assert found[2].when == NOON
    assert not any(each.recognised for each in found)
    assert Path(found[2].path) == folder / "2026-11-30 10.15.32.wav"


def test_texts_are_kept_beside_the_sound(folder: Path) -> None:
    first, second = kept(folder, 1, 2)
    recordings = Recordings(folder)
    made = recordings.set_text(first, "Grüße,\nAda", "de", "whisper-small")
    assert (made.text, made.language, made.model, made.recognised) == (
        "Grüße,\nAda", "de", "whisper-small", True,
    )  # fmt: skip
    recordings.set_text(second, "", "en", "whisper-small")
    assert Recordings(folder).get(first) == made
    assert Recordings(folder).not_recognised() == ()
    written = json.loads((folder / f"{first}.json").read_text(encoding="utf-8"))
    assert written == {
        "version": 1, "text": "Grüße,\nAda", "language": "de", "model": "whisper-small", "seconds": 1.0,
    }  # fmt: skip


def test_what_a_kill_left_is_mended_and_waits_to_be_recognised(folder: Path) -> None:
    (done,) = kept(folder, 1)
    whole = (folder / f"{done}.wav").read_bytes()
    unfinished = whole[:40] + b"\xff\xff\xff\xff" + whole[44:] + b"\x01"  # half a sample more
    (folder / "2026-11-30 11.00.00.wav").write_bytes(unfinished)
    (folder / "2026-11-30 11.00.01.wav").write_bytes(unfinished[:44])
    (folder / "2026-11-30 11.00.02.wav").write_bytes(b"")
    recordings = Recordings(folder)
    recordings.set_text(done, "Hello", "en", "m")
    assert recordings.notices == ()
    assert [(each.id, each.seconds) for each in recordings.not_recognised()] == [("2026-11-30 11.00.00", 1)]
    assert len(recordings.all()) == 2
    with wave.open(str(folder / "2026-11-30 11.00.00.wav")) as mended:
        assert mended.readframes(20_000) == SECOND


def test_one_that_grows_is_not_deleted_and_does_not_wait(folder: Path) -> None:
    recordings = Recordings(folder)
    made = recordings.begin(48_000, 2)
    assert [each.id for each in recordings.all()] == [made.path.stem]
    assert recordings.not_recognised() == ()
    with pytest.raises(UserInputError, match="still running"):
        recordings.delete(made.path.stem)
    made.finish()
    recordings.delete(made.path.stem)
    assert recordings.all() == ()


def test_what_was_deleted_comes_back_until_the_next_start(folder: Path) -> None:
    first, second = kept(folder, 1, 2)
    recordings = Recordings(folder, now=lambda: NOON)
    before = recordings.set_text(first, "Hello", "en", "m")
    recordings.delete(first)
    recordings.delete(second)
    assert recordings.all() == ()
    with pytest.raises(DocumentGone):
        recordings.get(first)
    with pytest.raises(DocumentGone):
        recordings.set_text(first, "", "", "")
    assert recordings.begin(16_000).path.stem == f"{first}-2"  # its name is not taken meanwhile
    assert recordings.restore(first) == before
    assert not recordings.restore(second).recognised
    recordings.delete(first)
    again = Recordings(folder)
    with pytest.raises(DocumentGone):
        again.restore(first)
    assert again.get(second).seconds == 2


def test_foreign_and_damaged_files_stay_as_they_are(folder: Path) -> None:
    (name,) = kept(folder, 1)
    contents = {
        "Letter.txt": b"x",
        "music.wav": b"RIFF\x10\x00\x00\x00WAVEJUNK" + b"\0" * 100,
        "cut.wav": b"RIFF",
        "folder.wav": None,
        ".hidden.wav": b"y",
        "orphan.json": b"{}",
    }
    for file, content in contents.items():
        if content is None:
            (folder / file).mkdir()
        else:
            (folder / file).write_bytes(content)
    with wave.open(str(folder / "mine.wav"), "wb") as mine:
        mine.setparams((1, 2, 8000, 0, "NONE", ""))
        mine.writeframes(SECOND)
    recordings = Recordings(folder)
    assert {each.id for each in recordings.all()} == {name, "mine"}
    assert sorted(notice.message for notice in recordings.notices) == [
        "cut.wav is not a recording that can be read.",
        "music.wav is not a recording that can be read.",
    ]
    with pytest.raises(UnreadableDocument):
        recordings.get("music")
    for file, content in contents.items():
        assert content is None or (folder / file).read_bytes() == content
    recordings.delete("music")
    assert not (folder / "music.wav").exists()


@pytest.mark.parametrize("content", ["{", "[]", '{"version": 1}', '{"text": 7}', "[" * 100_000])
def test_a_damaged_text_is_kept_aside_and_the_recording_waits_again(folder: Path, content: str) -> None:
    (name,) = kept(folder, 1)
    (folder / f"{name}.json").write_text(content)
    recordings = Recordings(folder)
    assert [each.id for each in recordings.not_recognised()] == [name]
    assert [notice.reason for notice in recordings.notices] == ["recording-text-damaged"]
    assert (folder / f"{name}.json.damaged-1").read_text() == content
    recordings.all()
    assert len(recordings.notices) == 1


@pytest.mark.parametrize("name", ["../outside", "deleted/x", "", "gone"])
def test_names_of_others_are_refused(folder: Path, name: str) -> None:
    kept(folder, 1)
    (folder.parent / "outside.wav").write_bytes(b"x")
    recordings = Recordings(folder)
    for act in (recordings.get, recordings.delete, recordings.restore):
        with pytest.raises(DocumentGone):
            act(name)
    assert (folder.parent / "outside.wav").exists()


def test_a_full_or_read_only_disk_is_said_and_loses_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name,) = kept(folder, 1)
    recordings = Recordings(folder)
    before = recordings.set_text(name, "Hello", "en", "m")

    def fails(number: int) -> object:
        def fail(*_: object, **__: object) -> None:
            raise OSError(number, "it failed")

        return fail

    with monkeypatch.context() as patched:
        patched.setattr(atomic_write, "write", fails(errno.ENOSPC))
        with pytest.raises(DiskFull):
            recordings.set_text(name, "Other", "en", "m")
        patched.setattr(atomic_write, "write", fails(errno.EROFS))
        with pytest.raises(StorageError, match="it failed"):
            recordings.set_text(name, "Other", "en", "m")
        patched.setattr(Path, "rename", fails(errno.EROFS))
        with pytest.raises(StorageError, match="it failed"):
            recordings.delete(name)
        patched.setattr("os.open", fails(errno.ENOSPC))
        with pytest.raises(DiskFull):
            recordings.begin(16_000)
    assert recordings.get(name) == before


def test_what_cannot_be_mended_is_said_and_can_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (name,) = kept(folder, 1)
    file = folder / f"{name}.wav"
    file.write_bytes(file.read_bytes()[:40] + b"\xff" * 4 + SECOND)

    def denied(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("os.fsync", denied)
    recordings = Recordings(folder)
    assert [notice.code for notice in recordings.notices] == ["storage"]
    assert recordings.get(name).seconds == 1


def test_a_folder_that_cannot_be_read_is_said(folder: Path) -> None:
    folder.write_text("no folder")
    recordings = Recordings(folder)
    assert [notice.reason for notice in recordings.notices] == ["recordings-not-readable"]
    with pytest.raises(StorageError):
        recordings.all()
    with pytest.raises(StorageError):
        recordings.begin(16_000)


def test_one_that_goes_while_the_folder_is_read_is_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = kept(folder, 1, 2)
    recordings = Recordings(folder)
    real = recordings._files

    def files() -> list[Path]:
        found = real()
        (folder / f"{first}.wav").unlink()
        return found

    monkeypatch.setattr(recordings, "_files", files)
    assert [each.id for each in recordings.all()] == [second]
