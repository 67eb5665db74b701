from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UnreadableDocument
from assistant.translation.files.open_file import open_file
from assistant.translation.records import Layout, TranslatedParagraph
from tests.unit.translation.files.made_translations import texts, turned, unchanged, write


def _made(folder: Path, content: bytes) -> Path:
    path = folder / "a.txt"
    path.write_bytes(content)
    return path


def test_each_line_is_a_paragraph_and_the_rest_stays(tmp_path: Path) -> None:
    path = _made(tmp_path, b"\r\n  One line.\r\n\r\n- An item\r\n12 345\r\n-----\r\nLast\t\r\n")
    file = open_file(path)
    assert texts(file) == ["One line.", "- An item", "Last"]
    write(file, tmp_path / "b.txt")
    assert (tmp_path / "b.txt").read_bytes() == (
        b"\r\n  enO enil.\r\n\r\n- nA meti\r\n12 345\r\n-----\r\ntsaL\t\r\n"
    )


def test_lines_broken_to_a_width_are_one_paragraph_and_broken_again(tmp_path: Path) -> None:
    wrapped = (
        "    The quick brown fox jumps over the lazy dog while\n"
        "    the slow green turtle watches from the far side of\n"
        "    the river.\n"
    )
    path = _made(tmp_path, wrapped.encode())
    file = open_file(path)
    assert len(file.paragraphs) == 1
    assert "\n" not in file.paragraphs[0].text
    long = TranslatedParagraph(file.paragraphs[0].text, "word " * 30 + "end", "en")
    file.write(tmp_path / "b.txt", [long], "de", Layout.TRANSLATION)
    lines = (tmp_path / "b.txt").read_text().splitlines()
    assert len(lines) == 4
    assert all(line.startswith("    ") and len(line) <= 54 for line in lines)
    write(file, tmp_path / "c.txt", translate=unchanged)
    assert (tmp_path / "c.txt").read_text() == wrapped


def test_below_stands_the_translation_in_the_same_form(tmp_path: Path) -> None:
    write(open_file(_made(tmp_path, b"  One\n\nTwo\n")), tmp_path / "b.txt", layout=Layout.BELOW)
    assert (tmp_path / "b.txt").read_text() == "  One\n  enO\n\nTwo\nowT\n"


def test_the_encoding_stays_while_it_can_hold_the_translation(tmp_path: Path) -> None:
    file = open_file(_made(tmp_path, "Grüße aus der schönen Stadt Köln\n".encode("cp1252")))
    file.write(tmp_path / "b.txt", [TranslatedParagraph("", "Été à Köln", "de")], "fr", Layout.TRANSLATION)
    assert (tmp_path / "b.txt").read_bytes() == "Été à Köln\n".encode("cp1252")
    file.write(tmp_path / "b.txt", [TranslatedParagraph("", "Привет", "de")], "ru", Layout.TRANSLATION)
    assert (tmp_path / "b.txt").read_bytes() == "Привет\n".encode()


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    file = open_file(_made(tmp_path, b"\xfe\xff" + "One".encode("utf-16-be")))
    assert texts(file) == ["One"]
    file.write(tmp_path / "b.txt", [turned(file.paragraphs[0])], "de", Layout.TRANSLATION)
    assert (tmp_path / "b.txt").read_bytes() == b"\xfe\xff" + "enO".encode("utf-16-be")


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as told:
        open_file(_made(tmp_path, bytes(range(32)) * 300))
    assert told.value.reason == "not-text"


def test_a_long_file_goes_out_in_the_encoding_that_it_was_read_in(tmp_path: Path) -> None:
    content = "Größe\n".encode("cp1252") * 3 + b"plain words\n" * 30_000 + "Größe\n".encode() * 100
    write(open_file(_made(tmp_path, content)), tmp_path / "b.txt", translate=unchanged)
    assert (tmp_path / "b.txt").read_bytes() == content
