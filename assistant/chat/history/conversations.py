"""The list of conversations: finding, ordering, putting away, deleting and bringing back."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Sequence
from typing import Any

from assistant.chat.history.database import HistoryFile
from assistant.chat.history.messages import as_json, from_json, set_title, storable, title_from
from assistant.chat.history.records import PLAIN_ASSISTANT, ConversationInfo, FolderInfo, HistoryHit
from assistant.chat.history.search_terms import match_expression, query_words, snippet
from assistant.chat.records import Role
from assistant.errors import UserInputError

BIN_DAYS = 30
"""How long a deleted conversation can be brought back."""

_COLUMNS = """c.id, c.title, c.assistant, c.folder, c.pinned, c.created, c.changed,
    (SELECT count(*) FROM messages m WHERE m.conversation = c.id), c.deleted, c.meta"""
"""In the order of ConversationInfo's fields."""
_LONGEST_NAME = 200
"""Characters of a title or of a folder's name."""


class Conversations(HistoryFile):
    # --- what there is

    def conversations(self, folder: str | None = None) -> tuple[ConversationInfo, ...]:
        """The conversations outside the bin: pinned first, then those in which something was said last.

        Args:
            folder: only this folder; "" for those in none.
        """
        where = "c.deleted IS NULL AND c.folder = coalesce(?, c.folder)"
        return self._infos(where, [folder], "c.pinned DESC, c.changed DESC, c.id DESC")

    def info(self, id: int) -> ConversationInfo:
        """One conversation, also one in the bin.

        Raises:
            UserInputError: there is none with this id.
        """
        found = self._infos("c.id = ?", [id])
        if not found:
            raise UserInputError("conversation-gone")
        return found[0]

    def folders(self) -> tuple[FolderInfo, ...]:
        """The folders that have conversations, by name."""
        rows = self._all(
            """SELECT folder, count(*) FROM conversations WHERE deleted IS NULL AND folder != ''
               GROUP BY folder"""
        )
        return tuple(FolderInfo(*row) for row in sorted(rows, key=lambda row: row[0].casefold()))

    def search(self, query: str, limit: int = 50) -> tuple[HistoryHit, ...]:
        """Where all of these words, or longer ones, stand: titles first, then the newest messages."""
        words = query_words(query)
        if not words:
            return ()
        match = match_expression(words)
        with self._reading():
            titles = self._all(
                """SELECT c.id, c.title FROM title_words JOIN conversations c ON c.id = title_words.rowid
                   WHERE title_words MATCH ? AND c.deleted IS NULL ORDER BY c.changed DESC LIMIT ?""",
                (match, limit),
            )
            messages = self._all(
                """SELECT m.id, m.role, m.content, m.conversation
                   FROM message_words JOIN messages m ON m.id = message_words.rowid
                   JOIN conversations c ON c.id = m.conversation
                   WHERE message_words MATCH ? AND c.deleted IS NULL
                   ORDER BY message_words.rowid DESC LIMIT ?""",
                (match, limit - len(titles)),
            )
            wanted = {id for id, _ in titles} | {conversation for *_, conversation in messages}
            infos = {info.id: info for info in self._infos(*_among("c.id", wanted))}
        hits = [HistoryHit(infos[id], None, None, snippet(title, words)) for id, title in titles]
        hits += [
            HistoryHit(infos[conversation], id, Role(role), snippet(content, words))
            for id, role, content, conversation in messages
        ]
        return tuple(hits)

    # --- changing

    def create(
        self, title: str = "", assistant: str = PLAIN_ASSISTANT, *, folder: str = "", **meta: Any
    ) -> ConversationInfo:
        """Begin a conversation. Without a title it gets one from its first message."""
        now = time.time()
        with self._writing() as connection:
            id = insert_conversation(connection, uuid.uuid4().hex, assistant, now, now)
            if title.strip():
                set_title(connection, id, _name(title), named=True)
            connection.execute(
                "UPDATE conversations SET folder = ?, meta = ? WHERE id = ?",
                (_name(folder), as_json(meta), id),
            )
        return self.info(id)

    def rename(self, id: int, title: str) -> ConversationInfo:
        """Give it a title; an empty one brings back the title made of its first message."""
        with self._writing() as connection:
            self._exists(connection, id)
            title = _name(title)
            named = bool(title)
            if not named:
                first = connection.execute(
                    """SELECT content, meta FROM messages WHERE conversation = ? AND role = ?
                       ORDER BY id LIMIT 1""",
                    (id, Role.USER),
                ).fetchone()
                title = title_from(first[0], from_json(first[1])) if first else ""
            set_title(connection, id, title, named=named)
        return self.info(id)

    def pin(self, id: int, pinned: bool = True) -> ConversationInfo:
        return self._set(id, "pinned", pinned)

    def move(self, id: int, folder: str) -> ConversationInfo:
        """Put it into a folder, which is there as long as something is in it; "" takes it out."""
        return self._set(id, "folder", _name(folder))

    def rename_folder(self, old: str, new: str) -> str:
        """Call a folder otherwise; "" dissolves it. Its conversations stay. Returns the name that is kept."""
        new = _name(new)
        with self._writing() as connection:
            connection.execute("UPDATE conversations SET folder = ? WHERE folder = ?", (new, old))
        return new

    def set_assistant(self, id: int, assistant: str) -> ConversationInfo:
        """Let another assistant answer from now on."""
        return self._set(id, "assistant", assistant)

    def remember(self, id: int, **meta: Any) -> ConversationInfo:
        """Keep values with the conversation, as JSON holds them; None takes one out."""
        with self._writing() as connection:
            row = connection.execute("SELECT meta FROM conversations WHERE id = ?", (id,)).fetchone()
            if row is None:
                raise UserInputError("conversation-not-there")
            merged = {key: value for key, value in (json.loads(row[0]) | meta).items() if value is not None}
            connection.execute("UPDATE conversations SET meta = ? WHERE id = ?", (as_json(merged), id))
        return self.info(id)

    # --- deleting

    def delete(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Put conversations into the bin for BIN_DAYS days; returns those that were not in it yet."""
        with self._writing() as connection:
            return tuple(
                id
                for id in ids
                if connection.execute(
                    "UPDATE conversations SET deleted = ? WHERE id = ? AND deleted IS NULL", (time.time(), id)
                ).rowcount
            )

    def restore(self, ids: Sequence[int]) -> tuple[ConversationInfo, ...]:
        """Bring conversations back from the bin; those emptied out of it are not in the result."""
        with self._writing() as connection:
            connection.executemany(
                "UPDATE conversations SET deleted = NULL WHERE id = ?", [(id,) for id in ids]
            )
        return self._infos(*_among("c.id", set(ids)))

    def bin(self) -> tuple[ConversationInfo, ...]:
        """What is in the bin, deleted last first."""
        return self._infos("c.deleted IS NOT NULL", [], "c.deleted DESC, c.id DESC")

    def purge(self, ids: Sequence[int] | None = None, *, days: float = 0.0) -> int:
        """Delete for good what is in the bin; returns how many conversations.

        Args:
            ids: only these.
            days: only what has been there for so long.
        """
        with self._writing() as connection:
            rows = connection.execute(
                "SELECT id FROM conversations WHERE deleted IS NOT NULL AND deleted <= ?",
                (time.time() - days * 86_400,),
            ).fetchall()
            named = None if ids is None else set(ids)
            doomed = [id for (id,) in rows if named is None or id in named]
            for id in doomed:
                connection.execute(
                    """DELETE FROM message_words
                       WHERE rowid IN (SELECT id FROM messages WHERE conversation = ?)""",
                    (id,),
                )
                connection.execute("DELETE FROM title_words WHERE rowid = ?", (id,))
                connection.execute("DELETE FROM conversations WHERE id = ?", (id,))
        return len(doomed)

    # --- helpers

    def _set(self, id: int, column: str, value: Any) -> ConversationInfo:
        with self._writing() as connection:
            self._exists(connection, id)
            connection.execute(f"UPDATE conversations SET {column} = ? WHERE id = ?", (value, id))
        return self.info(id)

    def _exists(self, connection: sqlite3.Connection, id: int) -> None:
        if connection.execute("SELECT 1 FROM conversations WHERE id = ?", (id,)).fetchone() is None:
            raise UserInputError("conversation-not-there")

    def _infos(self, where: str, values: Sequence[Any], order: str = "c.id") -> tuple[ConversationInfo, ...]:
        rows = self._all(f"SELECT {_COLUMNS} FROM conversations c WHERE {where} ORDER BY {order}", values)
        return tuple(
            ConversationInfo(
                id, title, assistant, folder, bool(pinned), created, changed, messages, deleted,
                from_json(meta),
            )
            for id, title, assistant, folder, pinned, created, changed, messages, deleted, meta in rows
        )  # fmt: skip


def insert_conversation(
    connection: sqlite3.Connection, uid: str, assistant: str, created: float, changed: float
) -> int:
    made = connection.execute(
        "INSERT INTO conversations (uid, title, assistant, created, changed) VALUES (?, '', ?, ?, ?)",
        (uid, assistant, created, changed),
    )
    return int(made.lastrowid or 0)


def _name(text: str) -> str:
    return " ".join(storable(text).split())[:_LONGEST_NAME]


def _among(column: str, ids: set[int]) -> tuple[str, list[Any]]:
    return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(sorted(ids))]
