"""The tables of the history, as numbered migrations that are only ever appended to."""

from __future__ import annotations

TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
"""Marks are part of words, or Hindi would fall apart at its vowel signs. `search_terms` does the rest."""

_M001_INITIAL = (
    # AUTOINCREMENT: an id that the window still holds cannot come to mean something else.
    """CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        named INTEGER NOT NULL DEFAULT 0,
        assistant TEXT NOT NULL,
        folder TEXT NOT NULL DEFAULT '',
        pinned INTEGER NOT NULL DEFAULT 0,
        created REAL NOT NULL,
        changed REAL NOT NULL,
        deleted REAL,
        first INTEGER,
        meta TEXT NOT NULL DEFAULT '{}')""",
    "CREATE INDEX conversations_listed ON conversations (pinned, changed) WHERE deleted IS NULL",
    "CREATE INDEX conversations_bin ON conversations (deleted) WHERE deleted IS NOT NULL",
    """CREATE TABLE tags (
        conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        tag TEXT NOT NULL,
        PRIMARY KEY (conversation, tag)) WITHOUT ROWID""",
    # A tree: `parent` is the message before, `next` the one of its followers that was chosen last.
    # `conversations.first` chooses among those without a parent.
    """CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        parent INTEGER,
        next INTEGER,
        role TEXT NOT NULL,
        content TEXT NOT NULL,
        thinking TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL,
        model TEXT NOT NULL DEFAULT '',
        created REAL NOT NULL,
        meta TEXT NOT NULL DEFAULT '{}')""",
    "CREATE INDEX messages_conversation ON messages (conversation)",
    "CREATE INDEX messages_writing ON messages (id) WHERE state = 'writing'",
    f"""CREATE VIRTUAL TABLE message_words USING fts5 (words, prefix = '2 3', tokenize = "{TOKENIZER}")""",
    f"""CREATE VIRTUAL TABLE title_words USING fts5 (words, prefix = '2 3', tokenize = "{TOKENIZER}")""",
)

_M002_NO_TAGS = ("DROP TABLE tags",)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_M001_INITIAL, _M002_NO_TAGS)
"""Each entry takes a history from version n to n + 1. Never change one that was released: append."""
