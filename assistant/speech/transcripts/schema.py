"""The tables of the transcripts, as numbered migrations that are only ever appended to."""

from __future__ import annotations

_M001_INITIAL = (
    # AUTOINCREMENT: an id that the window still holds cannot come to mean something else. A path is bytes.
    """CREATE TABLE transcripts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL,
        title TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        language TEXT NOT NULL DEFAULT '',
        model TEXT NOT NULL,
        decoding TEXT NOT NULL,
        duration REAL,
        state TEXT NOT NULL,
        problem TEXT NOT NULL DEFAULT '',
        done_until REAL NOT NULL DEFAULT 0,
        created REAL NOT NULL,
        changed REAL NOT NULL,
        deleted REAL,
        meta TEXT NOT NULL DEFAULT '{}')""",
    "CREATE INDEX transcripts_listed ON transcripts (created) WHERE deleted IS NULL",
    # `words` is JSON: [start, end, text, probability] of each.
    """CREATE TABLE segments (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        transcript INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
        start REAL NOT NULL,
        finish REAL NOT NULL,
        text TEXT NOT NULL,
        speaker TEXT NOT NULL DEFAULT '',
        words TEXT NOT NULL DEFAULT '[]')""",
    "CREATE INDEX segments_in_order ON segments (transcript, start, id)",
)

_M002_SPEAKERS = (
    # How many speakers are still to be told apart, 0 where that is to be found out; NULL: nobody asks.
    "ALTER TABLE transcripts ADD COLUMN speakers INTEGER",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_M001_INITIAL, _M002_SPEAKERS)
"""Each entry takes a file from version n to n + 1. Never change one that was released: append."""
