"""Mail: single messages (.eml, .msg) and mailboxes (.mbox)."""

from __future__ import annotations

import email
import email.policy
import itertools
import re
from collections.abc import Iterator
from email.message import Message as Mime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.documents.formats.attachments import moved
from assistant.documents.formats.mail.calendar import calendar_text
from assistant.documents.formats.mail.headers import file_name, header_text, raw_headers
from assistant.documents.formats.mail.message import (
    ENCRYPTED,
    PGP,
    Attachment,
    MailMessage,
    OpenAttachment,
    attachment_parts,
    body_sections,
    says_all,
)
from assistant.documents.formats.mail.tnef import read_tnef
from assistant.documents.formats.shared.embedded_pictures import EmbeddedPicture, PartPictures
from assistant.documents.formats.shared.pagination import (
    empty_part,
    failed_part,
    problem_of,
    read_part,
    title_of,
)
from assistant.documents.formats.shared.text_cleaning import shortened
from assistant.documents.records import Opened, Outcome, Part, Section
from assistant.error_messages import Detail
from assistant.errors import Problem, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.encoding_detection import decode
from assistant.file_reading.file_head import OLE_SIGNATURE
from assistant.file_reading.picture import Picture

if TYPE_CHECKING:
    from assistant.documents.formats.open_document import Document

MAX_MESSAGE_BYTES = 128 << 20
"""A larger message is refused: it is in memory as a whole."""
MAX_PARTS = 500
"""Pieces of one mail that are looked at; more are only made to keep a reader busy."""
MAX_NESTING = 30
"""How deep pieces of a mail in pieces are read."""
_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_FROM_LINE = re.compile(rb"From \S.*\d\d:\d\d|From (?:\S+@\S+|-|MAILER-DAEMON|\?\?\?@\?\?\?)\s")
_BLOCK = 1 << 20
"""How much of a line is read at a time."""


def open(path: Path, password: str | None) -> Document:
    """The mail or mailbox at `path`. Raises UnreadableDocument."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(OLE_SIGNATURE):
        from assistant.documents.formats.mail.msg import read_msg

        message = read_msg(path)
        return MailDocument("msg", title_of(path, message.subject), message)
    if _FROM_LINE.match(head.lstrip(b"\xef\xbb\xbf\r\n")) or path.suffix.lower() == ".mbox":
        return MailboxDocument(path)
    if path.stat().st_size > MAX_MESSAGE_BYTES:
        raise UnreadableDocument("mail-too-large", size=path.stat().st_size)
    message = parse(path.read_bytes())
    if not message.headers and not message.text.strip() and not message.html and not message.attachments:
        raise UnreadableDocument("mail-empty")
    return MailDocument("eml", title_of(path, message.subject), message)


class MailDocument:
    """One message: its first part is the message itself, the others come from its attachments."""

    def __init__(self, kind: str, title: str, message: MailMessage, depth: int = 0) -> None:
        # Without attachments it is known that there is one part.
        self.opened = Opened(kind, title, "part", None if message.attachments or message.note else 1)
        self._message = message
        self._depth = depth
        self._pictures = PartPictures()
        self._attachment = OpenAttachment()

    def parts(self, first: int = 1) -> Iterator[Part]:
        message = self._message
        empty = message.note or "message-without-text"
        number = 1
        if first <= 1:
            yield read_part(1, "message", lambda: body_sections(message), empty)
        if message.note:
            number += 1
            if number >= first:
                yield failed_part(number, "encrypted text", UnreadableDocument(message.note))
        for attached in attachment_parts(message, nested_parts, self._attachment, self._depth):
            number += 1
            if number >= first:
                part = _attached(number, attached.name, attached.part, message.subject)
                yield self._pictures.noted(part, list(attached.pictures))

    def picture(self, part: int, number: int) -> Picture:
        """A picture of an attachment, counted from 1. Raises DocumentError."""
        return self._pictures.picture(part, number, self.parts)

    def close(self) -> None:
        self._pictures.close()
        self._attachment.close()


def _attached(number: int, name: str, part: Part | Exception, subject: str) -> Part:
    if isinstance(part, Exception):
        # A picture or a program in a mail is no damage.
        outcome = Outcome.EMPTY if isinstance(part, UnsupportedFormat) else Outcome.FAILED
        problem = problem_of(part)
        details: dict[str, Detail] = {"name": name, "why": problem.message}
        return Part(number, name, outcome, problem=Problem(problem.code, "attachment-not-read", details))
    label = name if part.label in ("", name) else f"{name}, {part.label}"
    sections = tuple(moved(section, _above(subject), name) for section in part.sections)
    return Part(number, label, part.outcome, sections, part.problem)


def _above(subject: str) -> tuple[str, ...]:
    return (subject,) if subject else ()


def nested_parts(path: Path, depth: int) -> Iterator[Part]:
    """The parts of a mail that is attached to another one."""
    document = open(path, None)
    if isinstance(document, MailDocument):
        document = MailDocument(document.opened.kind, document.opened.title, document._message, depth)
    yield from document.parts()


class MailboxDocument:
    """A mailbox: each message, with its attachments, is a part. It is read as it comes, whatever its size."""

    def __init__(self, path: Path) -> None:
        self.opened = Opened("mbox", title_of(path), "message", None)
        self._path = path
        self._pictures = PartPictures(most=1)  # each holds its attachment, and a mailbox has thousands
        self._attachment = OpenAttachment()

    def parts(self, first: int = 1) -> Iterator[Part]:
        number = 0
        pictures: list[EmbeddedPicture] = []
        for content in _messages(self._path):
            number += 1
            if number < first:
                continue
            label = f"message {number}"
            if content is None:
                error = UnreadableDocument("mailbox-message-too-large")
                yield failed_part(number, label, error)
                continue
            try:
                message = parse(content)
            except Exception as error:
                yield failed_part(number, label, error)
                continue
            part = read_part(
                number,
                f"{label}: {shortened(message.subject, 60)}" if message.subject else label,
                partial(_whole_message, message, label, pictures, self._attachment),
                message.note or "message-without-text",
            )
            yield self._pictures.noted(part, pictures)
        if number == 0:
            yield empty_part(1, "message 1", "mailbox-empty")

    def picture(self, part: int, number: int) -> Picture:
        """A picture of a message's attachments, counted from 1. Raises DocumentError."""
        return self._pictures.picture(part, number, self.parts)

    def close(self) -> None:
        self._pictures.close()
        self._attachment.close()


