"""Zip safety: bombs, lies, names that lead out, locks."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DocumentError, UnreadableDocument, UnsupportedFormat
from assistant.file_reading import zip_reader as archive_module
from assistant.file_reading.zip_reader import Archive, resolve
from tests.unit.documents.formats.make_office import archive, docx, paragraph, parts_of


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", "<w:document/>")
        with file.open("word/zeros.bin", "w") as member:
            for _ in range(80):
                member.write(bytes(1 << 20))
    with pytest.raises(UnreadableDocument, match="would take") as caught:
        parts_of(path)
    assert caught.value.hint


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_MEMBERS", 5)
    path = archive(tmp_path / "many.docx", {f"word/{number}": "x" for number in range(6)})
    with pytest.raises(UnreadableDocument):
        Archive(path)


def test_a_member_that_unpacks_to_more_than_it_says_is_cut(tmp_path: Path) -> None:
    path = archive(tmp_path / "lie.zip", {"a": b"x" * 100_000})
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    opened = Archive(io.BytesIO(bytes(content)))
    with pytest.raises(UnreadableDocument):
        opened.read("a")


def test_names_are_found_whatever_their_case_and_slashes(tmp_path: Path) -> None:
    opened = Archive(archive(tmp_path / "a.zip", {"Word\\Document.XML": "x", "/abs": "y"}))
    assert opened.read("word/document.xml") == b"x"
    assert opened.read("abs") == b"y"
    assert "nothing" not in opened
    with pytest.raises(UnreadableDocument, match="missing"):
        opened.read("nothing")
    opened.close()


def test_locked_archives_say_so(tmp_path: Path) -> None:
    path = docx(tmp_path / "locked.docx", paragraph("x"))
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 1)
    path.write_bytes(bytes(content))
    opened = Archive(path)
    with pytest.raises(UnsupportedFormat, match="password"):
        opened.read("word/document.xml")
    opened.close()


@pytest.mark.parametrize(
    ("base", "target", "name"),
    [
        ("OEBPS/book.opf", "text/one.xhtml", "OEBPS/text/one.xhtml"),
        ("OEBPS/book.opf", "../two.xhtml#part", "two.xhtml"),
        ("OEBPS/book.opf", "/three.xhtml", "three.xhtml"),
        ("OEBPS/book.opf", "../../out.xhtml", ""),
        ("OEBPS/book.opf", "%2e%2e/%2e%2e/out", ""),
        ("OEBPS/book.opf", "..\\..\\out", ""),
        ("OEBPS/book.opf", "http://example.org/x", ""),
        ("a/b", "", ""),
    ],
)
def test_targets_never_leave_the_archive(base: str, target: str, name: str) -> None:
    assert resolve(base, target) == name


@given(st.text(max_size=40), st.text(st.sampled_from("./\\%2eabc#"), max_size=40))
def test_no_target_leaves_the_archive(base: str, target: str) -> None:
    name = resolve(base, target)
    assert not name.startswith("/")
    assert ".." not in name.split("/")


@given(st.data())
def test_damaged_archives_end_in_errors_for_people(data: st.DataObject) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", "<w:document>" + "text " * 50 + "</w:document>")
    content = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    try:
        opened = Archive(io.BytesIO(bytes(content[: data.draw(st.integers(0, len(content)))])))
        for name in opened.names:
            opened.read(name)
    except DocumentError:
        pass
