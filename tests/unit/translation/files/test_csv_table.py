from __future__ import annotations

from pathlib import Path

import pytest

from assistant.translation.files.open_file import open_file
from assistant.translation.files.readable import has_words
from assistant.translation.records import Layout, TranslatedParagraph
from tests.unit.translation.files.made_translations import texts, write


def _made(folder: Path, content: str, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode())
    return path


def test_cells_with_words_are_translated_and_the_rest_stays(tmp_path: Path) -> None:
    text = (
        'id;Name;"Long; name";Price\r\n1;Red shoe;"Say ""yes""";12,50\r\n;;;\r\n'
        "A-17;http://x.org;me@x.org;=SUM(A1)\r\n2020-01-01T10:00;item_code;EUR;true story\r\n"
    )
    file = open_file(_made(tmp_path, text))
    assert texts(file) == ["id", "Name", "Long; name", "Price", "Red shoe", 'Say "yes"', "true story"]
    assert file.paragraphs[4].place == "row 2"
    write(file, tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_bytes().decode() == (
        text.replace("id;Name;", "di;emaN;").replace("Long; name", "gnoL; eman").replace("Price", "ecirP")
        .replace("Red shoe", "deR eohs").replace('Say ""yes""', 'yaS ""sey""')
        .replace("true story", "eurt yrots")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("An, old\tTwo\nOne\tTwo, three\n", "a.tsv", ["An, old", "Two", "One", "Two, three"]),
        ("sep=|\nOne|Two\n", "a.csv", ["One", "Two"]),
        ("One\nTwo, three\nFour\n", "a.csv", ["One", "Two", "three", "Four"]),
    ],
)
def test_the_sign_between_cells_is_found(tmp_path: Path, text: str, name: str, found: list[str]) -> None:
    assert texts(open_file(_made(tmp_path, text, name))) == found


def test_a_cell_is_quoted_where_its_translation_needs_it(tmp_path: Path) -> None:
    file = open_file(_made(tmp_path, "One,Two\n"))
    said = [TranslatedParagraph("", 'eins, "1"', "en"), TranslatedParagraph("", "zwei", "en")]
    file.write(tmp_path / "b.csv", said, "de", Layout.TRANSLATION)
    assert (tmp_path / "b.csv").read_text() == '"eins, ""1""",zwei\n'
    file.write(tmp_path / "b.csv", said, "de", Layout.BELOW)
    assert (tmp_path / "b.csv").read_text() == '"One\neins, ""1""","Two\nzwei"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Year", True), ("New York", True), ("日本語", True), ("well-known", False), ("USA", False),
        ("12 km", True), ("x", False), ("a.b.c", False), ("camelCase", False), ("C:\\temp\\x.txt", False),
        ("12.5", False),
    ],
)  # fmt: skip
def test_which_cells_hold_words(text: str, words: bool) -> None:
    assert has_words(text) is words