def _whole_message(
    message: MailMessage, place: str, pictures: list[EmbeddedPicture], opened: OpenAttachment
) -> Iterator[Section]:
    yield from body_sections(message, place)
    for attached in attachment_parts(message, nested_parts, opened, 1):
        if isinstance(attached.part, Exception):
            continue
        pictures += attached.pictures
        for section in attached.part.sections:
            inside = moved(section, _above(message.subject), attached.name)
            yield Section(inside.text, None, f"{place}, {inside.location}", inside.heading, inside.table)


def _messages(path: Path) -> Iterator[bytes | None]:
    """The messages of a mailbox, one after the other; None for one that is too large."""
    held: list[bytes] = []
    size = 0
    begun = False
    blank = True
    with path.open("rb") as file:
        while line := file.readline(_BLOCK):
            if blank and line.startswith(b"From ") and _FROM_LINE.match(line):
                if begun:
                    yield b"".join(held) if size <= MAX_MESSAGE_BYTES else None
                held, size, begun = [], 0, True
                blank = False
                continue
            if not begun and line.strip():
                begun = True
            blank = not line.strip()
            size += len(line)
            if size <= MAX_MESSAGE_BYTES:
                held.append(line[1:] if line.startswith((b">From ", b">>From ")) else line)
            else:
                held = []
    if begun:
        yield b"".join(held) if size <= MAX_MESSAGE_BYTES else None


def page_sections(content: bytes) -> Iterator[Section]:
    """The sections of a web page that is saved as a message (MHTML)."""
    message = parse(content)
    message.headers = []
    return body_sections(message)


# --- taking a message apart ----------------------------------------------------------------------


def parse(content: bytes) -> MailMessage:
    """A message as it came over the wire, however broken. Raises UnreadableDocument."""
    try:
        mime = email.message_from_bytes(_mended(content), policy=email.policy.compat32)
        return _read(mime, 0)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError) as error:
        raise UnreadableDocument("mail-damaged") from error


