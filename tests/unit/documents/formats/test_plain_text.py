"""Plain text and source code: lines as places, definitions as headings, bounded memory."""

from __future__ import annotations

import itertools
import tracemalloc
from pathlib import Path

import pytest

from assistant.documents.formats.open_document import open_document
from assistant.documents.formats.shared.text_cleaning import flowing, lines, one_line, plain, shortened
from assistant.documents.records import Outcome
from assistant.errors import UnreadableDocument
from tests.unit.documents.formats.make_office import parts_of, sections_of


def test_lines_are_the_place(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("\n\nfirst\n  indented\n\nlast   \n\n")
    opened, (part,) = parts_of(path)
    (section,) = part.sections
    assert (opened.kind, opened.unit, opened.parts) == ("text", "part", None)
    assert section.text == "first\n  indented\n\nlast"
    assert (section.location, section.page) == ("lines 3–6", None)
    assert part.label == "lines 3–6"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_count(tmp_path: Path, end: str) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(end.join(f"line {number}" for number in range(1, 501)).encode())
    sections = sections_of(path)
    assert sections[0].text.startswith("line 1\nline 2\n")
    assert sections[-1].location.endswith("–500")
    assert "\n".join(section.text for section in sections).split("\n") == [f"line {n}" for n in range(1, 501)]


def test_parts_go_on_where_one_stopped(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("\n".join(f"line {number}" for number in range(1, 2001)))
    _, parts = parts_of(path)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert len(parts) >= 10
    document = open_document(path)
    assert [part.label for part in document.parts(5)] == [part.label for part in parts[4:]]


def test_definitions_are_headings_of_source_code(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    body = "".join(f"        value = {number}\n" for number in range(40))
    path.write_text(
        f"import os\n\nclass Store:\n    def read(self):\n{body}\n    def write(self):\n{body}\n"
        "def main():\n    pass\n"
    )
    headings = [section.heading for section in sections_of(path)]
    assert headings[0] == ()
    assert ("Store",) in headings
    assert ("Store", "write") in headings
    assert headings[-1] == ("main",)


def test_headings_of_asciidoc(tmp_path: Path) -> None:
    path = tmp_path / "guide.adoc"
    path.write_text("= Guide\n\nIntro.\n\n== Oil\n\nChange it.\n")
    assert [section.heading for section in sections_of(path)] == [("Guide",), ("Guide", "Oil")]


def test_a_line_without_end_is_read_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    path.write_text("word " * 20_000)
    sections = sections_of(path)
    assert sum(section.text.count("word") for section in sections) == 20_000
    assert max(len(section.text) for section in sections) < 10_000
    assert {section.location for section in sections} == {"line 1"}


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("w") as file:
        for _ in range(40):
            file.write("a line with some words to fill it\n" * 8_000)
    assert path.stat().st_size > 10_000_000
    document = open_document(path)
    tracemalloc.start()
    count = sum(1 for _ in itertools.islice(document.parts(), 300))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 300
    assert peak < 9_000_000


def test_blank_files_are_empty_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "blank.txt"
    path.write_text(" \n\n\t\n")
    _, (part,) = parts_of(path)
    assert part.outcome is Outcome.EMPTY
    assert part.reason


def test_rubbish_named_text_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "rubbish.txt"
    path.write_bytes(bytes(range(256)) * 10)
    with pytest.raises(UnreadableDocument):
        parts_of(path)


def test_a_file_that_vanishes_between_parts_fails_one_part(tmp_path: Path) -> None:
    path = tmp_path / "gone.txt"
    path.write_text("words\n" * 100)
    document = open_document(path)
    path.unlink()
    (part,) = document.parts()
    assert part.outcome is Outcome.FAILED
    assert part.problem is not None
    assert part.problem.reason == "file-gone"


def test_cleaning() -> None:
    assert plain("e\u0301 a\u00adb\u200b\ufeff\x07 \ud800") == "é ab \ufffd"
    assert plain("क्ष\u200da") == "क्ष\u200da"
    assert flowing("  a \t b\u00a0c \n\n\n\n d ") == "a b c\n\nd"
    assert one_line(" a\r\n b\u2028c ") == "a b c"
    assert lines("\n\n  code  \n\tmore \n\n") == "  code\n\tmore"
    assert shortened("abcdef", 4) == "abc…"
    plain("\ud83d").encode()
