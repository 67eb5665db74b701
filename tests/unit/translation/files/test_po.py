from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UnreadableDocument
from assistant.translation.files.open_file import open_file
from assistant.translation.records import (
    Concern,
    Flag,
    Layout,
    SentencePair,
    TranslatedParagraph,
)
from tests.unit.translation.files.made_translations import texts, write

_HEAD = (
    '# A comment\nmsgid ""\nmsgstr ""\n"Project-Id-Version: x\\n"\n"Language: {}\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
_BODY = (
    '#: a.c:1\n#, c-format, fuzzy\nmsgctxt "menu"\nmsgid "_Open %s"\nmsgstr "old"\n\n'
    'msgid ""\n"First line\\n"\n"second \\"line\\"\\n"\nmsgstr ""\n\n'
    'msgid "One file"\nmsgid_plural "%d files"\nmsgstr[0] ""\nmsgstr[1] ""\n\n'
    'msgid "Done"\nmsgstr "Fertig"\n\n#, fuzzy\n#~ msgid "Gone"\n#~ msgstr "Weg"\n'
)


def _made(folder: Path, content: str) -> Path:
    path = folder / "a.po"
    path.write_bytes(content.encode())
    return path


def test_each_msgid_becomes_its_msgstr(tmp_path: Path) -> None:
    file = open_file(_made(tmp_path, _HEAD.format("de") + _BODY))
    assert texts(file) == ["Open %s", "First line", 'second "line"', "One file", "%d files", "Done"]
    assert file.paragraphs[0].place == "menu"
    write(file, tmp_path / "b.po")
    assert (tmp_path / "b.po").read_text() == _HEAD.format("de") + (
        '#: a.c:1\n#, c-format\nmsgctxt "menu"\nmsgid "_Open %s"\nmsgstr "_nepO %s"\n\n'
        'msgid ""\n"First line\\n"\n"second \\"line\\"\\n"\n'
        'msgstr ""\n"tsriF enil\\n"\n"dnoces \\"enil\\"\\n"\n\n'
        'msgid "One file"\nmsgid_plural "%d files"\nmsgstr[0] "enO elif"\nmsgstr[1] "%d selif"\n\n'
        'msgid "Done"\nmsgstr "Fertig"\n\n#, fuzzy\n#~ msgid "Gone"\n#~ msgstr "Weg"\n'
    ).replace("%d", "%d")


def test_another_language_replaces_what_is_there_and_has_its_own_plurals(tmp_path: Path) -> None:
    write(open_file(_made(tmp_path, _HEAD.format("de") + _BODY)), tmp_path / "b.po", target="ru")
    text = (tmp_path / "b.po").read_text()
    assert '"Language: ru\\n"' in text
    assert '"Plural-Forms: nplurals=3; plural=(n%10==1' in text
    assert 'msgstr[0] "enO elif"\nmsgstr[1] "%d selif"\nmsgstr[2] "%d selif"\n' in text
    assert 'msgid "Done"\nmsgstr "enoD"' in text


def test_what_is_doubtful_is_marked(tmp_path: Path) -> None:
    file = open_file(_made(tmp_path, '#: a.c:1\nmsgid "Open"\nmsgstr ""\n'))
    pair = SentencePair((0, 4), (0, 6), (Concern(Flag.SCRIPT),))
    file.write(
        tmp_path / "b.po", [TranslatedParagraph("Open", "Öffnen", "en", (pair,))], "de", Layout.TRANSLATION
    )
    assert (tmp_path / "b.po").read_text() == '#: a.c:1\n#, fuzzy\nmsgid "Open"\nmsgstr "Öffnen"\n'


def test_a_text_without_entries_is_none(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as told:
        open_file(_made(tmp_path, "only words"))
    assert told.value.reason == "not-what-its-name-says"
