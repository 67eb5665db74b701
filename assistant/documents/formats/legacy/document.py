"""Office files of before 2007 (.doc, .xls, .ppt): converted to the format of today, or else read plainly."""

from __future__ import annotations

import contextlib
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import olefile

from assistant.documents.formats.legacy import doc, libreoffice, ppt, xls
from assistant.documents.formats.legacy.conversion import in_todays_format
from assistant.documents.formats.office.encryption import open_package, unlocked_legacy
from assistant.documents.formats.shared.temp_folder import temp_folder
from assistant.errors import PasswordRequired, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.file_head import OLE_SIGNATURE

if TYPE_CHECKING:
    from assistant.documents.formats.open_document import Document

MAX_BYTES = 256 << 20
"""A larger file is refused: it is in memory as a whole."""
_LIBREOFFICE_MAY_HELP = {
    "legacy-word-damaged": "legacy-word-damaged-without-libreoffice",
    "legacy-word-no-text": "legacy-word-no-text-without-libreoffice",
    "legacy-presentation-damaged": "legacy-presentation-damaged-without-libreoffice",
    "legacy-workbook-damaged": "legacy-workbook-damaged-without-libreoffice",
}
"""From what our readers say to what is said where LibreOffice is not installed."""
_TARGETS = {"word": "docx", "excel": "xlsx", "powerpoint": "pptx"}
"""The format of today for each kind."""
MOST_LOST = 0.02
"""The share of the words of a file that may be missing once it is converted: hidden text, for one."""
_WORD = re.compile(r"[^\W\d_]+")
_KINDS = {"word": "doc", "excel": "xls", "powerpoint": "ppt"}
_LOCKED = {
    "word": "legacy-word-locked",
    "excel": "legacy-workbook-locked",
    "powerpoint": "legacy-presentation-locked",
}
_PLAIN_READERS: dict[str, Callable[[Path], Document]] = {
    "word": doc.open_word_document,
    "excel": xls.open_workbook,
    "powerpoint": ppt.open_presentation,
}


def open(path: Path, password: str | None) -> Document:
    """The document at `path`. Raises UnreadableDocument, UnsupportedFormat or PasswordRequired."""
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableDocument("legacy-office-too-large", size=path.stat().st_size)
    kind = _kind(path)
    content = unlocked_legacy(path, password, _LOCKED[kind])
    if content is None:
        try:
            return _open(path, kind)
        except PasswordRequired as error:
            if password is None:
                raise
            raise UnsupportedFormat("office-lock-unknown") from error  # asking again would not help
    with temp_folder() as folder:  # its readers have all of it in memory
        copy = folder / path.name
        copy.write_bytes(content)
        return _open(copy, kind)


def _open(path: Path, kind: str) -> Document:
    """A document that is not locked, from the first reader that can make something of it."""
    converted = _whole(path, kind)
    if converted is not None:
        return converted
    if kind == "excel":
        with contextlib.suppress(UnreadableDocument):
            return xls.open_workbook(path)
    office = libreoffice.find_office()
    content = libreoffice.converted(office, path, _TARGETS[kind]) if office is not None else None
    if content is not None:
        return _of_today(content, path, kind)
    try:
        return _PLAIN_READERS[kind](path)
    except UnreadableDocument as error:
        if office is None and error.reason in _LIBREOFFICE_MAY_HELP:
            raise UnreadableDocument(_LIBREOFFICE_MAY_HELP[error.reason]) from error
        raise


def _whole(path: Path, kind: str) -> Document | None:
    """The document in the format of today; None where that cannot be made, or loses text."""
    content = in_todays_format(path, kind)
    if content is None:
        return None
    document = _of_today(content, path, kind)
    try:
        plain, headings = _said(_PLAIN_READERS[kind](path))
    except UnreadableDocument:
        return document
    now, headings_now = _said(document)
    lost = sum((plain - now).values())
    return document if lost <= MOST_LOST * sum(plain.values()) and headings <= headings_now else None


def _of_today(content: bytes, path: Path, kind: str) -> Document:
    document = open_package(io.BytesIO(content), path)
    document.opened = replace(document.opened, kind=_KINDS[kind])
    return document


def _said(document: Document) -> tuple[Counter[str], bool]:
    """The words of a document, and whether it has headings."""
    sections = [section for part in document.parts() for section in part.sections]
    words = Counter(word for section in sections for word in _WORD.findall(section.text))
    return words, any(section.heading for section in sections)


def _kind(path: Path) -> str:
    """word, excel or powerpoint, by what is in the file."""
    with path.open("rb") as file:
        head = file.read(8)
    if head != OLE_SIGNATURE:
        return "excel"
    try:
        with olefile.OleFileIO(str(path)) as ole:
            names = {name[0].lower() for name in ole.listdir()}
    except Exception as error:  # olefile raises whatever a damaged directory leads it to
        raise UnreadableDocument("archive-damaged") from error
    for name, kind in (
        ("worddocument", "word"),
        ("powerpoint document", "powerpoint"),
        ("workbook", "excel"),
        ("book", "excel"),
    ):
        if name in names:
            return kind
    raise UnsupportedFormat("compound-file-unknown")
