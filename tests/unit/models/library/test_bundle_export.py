from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant import file_copy
from assistant.errors import (
    AssistantError,
    Cancelled,
    DamagedStore,
    DiskFull,
    NoModel,
    StorageError,
    UserInputError,
)
from assistant.file_copy import Meter
from assistant.models.library import bundle_export
from assistant.models.library.bundle_export import BundleExtra
from assistant.models.library.library import Library
from assistant.models.library.records import BundleSummary, Installed
from tests.made_models import converted, families
from tests.stopping import stopped_at_its_first_word
from tests.told import told


class Stick:
    """A library with two models, an empty one on another computer, and a stick between them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "stick"
        self.folder.mkdir()
        self.here = Library(folder / "here" / "models")
        self.there = Library(folder / "there" / "models")
        self.there_folder = folder / "there" / "models"
        chat = families.make(folder / "Tiny-1B.gguf", "llama")
        translation = converted.translation(folder / "opus-mt-en-de")
        done = self.here.add([chat]).result(60), self.here.add([translation], link=True).result(60)
        self.models: tuple[Installed, ...] = done[0].models + done[1].models

    def write(self, *ids: str, extras: tuple[BundleExtra, ...] = (), **options: Any) -> BundleSummary:
        return self.here.export_to(self.folder, ids, extras, **options).result(60)

    def take(self, **options: Any) -> BundleSummary:
        return self.there.import_from(self.folder, **options).result(60)

    def taken(self) -> list[str]:
        """What is in the folder of the other computer's models."""
        return sorted(path.name for path in self.there_folder.iterdir()) if self.there_folder.exists() else []


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    return Stick(tmp_path)


def store(path: Path, *texts: str) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [(text,) for text in texts])
    return path


def extras(name: str, text: str = "hello") -> BundleExtra:
    def write(folder: Path, meter: Meter) -> None:
        store(folder / "store.sqlite3", text)
        meter.add(100)

    return BundleExtra(name, 100, write)


def test_there_and_back(stick: Stick) -> None:
    carried = stick.write()
    root = Path(carried.folder)
    assert root == stick.folder
    assert [each.id for each in carried.models] == [each.id for each in stick.models]
    assert (carried.documents, carried.chats) == (False, False)
    assert not (root / bundle_export.UNFINISHED).exists()
    taken = stick.take()
    assert taken.refused == ()
    assert {each.id for each in taken.models} == {each.id for each in stick.models}
    assert [each.linked for each in stick.there.installed()] == [False, False]
    assert all(each.problem is None for each in stick.there.verify().result(60))
    assert sorted(stick.taken()) == sorted(each.id for each in taken.models)
    assert stick.take().models == stick.there.installed()  # nothing twice
    assert len(stick.there.installed()) == 2


def test_checksums_as_others_read_them(stick: Stick) -> None:
    stick.write()
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=stick.folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b": OK") == 6


def test_some_models(stick: Stick) -> None:
    assert [each.id for each in stick.write(stick.models[0].id).models] == [stick.models[0].id]
    stick.take()
    assert stick.taken() == [stick.models[0].id]
    # The next time something else goes along, and what is left of the first goes.
    stick.write(stick.models[1].id)
    assert not list((stick.folder / "models").rglob("*.gguf"))
    assert [each.id for each in stick.take().models] == [stick.models[1].id]


def test_beside_other_things(stick: Stick) -> None:
    (stick.folder / "holiday.jpg").write_bytes(b"x")
    assert Path(stick.write().folder) == stick.folder / bundle_export.FOLDER_NAME
    assert len(stick.take().models) == 2
    assert Path(stick.write().folder) == stick.folder / bundle_export.FOLDER_NAME
    assert {path.name for path in stick.folder.iterdir()} == {"holiday.jpg", bundle_export.FOLDER_NAME}


def test_unknown_and_missing_models(stick: Stick) -> None:
    with pytest.raises(UserInputError):
        stick.write("nothing")
    shutil.rmtree(stick.models[1].path)
    with pytest.raises(NoModel, match="gone"):
        stick.write()
    assert not list(stick.folder.iterdir())


