"""Takes over the conversations of history files that were kept aside: damaged ones, and once newer ones."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from assistant.chat.history import schema
from assistant.chat.history.database import BUSY_SECONDS, DAMAGED, NEWER, PRAGMAS
from assistant.chat.history.import_export import ConversationData, MessageData
from assistant.chat.history.records import MessageState
from assistant.chat.records import Role
from assistant.errors import Problem, StorageError
from assistant.sqlite_file import connect, connect_read_only, migrate, rename, version

log = logging.getLogger(__name__)


class Recovery(Protocol):
    notices: list[Problem]

    def aside(self, why: str) -> list[Path]: ...
    def insert(self, data: ConversationData) -> int: ...


def recover(history: Recovery) -> None:
    """Take over what can be read of the files kept aside. They stay, under a name that says they are done."""
    for file in history.aside(DAMAGED):
        conversations = _read(file)
        taken = _insert_all(history, conversations)
        kept = _done(file, DAMAGED)
        reason = "history-read-in-part" if taken else "history-not-readable"
        history.notices.append(Problem("damaged-history", reason, {"name": kept.name, "taken": taken}))
    for file in history.aside(NEWER):
        if not _readable_now(file):
            continue
        taken = _insert_all(history, _read(file))
        _done(file, NEWER)
        history.notices.append(Problem("history-is-back", "history-is-back", {"taken": taken}))


def _readable_now(file: Path) -> bool:
    """Whether this version knows the file; an older form is brought up to date."""
    try:
        with closing(connect(file, PRAGMAS, BUSY_SECONDS)) as connection:
            if version(connection) > len(schema.MIGRATIONS):
                return False
            migrate(connection, schema.MIGRATIONS)
    except sqlite3.Error as error:
        log.warning("%s cannot be read: %s", file.name, error)
        return False
    return True


def _done(file: Path, why: str) -> Path:
    target = file.with_name(file.name.replace(f".{why}-", f".{why}-and-read-"))
    try:
        rename(file, target)
    except OSError as error:  # it is read once more at the next start; nothing is taken in twice
        log.warning("%s cannot be renamed: %s", file.name, error)
        return file
    return target


def _insert_all(history: Recovery, conversations: list[ConversationData]) -> int:
    taken = 0
    for each in conversations:
        try:
            history.insert(each)
            taken += 1
        except StorageError:
            raise
        except (ValueError, TypeError, sqlite3.Error) as error:
            log.warning("A conversation could not be taken over: %s", error)
    return taken


def _read(file: Path) -> list[ConversationData]:
    try:
        with closing(connect_read_only(file)) as old:
            return _conversations(old)
    except sqlite3.Error as error:
        log.warning("Nothing could be read of %s: %s", file.name, error)
        return []


def _conversations(old: sqlite3.Connection) -> list[ConversationData]:
    heads = _rows(
        old,
        "id",
        """id, uid, title, named, assistant, folder, pinned, created, changed, first, meta
           FROM conversations WHERE deleted IS NULL""",
    )
    messages: dict[int, list[tuple[Any, ...]]] = {}
    for row in _rows(
        old,
        "id",
        """id, conversation, parent, next, role, content, thinking, state, model, created, meta
           FROM messages WHERE true""",
    ):
        messages.setdefault(row[1], []).append(row)
    # Messages whose conversation is lost still are somebody's words.
    known = {head[0] for head in heads}
    lost = [(id, "", "", 0, "", "", 0, rows[0][9], rows[-1][9], None, "{}") for id, rows in messages.items()]
    found = []
    for head in heads + [each for each in lost if each[0] not in known]:
        try:
            found.append(_conversation(head, messages))
        except (ValueError, TypeError, KeyError) as error:
            log.warning("A damaged conversation was passed over: %s", error)
    return found


def _conversation(head: tuple[Any, ...], messages: dict[int, list[tuple[Any, ...]]]) -> ConversationData:
    id, uid, title, named, assistant, folder, pinned, created, changed, first, meta = head
    rows = messages.get(id, [])
    chosen = {first} | {row[3] for row in rows if row[3] is not None}
    there = {row[0] for row in rows}
    return ConversationData(
        title=title,
        uid=uid,
        named=bool(named),
        assistant=assistant or "plain",
        folder=folder,
        pinned=bool(pinned),
        created=float(created),
        changed=float(changed),
        meta=_mapping(meta),
        messages=[
            MessageData(
                role=Role(role),
                content=content,
                number=number,
                parent=parent if parent in there else None,
                chosen=number in chosen,
                thinking=thinking,
                state=MessageState.INTERRUPTED if state == MessageState.WRITING else MessageState(state),
                model=model,
                created=float(written),
                meta=_mapping(about),
            )
            for number, _, parent, _, role, content, thinking, state, model, written, about in rows
        ],
    )


def _mapping(text: str) -> dict[str, Any]:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}


def _rows(connection: sqlite3.Connection, key: str, rest: str) -> list[tuple[Any, ...]]:
    """The rows that can be read: from the front up to the damage, then from the back."""
    found: dict[tuple[Any, ...], None] = {}
    for direction in ("ASC", "DESC"):
        try:
            for row in connection.execute(f"SELECT {rest} ORDER BY {key} {direction}"):
                found[row] = None
        except sqlite3.Error as error:
            log.warning("A damaged history was read in part: %s", error)
        else:
            break
    return sorted(found, key=lambda row: row[0])
