"""PURE: a message with pictures for a model that does not see: what was recognised, then what was said."""

from __future__ import annotations

import re

from assistant.chat.history.records import StoredMessage, StoredPicture

_LONGEST_NAME = 100
_OURS = re.compile(r"\[(?=\s*(?:end of the|the|text recognised in the) picture)", re.IGNORECASE)
"""Where a picture shows what would be taken for a word of ours on where it ends."""


def words(message: StoredMessage) -> str:
    """The text of its pictures before its own."""
    numbered = len(message.pictures) > 1
    parts = [_picture(each, number if numbered else 0) for number, each in enumerate(message.pictures, 1)]
    return "\n\n".join(part for part in (*parts, message.content) if part.strip())


def _picture(picture: StoredPicture, number: int) -> str:
    about = f"picture {number}" if number else "picture"
    if picture.name:
        about += f" “{_plain(' '.join(picture.name.split())[:_LONGEST_NAME])}”"
    if picture.text is None:  # a model that sees saw it, and now reads what was said before
        return f"[The {about} was shown.]"
    text = _plain(picture.text.strip())
    if not text:
        return f"[The {about} cannot be seen here, and no text was recognised in it.]"
    return f"[Text recognised in the {about}, which cannot be seen here:]\n{text}\n[End of the {about}]"


def _plain(text: str) -> str:
    return _OURS.sub("(", text)
