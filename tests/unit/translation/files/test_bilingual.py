from __future__ import annotations

import zipfile
from pathlib import Path

from assistant.file_reading.safe_xml import Element, attribute, child, descendants, parse_xml, text_of
from assistant.translation.files.bilingual import write_bilingual
from assistant.translation.records import Layout, Paragraph, TranslatedParagraph


def _document(path: Path) -> Element:
    with zipfile.ZipFile(path) as archive:
        return parse_xml(archive.read("word/document.xml"))


def _rows(document: Element) -> list[list[str]]:
    return [
        [text_of(cell) for cell in descendants(row, "tc")]
        for row in descendants(document, "tr")
    ]  # fmt: skip


_PAGES = (
    Paragraph("One", place="page 1"),
    Paragraph("Two", place="page 1"),
    Paragraph("Three", place="page 2"),
)


def _said(*texts: str) -> list[TranslatedParagraph]:
    return [TranslatedParagraph(one.text, text, "en") for one, text in zip(_PAGES, texts, strict=True)]


def test_each_paragraph_stands_beside_its_translation_page_by_page(tmp_path: Path) -> None:
    said = _said("Eins", "Zwei", "Drei")
    write_bilingual(Path("a.pdf"), tmp_path / "b.docx", _PAGES, said, "de", Layout.BESIDE)
    document = _document(tmp_path / "b.docx")
    assert _rows(document) == [
        ["English", "German"], ["One", "Eins"], ["Two", "Zwei"], ["English", "German"], ["Three", "Drei"],
    ]  # fmt: skip
    headings = [
        text_of(one) for one in descendants(document, "p")
        if attribute(child(child(one, "pPr"), "pStyle"), "val") == "Heading2"
    ]  # fmt: skip
    assert headings == ["Page 1", "Page 2"]
    languages = [attribute(one, "val") for one in descendants(document, "lang")]
    assert languages[:4] == ["en", "de", "en", "de"]


def test_one_side_runs_from_right_to_left(tmp_path: Path) -> None:
    said = _said("واحد", "2", "ثلاثة")
    write_bilingual(Path("a.txt"), tmp_path / "b.docx", _PAGES, said, "ar", Layout.BESIDE)
    document = _document(tmp_path / "b.docx")
    assert len(list(descendants(document, "bidiVisual"))) == 2
    for row in descendants(document, "tr"):
        first, second = descendants(row, "tc")
        assert not list(descendants(first, "bidi"))
        assert len(list(descendants(second, "bidi"))) == 1


def test_below_it_is_one_column(tmp_path: Path) -> None:
    said = _said("Eins", "Two", "Drei")
    write_bilingual(Path("a.odt"), tmp_path / "b.docx", _PAGES, said, "de", Layout.BELOW)
    document = _document(tmp_path / "b.docx")
    assert [text_of(one) for one in descendants(document, "p")] == [
        "a", "Page 1", "One", "Eins", "Two", "Page 2", "Three", "Drei",
    ]  # fmt: skip


def test_cells_of_a_sheet_stand_together(tmp_path: Path) -> None:
    cells = [Paragraph("One", place="sales!A1"), Paragraph("Two", place="sales!B12")]
    said = [TranslatedParagraph("", "1", "en"), TranslatedParagraph("", "2", "en")]
    write_bilingual(Path("a.xlsx"), tmp_path / "b.docx", cells, said, "de", Layout.BESIDE)
    document = _document(tmp_path / "b.docx")
    assert len(list(descendants(document, "tbl"))) == 1
    assert "Sales" in text_of(document)


def test_small_places_are_no_headings(tmp_path: Path) -> None:
    strings = [
        Paragraph("One", place="Save!"),
        Paragraph("Two", place="row 2"),
        Paragraph("Three", place="menu"),
    ]
    said = [TranslatedParagraph("", "1", "en")] * 3
    write_bilingual(Path("a.json"), tmp_path / "b.docx", strings, said, "de", Layout.BESIDE)
    assert len(list(descendants(_document(tmp_path / "b.docx"), "tbl"))) == 1
