"""The documents to translate on the disk: one SQLite file. Each call is on the disk when it returns."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import DamagedStore, Problem, StorageError, UserInputError
from assistant.file_reading.file_stamp import file_stamp
from assistant.sqlite_file import Reasons, SqliteFile
from assistant.translation.jobs import codec, schema
from assistant.translation.jobs.records import DocumentState, TranslatedDocument
from assistant.translation.records import Layout, Lost, TranslatedParagraph, TranslationOptions

_REASONS = Reasons(
    damaged="translated-documents-damaged",
    full="translated-documents-disk-full",
    busy="translated-documents-busy",
    denied="translated-documents-denied",
    disk_error="translated-documents-disk-error",
    failed="translated-documents-failed",
    closed="translated-documents-closed",
    no_folder="translated-documents-no-folder",
    not_set_aside="translated-documents-not-set-aside",
)
_COLUMNS = (
    "id, path, output, options, layout, state, created, done, total, language, pivot, marked, lost, problem"
)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the person wants a translation."""

    folder: Path
    name: str = ""
    """"": after the original."""


class TranslationStore(SqliteFile):
    """Any thread may call."""

    def __init__(self, file: Path, *, now: Callable[[], float] = time.time) -> None:
        """Open the file or begin it. What a killed process was translating counts as stopped.

        Raises:
            StorageError: it cannot be opened, or a newer version of the program wrote it.
        """
        self._now = now
        super().__init__(file, _REASONS, schema.MIGRATIONS, ("synchronous = NORMAL",))
        with self._writing() as connection:
            connection.execute(
                "UPDATE documents SET state = ? WHERE state IN (?, ?)",
                (DocumentState.STOPPED, DocumentState.RUNNING, DocumentState.QUEUED),
            )

    def _refuse_newer(self, version: int) -> None:
        raise StorageError("translated-documents-newer", file=str(self.file))

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What the person should know about how opening went."""
        if self.set_aside is None:
            return ()
        return (DamagedStore("translated-documents-set-aside", name=self.set_aside.name).problem,)

    # --- documents

    def begin(
        self, path: Path, destination: Destination, options: TranslationOptions, layout: Layout
    ) -> TranslatedDocument:
        """A new document to translate, queued. One that is not there is told when its turn comes."""
        with self._writing() as connection:
            made = connection.execute(
                """INSERT INTO documents
                   (path, size, mtime_ns, folder, name, options, layout, state, created)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    os.fsencode(path), *file_stamp(path),
                    os.fsencode(destination.folder), os.fsencode(destination.name),
                    codec.options_to_json(options), layout, DocumentState.QUEUED, self._now(),
                ),
            )  # fmt: skip
            return _get(connection, int(made.lastrowid or 0))

    def unfinished(
        self, path: Path, destination: Destination, options: TranslationOptions, layout: Layout
    ) -> TranslatedDocument | None:
        """What stopped or failed on its way to the same translation of the same file, as it is now."""
        rows = self._all(
            f"""SELECT {_COLUMNS} FROM documents WHERE state IN (?, ?) AND path = ? AND size = ?
                AND mtime_ns = ? AND folder = ? AND name = ? AND options = ? AND layout = ?
                ORDER BY id DESC LIMIT 1""",
            (
                DocumentState.STOPPED, DocumentState.FAILED, os.fsencode(path), *file_stamp(path),
                os.fsencode(destination.folder), os.fsencode(destination.name),
                codec.options_to_json(options), layout,
            ),
        )  # fmt: skip
        return _as_document(rows[0]) if rows else None

    def documents(self) -> tuple[TranslatedDocument, ...]:
        """All of them, the newest first."""
        return tuple(map(_as_document, self._all(f"SELECT {_COLUMNS} FROM documents ORDER BY id DESC")))

    def document(self, id: int) -> TranslatedDocument:
        """
        Raises:
            UserInputError: there is none with this id.
        """
        with self._reading() as connection:
            return _get(connection, id)

    def destination(self, id: int) -> Destination:
        row = self._one("SELECT folder, name FROM documents WHERE id = ?", (id,))
        if row is None:
            raise UserInputError("no-such-translation")
        return Destination(Path(os.fsdecode(row[0])), os.fsdecode(row[1]))

    def remove(self, id: int) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM documents WHERE id = ?", (id,))

    # --- as it is translated

    def set_state(self, id: int, state: DocumentState, problem: Problem | None = None) -> TranslatedDocument:
        return self._set(id, state=state, problem=codec.problem_to_json(problem))

    def is_the_same(self, id: int) -> bool:
        """Whether its file is as it was when its translation began."""
        row = self._one("SELECT path, size, mtime_ns FROM documents WHERE id = ?", (id,))
        return row is not None and file_stamp(Path(os.fsdecode(row[0]))) == (row[1], row[2])

    def start_over(self, id: int) -> TranslatedDocument:
        """Forget what was translated: the file is another one than before."""
        with self._writing() as connection:
            size, mtime_ns = file_stamp(Path(_get(connection, id).path))
            connection.execute("DELETE FROM paragraphs WHERE document = ?", (id,))
            return self._set(id, size=size, mtime_ns=mtime_ns, done=0, total=0, language="", pivot="")

    def paragraphs(self, id: int) -> dict[int, TranslatedParagraph]:
        """Those that are translated, by their numbers."""
        rows = self._all("SELECT number, content FROM paragraphs WHERE document = ?", (id,))
        return {number: codec.paragraph_from_json(content) for number, content in rows}

    def counted(self, id: int, *, done: int, total: int, language: str, pivot: str) -> TranslatedDocument:
        """How many sentences there are, and how many of them are translated from before."""
        return self._set(id, done=done, total=total, language=language, pivot=pivot)

    def keep(
        self, id: int, paragraphs: Mapping[int, TranslatedParagraph], sentences: int
    ) -> TranslatedDocument:
        """Take in paragraphs that are translated, and count their sentences; both or nothing."""
        with self._writing() as connection:
            done = _get(connection, id).done  # and it was not removed meanwhile
            connection.executemany(
                "INSERT OR REPLACE INTO paragraphs (document, number, content) VALUES (?, ?, ?)",
                [(id, number, codec.paragraph_to_json(each)) for number, each in paragraphs.items()],
            )
            return self._set(id, done=done + sentences)

    def finish(
        self, id: int, output: Path, translated: Sequence[TranslatedParagraph], lost: Sequence[Lost]
    ) -> TranslatedDocument:
        """It is written. Of its paragraphs, those that should be looked at are kept."""
        fine = [(id, number) for number, each in enumerate(translated) if not each.concerns]
        marked = sum(bool(sentence.concerns) for each in translated for sentence in each.sentences)
        with self._writing() as connection:
            connection.executemany("DELETE FROM paragraphs WHERE document = ? AND number = ?", fine)
            return self._set(
                id,
                output=os.fsencode(output),
                marked=marked,
                lost=codec.lost_to_json(lost),
                done=_get(connection, id).total,
                state=DocumentState.DONE,
            )

    def _set(self, id: int, **values: Any) -> TranslatedDocument:
        named = ", ".join(f"{name} = ?" for name in values)
        with self._writing() as connection:
            connection.execute(f"UPDATE documents SET {named} WHERE id = ?", (*values.values(), id))
            return _get(connection, id)


def _get(connection: sqlite3.Connection, id: int) -> TranslatedDocument:
    row = connection.execute(f"SELECT {_COLUMNS} FROM documents WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise UserInputError("no-such-translation")
    return _as_document(row)


def _as_document(row: Sequence[Any]) -> TranslatedDocument:
    (id, path, output, options, layout, state, created, done, total, language, pivot, marked, lost, why) = row
    return TranslatedDocument(
        id, os.fsdecode(path), os.fsdecode(output), codec.options_from_json(options), Layout(layout),
        DocumentState(state), created, done, total, None, language, pivot, marked,
        codec.lost_from_json(lost), codec.problem_from_json(why),
    )  # fmt: skip
