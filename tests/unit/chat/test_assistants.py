"""The assistants: those that come along, the person's own, and a file of theirs that is damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import paths
from assistant.chat.assistants import Assistants
from assistant.errors import StorageError, UserInputError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "assistants.json"


def assistants(file: Path) -> Assistants:
    return Assistants(file, paths.resources() / "assistants.json")


def test_six_come_along_each_honest_about_what_it_is_not(file: Path) -> None:
    found = assistants(file).all()
    assert [each.name for each in found] == [
        "Assistant", "Document expert", "Tutor", "Health information", "Farm adviser", "Code helper",
    ]  # fmt: skip
    for each in found:
        assert each.builtin
        assert not each.own
        assert each.about
        assert each.not_for
        assert (
            4 < len(each.instructions.split()) < 90
        )  # read before every first answer, and long ones lead astray
    assert [each.id for each in found if each.all_documents] == ["documents"]
    assert not file.exists()


def test_ones_own_are_made_changed_and_kept(file: Path) -> None:
    room = assistants(file)
    made = room.create("  Briefe  an\nÄmter ", "Du schreibst.\n\nKurz.", language="de", model="/a  b.gguf")
    assert (made.id, made.name, made.own) == ("briefe-an-ämter", "Briefe an Ämter", True)
    assert (made.instructions, made.model) == ("Du schreibst.\n\nKurz.", "/a  b.gguf")
    twin = room.create("Briefe an Ämter", "")
    assert twin.id == "briefe-an-ämter-2"
    changed = room.edit(made.id, about="Für das Amt", all_documents=True)
    again = assistants(file)
    assert again.get(made.id) == changed
    assert again.find("BRIEFE AN ÄMTER").id in (made.id, twin.id)
    assert [each.own for each in again.all()] == [False] * 6 + [True] * 2
    removed = again.delete(made.id)
    assert again.get(made.id).id == "plain"
    assert again.restore(removed) == changed
    assert assistants(file).get(made.id) == changed


def test_a_collection_is_followed_under_its_new_name(file: Path) -> None:
    room = assistants(file)
    asking = room.create("Lawyer", "", collection="Contracts")
    other = room.create("Cook", "", collection="Recipes")
    room.collection_renamed("Contracts", "Agreements")
    again = assistants(file)
    assert [again.get(each.id).collection for each in (asking, other)] == ["Agreements", "Recipes"]
    assert room.all() == again.all()


def test_one_that_came_along_is_changed_and_had_back(file: Path) -> None:
    room = assistants(file)
    original = room.get("tutor")
    room.edit("tutor", name="Teacher")
    again = assistants(file)
    assert [each.name for each in again.all()][2] == "Teacher"
    assert (again.get("tutor").builtin, again.get("tutor").own) == (True, True)
    again.delete("tutor")
    assert assistants(file).get("tutor") == original
    with pytest.raises(UserInputError, match="is built in"):
        again.delete("tutor")


def test_what_does_not_do_is_said_and_changes_nothing(file: Path) -> None:
    room = assistants(file)
    made = room.create("Mine", "x")
    for call in (
        lambda: room.create(" ", "x"),
        lambda: room.edit(made.id, name=""),
        lambda: room.edit(made.id, colour="red"),
        lambda: room.edit(made.id, all_documents="yes"),
        lambda: room.edit(made.id, name=7),
        lambda: room.edit(made.id, own="x"),
        lambda: room.create("Mine", "x" * 30_000),
        lambda: room.edit("nobody", name="x"),
        lambda: room.delete("nobody"),
        lambda: room.find("nobody"),
    ):
        with pytest.raises(UserInputError):
            call()
    assert assistants(file).get(made.id) == made
    assert len(assistants(file).all()) == 7


@pytest.mark.parametrize(
    "content",
    [
        b"{", b"[]", b"\xff\xfe\x00", b'{"version": 1}', b'{"version": 1, "assistants": [{}]}', b"7",
        b'{"version": 1, "assistants": [{"id": "x", "name": ""}]}',
        b'{"version": 1, "assistants": [{"id": "x", "name": 3}]}',
        b'{"version": "1", "assistants": []}', b'{"version": 1, "assistants": [3]}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_damaged_file_is_put_aside(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    room = assistants(file)
    assert room.notice is not None
    assert "damaged" in room.notice.message
    assert len(room.all()) == 6
    assert file.with_name("assistants.json.damaged-1").read_bytes() == content
    room.create("Mine", "x")
    again = assistants(file)
    assert (again.notice, len(again.all())) == (None, 7)


def test_of_a_newer_file_is_used_what_is_known(file: Path) -> None:
    entry = {"id": "mine", "name": "Mine", "instructions": "x", "voice": "low"}
    file.write_text(json.dumps({"version": 2, "assistants": [entry]}))
    room = assistants(file)
    assert room.get("mine").name == "Mine"
    assert room.notice is not None
    assert "newer" in room.notice.message
    assert "voice" in file.with_name("assistants.json.newer-1").read_text()


def test_a_file_that_cannot_be_written_is_said(file: Path) -> None:
    room = assistants(file)
    file.mkdir()
    with pytest.raises(StorageError, match="could not be saved"):
        room.create("Mine", "x")
    assert len(room.all()) == 6
    assert list(file.parent.iterdir()) == [file]
