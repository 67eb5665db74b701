"""Outlook messages (.msg): headers, body and attachments out of the properties of MS-OXPROPS."""

from __future__ import annotations

import struct
from pathlib import Path

import olefile

from assistant.documents.formats.mail.message import ENCRYPTED, PGP, Attachment, MailMessage
from assistant.documents.formats.mail.msg_storage import PropertyStorage
from assistant.documents.formats.mail.outlook_body import charset_of, choose_body
from assistant.documents.formats.shared.text_cleaning import one_line, shortened
from assistant.errors import UnreadableDocument
from assistant.file_reading.encoding_detection import decode

MAX_NESTING = 5
"""How deep messages in messages are read."""

_CLASS, _SUBJECT = 0x001A, 0x0037
_SENDER_NAME, _SENDER_ADDRESS, _SENDER_SMTP_ADDRESS = 0x0C1A, 0x0C1F, 0x5D01
_TO, _CC, _SENT, _DELIVERED, _CREATED = 0x0E04, 0x0E03, 0x0039, 0x0E06, 0x3007
_BODY, _HTML, _COMPRESSED_RTF, _CODEPAGE, _INTERNET_CODEPAGE = 0x1000, 0x1013, 0x1009, 0x3FFD, 0x3FDE
_RECIPIENT_TYPE, _ADDRESS, _SMTP_ADDRESS, _DISPLAY_NAME = 0x0C15, 0x3003, 0x39FE, 0x3001
_LONG_NAME, _SHORT_NAME, _DATA = 0x3707, 0x3704, 0x3701
_DAMAGE = (OSError, struct.error, LookupError, ValueError, RecursionError, TypeError, AttributeError)
"""What a damaged message leads olefile and this module to."""
_CONTACT = {
    0x3001: "Name", 0x3A16: "Company", 0x3A17: "Title", 0x3A08: "Business phone", 0x3A1C: "Mobile",
    0x3A09: "Home phone", 0x3A27: "City", 0x3A26: "Country", 0x3A29: "Street", 0x3A2A: "Postal code",
}  # fmt: skip


def read_msg(path: Path) -> MailMessage:
    """The message at `path`. Raises UnreadableDocument."""
    try:
        with olefile.OleFileIO(str(path)) as ole:
            return _message(PropertyStorage(ole), 0)
    except _DAMAGE as error:
        raise UnreadableDocument("outlook-damaged") from error


def _message(storage: PropertyStorage, depth: int) -> MailMessage:
    charset = charset_of(storage.integer(_CODEPAGE))
    kind = storage.text(_CLASS).lower()
    message = MailMessage(subject=shortened(one_line(storage.text(_SUBJECT, charset)), 200))
    headers = {
        "From": _person(storage, charset, _SENDER_NAME, _SENDER_SMTP_ADDRESS, _SENDER_ADDRESS),
        "To": _recipients(storage, 1, charset) or one_line(storage.text(_TO, charset)),
        "Cc": _recipients(storage, 2, charset) or one_line(storage.text(_CC, charset)),
        "Date": storage.time(_SENT) or storage.time(_DELIVERED) or storage.time(_CREATED),
        "Subject": message.subject,
    }
    message.headers = [(name, shortened(value, 2_000)) for name, value in headers.items() if value]
    message.text = storage.text(_BODY, charset)
    if kind.startswith("ipm.contact"):
        entries = ((label, one_line(storage.text(number, charset))) for number, label in _CONTACT.items())
        message.text = "\n".join([f"{label}: {text}" for label, text in entries if text] + [message.text])
    page = storage.binary(_HTML)
    internet = charset_of(storage.integer(_INTERNET_CODEPAGE))
    html = decode(page, internet) if page else storage.text(_HTML, internet)
    choose_body(message, html, lambda: storage.binary(_COMPRESSED_RTF))
    if "smime" in kind and not message.text and not message.html:
        message.note = ENCRYPTED
    for part in storage.below("__attach_version1.0_"):
        attachment = _attachment(part, charset, depth)
        if attachment is not None and attachment.content.lstrip().startswith(PGP):
            message.note = ENCRYPTED
        elif attachment is not None:
            message.attachments.append(attachment)
    return message


def _person(storage: PropertyStorage, charset: str, name: int, *addresses: int) -> str:
    """A name with the first of the addresses, which may not be of the internet."""
    shown = one_line(storage.text(name, charset))
    texts = (one_line(storage.text(number, charset)) for number in addresses)
    address = next(filter(None, texts), "")
    if "@" not in address:
        return shown
    return f"{shown} <{address}>" if shown and shown != address else address


def _recipients(storage: PropertyStorage, kind: int, charset: str) -> str:
    """Those of one kind: 1 To, 2 Cc."""
    people = (one for one in storage.below("__recip_version1.0_") if one.integer(_RECIPIENT_TYPE) == kind)
    found = (_person(one, charset, _DISPLAY_NAME, _SMTP_ADDRESS, _ADDRESS) for one in people)
    return ", ".join(filter(None, found))


def _attachment(storage: PropertyStorage, charset: str, depth: int) -> Attachment | None:
    names = (one_line(storage.text(number, charset)) for number in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME))
    name = next(filter(None, names), "").replace("\\", "/").rpartition("/")[2]
    inner = storage.embedded()
    if inner is not None:
        if depth >= MAX_NESTING:
            return None
        message = _message(inner, depth + 1)
        return Attachment(name or message.subject or "message", b"", message)
    content = storage.binary(_DATA)
    return Attachment(name or "attachment", content) if content else None
