"""Opens a file of any format that can be translated: its name says which, and its content where that cannot.

What reads a format is imported only when a file of it comes.
"""

from __future__ import annotations

import importlib
from contextlib import closing
from pathlib import Path
from typing import Protocol, cast

from assistant.errors import AssistantError, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.file_head import OLE_SIGNATURE, ZIP_SIGNATURES, head_and_size
from assistant.file_reading.zip_reader import Archive
from assistant.translation.files.translatable_file import TranslatableFile

MODULES = {
    "plain_text": "txt text",
    "markdown": "md markdown",
    "html_page": "html htm xhtml",
    "subtitles": "srt vtt",
    "epub": "epub",
    "odf": "odt ott odp otp ods ots",
    "csv_table": "csv tsv tab",
    "po": "po pot",
    "json_strings": "json",
    "office.docx": "docx docm dotx dotm",
    "office.pptx": "pptx pptm potx potm ppsx ppsm",
    "office.xlsx": "xlsx xlsm xltx xltm",
}
"""What reads which suffixes."""
_MODULE_OF_SUFFIX = {f".{suffix}": module for module, names in MODULES.items() for suffix in names.split()}

SUFFIXES: frozenset[str] = frozenset(_MODULE_OF_SUFFIX)
"""Lower-case, with their dot: what can be translated and written again."""

_OLD_OFFICE = frozenset({".doc", ".dot", ".xls", ".xlt", ".ppt", ".pps", ".rtf"})
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_ARCHIVED = frozenset({"epub", "odf", "office.docx", "office.pptx", "office.xlsx"})
"""Formats whose files are archives."""
_MAIN_MEMBERS = (
    ("word/", "office.docx"),
    ("ppt/", "office.pptx"),
    ("xl/", "office.xlsx"),
    ("meta-inf/container.xml", "epub"),
    ("content.xml", "odf"),
)


class _Format(Protocol):
    def open(self, path: Path) -> TranslatableFile: ...


def open_file(path: Path) -> TranslatableFile:
    """
    Raises:
        UnsupportedFormat: files of its kind cannot be translated; the reason says why.
        UnreadableDocument: it is damaged, or made to exhaust the computer.
        DocumentGone, AccessDenied: it is not there, or not for this person.
    """
    name = _module_of(path)
    module = cast(_Format, importlib.import_module(f"assistant.translation.files.{name}"))
    try:
        return module.open(path)
    except AssistantError:
        raise
    except RecursionError as error:
        raise UnreadableDocument("nested-too-deeply") from error
    except OSError as error:
        raise UnreadableDocument("file-read-error", why=error.strerror or str(error)) from error


def _module_of(path: Path) -> str:
    head, _ = head_and_size(path)
    suffix = path.suffix.lower()
    named = _MODULE_OF_SUFFIX.get(suffix, "")
    if not head:
        raise UnreadableDocument("file-empty")
    if head.startswith(OLE_SIGNATURE):
        if _LOCKED in path.read_bytes():
            raise UnsupportedFormat("translate-locked")
        raise UnsupportedFormat("translate-old-office")
    if suffix in _OLD_OFFICE or head.lstrip().startswith(b"{\\rtf"):
        raise UnsupportedFormat("translate-old-office")
    if head.startswith(b"%PDF-"):
        raise UnsupportedFormat("translate-pdf-sections")
    if head.startswith(ZIP_SIGNATURES):
        found = _module_of_archive(path, named)
        if named not in ("", found):
            raise UnreadableDocument("not-what-its-name-says", format=suffix[1:].upper())
        return found
    if named in _ARCHIVED:
        raise UnreadableDocument("not-what-its-name-says", format=suffix[1:].upper())
    if named:
        return named
    bare = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:100].lower()
    if bare.startswith((b"<!doctype html", b"<html")):
        return "html_page"
    raise UnsupportedFormat("translate-format-unknown")


def _module_of_archive(path: Path, named: str) -> str:
    with closing(Archive(path)) as archive:
        names = [name.lower().lstrip("/") for name in archive.names]
    for member, module in _MAIN_MEMBERS:
        if any(name.startswith(member) for name in names):
            return module
    if any(name.endswith(".opf") for name in names):
        return "epub"
    if named.startswith("office.") and "[content_types].xml" in names:
        return named  # its parts may have any names
    raise UnsupportedFormat("archive-not-document")
