"""What the history of conversations gives out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from assistant.chat.records import Role

PLAIN_ASSISTANT = "plain"
"""The assistant of a conversation for which none was chosen."""


class MessageState(StrEnum):
    COMPLETE = "complete"
    WRITING = "writing"
    """It is being written now."""
    STOPPED = "stopped"
    """The person stopped it; what was written stays."""
    INTERRUPTED = "interrupted"
    """The program ended while it was written; what was on the disk stays."""
    FAILED = "failed"
    """The engine failed; `meta["error"]` holds its code, message, hint, reason and details."""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message on the chosen path of a conversation."""

    id: int
    conversation: int
    parent: int | None
    """The message that it follows; None for the first."""
    role: Role
    content: str
    state: MessageState
    created: float
    """Seconds since 1970."""
    thinking: str = ""
    """What a reasoning model wrote before its answer."""
    model: str = ""
    """Name of the model that wrote it."""
    versions: tuple[int, ...] = ()
    """Ids of all messages that follow the same parent, this one included, oldest first."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Whatever else was stored with it, as JSON holds it: finish, tokens, speeds, citations."""

    @property
    def version(self) -> int:
        """Its place among its versions, from 1: ‹2/3› is `version` / `len(versions)`."""
        return self.versions.index(self.id) + 1 if self.id in self.versions else 1


@dataclass(frozen=True, slots=True)
class ConversationInfo:
    id: int
    title: str
    """"" until there is a first message."""
    assistant: str
    """Id of the assistant; `Assistants.get` knows it."""
    folder: str
    """"" for none."""
    pinned: bool
    created: float
    changed: float
    """When it was last said something in, in seconds since 1970."""
    messages: int
    """All there are, other versions included."""
    deleted: float | None = None
    """When it was put into the bin."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Whatever else belongs to it, as JSON holds it: the documents that were dropped into it, a draft."""


@dataclass(frozen=True, slots=True)
class Conversation:
    info: ConversationInfo
    messages: tuple[StoredMessage, ...]
    """The chosen path, oldest first."""


@dataclass(frozen=True, slots=True)
class FolderInfo:
    name: str
    conversations: int


@dataclass(frozen=True, slots=True)
class HistoryHit:
    """A place in the history where what was looked for stands."""

    conversation: ConversationInfo
    message: int | None
    """None: the title."""
    role: Role | None
    snippet: str
    """A piece of the text on one line."""
