"""The tables of the translation memory, as numbered migrations that are only ever appended to."""

from __future__ import annotations

_M001_INITIAL = (
    # What a person wrote stands with an empty engine. A fragment is a part of a sentence, translated alone to
    # find it again: no translation of anything by itself.
    """CREATE TABLE sentences (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        source_language TEXT NOT NULL,
        target_language TEXT NOT NULL,
        engine TEXT NOT NULL,
        formality TEXT NOT NULL,
        terms TEXT NOT NULL,
        fragment INTEGER NOT NULL,
        text TEXT NOT NULL,
        alignment TEXT NOT NULL,
        concerns TEXT NOT NULL,
        changed REAL NOT NULL,
        UNIQUE (source, source_language, target_language, engine, formality, terms, fragment))""",
    """CREATE TABLE texts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source TEXT NOT NULL,
        text TEXT NOT NULL,
        source_language TEXT NOT NULL,
        target_language TEXT NOT NULL,
        created REAL NOT NULL,
        folded TEXT NOT NULL)""",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_M001_INITIAL,)
"""Each entry takes a file from version n to n + 1. Never change one that was released: append."""
