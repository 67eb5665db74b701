from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from assistant.errors import DocumentError, DocumentGone, UnreadableDocument, UnsupportedFormat
from assistant.translation.files.open_file import open_file


@pytest.mark.parametrize(
    ("name", "content", "kind", "reason"),
    [
        ("a.xyz", b"\0\1\2", UnsupportedFormat, "translate-format-unknown"),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            UnsupportedFormat,
            "translate-old-office",
        ),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            UnsupportedFormat,
            "translate-locked",
        ),
        ("a.rtf", b"{\\rtf1 }", UnsupportedFormat, "translate-old-office"),
        ("a.pdf", b"%PDF-1.7", UnsupportedFormat, "translate-pdf-sections"),
        ("a.odt", b"not a zip", UnreadableDocument, "not-what-its-name-says"),
        ("a.odt", b"PK\x03\x04 broken", UnreadableDocument, "archive-damaged"),
        ("a.txt", b"", UnreadableDocument, "file-empty"),
    ],
)
def test_what_cannot_be_translated_says_why(
    tmp_path: Path, name: str, content: bytes, kind: type[DocumentError], reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(kind) as told:
        open_file(path)
    assert told.value.reason == reason


def test_an_archive_that_is_no_document_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(UnsupportedFormat) as told:
        open_file(tmp_path / "a.zip")
    assert told.value.reason == "archive-not-document"


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentGone):
        open_file(tmp_path / "none.txt")
    with pytest.raises(UnsupportedFormat):
        open_file(tmp_path)
