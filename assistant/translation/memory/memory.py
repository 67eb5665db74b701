"""The translation memory and the history of texts: one SQLite file."""

from __future__ import annotations

import itertools
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from assistant.errors import DamagedStore, Problem, StorageError
from assistant.sqlite_file import Reasons, SqliteFile
from assistant.text_folding import encodable, without_accents
from assistant.translation.memory import schema, tmx
from assistant.translation.memory.records import MemoryKey, PastText, Remembered
from assistant.translation.records import Concern, Flag, Formality, Route

_REASONS = Reasons(
    damaged="translations-damaged",
    full="translations-disk-full",
    busy="translations-busy",
    denied="translations-denied",
    disk_error="translations-disk-error",
    failed="translations-failed",
    closed="translations-closed",
    no_folder="translations-no-folder",
    not_set_aside="translations-not-set-aside",
)
_MOST_TEXTS = 500
"""Past texts that are kept; older ones go."""
_MOST_WORDS = 100
"""Of a search; more are as good as these."""
_BUSY_SECONDS = 1.0
"""What another program holds is not waited for long: it is translated without, and Stop stops."""
_BATCH = 2000
"""Sentences taken in or written at a time."""
_LOOK_UP = """SELECT asked.key, source, text, alignment, concerns, engine
    FROM json_each(?1) AS asked CROSS JOIN sentences
    ON source = json_extract(asked.value, '$[0]') AND source_language = json_extract(asked.value, '$[1]')
    AND target_language = json_extract(asked.value, '$[2]') AND fragment = ?2
    AND (engine = '' OR (engine = json_extract(asked.value, '$[3]')
    AND formality = json_extract(asked.value, '$[4]') AND terms = json_extract(asked.value, '$[5]')))
    ORDER BY engine = ''"""
