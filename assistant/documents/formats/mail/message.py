"""What a mail says, whatever file it came in: header lines, body, and attachments read like documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from assistant.documents.formats.attachments import attachment_file, worth_reading
from assistant.documents.formats.detection import Family, family_of
from assistant.documents.formats.html_page import html_sections
from assistant.documents.formats.open_document import Document, open_document
from assistant.documents.formats.shared.embedded_pictures import EmbeddedPicture, may_hold_text
from assistant.documents.formats.shared.inline_text import STRUCK_BEGINS
from assistant.documents.formats.shared.pagination import empty_part, read_part
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.text_cleaning import one_line, plain, shortened
from assistant.documents.records import Part, Section
from assistant.errors import AssistantError
from assistant.file_reading.file_head import image_kind
from assistant.file_reading.picture import Picture

MAX_DEPTH = 4
"""Mails in mails, and documents in those."""
MAX_ATTACHMENTS = 100
"""Attachments of one mail that are read."""
MAX_CHARACTERS = 3_000_000
"""What is read of all attachments of one mail together."""

_COMPARED_CHARACTERS = 400_000
"""Of the HTML of a mail that is compared with its plain text."""
_LEAST_SAID = 0.7
"""The share of the words of the HTML that a plain text has which can take its place."""
_WORD = re.compile(r"\w*\d[\w.,-]*|\w{4,}|[\u3040-\u9fff]")
_ADDRESS = re.compile(r"\S*(?:://|@)\S*")

ENCRYPTED = "mail-encrypted"
PGP = b"-----BEGIN PGP MESSAGE-----"


@dataclass(slots=True)
class Attachment:
    name: str
    content: bytes
    message: MailMessage | None = None
    """A mail inside this one, already taken apart."""


@dataclass(slots=True)
class MailMessage:
    headers: list[tuple[str, str]] = field(default_factory=list)
    """From, To, Cc, Date, Subject as far as they are there, decoded."""
    subject: str = ""
    text: str = ""
    html: str = ""
    """Read after the plain text, if there is both."""
    attachments: list[Attachment] = field(default_factory=list)
    note: str = ""
    """Why there is nothing to read, e.g. because the mail is encrypted."""


def says_all(text: str, page: str) -> bool:
    """Whether a mail's plain text says what its HTML says, and not only that it is elsewhere."""
    shown = " ".join(section.text for section in html_sections(page[:_COMPARED_CHARACTERS], titled=False))
    words = _words(_ADDRESS.sub(" ", shown))
    if not words:
        return True
    # Plain text loses what is raised or struck out, and where links lead.
    lost = STRUCK_BEGINS in shown or ("://" in shown and "://" not in text)
    found = words & _words(text)
    missing = any(any(map(str.isdigit, word)) for word in words - found)
    return not lost and not missing and len(found) >= _LEAST_SAID * len(words)


def _words(text: str) -> set[str]:
    return {word.rstrip(".,-") for word in _WORD.findall(text.casefold())}


def body_sections(
    message: MailMessage, place: str = "message", above: tuple[str, ...] = ()
) -> Iterator[Section]:
    """Header lines and body."""
    heading = (*above, message.subject) if message.subject else above
    build = SectionBuilder(place, above=heading)
    for name, value in message.headers:
        build.line(f"{name}: {value}")
    for paragraph in _paragraphs(message.text):
        build.paragraph(paragraph)
    if message.html.strip():
        yield from _joined(build, html_sections(message.html, place, above=heading, titled=False))
        return
    yield from build.finish()


def _joined(build: SectionBuilder, sections: list[Section]) -> Iterator[Section]:
    """Header lines and the sections of an HTML body."""
    if sections and not sections[0].table and len(sections[0].text) < 4_000:
        first = sections.pop(0)
        build.paragraph(first.text)
    yield from build.finish()
    yield from sections


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs of a mail: lines that were broken at 70 to 80 letters stay as they are."""
    held: list[str] = []
    for line in plain(text).split("\n"):
        if line.strip():
            held.append(line)
        elif held:
            yield "\n".join(held)
            held = []
    if held:
        yield "\n".join(held)


@dataclass(frozen=True, eq=False, slots=True)
class AttachedPart:
    """A part of an attachment, or why that cannot be read."""

    name: str
    """Of the attachment."""
    part: Part | Exception
    pictures: tuple[EmbeddedPicture, ...] = ()
    """Those of the part that may hold text."""


NestedParts = Callable[[Path, int], Iterator[Part]]


class OpenAttachment:
    """The attached document whose pictures are asked for: it stays open for its next one."""

    def __init__(self) -> None:
        self._attachment: Attachment | None = None
        self._document: Document | None = None
        self._open = ExitStack()

    def picture(self, attachment: Attachment, part: int, number: int) -> Picture:
        """A picture of it, as one of its parts names it. Raises DocumentError."""
        if self._document is None or attachment is not self._attachment:
            self.close()
            path = self._open.enter_context(attachment_file(attachment.name, attachment.content))
            document = open_document(path)
            self._open.callback(document.close)
            self._attachment, self._document = attachment, document
        picture: Picture = self._document.picture(part, number)  # type: ignore[attr-defined]  # it named it
        return picture

    def close(self) -> None:
        self._attachment = self._document = None
        self._open.close()


def attachment_parts(
    message: MailMessage, nested_parts: NestedParts, opened: OpenAttachment, depth: int = 0
) -> Iterator[AttachedPart]:
    """The parts of the attachments; of pictures, those that may hold text.

    Args:
        nested_parts: opens a mail that is attached as a file, at a depth.
        opened: gives the pictures of attached documents.
    """
    for attachment in message.attachments[:MAX_ATTACHMENTS]:
        name = shortened(one_line(attachment.name) or "attachment", 120)
        if depth >= MAX_DEPTH:
            continue
        try:
            if attachment.message is not None:
                yield from _message_parts(name, attachment.message, nested_parts, opened, depth)
            elif image_kind(attachment.content[:32]):
                if may_hold_text(attachment.content):
                    yield AttachedPart(name, empty_part(1, "", "page-is-picture"), (_picture(attachment),))
            elif worth_reading(attachment.name, attachment.content):
                for part in _document_parts(attachment, nested_parts, depth):
                    shows = [
                        partial(opened.picture, attachment, part.number, one.number) for one in part.pictures
                    ]
                    yield AttachedPart(name, part, tuple(map(EmbeddedPicture, shows)))
        except (AssistantError, OSError) as error:
            yield AttachedPart(name, error)


def _picture(attachment: Attachment) -> EmbeddedPicture:
    return replace(EmbeddedPicture.of_file(lambda: attachment.content), judged=True)


def _message_parts(
    name: str, message: MailMessage, nested_parts: NestedParts, opened: OpenAttachment, depth: int
) -> Iterator[AttachedPart]:
    empty = message.note or "message-without-text"
    yield AttachedPart(name, read_part(1, name, lambda: body_sections(message, "message"), empty))
    for inner in attachment_parts(message, nested_parts, opened, depth + 1):
        yield replace(inner, name=f"{name}, {inner.name}")


def _document_parts(attachment: Attachment, nested_parts: NestedParts, depth: int) -> Iterator[Part]:
    """An attachment as a document."""
    with attachment_file(attachment.name, attachment.content) as path:
        if family_of(path) is Family.MAIL:
            yield from nested_parts(path, depth + 1)
            return
        document = open_document(path)
        try:
            size = 0
            for part in document.parts():
                yield part
                size += sum(len(section.text) for section in part.sections)
                if size > MAX_CHARACTERS:
                    return
        finally:
            document.close()
