"""Which module reads a file: its content decides, then its name; what is no document is told apart."""

from __future__ import annotations

import importlib
import os
import time
import zipfile
from pathlib import Path

import pytest

from assistant.documents.formats.detection import SUFFIXES, Family, family_of
from assistant.documents.formats.open_document import READERS, open_document
from assistant.errors import (
    AccessDenied,
    DocumentError,
    DocumentGone,
    UnreadableDocument,
    UnsupportedFormat,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + b"\0" * 200


def zipped(path: Path, *members: str, first: bytes = b"") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for member in members:
            archive.writestr(member, b"<x/>")
    return path


@pytest.mark.parametrize(
    ("name", "content", "family"),
    [
        ("report.pdf", b"%PDF-1.7\n", Family.PDF),
        ("no-name", b"%PDF-1.7\n", Family.PDF),
        ("wrong.txt", b"%PDF-1.7\n", Family.PDF),
        ("late.pdf", b"junk before\n%PDF-1.4\n", Family.PDF),
        ("about.txt", b"A file that begins with %PDF- is a PDF.", Family.TEXT),
        ("letter.doc", ole("WordDocument"), Family.LEGACY_OFFICE),
        ("mail.msg", ole("__properties_version1.0"), Family.MAIL),
        ("letter.doc", b"{\\rtf1 hello}", Family.RTF),
        ("letter.rtf", b"{\\rtf1 hello}", Family.RTF),
        ("page.html", b"<p>hello", Family.HTML),
        ("page", b"<!-- made by hand --> <!DOCTYPE html><p>hello", Family.HTML),
        ("page", "\ufeff<html>".encode("utf-16-le"), Family.HTML),
        ("message", b"From: a@b.c\r\nTo: d@e.f\r\nSubject: hello\r\n\r\nhello", Family.MAIL),
        ("box", b"From a@b.c Mon Jan 1 00:00:00 2020\nFrom: a@b.c\n\nhello", Family.MAIL),
        ("message.eml", b"hello", Family.MAIL),
        ("notes.md", b"# hello", Family.MARKUP),
        ("table.csv", b"a,b\n1,2\n", Family.CSV),
        ("data.json", b"{}", Family.JSON),
        ("program.py", b"print('hello')\n", Family.TEXT),
        ("no-name", b"plain words", Family.TEXT),
        ("no-name", "plain words".encode("utf-16-le") * 9, Family.TEXT),
        ("no-name", "plain words".encode("utf-32-be") * 9, Family.TEXT),
        ("no-name", "日本語のテキスト".encode("shift-jis"), Family.TEXT),
    ],
)
def test_family(tmp_path: Path, name: str, content: bytes, family: Family) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert family_of(path) is family


@pytest.mark.parametrize(
    ("members", "first", "family"),
    [
        (["[Content_Types].xml", "word/document.xml"], b"", Family.WORD),
        (["[Content_Types].xml", "ppt/presentation.xml"], b"", Family.PRESENTATION),
        (["[Content_Types].xml", "xl/workbook.xml"], b"", Family.WORKBOOK),
        (["content.xml"], b"application/vnd.oasis.opendocument.text", Family.OPENDOCUMENT),
        (["META-INF/container.xml"], b"application/epub+zip", Family.EPUB),
        (["META-INF/container.xml"], b"", Family.EPUB),
    ],
)
def test_family_of_a_package(tmp_path: Path, members: list[str], first: bytes, family: Family) -> None:
    assert family_of(zipped(tmp_path / "package", *members, first=first)) is family


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0\1\2\3" * 100, UnreadableDocument),
        ("program.exe", b"MZ" + bytes(range(256)) * 4, UnsupportedFormat),
        ("empty.txt", b"", UnreadableDocument),
        ("letter.docx", b"not a package", UnreadableDocument),
        ("letter.docx", b"PK\x03\x04 and then nothing", UnreadableDocument),
        ("report.pdf", b"not a pdf", UnreadableDocument),
        ("locked.docx", ole("EncryptedPackage"), DocumentError),
        ("database.mdb", OLE, UnsupportedFormat),
    ],
)
def test_what_cannot_be_read_is_told_why(
    tmp_path: Path, name: str, content: bytes, error: type[DocumentError]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error) as raised:
        open_document(path)
    assert raised.value.message.endswith(".")
    assert raised.value.hint


def test_an_archive_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormat):
        open_document(zipped(tmp_path / "files.zip", "a.txt", "b.txt"))


def test_what_is_not_there_is_gone(tmp_path: Path) -> None:
    with pytest.raises(DocumentGone):
        open_document(tmp_path / "nowhere.txt")
    with pytest.raises(DocumentGone):
        open_document(Path("a\0b.txt"))


def test_folders_and_pipes_are_not_opened(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormat):
        open_document(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.txt")
        with pytest.raises(UnsupportedFormat):
            open_document(tmp_path / "pipe.txt")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_forbidden_file_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("secret")
    path.chmod(0)
    with pytest.raises(AccessDenied):
        open_document(path)


def test_looking_inside_takes_no_time_whatever_is_there(tmp_path: Path) -> None:
    path = tmp_path / "comments"
    for content in (b"<!---->" * 2000, b"<!--" * 3000, b"X-A: b\r\n " * 1500, b" " * 9000):
        path.write_bytes(content)
        begun = time.perf_counter()
        assert family_of(path) in (Family.TEXT, Family.MAIL, Family.HTML)
        assert time.perf_counter() - begun < 2


def test_a_folder_scan_takes_what_the_manual_promises() -> None:
    promised = (
        "pdf docx pptx xlsx odt ods odp epub html md txt rst csv tsv rtf eml msg mbox json py doc xls ppt"
    )
    assert {f".{suffix}" for suffix in promised.split()} <= SUFFIXES


def test_every_family_has_a_reader() -> None:
    assert READERS.keys() == set(Family)
    for module in READERS.values():
        assert callable(importlib.import_module(f"assistant.documents.formats.{module}").open)


def test_folders_give_pictures_of_paper_and_screens() -> None:
    assert {".png", ".jpg", ".tiff"} <= SUFFIXES
    assert not {".gif", ".webp", ".heic"} & SUFFIXES