def test_into_the_programs_own_folder(stick: Stick, tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="belongs to the program"):
        stick.here.export_to(tmp_path / "here" / "models" / "x").result(60)


def test_extras(stick: Stick) -> None:
    carried = stick.write(extras=(extras("documents"), extras("chats", "words")))
    assert (carried.documents, carried.chats) == (True, True)
    seen: dict[str, str] = {}

    def take(name: str, folder: Path) -> None:
        with closing(sqlite3.connect(folder / "store.sqlite3")) as connection:
            seen[name] = connection.execute("SELECT x FROM t").fetchone()[0]

    taken = stick.take(import_extra=take)
    assert seen == {"documents": "hello", "chats": "words"}
    assert (taken.documents, taken.chats, len(taken.models)) == (True, True, 2)
    without = stick.take()
    assert (without.documents, without.chats) == (False, False)


def test_extras_that_are_refused(stick: Stick) -> None:
    stick.write(extras=(extras("documents"), extras("chats")))

    def take(name: str, folder: Path) -> None:
        if name == "documents":
            raise told(StorageError, "There are documents here already.", "Remove them first.")

    taken = stick.take(import_extra=take)
    assert (taken.documents, taken.chats, len(taken.models)) == (False, True, 2)
    assert [each.message for each in taken.refused] == ["There are documents here already."]


# --- interrupted -------------------------------------------------------------------------------------------


