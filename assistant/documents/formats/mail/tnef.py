"""The winmail.dat of Outlook: text and attachments in a form of its own (MS-OXTNEF)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from assistant.documents.formats.mail.message import Attachment, MailMessage
from assistant.documents.formats.mail.outlook_body import charset_of, choose_body
from assistant.file_reading.encoding_detection import decode

_SIGNATURE = 0x223E9F78
_CODEPAGE, _BODY, _PROPERTIES = 0x00069007, 0x0002800C, 0x00069003
_NEXT_ATTACHMENT, _TITLE, _DATA, _ATTACHMENT_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_HTML, _PLAIN, _COMPRESSED_RTF = 0x1013, 0x1000, 0x1009
_LONG_NAME, _OBJECT = 0x3707, 0x3701
_SIZES = {0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, 0x40: 8, 0x48: 16}
"""Bytes of properties of fixed size, by their type."""
_OF_ANY_SIZE = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
"""Stands before a message that is attached as an object."""
MAX_PROPERTIES = 10_000
MAX_DEPTH = 5
"""How deep such messages in messages are read."""


def read_tnef(content: bytes, depth: int = 0) -> MailMessage | None:
    """Text and attachments; None where it is nothing of the kind."""
    if len(content) < 6 or struct.unpack_from("<I", content)[0] != _SIGNATURE:
        return None
    message = MailMessage()
    charset = ""
    for identity, value in _attributes(content):
        if identity == _CODEPAGE and len(value) >= 4:
            charset = charset_of(struct.unpack_from("<I", value)[0])
        elif identity == _BODY:
            message.text = _text(value, charset)
        elif identity == _PROPERTIES:
            _read_body(message, dict(_properties(value)), charset)
        elif identity == _NEXT_ATTACHMENT:
            message.attachments.append(Attachment("", b""))
        elif message.attachments:
            _read_attachment(message.attachments[-1], identity, value, charset, depth)
    for attachment in message.attachments:
        attachment.name = attachment.name or "attachment"
    return message


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Attributes up to the first that is damaged."""
    at = 6
    while at + 9 <= len(content):
        identity, size = struct.unpack_from("<II", content, at + 1)
        if at + 9 + size > len(content):
            return
        yield identity, content[at + 9 : at + 9 + size]
        at += 9 + size + 2  # behind it stands a checksum


def _read_body(message: MailMessage, properties: dict[int, bytes], charset: str) -> None:
    message.text = message.text or _text(properties.get(_PLAIN, b""), charset)
    html = _text(properties.get(_HTML, b""), charset)
    choose_body(message, html, lambda: properties.get(_COMPRESSED_RTF, b""))


def _read_attachment(attachment: Attachment, identity: int, value: bytes, charset: str, depth: int) -> None:
    if identity == _TITLE:
        attachment.name = attachment.name or _text(value, charset)
    elif identity == _DATA:
        attachment.content = value
    elif identity == _ATTACHMENT_PROPERTIES:
        properties = dict(_properties(value))
        attachment.name = _text(properties.get(_LONG_NAME, b""), charset) or attachment.name
        inner = properties.get(_OBJECT, b"")
        if inner.startswith(_MESSAGE) and depth < MAX_DEPTH:
            attachment.message = read_tnef(inner[len(_MESSAGE) :], depth + 1)
        elif inner and not attachment.content:
            attachment.content = inner


def _text(value: bytes, charset: str) -> str:
    return decode(value.rstrip(b"\0"), charset)


def _properties(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The numbers and values of MAPI properties; of several values of one the last."""
    at = 4
    try:
        for _ in range(min(struct.unpack_from("<I", content)[0], MAX_PROPERTIES)):
            kind, number = struct.unpack_from("<HH", content, at)
            at += 4
            if number >= 0x8000:  # it has a name of its own
                named, length = struct.unpack_from("<II", content, at + 16)
                at += 20 if named == 0 else 24 + length + -length % 4
            many, kind = bool(kind & 0x1000), kind & 0x0FFF
            sized = kind in _OF_ANY_SIZE
            count = 1
            if many or sized:
                (count,) = struct.unpack_from("<I", content, at)
                at += 4
            for _ in range(min(count, MAX_PROPERTIES)):
                size = _SIZES.get(kind, -1)
                if sized:
                    (size,) = struct.unpack_from("<I", content, at)
                    at += 4
                if size < 0 or at + size > len(content):
                    return
                value = content[at : at + size]
                yield number, value.decode("utf-16-le", "replace").encode() if kind == 0x1F else value
                at += size + -size % 4
    except struct.error:
        return
