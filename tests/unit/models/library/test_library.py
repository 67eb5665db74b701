"""Models that are here: removed, checked, and what goes wrong."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import file_copy
from assistant.errors import Cancelled, DiskFull, StorageError, UserInputError
from assistant.jobs import Progress
from assistant.models.library.library import Library
from assistant.models.library.model_store import listed
from tests.made_models import converted
from tests.stopping import stopped_at_its_first_word
from tests.unit.models.library.adding import add, added, names, sha256, verify

# --- removing ----------------------------------------------------------------------------------------------


def test_remove_and_undo(library: Library, folder: Path, model: Path) -> None:
    found = added(library, model)
    assert library.remove(found.id) == found
    assert library.installed() == ()
    assert not Path(found.path).exists()
    assert library.undo_remove(found.id) == found
    assert verify(library, found.id)[0].problem is None
    with pytest.raises(UserInputError):
        library.undo_remove(found.id)


def test_removed_for_good_at_the_next_start(library: Library, folder: Path, model: Path) -> None:
    found = added(library, model)
    library.remove(found.id)
    assert names(folder) == {".removed"}
    later = Library(folder)
    assert (later.installed(), names(folder)) == ((), set())
    with pytest.raises(UserInputError, match="deleted permanently"):
        later.undo_remove(found.id)


def test_remove_twice(library: Library, model: Path) -> None:
    """Removed, added again, removed again: the undo brings the last one back, beside what came since."""
    found = added(library, model)
    library.remove(found.id)
    again = added(library, model)
    assert again.id == found.id
    back = library.undo_remove(found.id)
    assert back.id == found.id + "-2"
    assert len(library.installed()) == 2


def test_remove_a_link(library: Library, model: Path) -> None:
    found = added(library, model, link=True)
    library.remove(found.id)
    assert model.exists()
    assert library.undo_remove(found.id) == found


def test_remove_what_is_not_there(library: Library, model: Path) -> None:
    added(library, model)
    with pytest.raises(UserInputError, match="no model other"):
        library.remove("other")


# --- checking ----------------------------------------------------------------------------------------------


def test_verify(library: Library, tmp_path: Path, model: Path) -> None:
    found = added(library, model)
    other = added(library, converted.translation(tmp_path / "opus-mt-en-de"))
    reports: list[Progress] = []
    checked = library.verify(on_report=reports.append).result(60)
    assert [(each.model.id, each.problem) for each in checked] == [(found.id, None), (other.id, None)]
    assert reports[-1].done == reports[-1].total == found.size + other.size
    content = bytearray(Path(found.path).read_bytes())
    content[len(content) // 2] ^= 1
    Path(found.path).write_bytes(content)
    problem = verify(library, found.id)[0].problem
    assert problem is not None
    assert "damaged" in problem.message
    (Path(other.path) / "source.spm").unlink()
    problem = verify(library, other.id)[0].problem
    assert problem is not None
    assert (problem.code, "source.spm" in problem.message) == ("no-model", True)


def test_verify_records_what_was_not_known(library: Library, folder: Path, model: Path) -> None:
    found = added(library, model, link=True)
    assert verify(library)[0].model.sha256 == sha256(model)
    assert Library(folder).installed()[0].sha256 == sha256(model)
    model.touch()
    assert "changed" in library.installed()[0].note
    assert verify(library)[0].problem is None
    assert library.installed()[0].note == ""  # it is as it was
    content = bytearray(model.read_bytes())
    content[-1] ^= 1
    model.write_bytes(content)
    assert verify(library, found.id)[0].problem is not None


def test_verify_can_be_stopped(library: Library, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added(library, model)
    monkeypatch.setattr(file_copy, "_CHUNK", 1000)
    run = stopped_at_its_first_word(lambda stop: library.verify(on_report=stop))
    with pytest.raises(Cancelled):
        run.result(60)


# --- when it goes wrong ------------------------------------------------------------------------------------


def stopped_while_copying(monkeypatch: pytest.MonkeyPatch, stop: Callable[[], Any]) -> None:
    """Call `stop` once the first piece of a file has been written."""
    monkeypatch.setattr(file_copy, "_CHUNK", 1000)
    add = file_copy.Meter.add

    def then_stop(meter: file_copy.Meter, count: int) -> None:
        add(meter, count)
        stop()

    monkeypatch.setattr(file_copy.Meter, "add", then_stop)


def test_cancel_leaves_nothing(
    library: Library, folder: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens: list[Any] = []
    begun = file_copy.Meter.__init__
    monkeypatch.setattr(
        file_copy.Meter, "__init__", lambda self, *args: (tokens.append(args[2]), begun(self, *args))[1]
    )
    stopped_while_copying(monkeypatch, lambda: tokens[-1].cancel())
    with pytest.raises(Cancelled):
        library.add([model]).result(60)
    assert (names(folder), library.installed()) == (set(), ())


def test_no_room(library: Library, folder: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(model.parent)
    monkeypatch.setattr(file_copy.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    ((_, problem),) = add(library, model).refused
    assert (problem.code, names(folder)) == (DiskFull.code, set())
    assert "not enough space" in problem.message


def test_room_is_made_by_what_was_removed(
    library: Library, folder: Path, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = added(library, model)
    library.remove(found.id)
    usage = shutil.disk_usage(model.parent)
    monkeypatch.setattr(
        file_copy.shutil, "disk_usage",
        lambda _: usage._replace(free=1000 if (folder / ".removed").exists() else usage.free),
    )  # fmt: skip
    added(library, model)
    with pytest.raises(UserInputError):
        library.undo_remove(found.id)


def test_what_remained_is_swept(folder: Path, library: Library, model: Path) -> None:
    found = added(library, model)
    (folder / ".incoming-x").mkdir()
    shutil.copy(model, folder / ".incoming-x")
    later = Library(folder)
    assert later.installed() == (found,)
    assert names(folder) == {found.id}


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"files": []}', b"\xff\xfe", b"[" * 100_000])
def test_damaged_description(folder: Path, library: Library, model: Path, damage: bytes) -> None:
    """It is put aside, and the model is told from its files."""
    found = added(library, model)
    (folder / found.id / "model.json").write_bytes(damage)
    (again,) = Library(folder).installed()
    assert (again.id, again.name, again.kind, again.path) == (found.id, found.name, found.kind, found.path)
    assert again.sha256 == ""
    assert (folder / found.id / "model.json.damaged-1").read_bytes() == damage
    later = Library(folder)
    assert verify(later)[0].model.sha256 == found.sha256


@pytest.mark.allow_log("is damaged")
def test_damaged_description_of_a_link(folder: Path, library: Library, model: Path) -> None:
    found = added(library, model, link=True)
    (folder / found.id / "model.json").write_bytes(b"{")
    later = Library(folder)
    assert later.installed() == ()
    assert found.id in later.notices[0].message


def test_a_description_that_lies(folder: Path, library: Library, model: Path) -> None:
    found = added(library, model)
    path = folder / found.id / "model.json"
    value = json.loads(path.read_text())
    value["files"][0]["name"] = value["main"] = "../../../secret"
    path.write_text(json.dumps(value))
    (again,) = Library(folder).installed()
    assert again.path == found.path


def test_laid_into_the_folder_by_hand(folder: Path, model: Path, tmp_path: Path) -> None:
    folder.mkdir(parents=True)
    model.rename(folder / model.name)
    converted.translation(folder / "opus-mt-en-de")
    (folder / "half.gguf").write_bytes(b"GGUF")
    (folder / "pictures").mkdir()
    library = Library(folder)
    assert {(each.id, each.linked) for each in library.installed()} == {
        ("tiny-1b-q4_k_m", False), ("opus-mt-en-de", False),
    }  # fmt: skip
    assert names(folder) == {"tiny-1b-q4_k_m", "opus-mt-en-de", "half.gguf", "pictures"}
    assert Library(folder).installed() == library.installed()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_cannot_be_written(folder: Path, model: Path) -> None:
    folder.parent.mkdir()
    folder.parent.chmod(0o500)
    ((_, problem),) = add(Library(folder), model).refused
    assert problem.code == StorageError.code


def test_several_at_once(library: Library, folder: Path, tmp_path: Path, model: Path) -> None:
    copies = [Path(shutil.copy(model, tmp_path / f"copy{number}.gguf")) for number in range(6)]
    runs = [library.add([path]) for path in copies]
    results = [run.result(60) for run in runs]
    assert sum(len(each.models) for each in results) == 1
    assert sum(len(each.already) for each in results) == 5
    assert len(names(folder)) == 1


def test_who_does_not_own_the_folder_reads_it_and_touches_nothing(
    library: Library, folder: Path, model: Path
) -> None:
    here = added(library, model)
    (folder / ".incoming-x").mkdir()
    (folder / "damaged").mkdir()
    (folder / "damaged" / "model.json").write_text("{")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert listed(folder) == (here,)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert listed(folder / "none") == ()


def test_a_description_of_a_newer_version_is_left_as_it_is(
    folder: Path, library: Library, model: Path
) -> None:
    """Also of a model used in place, of which nothing else tells where it lies."""
    found = added(library, model, link=True)
    path = folder / found.id / "model.json"
    newer = json.dumps({**json.loads(path.read_text()), "version": 2, "kind": "smell", "nose": 1})
    path.write_text(newer)
    later = Library(folder)
    assert later.installed() == ()
    (problem,) = later.notices
    assert "newer version" in problem.message
    assert path.read_text() == newer
    assert added(later, model).id != found.id
