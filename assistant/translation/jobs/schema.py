"""The tables of the translated documents, as numbered migrations that are only ever appended to."""

from __future__ import annotations

_M001_INITIAL = (
    # AUTOINCREMENT: an id that the window still holds cannot come to mean something else. Paths are bytes.
    """CREATE TABLE documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        folder BLOB NOT NULL,
        name BLOB NOT NULL,
        output BLOB NOT NULL DEFAULT x'',
        options TEXT NOT NULL,
        layout TEXT NOT NULL,
        state TEXT NOT NULL,
        created REAL NOT NULL,
        done INTEGER NOT NULL DEFAULT 0,
        total INTEGER NOT NULL DEFAULT 0,
        language TEXT NOT NULL DEFAULT '',
        pivot TEXT NOT NULL DEFAULT '',
        marked INTEGER NOT NULL DEFAULT 0,
        lost TEXT NOT NULL DEFAULT '[]',
        problem TEXT NOT NULL DEFAULT '')""",
    # Those that are translated while their document is not finished; then those that are to be looked at.
    """CREATE TABLE paragraphs (
        document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (document, number)) WITHOUT ROWID""",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_M001_INITIAL,)
"""Each entry takes a file from version n to n + 1. Never change one that was released: append."""
