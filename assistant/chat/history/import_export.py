"""Conversations as text: JSON with everything, Markdown with the chosen path; both can be read back.

In Markdown every conversation and every message is introduced by a comment that holds what is not text:

    <!-- offline-assistant {"role": "user", "created": …} -->

A line of a message that looks like such a comment is written with a backslash before it.
"""

from __future__ import annotations

import base64
import json
import math
import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from typing import Any

from assistant.chat.history.records import PICTURE_FILE, PLAIN_ASSISTANT, MessageState, pictures_in
from assistant.chat.records import Role
from assistant.errors import UserInputError

VERSION = 1
"""Of the JSON that is exported."""

_MARK = re.compile(r"^<!-- offline-assistant (\{.*\}) -->$")
"""A line that introduces a conversation or a message."""
_ESCAPED = re.compile(r"^\\+<!-- offline-assistant ")
"""A line of a message that looked like one."""
_LINE_END = re.compile(r"\r\n?")
_TO_ESCAPE = re.compile(r"^\\*<!-- offline-assistant ")
"""A line of a message that looks like one."""
_HEADS = {Role.USER: "You", Role.ASSISTANT: "Assistant", Role.SYSTEM: "Instructions"}
"""How a message is headed in Markdown."""
_ROLES = {
    "user": Role.USER, "human": Role.USER, "person": Role.USER,
    "assistant": Role.ASSISTANT, "ai": Role.ASSISTANT, "bot": Role.ASSISTANT, "model": Role.ASSISTANT,
    "gpt": Role.ASSISTANT, "system": Role.SYSTEM,
}  # fmt: skip
"""What other programs call the sides."""


@dataclass(slots=True)
class MessageData:
    """A message apart from the file; `number` and `parent` count within the conversation."""

    role: Role
    content: str
    number: int = 0
    parent: int | None = None
    chosen: bool = True
    thinking: str = ""
    state: MessageState = MessageState.COMPLETE
    model: str = ""
    created: float = 0.0
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ConversationData:
    title: str = ""
    uid: str = ""
    named: bool = False
    assistant: str = PLAIN_ASSISTANT
    folder: str = ""
    pinned: bool = False
    created: float = 0.0
    changed: float = 0.0
    meta: dict[str, Any] = field(default_factory=dict)
    messages: list[MessageData] = field(default_factory=list)
    """Parents before what follows them."""


# --- writing -------------------------------------------------------------------------------------------


def to_json(conversations: list[ConversationData], pictures: Mapping[str, bytes] | None = None) -> str:
    """`pictures`: the files of those that are to go along, by name."""
    listed = [
        {
            **_head(each),
            "messages": [
                {"id": message.number, "parent": message.parent, "chosen": message.chosen}
                | _about(message)
                | {"content": message.content, "thinking": message.thinking}
                for message in each.messages
            ],
        }
        for each in conversations
    ]
    written: dict[str, Any] = {"offline-assistant": VERSION, "conversations": listed}
    if pictures:
        written["pictures"] = {name: base64.b64encode(file).decode() for name, file in pictures.items()}
    return json.dumps(written, ensure_ascii=False, indent=1)


def to_markdown(conversations: list[ConversationData]) -> str:
    lines: list[str] = []
    for each in conversations:
        lines += [_mark(_head(each)), "", f"# {each.title or 'Conversation'}", ""]
        for message in each.messages:
            if not message.chosen:
                continue
            lines += [_mark(_about(message)), "", f"## {_heading(message)}", ""]
            content = _LINE_END.sub("\n", message.content)
            lines += [rf"\{line}" if _TO_ESCAPE.match(line) else line for line in content.split("\n")]
            lines.append("")
    return "\n".join(lines)


def _heading(message: MessageData) -> str:
    """Who said it; pictures are but named, for a text holds none."""
    names = [" ".join(each.name.split()) or "picture" for each in pictures_in(message.meta)]
    return f"{_HEADS[message.role]} ({', '.join(names)})" if names else _HEADS[message.role]


def _head(each: ConversationData) -> dict[str, Any]:
    return {field.name: getattr(each, field.name) for field in fields(each) if field.name != "messages"}


def _about(message: MessageData) -> dict[str, Any]:
    about: dict[str, Any] = {"role": message.role.value, "created": message.created}
    if message.state is not MessageState.COMPLETE:
        about["state"] = message.state.value
    if message.model:
        about["model"] = message.model
    if message.meta:
        about["meta"] = message.meta
    return about


def _mark(values: dict[str, Any]) -> str:
    # ">" would let a value end the comment.
    return f"<!-- offline-assistant {json.dumps(values).replace('>', chr(92) + 'u003e')} -->"


# --- pictures ------------------------------------------------------------------------------------------


def pictures_of(conversations: Iterable[ConversationData]) -> list[str]:
    """The names of the pictures in their messages, each once."""
    messages = (message for each in conversations for message in each.messages)
    return list(dict.fromkeys(picture.file for each in messages for picture in pictures_in(each.meta)))


