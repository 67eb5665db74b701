"""The history of conversations: one SQLite file, apart from everything else the program keeps."""

from __future__ import annotations

import logging
import sqlite3
import threading
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from assistant.chat.history.conversations import BIN_DAYS, Conversations, insert_conversation
from assistant.chat.history.import_export import (
    ConversationData,
    MessageData,
    from_text,
    pictures_of,
    rename_pictures,
    to_json,
    to_markdown,
)
from assistant.chat.history.messages import (
    LAST,
    Messages,
    as_json,
    from_json,
    index,
    set_title,
    storable,
    title_from,
)
from assistant.chat.history.partial_answer import PartialAnswer
from assistant.chat.history.picture_files import PictureFiles
from assistant.chat.history.records import Conversation, MessageState, StoredMessage, pictures_in
from assistant.chat.history.recovery import recover
from assistant.chat.records import Role

__all__ = ["BIN_DAYS", "LAST", "History", "PartialAnswer"]

log = logging.getLogger(__name__)


class History(Conversations, Messages):
    """All of it. Each call is short and is on the disk when it returns; any thread may call."""

    def __init__(self, path: Path, pictures: Path | None = None) -> None:
        """Open the history or begin one. What cannot be used is kept aside, never deleted; what can be read
        of it, now or by a later version, is taken over. `notices` says what happened.

        Args:
            pictures: the folder of the pictures; beside the history if it is not given.

        Raises:
            StorageError: the folder cannot be made or written.
        """
        self._writers: list[PartialAnswer] = []
        self._writers_lock = threading.Lock()
        self.pictures = PictureFiles(pictures or path.with_name("chat_pictures"))
        super().__init__(path)
        try:
            with self._writing() as connection:
                self._end_what_was_written(connection)
                connection.execute(
                    """DELETE FROM conversations WHERE title = '' AND folder = '' AND meta = '{}'
                       AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation = conversations.id)"""
                )
            self.purge(days=BIN_DAYS)
            recover(self)
            self._delete_pictures()
        except BaseException:
            super().close()
            raise

    def close(self) -> None:
        """What is being written is kept as it stands; later calls raise StorageError."""
        with self._writers_lock:
            writers = list(self._writers)
        for writer in writers:
            writer.close()
        super().close()

    def open(self, id: int) -> Conversation:
        """A conversation with the messages of its chosen path.

        Raises:
            UserInputError: there is none with this id.
        """
        with self._reading() as connection:
            return Conversation(self.info(id), self._path(connection, id))

    def purge(self, ids: Sequence[int] | None = None, *, days: float = 0.0) -> int:
        gone = super().purge(ids, days=days)
        if gone:
            self._delete_pictures()
        return gone

    def _delete_pictures(self) -> None:
        """Those of no message; but all stay as long as a file is kept aside, which may have need of them."""
        if not self.pictures.names() or self.any_aside():
            return
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT meta FROM messages WHERE instr(meta, '\"pictures\"')"
            ).fetchall()
        stored = (found for (meta,) in rows for found in pictures_in(from_json(meta)))
        self.pictures.keep_only({picture.file for picture in stored})

    # --- an answer that is being written

    def writer(
        self, conversation: int, parent: int | None = LAST, *, model: str = "", **meta: Any
    ) -> PartialAnswer:
        """Begin an answer. To have another version of one, pass the `parent` of the first."""
        message = self.add_message(
            conversation, Role.ASSISTANT, "", parent, model=model, state=MessageState.WRITING, **meta
        )
        return self._writer(message)

    def resume(self, message: int) -> PartialAnswer:
        """Go on with an answer where it ends."""
        return self._writer(self.update_message(message, state=MessageState.WRITING))

    def _writer(self, message: StoredMessage) -> PartialAnswer:
        writer = PartialAnswer(self, message, self._has_ended)
        with self._writers_lock:
            self._writers.append(writer)
        return writer

    def _has_ended(self, writer: PartialAnswer) -> None:
        with self._writers_lock:
            if writer in self._writers:
                self._writers.remove(writer)

    def _end_what_was_written(self, connection: sqlite3.Connection) -> None:
        """After a crash: partial answers stay, can be found and are no longer called being written."""
        for id, content in connection.execute(
            "SELECT id, content FROM messages WHERE state = 'writing'"
        ).fetchall():
            connection.execute("UPDATE messages SET state = ? WHERE id = ?", (MessageState.INTERRUPTED, id))
            index(connection, id, content)

    # --- out and in

    def export(
        self, ids: Sequence[int], form: Literal["markdown", "json"] = "markdown", *, pictures: bool = True
    ) -> str:
        """These conversations as one text: JSON with everything, Markdown with the chosen path.

        Args:
            pictures: JSON has the pictures in it, too.
        """
        data = [self._data(id) for id in ids]
        if form == "markdown":
            return to_markdown(data)
        return to_json(data, self.pictures.contents(pictures_of(data)) if pictures else None)

    def import_(self, text: str, pictures: Mapping[str, str] = MappingProxyType({})) -> tuple[int, ...]:
        """Take conversations in from what `export` gave, or from JSON with a list of roles and contents.

        One that is here already and has not changed since is not taken in twice; its id is returned.

        Args:
            pictures: what those are called here that came along, by what they are called in the text.

        Raises:
            UserInputError: the text holds no conversation.
        """
        data = from_text(text)
        for each in data:
            rename_pictures(each, pictures)
        with self._writing():
            return tuple(self.insert(each) for each in data)

    def _data(self, id: int) -> ConversationData:
        with self._reading() as connection:
            info = self.info(id)
            uid, named = connection.execute(
                "SELECT uid, named FROM conversations WHERE id = ?", (id,)
            ).fetchone()
            chosen = {message.id for message in self._path(connection, id)}
            messages = self._all_messages(connection, id)
        return ConversationData(
            info.title, uid, bool(named), info.assistant, info.folder, info.pinned,
            info.created, info.changed, dict(info.meta),
            [
                MessageData(
                    each.role, each.content, each.id, each.parent, each.id in chosen, each.thinking,
                    each.state, each.model, each.created, dict(each.meta),
                )
                for each in messages
            ],
        )  # fmt: skip

    def insert(self, data: ConversationData) -> int:
        """Store a conversation with all its versions; returns its id."""
        with self._writing() as connection:
            uid = data.uid
            known = connection.execute(
                "SELECT id, changed FROM conversations WHERE uid = ?", (uid,)
            ).fetchone()
            if known is not None and known[1] == data.changed:
                connection.execute("UPDATE conversations SET deleted = NULL WHERE id = ?", (known[0],))
                return int(known[0])
            if known is not None or not uid:
                uid = uuid.uuid4().hex
            id = insert_conversation(connection, uid, data.assistant, data.created, data.changed)
            connection.execute(
                "UPDATE conversations SET folder = ?, pinned = ?, meta = ? WHERE id = ?",
                (storable(data.folder), data.pinned, as_json(data.meta), id),
            )
            self._insert_messages(connection, id, data.messages)
            first = next((each for each in data.messages if each.role is Role.USER), None)
            title = " ".join(storable(data.title).split())
            if not title and first is not None:
                title = title_from(storable(first.content), first.meta)
            set_title(connection, id, title, named=data.named and bool(data.title))
        return id

    def _insert_messages(
        self, connection: sqlite3.Connection, conversation: int, messages: list[MessageData]
    ) -> None:
        ids: dict[int | None, int] = {}
        for each in messages:
            parent = ids.get(each.parent)
            content = storable(each.content)
            made = connection.execute(
                """INSERT INTO messages
                   (conversation, parent, role, content, thinking, state, model, created, meta)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    conversation, parent, each.role, content, storable(each.thinking), each.state,
                    storable(each.model), each.created, as_json(each.meta),
                ),
            )  # fmt: skip
            id = ids[each.number] = int(made.lastrowid or 0)
            index(connection, id, content)
            self._follow(connection, conversation, parent, id)
        for each in messages:
            if each.chosen:
                self._follow(connection, conversation, ids.get(each.parent), ids[each.number])

    def _follow(self, connection: sqlite3.Connection, conversation: int, parent: int | None, id: int) -> None:
        """Let this message be the one that is chosen after its parent."""
        if parent is None:
            connection.execute("UPDATE conversations SET first = ? WHERE id = ?", (id, conversation))
        else:
            connection.execute("UPDATE messages SET next = ? WHERE id = ?", (id, parent))
