"""Opening, damage, newer versions, full disks and sudden ends."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from pathlib import Path

import pytest

from assistant.documents.records import DocumentInfo, DocumentState, FileSeen, PartCounts
from assistant.documents.store import schema
from assistant.documents.store.rows import FolderRow
from assistant.documents.store.store import Store
from assistant.errors import DiskFull, DocumentGone, Problem, StorageError
from assistant.paths import DOCUMENTS_FILE
from assistant.sqlite_file import migrate
from tests.unit.documents.store_samples import MODEL, add_document, part


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    Store(tmp_path).close()
    newer = len(schema.MIGRATIONS) + 1
    with closing(sqlite3.connect(tmp_path / DOCUMENTS_FILE)) as connection:
        connection.execute(f"PRAGMA user_version = {newer}")
    with pytest.raises(StorageError, match="newer version"):
        Store(tmp_path)
    with closing(sqlite3.connect(tmp_path / DOCUMENTS_FILE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (newer,)
    assert [file.name for file in tmp_path.iterdir()] == [DOCUMENTS_FILE]


def test_a_migration_that_fails_leaves_the_version_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(tmp_path).close()
    broken = ("CREATE TABLE extra (id INTEGER)", "CREATE NONSENSE")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
    with pytest.raises(StorageError):
        Store(tmp_path)
    monkeypatch.undo()
    store = Store(tmp_path)
    assert store.documents() == []
    store.close()
    with closing(sqlite3.connect(tmp_path / DOCUMENTS_FILE)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'extra'").fetchone() is None


def _row(folder: Path, *assignments: tuple[str, str]) -> DocumentInfo:
    """The first document of a store, some of whose columns were written by another version."""
    with closing(sqlite3.connect(folder / DOCUMENTS_FILE)) as connection:
        for column, value in assignments:
            connection.execute(f"UPDATE documents SET {column} = ?", (value,))
        connection.commit()
    store = Store(folder)
    row = store.documents()[0]
    store.close()
    return row


def test_a_store_of_the_first_version_keeps_its_documents_and_the_words_of_their_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / DOCUMENTS_FILE)) as connection:
        migrate(connection, schema.MIGRATIONS[:1])
        connection.executescript(
            """INSERT INTO collections (id, name) VALUES (1, 'Papers');
               INSERT INTO folders (path, collection, present) VALUES (x'2f77', 1, 0);
               INSERT INTO documents (path, title, collection, folder, size, mtime_ns, added_at, state,
                 error_code, error_message, error_hint)
               VALUES (x'2f772f61', 'a', 1, 1, 1, 1, 1.0, 'failed', 'unreadable', 'It is damaged.', NULL),
                      (x'2f62', 'b', 1, NULL, 1, 1, 1.0, 'ready', NULL, '', '');
               INSERT INTO parts VALUES (1, 1, 'page 1', 'text', '', 9),
                 (1, 3, 'page 3', 'failed', 'It is torn.', 0),
                 (2, 1, 'page 1', 'text', '', 9),
                 (2, 2, 'page 2', 'empty',
                  'This page is a picture; text recognition is not installed yet.', 0);"""
        )
    store = Store(tmp_path)
    assert [(row.path, row.collection, row.error) for row in store.documents()] == [
        ("/w/a", "Papers", Problem.as_told("unreadable", "It is damaged.")),
        ("/b", "Papers", None),
    ]
    assert store.folders() == [FolderRow("/w", "Papers")]
    assert [(row.number, row.problem, row.characters) for row in store.report(1)] == [
        (1, None, 9),
        (3, Problem.as_told("no-text", "It is torn."), 0),
    ]
    # The page that is a picture is looked at again: now its text can be recognised.
    waiting = store.next_waiting()
    assert waiting is not None
    assert (waiting.info.id, waiting.next_part, waiting.stale) == (2, 2, False)
    assert (waiting.info.pages_done, waiting.info.report) == (1, PartCounts())
    store.close()


def test_an_error_whose_reason_is_not_known_any_more_is_said_in_the_words_of_then(tmp_path: Path) -> None:
    store = Store(tmp_path)
    document = store.register([FileSeen("/a", 1, 1)])[0].document
    store.set_state(document, DocumentState.FAILED, DocumentGone("no-such-document").problem)
    store.close()
    assert _row(tmp_path).error == DocumentGone("no-such-document").problem
    assert _row(tmp_path, ("error_reason", "long-gone")).error == Problem.as_told(
        "file-gone", "This document does not exist.", "It may have been removed."
    )


@pytest.mark.allow_log("damaged")
def test_a_file_that_is_no_database_is_set_aside_and_said(tmp_path: Path) -> None:
    (tmp_path / DOCUMENTS_FILE).write_bytes(b"this is not a database at all" * 1000)
    store = Store(tmp_path)
    assert store.notice is not None
    assert store.notice.code == "damaged-store"
    assert store.set_aside is not None
    assert store.set_aside.read_bytes().startswith(b"this is not a database")
    assert store.documents() == []
    store.close()
    store = Store(tmp_path)
    assert store.notice is None
    store.close()


@pytest.mark.allow_log("damaged")
def test_of_a_damaged_store_the_documents_are_read_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add_folder("/watched", "Papers")
    store.register([FileSeen("/watched/a.pdf", 1, 2)], "Papers", folder="/watched")
    add_document(store, "/b.pdf", *(part(number, f"word {number} " * 50) for number in range(1, 200)))
    with store.transaction():
        pass
    # An unclean end: the file is copied while it is open, and damaged where the contents are.
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / "copy").mkdir(exist_ok=True)
        (tmp_path / "copy" / (DOCUMENTS_FILE + suffix)).write_bytes(
            (tmp_path / (DOCUMENTS_FILE + suffix)).read_bytes()
        )
    store.close()
    file = tmp_path / "copy" / DOCUMENTS_FILE
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = connection.execute("SELECT pageno FROM dbstat WHERE name = 'sections'").fetchall()
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with file.open("r+b") as stream:
        for (page,) in pages[1:]:
            stream.seek((page - 1) * size)
            stream.write(b"\xff" * 100)

    store = Store(tmp_path / "copy")
    assert store.notice is not None
    assert store.set_aside is not None
    assert [(info.path, info.collection, info.state) for info in store.documents()] == [
        ("/watched/a.pdf", "Papers", "queued"),
        ("/b.pdf", "My documents", "queued"),
    ]
    assert [row.path for row in store.folders()] == ["/watched"]
    store.close()


def test_a_full_disk_is_said_and_costs_nothing_that_was_stored(store: Store) -> None:
    document = add_document(store, "/a", part(1, "kept words"))
    connection = store._connection()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DiskFull):
        store.add_batch(document, [part(2, *(f"a long line {number} " * 40 for number in range(200)))], MODEL)
    assert store.stored_parts(document) == {1}
    assert store.keyword_search("kept", 5)
    connection.execute("PRAGMA max_page_count = 1000000")
    assert len(store.add_batch(document, [part(2, "more")], MODEL)) == 1


def test_a_store_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / DOCUMENTS_FILE).mkdir()
    with pytest.raises(StorageError, match="cannot be opened"):
        Store(tmp_path)
    assert (tmp_path / DOCUMENTS_FILE).is_dir()


def test_a_file_in_the_way_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be created"):
        Store(tmp_path / "file")


def test_threads_have_connections_of_their_own_and_leave_none(store: Store) -> None:
    results: list[int] = []

    def work(number: int) -> None:
        store.register([FileSeen(f"/{number}", 1, 1)])
        results.append(len(store.documents()))

    for batch in range(5):
        threads = [threading.Thread(target=work, args=(batch * 10 + number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(store.documents()) == 40
    assert len(results) == 40
    assert len(store._connections) <= 9


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.close()
    store.close()
    with pytest.raises(StorageError, match="closed"):
        store.documents()


def test_small_values_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.value("key") is None
    store.set_value("key", "one")
    store.set_value("key", "two")
    store.close()
    store = Store(tmp_path)
    assert store.value("key") == "two"
    store.close()


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_nothing_stored_is_lost_and_nothing_is_double_after_a_kill(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from assistant.documents.records import FileSeen
        from assistant.documents.store.rows import FolderRow
        from assistant.documents.store.store import Store
        from tests.unit.documents.store_samples import MODEL, part

        store = Store(Path(sys.argv[1]))
        store.recover()
        document = store.register([FileSeen("/a", 1, 1)])[0].document
        store.begin(document)
        number = max(store.stored_parts(document), default=0)
        while True:
            number += 1
            store.add_batch(document, [part(number, f"alpha {number}", f"beta {number}")], MODEL)
            print(number, flush=True)
        """
    )
    said = 0
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path.cwd(), text=True
        )
        assert child.stdout is not None
        for line in child.stdout:
            said = int(line)
            if said % 17 == 16:
                child.send_signal(signal.SIGKILL)
                break
        said = max([said, *(int(line) for line in child.stdout if line.endswith("\n"))])
        child.stdout.close()
        child.wait()
    store = Store(tmp_path)
    assert store.notice is None
    parts = store.stored_parts(1)
    assert parts == set(range(1, len(parts) + 1))
    assert len(parts) in (said, said + 1)
    assert len(store.chunk_ids(MODEL)) == 2 * len(parts)
    assert len(store.keyword_search("alpha", 10_000)) == len(parts)
    rows = store.chunk_rows(store.chunk_ids(MODEL))
    assert sorted(row.position for row in rows.values()) == list(range(2 * len(parts)))
    store.close()