def rename_pictures(conversation: ConversationData, names: Mapping[str, str]) -> None:
    """Let its messages name pictures as they are called here."""
    for message in conversation.messages:
        if pictures := pictures_in(message.meta):
            message.meta["pictures"] = [
                replace(picture, file=names.get(picture.file, picture.file)) for picture in pictures
            ]


def carried_pictures(text: str) -> dict[str, bytes]:
    """The files of pictures that JSON brings along, by name. They come from a stranger."""
    if '"pictures"' not in text or text.lstrip("\ufeff \t\r\n")[:1] != "{":
        return {}
    try:
        carried = json.loads(text.removeprefix("\ufeff")).get("pictures")
    except (ValueError, RecursionError):
        return {}
    found = {}
    for name, coded in carried.items() if isinstance(carried, dict) else ():
        if PICTURE_FILE.fullmatch(name) and isinstance(coded, str):
            with suppress(ValueError):
                found[name] = base64.b64decode(coded, validate=True)
    return found


# --- reading -------------------------------------------------------------------------------------------


def from_text(text: str) -> list[ConversationData]:
    """The conversations in a text that was exported here, or in JSON that lists messages by role and content.

    Raises:
        UserInputError: it holds none.
    """
    text = text.removeprefix("\ufeff")
    try:
        read = from_json(json.loads(text)) if text.lstrip()[:1] in ("{", "[") else from_markdown(text)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UserInputError("no-conversation-in-file") from error
    read = [each for each in read if each.messages]
    if not read:
        raise UserInputError("no-conversation-in-file")
    return read


def from_json(value: Any) -> list[ConversationData]:
    if isinstance(value, dict) and "conversations" in value:
        return [conversation(each, each["messages"]) for each in value["conversations"]]
    if isinstance(value, dict):
        return [conversation(value, value["messages"])]
    if value and isinstance(value[0], dict) and "messages" in value[0]:
        return [conversation(each, each["messages"]) for each in value]
    return [conversation({}, value)]


def from_markdown(text: str) -> list[ConversationData]:
    found: list[ConversationData] = []
    lines = text.replace("\r\n", "\n").split("\n")
    marks = [(at, match) for at, line in enumerate(lines) if (match := _MARK.match(line))]
    ends = [at for at, _ in marks[1:]] + [len(lines)]
    for (at, match), end in zip(marks, ends, strict=True):
        values = json.loads(match[1])
        if "role" not in values:
            found.append(conversation(values, []))
            continue
        if not found:
            found.append(ConversationData())
        # After the mark: an empty line, the heading, an empty line; before the next one an empty line.
        content = [line[1:] if _ESCAPED.match(line) else line for line in lines[at + 4 : end - 1]]
        _append(found[-1], values | {"content": "\n".join(content)})
    return found


def conversation(head: dict[str, Any], messages: list[dict[str, Any]]) -> ConversationData:
    """A conversation as JSON or a file of the history has it.

    Raises:
        ValueError, TypeError, KeyError: it is none.
    """
    made = ConversationData(
        title=str(head.get("title") or head.get("name") or ""),
        uid=str(head.get("uid") or ""),
        named=bool(head.get("named", True)),
        assistant=str(head.get("assistant") or PLAIN_ASSISTANT),
        folder=str(head.get("folder") or ""),
        pinned=bool(head.get("pinned")),
        created=_time(head.get("created")),
        changed=_time(head.get("changed")),
        meta=dict(head.get("meta") or {}),
    )
    for message in messages:
        _append(made, message)
    return made


def _append(conversation: ConversationData, values: dict[str, Any]) -> None:
    content = values.get("content", values.get("value"))
    if not isinstance(content, str):
        raise TypeError("a message without text")
    numbers = {message.number for message in conversation.messages}
    number = values.get("id")
    if not isinstance(number, int) or number in numbers:
        number = max(numbers, default=0) + 1
    last = conversation.messages[-1].number if conversation.messages else None
    parent = values.get("parent", last)
    state = values.get("state", MessageState.COMPLETE)
    conversation.messages.append(
        MessageData(
            role=_ROLES[str(values.get("role", values.get("from"))).lower()],
            content=content,
            number=number,
            parent=parent if parent is None or parent in numbers else last,
            chosen=bool(values.get("chosen", True)),
            thinking=str(values.get("thinking") or ""),
            # What was being written when it was exported is not being written here.
            state=MessageState.INTERRUPTED if state == MessageState.WRITING else MessageState(state),
            model=str(values.get("model") or ""),
            created=_time(values.get("created")),
            meta=dict(values.get("meta") or {}),
        )
    )


def _time(value: Any) -> float:
    """A time of the past; now where there is none."""
    now = time.time()
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0:
        return min(float(value), now)
    return now
