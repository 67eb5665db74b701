"""Files of earlier versions, as those wrote them: all that is in them stays; newer ones are refused.

`upgrades/NAME-VERSION.sql` holds the rows that the program of that version wrote, with its index of words.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.chat.history import schema as history_schema
from assistant.chat.history.history import History
from assistant.documents.store import schema as documents_schema
from assistant.documents.store.rows import FolderRow
from assistant.documents.store.store import Store
from assistant.errors import StorageError
from assistant.paths import DOCUMENTS_FILE
from assistant.speech.records import Decoding, Word
from assistant.speech.transcripts import schema as transcripts_schema
from assistant.speech.transcripts.store import TranscriptStore
from assistant.sqlite_file import migrate
from assistant.translation.jobs import schema as jobs_schema
from assistant.translation.jobs.store import TranslationStore
from assistant.translation.memory import schema as memory_schema
from assistant.translation.memory.memory import Memory
from tests.unit.documents.store_samples import MODEL

ROWS = Path(__file__).parent / "upgrades"
SCHEMAS: dict[str, Any] = {
    "documents": documents_schema,
    "history": history_schema,
    "transcripts": transcripts_schema,
    "memory": memory_schema,
    "jobs": jobs_schema,
}
RELEASED = {
    "documents": ("7768ab", "14b9b5", "10dfa6", "7f2a20", "b67a74"),
    "history": ("ca21de", "b434e1"),
    "transcripts": ("1213df", "e7fe2b"),
    "memory": ("88756f",),
    "jobs": ("9e658f",),
}
"""What each migration is, so that none is changed: files out there went through it as it was."""


def written_by(name: str, version: int, file: Path) -> Path:
    """A file as this version of its schema left it."""
    with closing(sqlite3.connect(file)) as connection:
        migrate(connection, SCHEMAS[name].MIGRATIONS[:version])
        connection.executescript((ROWS / f"{name}-{version}.sql").read_text(encoding="utf-8"))
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
    return file


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_was_released_is_never_changed(name: str) -> None:
    found = [
        hashlib.sha256(re.sub(r"\s+", " ", "\n".join(steps)).encode()).hexdigest()[:6]
        for steps in SCHEMAS[name].MIGRATIONS
    ]
    assert tuple(found[: len(RELEASED[name])]) == RELEASED[name]
    assert len(found) == len(RELEASED[name]), "enter the new one"


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_documents(version: int, tmp_path: Path) -> None:
    written_by("documents", version, tmp_path / DOCUMENTS_FILE)
    store = Store(tmp_path)
    assert store.notice is None
    (document,) = store.documents()
    assert (document.path, document.collection, document.title) == (
        "/w/report.txt",
        "My documents",
        "report.txt",
    )
    assert (document.chunks, [row.problem for row in store.report(document.id)]) == (2, [None, None])
    assert store.folders() == [FolderRow("/w", "Papers")]
    assert [len(store.keyword_search(word, 5)) for word in ("well", "barn", "tower")] == [1, 1, 0]
    assert store._one("SELECT count(*) FROM embeddings WHERE model = ?", (MODEL,)) == (2,)
    assert store._all("PRAGMA foreign_key_check") == []
    store.close()


def test_conversations(tmp_path: Path) -> None:
    history = History(written_by("history", 1, tmp_path / "history.sqlite3"))
    assert history.notices == []
    (found,) = history.conversations()
    assert found.title == "About the well"
    messages = history.open(found.id).messages
    assert [(message.role, message.content, message.model) for message in messages] == [
        ("user", "How deep is the well?", ""),
        ("assistant", "It is 43 metres deep.", "Small"),
    ]
    assert len(history.search("metres")) == 1
    history.close()


def test_transcripts(tmp_path: Path) -> None:
    store = TranscriptStore(written_by("transcripts", 1, tmp_path / "transcripts.sqlite3"))
    transcript = store.open(1)
    assert (transcript.info.title, transcript.info.path) == ("talk.mp3", "/w/talk.mp3")
    assert store.decoding(1) == Decoding("en")
    assert store.speakers_wanted(1) is None
    words = (
        Word(0.0, 0.4, " The", 0.9), Word(0.5, 0.9, " well", 0.8), Word(1.0, 1.2, " is", 0.9),
        Word(1.3, 2.5, " deep.", 0.9),
    )  # fmt: skip
    (segment,) = transcript.segments
    assert (segment.start, segment.end, segment.text) == (0.0, 2.5, "The well is deep.")
    assert segment.words == words
    store.close()


# --- newer ones ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "opened"),
    [
        ("documents", lambda file: Store(file.parent)),
        ("transcripts", TranscriptStore),
        ("memory", Memory),
        ("jobs", TranslationStore),
    ],
)
def test_a_newer_one_is_refused_and_left_as_it_is(
    name: str, opened: Callable[[Path], object], tmp_path: Path
) -> None:
    file = tmp_path / DOCUMENTS_FILE
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        newer = (*SCHEMAS[name].MIGRATIONS, ("CREATE TABLE added (a)", "INSERT INTO added VALUES (7)"))
        migrate(connection, newer)
    before = file.read_bytes()
    with pytest.raises(StorageError, match="newer version"):
        opened(file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]
