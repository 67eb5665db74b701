from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UnreadableDocument
from assistant.translation.files.open_file import open_file
from assistant.translation.records import Lost, NotKept
from tests.unit.translation.files.made_translations import texts, write


def _made(folder: Path, content: str) -> Path:
    path = folder / "a.json"
    path.write_bytes(content.encode())
    return path


def test_strings_said_to_people_are_translated_and_the_rest_stays(tmp_path: Path) -> None:
    text = (
        '{ "lang": "en",\n  "Save file" : "Save \\"it\\" now",\n\t"id": "The id",'
        '"url": "https://x.org/A b",\n'
        '  "list": ["Cancel", "left", "a_key", 12.50, null, "First line\\n\\nSecond line"],\n'
        '  "deep": {"type": "Big thing", "note": "caf\\u00e9 au lait"}}\n'
    )
    file = open_file(_made(tmp_path, text))
    assert file.language == "en"
    assert texts(file) == ['Save "it" now', "Cancel", "First line", "Second line", "café au lait"]
    assert file.paragraphs[0].place == "Save file"
    write(file, tmp_path / "b.json")
    assert (tmp_path / "b.json").read_bytes().decode() == (
        text.replace('"lang": "en"', '"lang": "de"').replace('Save \\"it\\" now', 'evaS \\"ti\\" won')
        .replace("Cancel", "lecnaC").replace("First line\\n\\nSecond line", "tsriF enil\\n\\ndnoceS enil")
        .replace("caf\\u00e9 au lait", "\\u00e9fac ua tial")
    )  # fmt: skip


def test_the_language_that_a_file_names_is_not_translated(tmp_path: Path) -> None:
    file = open_file(_made(tmp_path, '{"lang": "En", "a": "A word"}'))
    assert texts(file) == ["A word"]
    write(file, tmp_path / "b.json")
    assert (tmp_path / "b.json").read_text() == '{"lang": "de", "a": "A drow"}'


def test_messages_with_sentences_inside_are_left_and_listed(tmp_path: Path) -> None:
    file = open_file(
        _made(tmp_path, '{"n": "{count, plural, one {One file} other {# files}}", "a": "A word"}')
    )
    assert texts(file) == ["A word"]
    assert file.lost == (Lost(NotKept.PART_UNREADABLE, "n"),)


@pytest.mark.parametrize(("text", "reason"), [("{", "json-damaged"), ("[" * 200_000, "nested-too-deeply")])
def test_what_is_damaged_says_so(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as told:
        open_file(_made(tmp_path, text))
    assert told.value.reason == reason
