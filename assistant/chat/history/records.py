"""What the history of conversations gives out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from assistant.chat.records import Role

PLAIN_ASSISTANT = "plain"
"""The assistant of a conversation for which none was chosen."""
READ_ONLY_TEXT = "read_only_text"
"""In the `meta` of an answer to pictures: its model does not see, and read the text recognised in them."""
PICTURE_FILE = re.compile(r"[0-9a-f]{64}\.(?:png|jpg)")
"""The name of a picture's file, made of its content."""
LONGEST_SIDE = 2048
"""Pixels of a picture that is kept: small print can still be read, and a model makes it smaller itself."""


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
class StoredPicture:
    """A picture of a message, upright and no larger than a model needs it."""

    file: str
    """Its name among the history's `pictures`."""
    name: str
    """What the person knows it by; "" where it had no name."""
    width: int
    height: int
    text: str | None = None
    """What was recognised in it; None: nobody looked yet."""


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

    @property
    def pictures(self) -> tuple[StoredPicture, ...]:
        return pictures_in(self.meta)


def pictures_in(meta: Mapping[str, Any]) -> tuple[StoredPicture, ...]:
    """Those that are kept with a message."""
    stored = meta.get("pictures")
    found = (_picture(each) for each in stored) if isinstance(stored, list | tuple) else ()
    return tuple(picture for picture in found if picture is not None)


def _picture(stored: Any) -> StoredPicture | None:
    """One as JSON holds it; None for what another program wrote there."""
    if isinstance(stored, StoredPicture):
        return stored
    if not isinstance(stored, Mapping) or not PICTURE_FILE.fullmatch(str(stored.get("file"))):
        return None
    width, height, text = stored.get("width"), stored.get("height"), stored.get("text")
    if not (isinstance(width, int) and isinstance(height, int)):
        return None
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        return None
    name = str(stored.get("name", ""))
    return StoredPicture(stored["file"], name, width, height, text if isinstance(text, str) else None)


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