"""Of sentences as an array of arrays; what a person wrote comes last."""
_KEEP = """INSERT OR REPLACE INTO sentences
    (source, source_language, target_language, engine, formality, terms, fragment, text, alignment, concerns,
     changed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def engine_of(route: Route) -> str:
    """The models of a route as a key names them."""
    return " > ".join(hop.engine.path for hop in route.hops)


class Memory(SqliteFile):
    """Any thread may call."""

    def __init__(self, file: Path, *, now: Callable[[], float] = time.time) -> None:
        """Open the file or begin it; a damaged one is set aside, and `notices` says so.

        Raises:
            StorageError: it cannot be opened, or a newer version of the program wrote it.
        """
        self._now = now
        # What a power failure takes of the last seconds is translated again.
        super().__init__(
            file, _REASONS, schema.MIGRATIONS, ("synchronous = NORMAL",), busy_seconds=_BUSY_SECONDS
        )
        self.notices: tuple[Problem, ...] = ()
        if self.set_aside is not None:
            self.notices = (DamagedStore("translations-set-aside", name=self.set_aside.name).problem,)

    def _refuse_newer(self, version: int) -> None:
        raise StorageError("translations-newer", file=str(self.file))

    # --- sentences

    def look_up(self, keys: Iterable[MemoryKey], *, fragments: bool = False) -> dict[MemoryKey, Remembered]:
        """Those that were translated before; what a person wrote wins over any engine.

        Args:
            fragments: they are parts of sentences, which were kept as such.
        """
        wanted = list(keys)
        asked = [
            (
                key.sentence, key.source_language, key.target_language, key.engine, key.formality,
                _terms(key),
            )
            for key in wanted
        ]  # fmt: skip
        with self._reading() as connection:
            # One question for all: at each, threads of Python change over, and the window's has to wait.
            rows = connection.execute(_LOOK_UP, (json.dumps(asked), fragments)).fetchall()
        # To SQLite's JSON a text ends at a zero.
        return {
            wanted[number]: _as_remembered(rest)
            for number, source, *rest in rows
            if source == wanted[number].sentence
        }

    def keep(self, entries: Iterable[tuple[MemoryKey, Remembered]], *, fragments: bool = False) -> None:
        """Remember these in the place of what was remembered of the same keys.

        Raises:
            DiskFull, StorageError: they cannot be written.
        """
        moment = self._now()
        with self._writing() as connection:
            connection.executemany(_KEEP, (_row(*entry, fragments, moment) for entry in entries))

    def count(self) -> int:
        """Sentences that are remembered."""
        row = self._one("SELECT count(*) FROM sentences WHERE NOT fragment")
        return int(row[0]) if row else 0

    def clear(self) -> None:
        """Forget all sentences; past texts stay."""
        with self._writing() as connection:
            connection.execute("DELETE FROM sentences")

    # --- exchange

    def import_tmx(self, file: Path) -> int:
        """Take in a TMX file of any size; nothing of one that is damaged anywhere.

        Returns:
            how many sentences were taken in.

        Raises:
            DocumentGone, AccessDenied, UnreadableDocument: the file cannot be read.
            DiskFull, StorageError: they cannot be written.
        """
        for _ in tmx.read(file):
            pass  # to its end, before anything of it is taken in
        entries = tmx.read(file)
        count = 0
        while batch := tuple(itertools.islice(entries, _BATCH)):
            self.keep(batch)
            count += len(batch)
        return count

    def export_tmx(self, file: Path) -> None:
        """Write all sentences as TMX 1.4.

        Raises:
            DiskFull, StorageError: it cannot be written.
        """
        tmx.write(file, self._entries())

    def _entries(self) -> Iterator[tuple[MemoryKey, Remembered]]:
        """All sentences, in pieces: others look up theirs in between."""
        last = 0
        while rows := self._all(
            """SELECT id, source, source_language, target_language, engine, formality, terms,
               text, alignment, concerns, engine FROM sentences
               WHERE NOT fragment AND id > ? ORDER BY id LIMIT ?""",
            (last, _BATCH),
        ):
            yield from (_as_entry(row[1:]) for row in rows)
            last = rows[-1][0]

    # --- past texts

    def remember_text(self, source: str, text: str, source_language: str, target_language: str) -> PastText:
        """Put a text at the head of the history; one that was there goes up."""
        moment = self._now()
        source, text = encodable(source), encodable(text)
        folded = _folded(f"{source}\n{text}")
        with self._writing() as connection:
            connection.execute(
                "DELETE FROM texts WHERE source = ? AND target_language = ?", (source, target_language)
            )
            made = connection.execute(
                """INSERT INTO texts (source, text, source_language, target_language, created, folded)
                   VALUES (?, ?, ?, ?, ?, ?)""",
                (source, text, source_language, target_language, moment, folded),
            )
            connection.execute(
                "DELETE FROM texts WHERE id <= (SELECT id FROM texts ORDER BY id DESC LIMIT 1 OFFSET ?)",
                (_MOST_TEXTS,),
            )
            id = int(made.lastrowid or 0)
        return PastText(id, source, text, source_language, target_language, moment)

    def past_texts(self, limit: int = 100, search: str = "") -> tuple[PastText, ...]:
        """The newest first; those that hold all words of `search`, whatever their case and accents."""
        words = _folded(search).split()[:_MOST_WORDS]
        having = "".join(" AND instr(folded, ?)" for _ in words)
        rows = self._all(
            f"""SELECT id, source, text, source_language, target_language, created FROM texts
                WHERE 1{having} ORDER BY id DESC LIMIT ?""",
            (*words, limit),
        )
        return tuple(PastText(*row) for row in rows)

    def forget_text(self, id: int) -> None:
        """Take a text out of the history; its sentences stay remembered."""
        with self._writing() as connection:
            connection.execute("DELETE FROM texts WHERE id = ?", (id,))


def _row(key: MemoryKey, kept: Remembered, fragment: bool, moment: float) -> tuple[str | float | bool, ...]:
    by_engine = ("", "", "[]") if kept.edited else (key.engine, key.formality.value, _terms(key))
    concerns = json.dumps([[concern.flag, concern.detail] for concern in kept.concerns], ensure_ascii=False)
    return (
        key.sentence, key.source_language, key.target_language, *by_engine, fragment,
        kept.text, json.dumps(kept.alignment), concerns, moment,
    )  # fmt: skip


def _terms(key: MemoryKey) -> str:
    return json.dumps(sorted(key.terms), ensure_ascii=False)


def _as_entry(row: sqlite3.Row | tuple[str, ...]) -> tuple[MemoryKey, Remembered]:
    source, source_language, target_language, engine, formality, terms, *kept = row
    pairs = tuple((str(term), str(translation)) for term, translation in json.loads(terms))
    key = MemoryKey(source, source_language, target_language, engine, Formality(formality), pairs)
    return key, _as_remembered(kept)


def _as_remembered(row: Sequence[str]) -> Remembered:
    text, alignment, concerns, engine = row
    return Remembered(
        text,
        tuple(((a, b), (c, d)) for (a, b), (c, d) in json.loads(alignment)),
        tuple(Concern(Flag(flag), detail) for flag, detail in json.loads(concerns)),
        edited=not engine,
    )


def _folded(text: str) -> str:
    return without_accents(encodable(text)).casefold()