def test_stopped_and_resumed(stick: Stick, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not whole is not taken; the next time only what is missing is copied."""
    add = Meter.add
    seen: list[str] = []

    def stop(meter: Meter, count: int) -> None:
        add(meter, count)
        seen.append(meter.doing)
        if meter.doing == "Copying opus-mt-en-de":
            raise Cancelled

    monkeypatch.setattr(Meter, "add", stop)
    with pytest.raises(Cancelled):
        stick.write()
    monkeypatch.undo()
    with pytest.raises(DamagedStore, match="not finished"):
        stick.take()
    assert stick.taken() == []
    (whole,) = (stick.folder / "models").rglob("*.gguf")
    assert not list(stick.folder.rglob("*.part"))
    inode = whole.stat().st_ino
    stick.write()
    assert whole.stat().st_ino == inode
    assert len(stick.take().models) == 2


def test_begun_anew_over_a_whole_one(stick: Stick, monkeypatch: pytest.MonkeyPatch) -> None:
    stick.write()
    monkeypatch.setattr(bundle_export, "_finish", lambda *_: (_ for _ in ()).throw(Cancelled()))
    with pytest.raises(Cancelled):
        stick.write()
    with pytest.raises(DamagedStore, match="not finished"):
        stick.take()


def test_what_was_left_is_not_trusted(stick: Stick, monkeypatch: pytest.MonkeyPatch) -> None:
    stick.write()
    (path,) = (stick.folder / "models").rglob("*.gguf")
    flip(path)
    stick.write()
    assert len(stick.take().models) == 2


def test_import_stopped(stick: Stick) -> None:
    stick.write()
    run = stopped_at_its_first_word(
        lambda stop: stick.there.import_from(stick.folder, on_report=stop),
    )
    with pytest.raises(Cancelled):
        run.result(60)
    assert [each for each in stick.taken() if not each.startswith(".")] == []
    assert Library(stick.there_folder).installed() == ()


# --- damaged -----------------------------------------------------------------------------------------------


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["Tiny-1B.gguf", "model.bin", "source.spm", "store.sqlite3"])
def test_a_damaged_file_on_the_stick(stick: Stick, name: str) -> None:
    stick.write(extras=(extras("chats"),))
    (path,) = stick.folder.rglob(name)
    flip(path)
    taken: list[str] = []
    with pytest.raises(DamagedStore, match="Nothing was imported") as caught:
        stick.take(import_extra=lambda name, _: taken.append(name))
    assert name in caught.value.message
    assert (taken, stick.taken()) == ([], [])
    path.unlink()
    with pytest.raises(DamagedStore):
        stick.take(import_extra=lambda name, _: taken.append(name))
    assert (taken, stick.taken()) == ([], [])


def test_a_link_on_the_stick(stick: Stick, tmp_path: Path) -> None:
    stick.write()
    (path,) = stick.folder.rglob("*.gguf")
    path.rename(tmp_path / "secret")
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(DamagedStore):
        stick.take()


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value["files"][0].__setitem__(0, "../../../secret"),
        lambda value: value["files"][0].__setitem__(0, "/etc/passwd"),
        lambda value: value["files"].append(value["files"][0]),
        lambda value: value["files"][0].__setitem__(1, -1),
        lambda value: value["files"].pop(),
        lambda value: next(iter(value["models"].values())).__setitem__("link", "/etc"),
        lambda value: next(iter(value["models"].values())).__setitem__("main", "../x"),
        lambda value: next(iter(value["models"].values()))["files"][0].__setitem__("sha256", "0" * 64),
        lambda value: value.__setitem__("models", {"../..": next(iter(value["models"].values()))}),
        lambda value: value.pop("goods"),
        lambda value: value.__setitem__("files", [[]]),
    ],
)
def test_a_list_that_lies(stick: Stick, tmp_path: Path, change: Any) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    stick.write()
    path = stick.folder / bundle_export.CONTENTS_FILE
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))
    with pytest.raises(DamagedStore):
        stick.take()
    assert stick.taken() == []


def test_a_model_that_is_none(stick: Stick) -> None:
    """Whatever the list says, what comes in is looked at like any other file."""
    stick.write(stick.models[0].id)
    (path,) = stick.folder.rglob("*.gguf")
    path.write_bytes(b"<html>")
    listed = stick.folder / bundle_export.CONTENTS_FILE
    value = json.loads(listed.read_text())
    sha256 = hashlib.sha256(b"<html>").hexdigest()
    value["files"][0][1:] = [6, sha256]
    next(iter(value["models"].values()))["files"][0] |= {"size": 6, "sha256": sha256}
    listed.write_text(json.dumps(value))
    taken = stick.take()
    assert (taken.models, stick.taken()) == ((), [])
    assert "web page" in taken.refused[0].message


def test_a_newer_version(stick: Stick) -> None:
    stick.write()
    path = stick.folder / bundle_export.CONTENTS_FILE
    path.write_text(path.read_text().replace('"version": 1,\n "made"', '"version": 2,\n "made"'))
    with pytest.raises(UserInputError, match="newer version"):
        stick.take()


def test_nothing_was_carried(stick: Stick, tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="was not made for"):
        stick.take()
    with pytest.raises(UserInputError):
        stick.there.import_from(tmp_path / "nowhere").result(60)


def test_a_damaged_model_is_not_carried(stick: Stick) -> None:
    flip(Path(stick.models[0].path))
    with pytest.raises(DamagedStore, match="damaged"):
        stick.write()
    assert not list(stick.folder.rglob("*.gguf"))


# --- the disk ----------------------------------------------------------------------------------------------


def test_fat32(stick: Stick, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model of more than 4 GiB (nearly all of it a hole), and a disk that calls itself FAT32."""
    large = families.make(stick.folder.parent / "Large.gguf", "qwen2")
    with large.open("r+b") as file:
        file.truncate(2**32)
    (added,) = stick.here.add([large], link=True).result(60).models
    monkeypatch.setattr(bundle_export, "file_system", lambda _: "vfat")
    with pytest.raises(StorageError, match="FAT32") as caught:
        stick.write(added.id)
    assert "exFAT" in caught.value.hint
    assert not list(stick.folder.rglob("*.gguf*"))
    stick.write(stick.models[0].id)


def test_file_system() -> None:
    assert bundle_export.file_system(Path("/proc/self")) == "proc"


def test_no_room_on_the_stick(stick: Stick, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(stick.folder)
    monkeypatch.setattr(file_copy.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(DiskFull, match="not enough space"):
        stick.write()
    monkeypatch.undo()
    stick.write()
    monkeypatch.setattr(file_copy.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(DiskFull):
        stick.take()
    assert stick.taken() == []


def test_errors_travel(stick: Stick) -> None:
    with pytest.raises(AssistantError) as caught:
        stick.here.export_to("/proc/nowhere").result(60)
    assert caught.value.hint
