"""No conversation is ever hidden: damaged files, files of newer and older versions, files of no database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.chat.history import schema
from assistant.chat.history.history import History
from assistant.chat.records import Role
from assistant.errors import StorageError

pytestmark = pytest.mark.allow_log("are damaged", "damaged history was", "Nothing could be read")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat" / "history.sqlite3"


def fill(path: Path, conversations: int = 3, words: int = 50) -> list[str]:
    history = History(path)
    titles = []
    for number in range(conversations):
        made = history.create(f"Conversation {number}", folder="Kept")
        history.add_message(made.id, Role.USER, f"question {number} " + "word " * words)
        history.add_message(made.id, Role.ASSISTANT, f"answer {number}")
        titles.append(made.title)
    history.close()
    return titles


def titles(history: History) -> list[str]:
    return sorted(info.title for info in history.conversations())


def kept_aside(path: Path) -> list[str]:
    names = (each.name for each in path.parent.iterdir() if each.name.startswith(f"{path.name}."))
    return sorted(name for name in names if not name.endswith(("-wal", "-shm")))


def test_a_file_that_is_no_database_is_kept_aside(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 200)
    history = History(path)
    assert (history.notices[0].code, titles(history)) == ("damaged-history", [])
    assert "kept as" in history.notices[0].message
    fill_again = history.create("new")
    assert history.info(fill_again.id).title == "new"
    history.close()
    (kept,) = kept_aside(path)
    assert path.with_name(kept).read_bytes().startswith(b"not a database")
    history = History(path)
    assert history.notices == []
    history.close()


def test_what_can_be_read_of_a_damaged_file_is_taken_over(path: Path) -> None:
    before = fill(path, conversations=40, words=400)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 3 * 4096] = b"\xaa" * 3 * 4096
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {0x0A55_1571}")  # as after a crash
    history = History(path)
    assert history.notices[0].code == "damaged-history"
    found = titles(history)
    assert len(set(found) & set(before)) > len(before) / 2
    assert str(len(found)) in history.notices[0].hint
    one = next(info for info in history.conversations() if info.messages == 2)
    assert history.open(one.id).messages[0].content.startswith("question")
    history.close()
    assert len(kept_aside(path)) == 1
    again = History(path)
    assert (titles(again), again.notices) == (found, [])
    again.close()


def test_conversations_of_a_newer_version_come_back_with_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = (*schema.MIGRATIONS, ("ALTER TABLE messages ADD COLUMN rating INTEGER",))
    with monkeypatch.context() as newer:
        newer.setattr(schema, "MIGRATIONS", added)
        before = fill(path)
    history = History(path)
    assert (history.notices[0].code, titles(history)) == ("newer-history", [])
    made = history.create("Written meanwhile")
    history.add_message(made.id, Role.USER, "Hello")
    history.close()
    again = History(path)
    assert (titles(again), again.notices) == (["Written meanwhile"], [])
    again.close()
    monkeypatch.setattr(schema, "MIGRATIONS", added)
    history = History(path)
    assert titles(history) == sorted([*before, "Written meanwhile"])
    assert history.notices[0].code == "history-is-back"
    assert history.folders()[0].conversations == len(before)
    assert len(history.search("question")) == len(before)
    history.close()
    history = History(path)
    assert (len(titles(history)), history.notices) == (len(before) + 1, [])
    history.close()


def test_an_older_file_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fill(path)
    added = (*schema.MIGRATIONS, ("ALTER TABLE conversations ADD COLUMN colour TEXT",))
    monkeypatch.setattr(schema, "MIGRATIONS", added)
    history = History(path)
    assert (titles(history), history.notices) == (before, [])
    assert history._one("PRAGMA user_version") == (len(added),)
    history.close()


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fill(path)
    with monkeypatch.context() as broken:
        steps = ("ALTER TABLE conversations ADD COLUMN colour TEXT", "ALTER TABLE none ADD COLUMN x")
        broken.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, steps))
        with pytest.raises(StorageError):
            History(path)
    history = History(path)
    assert titles(history) == before
    history.close()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be created"):
        History(tmp_path / "file" / "history.sqlite3")


def test_a_folder_in_place_of_the_file_is_said(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be opened"):
        History(path)