def _mended(content: bytes) -> bytes:
    """A message in UTF-16 or with a mark as plain bytes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[1:2] == b"\0" or content[:1] == b"\0":
        return decode(content).encode("utf-8", "replace")
    return content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")


def _read(mime: Mime, depth: int) -> MailMessage:
    message = MailMessage()
    for name in _HEADERS:
        values = [header_text(value) for value in raw_headers(mime, name)]
        text = ", ".join(filter(None, values))
        if text:
            message.headers.append((name, shortened(text, 2_000)))
    message.subject = shortened(header_text(next(iter(raw_headers(mime, "Subject")), "")), 200)
    texts: list[str] = []
    pages: list[str] = []
    count = 0
    for part in _leaves(mime, 0):
        count += 1
        if count > MAX_PARTS:
            break
        kind = part.get_content_type()
        name = file_name(part)
        if kind == "message/rfc822" and depth < MAX_NESTING:
            inner = _inner_message(part)
            if inner is not None:
                read = _read(inner, depth + 1)
                message.attachments.append(Attachment(name or read.subject or "message", b"", read))
                continue
        if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"):
            message.note = ENCRYPTED
            continue
        content = _payload(part)
        if content.lstrip().startswith(PGP):
            message.note = ENCRYPTED
            continue
        unpacked = read_tnef(content) if _is_tnef(part, name) else None
        if unpacked is not None:
            texts.append(unpacked.text)
            pages.append(unpacked.html)
            message.attachments.extend(unpacked.attachments)
            continue
        attached = _is_attached(part)
        if not attached and kind == "text/calendar":
            texts.append(calendar_text(decode(content, part.get_content_charset() or "")))
        elif not attached and kind == "text/html":
            pages.append(decode(content, part.get_content_charset() or ""))
        elif not attached and (kind.startswith("text/") or kind == "message/delivery-status"):
            texts.append(_plain_text(content, part))
        elif content:
            message.attachments.append(Attachment(name or _default_name(kind), content))
    message.text = "\n\n".join(filter(None, map(str.strip, texts)))
    message.html = "\n".join(filter(None, pages))
    if message.html and message.text and says_all(message.text, message.html):
        message.html = ""
    return message


def _inner_message(part: Mime) -> Mime | None:
    """The message inside a part, which may be encoded though that is forbidden."""
    payload = part.get_payload()
    if not isinstance(payload, list) or not payload or not isinstance(payload[0], Mime):
        return None
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    inner = payload[0]
    if encoding not in ("base64", "quoted-printable") or inner.keys():
        return inner
    inner["Content-Transfer-Encoding"] = encoding
    return email.message_from_bytes(_mended(_payload(inner)), policy=email.policy.compat32)


def _is_tnef(part: Mime, name: str) -> bool:
    """Whether Outlook has packed text and attachments into a form of its own."""
    return part.get_content_type() == "application/ms-tnef" or name.lower() == "winmail.dat"


def _leaves(mime: Mime, depth: int) -> Iterator[Mime]:
    """The pieces of a message; of two forms of the same text the plain one, if that says it all."""
    payload = mime.get_payload()
    if (
        not mime.is_multipart()
        or not isinstance(payload, list)
        or mime.get_content_type() == "message/rfc822"
    ):
        yield mime
        return
    if depth > MAX_NESTING:
        return
    parts = (part for part in payload if isinstance(part, Mime))
    leaves = (leaf for part in parts for leaf in _leaves(part, depth + 1))
    if mime.get_content_type() == "multipart/alternative":
        yield from _one_form(list(itertools.islice(leaves, MAX_PARTS)))
    else:
        yield from leaves


def _one_form(leaves: list[Mime]) -> list[Mime]:
    """The pieces of a text that is there in several forms: one form, and whatever else is among them."""
    bodies = [leaf for leaf in leaves if leaf.get_content_maintype() == "text" and not _is_attached(leaf)]
    plain = [leaf for leaf in bodies if leaf.get_content_type() == "text/plain" and _payload(leaf).strip()]
    pages = [leaf for leaf in bodies if leaf.get_content_type() == "text/html"]
    kept = plain or pages or bodies
    if plain and pages:
        text = "\n".join(_plain_text(_payload(leaf), leaf) for leaf in plain)
        page = "\n".join(decode(_payload(leaf), leaf.get_content_charset() or "") for leaf in pages)
        kept = plain if says_all(text, page) else pages
    others = {id(leaf) for leaf in bodies if leaf.get_content_type() != "text/calendar"}
    others -= {id(leaf) for leaf in kept}
    return [leaf for leaf in leaves if id(leaf) not in others]


def _is_attached(part: Mime) -> bool:
    kind = part.get_content_type()
    named = file_name(part) and kind not in ("text/plain", "text/html")
    return part.get_content_disposition() == "attachment" or bool(named)


def _payload(part: Mime) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, AssertionError, LookupError):
        content = None
    if isinstance(content, bytes):
        return content
    raw = part.get_payload()
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def _plain_text(content: bytes, part: Mime) -> str:
    text = decode(content, part.get_content_charset() or "")
    if str(part.get_param("format", "")).lower() == "flowed":
        return _unfolded(text, str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _unfolded(text: str, delete_space: bool) -> str:
    """Lines that end in a blank go on in the next one (RFC 3676)."""
    lines: list[str] = []
    open_line = False
    for line in text.replace("\r\n", "\n").split("\n"):
        body = line[1:] if line.startswith(" ") else line
        flowed = body.endswith(" ") and body != "-- "
        if open_line and lines and not body.startswith(">"):
            lines[-1] = (lines[-1][:-1] if delete_space else lines[-1]) + body
        else:
            lines.append(body)
        open_line = flowed
    return "\n".join(lines)


def _default_name(kind: str) -> str:
    suffix = {"application/pdf": ".pdf", "text/html": ".html", "text/csv": ".csv", "text/plain": ".txt"}.get(
        kind, ""
    )
    return f"attachment{suffix}"
