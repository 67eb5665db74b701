from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UnreadableDocument
from assistant.translation.files.open_file import open_file
from assistant.translation.files.subtitle_lines import line_spans, spread
from assistant.translation.records import Layout, Lost, Mark, NotKept, TranslatedParagraph
from tests.unit.translation.files.made_translations import texts, turned, unchanged, write


def _made(folder: Path, text: str, name: str = "a.srt") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def lines(text: str) -> list[str]:
    return [text[start:end] for start, end in line_spans(text)]


def _said(folder: Path, text: str, *paragraphs: TranslatedParagraph, name: str = "a.srt") -> str:
    file = open_file(_made(folder, text, name))
    file.write(folder / "b", paragraphs, "de", Layout.TRANSLATION)
    return (folder / "b").read_bytes().decode()


_SRT = (
    "1\r\n00:00:01,000 --> 00:00:03,000\r\nThe old man sat down and\r\n\r\n"
    "2\r\n00:00:03,100 --> 00:00:05,000 X1:0\r\n{\\an8}looked at\r\nthe sea.\r\n\r\n"
    "3\r\n00:00:06,000 --> 00:00:07,000\r\n- <i>Hello.</i>\r\n- MARY: Good day.\r\n\r\n"
    "4\r\n00:00:08,000 --> 00:00:09,000\r\n1234\r\n"
)


def test_a_sentence_over_cues_is_one_paragraph(tmp_path: Path) -> None:
    file = open_file(_made(tmp_path, _SRT))
    assert texts(file) == ["The old man sat down and looked at the sea.", "Hello.", "Good day."]
    write(file, tmp_path / "b.srt", translate=unchanged)
    assert (tmp_path / "b.srt").read_bytes().decode() == _SRT


def test_a_translation_is_spread_over_the_same_cues(tmp_path: Path) -> None:
    written = _said(
        tmp_path,
        _SRT,
        TranslatedParagraph("", "Der alte Mann setzte sich, und sah auf das Meer.", "en"),
        TranslatedParagraph("", "Hallo.", "en"),
        TranslatedParagraph("", "Guten Tag.", "en"),
    )
    assert written == (
        _SRT.replace("The old man sat down and", "Der alte Mann setzte sich,")
        .replace("looked at\r\nthe sea.", "und sah auf das Meer.")
        .replace("Hello.", "Hallo.")
        .replace("Good day.", "Guten Tag.")
    )


def test_marks_go_along_and_close_in_each_cue(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nOne <i>two\nthree</i> four\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\nfive six seven.\n"
    )
    said = TranslatedParagraph("", "eins zwei drei vier fünf sechs", "en", marks=(Mark(0, 5, 24),))
    assert _said(tmp_path, text, said) == (
        "1\n00:00:01,000 --> 00:00:02,000\neins <i>zwei drei</i>\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\n<i>vier fünf</i> sechs\n"
    )


def test_lines_have_42_characters_and_there_are_two(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nA short one.\n"
    long = "Dies ist eine deutlich längere Zeile, die auf zwei verteilt wird."
    written = _said(tmp_path, text, TranslatedParagraph("", long, "en"))
    assert written.splitlines()[2:] == [
        "Dies ist eine deutlich längere Zeile,",
        "die auf zwei verteilt wird.",
    ]
    file = open_file(_made(tmp_path, text))
    said = TranslatedParagraph("", "Wort " * 30, "en")
    assert file.write(tmp_path / "b", [said], "de", Layout.TRANSLATION) == (Lost(NotKept.LONG_LINE),)


def test_what_does_not_fit_has_more_lines_of_the_same_width() -> None:
    found = lines("Wort " * 29 + "Ende")
    assert len(found) == 4
    assert all(len(line) <= 42 for line in found)
    assert " ".join(found) == "Wort " * 29 + "Ende"
    assert lines("W" * 90) == ["W" * 90]


def test_wide_signs_take_more_room() -> None:
    assert lines("日本語の字幕は一行に十八文字までしか入らないので分けます。") == [
        "日本語の字幕は一行に十八文字",
        "までしか入らないので分けます。",
    ]


def test_fewer_words_than_cues_leave_cues_empty() -> None:
    assert ["Ja."[start:end] for start, end in spread("Ja.", [5, 5, 5])] == ["Ja.", "", ""]


def test_webvtt_keeps_what_is_not_said(tmp_path: Path) -> None:
    text = (
        "WEBVTT\nKind: captions\nLanguage: en\n\nNOTE a note --\n\nSTYLE\n::cue { color: red }\n\n"
        "id-1\n00:01.000 --> 00:02.000 align:start\n<v.loud Esme>Fish &amp; chips\n\n"
        "00:02.000 --> 00:03.000\n<v Mary>No <b>way</b>!</v>\n<v Esme>Yes!\n"
    )
    file = open_file(_made(tmp_path, text, "a.vtt"))
    assert file.language == "en"
    assert texts(file) == ["Fish & chips", "No way!", "Yes!"]
    write(file, tmp_path / "b.vtt")
    assert (tmp_path / "b.vtt").read_text() == (
        text.replace("Language: en", "Language: de")
        .replace("Fish &amp; chips", "hsiF &amp; spihc")
        .replace("No <b>way</b>!", "oN <b>yaw</b>!")
        .replace("Yes!", "seY!")
    )


def test_below_a_cue_holds_both(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n- <i>One.</i>\n- Two.\n"
    write(open_file(_made(tmp_path, text)), tmp_path / "b", layout=Layout.BELOW, translate=turned)
    assert (tmp_path / "b").read_text() == (
        "1\n00:00:01,000 --> 00:00:02,000\n- <i>One.\n- enO.</i>\n- Two.\n- owT.\n"
    )


def test_a_tag_that_does_not_close_stays(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nOne <i>two.\n"
    write(open_file(_made(tmp_path, text)), tmp_path / "b")
    assert (tmp_path / "b").read_text() == text.replace("One <i>two", "enO <i>owt")


def test_a_text_without_times_is_no_subtitle(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as told:
        open_file(_made(tmp_path, "only words"))
    assert told.value.reason == "not-what-its-name-says"
