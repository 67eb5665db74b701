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
from assistant.chat.history.import_export import ConversationData, conversation
from assistant.errors import Problem, StorageError
from assistant.sqlite_file import connect, connect_read_only, migrate, rename, version

log = logging.getLogger(__name__)

_HEAD = "id, uid, title, named, assistant, folder, pinned, created, changed, first, meta"
"""Columns of a conversation, as `import_export` names them."""
_MESSAGE = "id, conversation, parent, next, role, content, thinking, state, model, created, meta"
"""Columns of a message."""


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
    heads = _rows(old, "conversations", _HEAD, "deleted IS NULL")
    messages: dict[int, list[dict[str, Any]]] = {}
    for row in _rows(old, "messages", _MESSAGE, "true"):
        messages.setdefault(row["conversation"], []).append(row)
    # Messages whose conversation is lost still are somebody's words.
    known = {head["id"] for head in heads}
    heads += [
        {"id": id, "created": rows[0]["created"], "changed": rows[-1]["created"]}
        for id, rows in messages.items()
        if id not in known
    ]
    found = []
    for head in heads:
        rows = messages.get(head["id"], [])
        chosen = {head.get("first"), *(row["next"] for row in rows)}
        try:
            parts = [_parsed(row) | {"chosen": row["id"] in chosen} for row in rows]
            found.append(conversation(_parsed(head), parts))
        except (ValueError, TypeError, KeyError) as error:
            log.warning("A damaged conversation was passed over: %s", error)
    return found


def _parsed(row: dict[str, Any]) -> dict[str, Any]:
    meta = json.loads(row.get("meta", "{}"))
    return row | {"meta": meta if isinstance(meta, dict) else {}}


def _rows(connection: sqlite3.Connection, table: str, columns: str, where: str) -> list[dict[str, Any]]:
    """The rows that can be read: from the front up to the damage, then from the back."""
    found: dict[tuple[Any, ...], None] = {}
    for direction in ("ASC", "DESC"):
        try:
            for row in connection.execute(
                f"SELECT {columns} FROM {table} WHERE {where} ORDER BY id {direction}"
            ):
                found[row] = None
        except sqlite3.Error as error:
            log.warning("A damaged history was read in part: %s", error)
        else:
            break
    names = columns.split(", ")
    return [dict(zip(names, row, strict=True)) for row in sorted(found, key=lambda row: row[0])]
