"""Files inside other documents (mails, PDFs), read like documents of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path, PurePosixPath

from assistant.documents.formats.detection import SUFFIXES
from assistant.documents.formats.open_document import open_document
from assistant.documents.formats.shared.temp_folder import temp_folder
from assistant.documents.records import Outcome, Section
from assistant.errors import UnreadableDocument, UnsupportedFormat

MAX_ATTACHMENT_BYTES = 64 << 20
"""A larger one is not read."""
MAX_CHARACTERS = 3_000_000
"""What is read of one attachment."""
MAX_DEPTH = 3
"""Attachments of attachments of documents."""

_UNREAD_SUFFIXES = frozenset(
    {
        ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".ico", ".emf", ".wmf",
        ".mp3", ".mp4", ".wav", ".ogg", ".m4a", ".avi", ".mov", ".exe", ".dll", ".p7s", ".asc", ".sig",
        ".ttf", ".woff", ".icc",
    }
)  # fmt: skip
_depth: ContextVar[int] = ContextVar("depth", default=0)


def worth_reading(name: str, content: bytes) -> bool:
    """Whether a file may hold text, by its name and size."""
    suffix = PurePosixPath(name.lower()).suffix
    return suffix not in _UNREAD_SUFFIXES and 0 < len(content) <= MAX_ATTACHMENT_BYTES


@contextmanager
def attachment_file(name: str, content: bytes) -> Iterator[Path]:
    """A file of its own for as long as the attachment is read, under a name of ours."""
    suffix = PurePosixPath(name.lower()).suffix
    with temp_folder() as folder:
        path = folder / f"attachment{suffix if suffix in SUFFIXES else ''}"
        path.write_bytes(content)
        yield path


def attachment_sections(name: str, content: bytes) -> list[Section]:
    """All of an attachment, with its places in the document that holds it.

    Raises UnsupportedFormat, UnreadableDocument or PasswordRequired.
    """
    if _depth.get() >= MAX_DEPTH or not worth_reading(name, content):
        raise UnsupportedFormat("format-unknown")
    token = _depth.set(_depth.get() + 1)
    try:
        with attachment_file(name, content) as path:
            document = open_document(path)
            try:
                found: list[Section] = []
                size = 0
                for part in document.parts():
                    if part.outcome is Outcome.FAILED and part.problem is not None and not found:
                        raise UnreadableDocument(part.problem.reason, **part.problem.details)
                    found.extend(moved(section, (), name) for section in part.sections)
                    size += sum(len(section.text) for section in part.sections)
                    if size > MAX_CHARACTERS:
                        break
                return found
            finally:
                document.close()
    finally:
        _depth.reset(token)


def moved(section: Section, above: tuple[str, ...], name: str) -> Section:
    """A section of an attachment with its place in what holds it; a page of it is no page of that."""
    location = f"attachment {name}, {section.location}" if section.location else f"attachment {name}"
    return Section(section.text, None, location, (*above, name, *section.heading), section.table)
