"""The messages of a conversation: a tree in which every message knows which follower was chosen last."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from assistant.chat.history.database import HistoryFile
from assistant.chat.history.records import MessageState, StoredMessage, pictures_in
from assistant.chat.history.search_terms import index_words
from assistant.chat.records import Role
from assistant.errors import UserInputError

LAST = 0
"""In place of a parent: the last message on the chosen path."""

_COLUMNS = "id, parent, next, role, content, thinking, state, model, created, meta"
"""In the order of `as_message`."""
_TITLE_LENGTH = 60
"""Characters of a title that was made from a message."""


class Messages(HistoryFile):
    def add_message(
        self,
        conversation: int,
        role: Role,
        content: str,
        parent: int | None = LAST,
        *,
        thinking: str = "",
        model: str = "",
        state: MessageState = MessageState.COMPLETE,
        **meta: Any,
    ) -> StoredMessage:
        """Store a message and choose the path that leads to it.

        Args:
            parent: the message that it follows. A message with the same parent as another is a version of
                it: to edit a message and send it again, pass that message's own `parent`; None stands for
                the beginning. Without it, it follows the last message on the chosen path.
            meta: kept as JSON; dataclasses are taken apart.

        Raises:
            UserInputError: there is no such conversation or parent.
            StorageError: it cannot be written.
        """
        role, content, thinking = Role(role), storable(content), storable(thinking)
        now = time.time()
        with self._writing() as connection:
            title = self._title_of(connection, conversation)
            if parent == LAST:
                parent = self._leaf(connection, conversation)
            elif parent is not None:
                self._belongs(connection, parent, conversation)
            made = connection.execute(
                """INSERT INTO messages
                   (conversation, parent, role, content, thinking, state, model, created, meta)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (conversation, parent, role, content, thinking, state, model, now, as_json(meta)),
            )
            id = int(made.lastrowid or 0)
            point_to(connection, conversation, id)
            connection.execute("UPDATE conversations SET changed = ? WHERE id = ?", (now, conversation))
            if state is not MessageState.WRITING:
                index(connection, id, content)
            if not title and role is Role.USER:
                set_title(connection, conversation, title_from(content, meta))
        return self.message(id)

    def update_message(
        self,
        message: int,
        *,
        content: str | None = None,
        thinking: str | None = None,
        state: MessageState | None = None,
        model: str | None = None,
        **meta: Any,
    ) -> StoredMessage:
        """Change what is given and leave the rest; `meta` is merged into what is there."""
        with self._writing() as connection:
            known = connection.execute("SELECT state, meta FROM messages WHERE id = ?", (message,)).fetchone()
            if known is None:
                raise UserInputError("message-gone")
            for column, value in (("thinking", thinking), ("state", state), ("model", model)):
                if value is not None:
                    connection.execute(
                        f"UPDATE messages SET {column} = ? WHERE id = ?", (storable(value), message)
                    )
            if content is not None:
                connection.execute(
                    "UPDATE messages SET content = ? WHERE id = ?", (storable(content), message)
                )
            if meta:
                merged = json.loads(known[1]) | meta
                connection.execute("UPDATE messages SET meta = ? WHERE id = ?", (as_json(merged), message))
            if (state or known[0]) != MessageState.WRITING:
                (text,) = connection.execute(
                    "SELECT content FROM messages WHERE id = ?", (message,)
                ).fetchone()
                index(connection, message, text)
        return self.message(message)

    def keep_partial(self, message: int, content: str, thinking: str) -> None:
        """Bring to the disk what there is of an answer that is being written."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE messages SET content = ?, thinking = ? WHERE id = ? AND state = 'writing'",
                (storable(content), storable(thinking), message),
            )

    def message(self, id: int) -> StoredMessage:
        """One message, also one beside the chosen path.

        Raises:
            UserInputError: there is none with this id.
        """
        with self._reading() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS}, conversation FROM messages WHERE id = ?", (id,)
            ).fetchone()
            if row is None:
                raise UserInputError("message-gone")
            versions = connection.execute(
                "SELECT id FROM messages WHERE conversation = ? AND parent IS ? ORDER BY id",
                (row[-1], row[1]),
            ).fetchall()
        return as_message(row[:-1], row[-1], tuple(version for (version,) in versions))

    def choose(self, message: int) -> tuple[StoredMessage, ...]:
        """Choose a version; what followed it when it was last chosen follows again. Returns the new path."""
        with self._writing() as connection:
            row = connection.execute("SELECT conversation FROM messages WHERE id = ?", (message,)).fetchone()
            if row is None:
                raise UserInputError("message-gone")
            point_to(connection, row[0], message)
            return self._path(connection, row[0])

    def _path(self, connection: sqlite3.Connection, conversation: int) -> tuple[StoredMessage, ...]:
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM messages WHERE conversation = ? ORDER BY id", (conversation,)
        ).fetchall()
        first = connection.execute("SELECT first FROM conversations WHERE id = ?", (conversation,)).fetchone()
        by_id = {row[0]: row for row in rows}
        followers: dict[int | None, list[int]] = {}
        for row in rows:
            followers.setdefault(row[1], []).append(row[0])
        path: list[StoredMessage] = []
        parent: int | None = None
        chosen: int | None = first[0] if first else None
        while versions := followers.pop(parent, None):
            parent = chosen if chosen in versions else versions[-1]
            row = by_id[parent]
            path.append(as_message(row, conversation, tuple(versions)))
            chosen = row[2]
        return tuple(path)

    def _all_messages(self, connection: sqlite3.Connection, conversation: int) -> list[StoredMessage]:
        """Every version; `versions` is left out."""
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM messages WHERE conversation = ? ORDER BY id", (conversation,)
        ).fetchall()
        return [as_message(row, conversation, ()) for row in rows]

    def _leaf(self, connection: sqlite3.Connection, conversation: int) -> int | None:
        """The last message on the chosen path."""
        row = connection.execute(
            """WITH RECURSIVE path (id) AS (
                   SELECT first FROM conversations WHERE id = ?1
                   UNION SELECT next FROM messages JOIN path USING (id) WHERE next IS NOT NULL)
               SELECT messages.id FROM path JOIN messages USING (id)
               WHERE messages.next IS NULL AND messages.conversation = ?1""",
            (conversation,),
        ).fetchone()
        return None if row is None else int(row[0])

    def _title_of(self, connection: sqlite3.Connection, conversation: int) -> str:
        row = connection.execute("SELECT title FROM conversations WHERE id = ?", (conversation,)).fetchone()
        if row is None:
            raise UserInputError("conversation-gone")
        return str(row[0])

    def _belongs(self, connection: sqlite3.Connection, message: int, conversation: int) -> None:
        row = connection.execute("SELECT conversation FROM messages WHERE id = ?", (message,)).fetchone()
        if row is None or row[0] != conversation:
            raise UserInputError("parent-message-gone")


def point_to(connection: sqlite3.Connection, conversation: int, message: int) -> None:
    """Choose the path that leads to this message."""
    chain = connection.execute(
        """WITH RECURSIVE up (id, parent) AS (
               SELECT id, parent FROM messages WHERE id = ?
               UNION SELECT messages.id, messages.parent FROM messages JOIN up ON messages.id = up.parent)
           SELECT up.id, up.parent, messages.next FROM up LEFT JOIN messages ON messages.id = up.parent""",
        (message,),
    ).fetchall()
    for id, parent, chosen in chain:
        if parent is None:
            connection.execute("UPDATE conversations SET first = ? WHERE id = ?", (id, conversation))
        elif chosen != id:
            connection.execute("UPDATE messages SET next = ? WHERE id = ?", (id, parent))


def index(connection: sqlite3.Connection, message: int, content: str) -> None:
    """Let a message be found by its words."""
    connection.execute("DELETE FROM message_words WHERE rowid = ?", (message,))
    connection.execute(
        "INSERT INTO message_words (rowid, words) VALUES (?, ?)", (message, index_words(content))
    )


def set_title(connection: sqlite3.Connection, conversation: int, title: str, *, named: bool = False) -> None:
    connection.execute(
        "UPDATE conversations SET title = ?, named = ? WHERE id = ?", (title, named, conversation)
    )
    connection.execute("DELETE FROM title_words WHERE rowid = ?", (conversation,))
    connection.execute(
        "INSERT INTO title_words (rowid, words) VALUES (?, ?)", (conversation, index_words(title))
    )


def title_from(content: str, meta: Mapping[str, Any]) -> str:
    """A title made of the first line that says something, else of the name of a picture."""
    content = content if content.strip() else next((each.name for each in pictures_in(meta) if each.name), "")
    for line in content.splitlines():
        words = " ".join(line.strip().strip("#>*-`_~|").split())
        if any(char.isalnum() for char in words):
            break
    else:
        words = " ".join(content.split())
    if len(words) <= _TITLE_LENGTH:
        return words
    cut = words[:_TITLE_LENGTH]
    at = cut.rfind(" ")
    return f"{cut[:at] if at > _TITLE_LENGTH // 2 else cut}…".replace(",…", "…")


def as_message(row: tuple[Any, ...], conversation: int, versions: tuple[int, ...]) -> StoredMessage:
    id, parent, _, role, content, thinking, state, model, created, meta = row
    return StoredMessage(
        id, conversation, parent, Role(role), content, MessageState(state), created, thinking, model,
        versions, from_json(meta),
    )  # fmt: skip


def from_json(text: str) -> dict[str, Any]:
    """Read what `as_json` wrote; most has nothing in it."""
    return {} if text == "{}" else dict(json.loads(text))


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, default=_plain)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def storable(text: str) -> str:
    """Halves of characters, as broken names of files bring them, become question marks."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text
