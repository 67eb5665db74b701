"""A conversation on paper: a PDF and a file for Word that others can read, with the quotes it rests on."""

from __future__ import annotations

import io
import zipfile
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

import docx as python_docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from assistant import paths
from assistant.chat.history.history import History
from assistant.chat.history.records import StoredPicture
from assistant.chat.records import Role
from assistant.documents.records import Quote
from assistant.rich_text.blocks import Block
from assistant.rich_text.docx import docx
from tests.made_models import projectors
from ui.chat import conversation_blocks
from ui.text.markdown import parse
from ui.text.paper import html, pdf

ANSWER = """The debt was **1.9 billion** [1].

- first `code`
- second, see https://example.org/a?b=1&c=2

| year | debt |
|---|---|
| 2022 | 1.9 |

```python
if a < b & c:
    print("x")
```

مرحبا بكم في التقرير
"""
QUOTE = Quote(
    1,
    0.9,
    3,
    "/d/report.pdf",
    "report.pdf",
    58,
    "page 58",
    ("Debt",),
    "Total debt was 1.9 billion.",
    (),
    1,
    0,
    27,
)


@pytest.fixture
def blocks(tmp_path: Path, theme: object) -> tuple[Block, ...]:
    history = History(tmp_path / "history.sqlite3")
    info = history.create()
    history.add_message(info.id, Role.USER, "How large\nwas the <b>debt</b>?")
    history.add_message(info.id, Role.ASSISTANT, ANSWER, quotes=[asdict(QUOTE)])
    conversation = history.open(info.id)
    history.close()
    return conversation_blocks.blocks(conversation)


def test_word_reads_it(blocks: tuple[Block, ...]) -> None:
    document = python_docx.Document(io.BytesIO(docx("Debt & \x07more", blocks)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:4] == ["Debt & \ufffdmore", "You", "How large", "was the <b>debt</b>?"]
    assert "[1]\t“Total debt was 1.9 billion.”" in texts
    assert any("report.pdf" in text and "page 58" in text for text in texts)
    assert 'if a < b & c:\n    print("x")' in texts
    bold = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold]
    assert "1.9 billion" in bold
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["year", "debt"], ["2022", "1.9"]]
    arabic = next(each for each in document.paragraphs if each.text.startswith("مرحبا"))
    assert arabic._p.pPr.find(qn("w:bidi")) is not None
    assert arabic.runs[0]._r.rPr.find(qn("w:rtl")) is not None
    assert document.paragraphs[1]._p.pPr.find(qn("w:bidi")) is None
    links = {link.address for each in document.paragraphs for link in each.hyperlinks}
    assert links == {"https://example.org/a?b=1&c=2"}


def test_its_parts_are_xml(blocks: tuple[Block, ...]) -> None:
    with zipfile.ZipFile(io.BytesIO(docx("Lone \ud800", (*blocks, *parse("\x00\x1b[0m"))))) as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))


def test_a_pdf_holds_the_words_and_the_quotes(blocks: tuple[Block, ...]) -> None:
    document = pypdfium2.PdfDocument(pdf("Debt", blocks))
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    assert "was the <b>debt</b>?" in text
    for words in ("How large", "1.9 billion", "“Total debt was 1.9 billion.”", "page 58"):
        assert words in text
    document.close()


def test_right_to_left_paragraphs_begin_at_the_right(blocks: tuple[Block, ...]) -> None:
    page = html("تقرير", blocks)
    assert '<h1 dir="rtl">' in page
    assert page.count('dir="rtl"') == 2


def test_pictures_are_in_the_file(tmp_path: Path, theme: object) -> None:
    history = History(paths.history_file())
    info = history.create()
    red = projectors.picture(tmp_path / "red.png", [[(255, 0, 0)] * 900] * 600).read_bytes()
    kept = StoredPicture(history.pictures.keep(red, ".png"), 'the "red" <one>.png', 900, 600)
    gone = StoredPicture(f"{'0' * 64}.png", "gone.png", 30, 20)
    history.add_message(info.id, Role.USER, "", pictures=[kept, gone])
    found = conversation_blocks.blocks(history.open(info.id))
    history.close()
    document = python_docx.Document(io.BytesIO(docx("Red", found)))
    (shape,) = document.inline_shapes
    assert (shape.width, shape.height) == (480 * 9525, 320 * 9525)
    part = document.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed]
    assert part.blob == red
    assert "gone.png" in [each.text for each in document.paragraphs]
    page = pypdfium2.PdfDocument(pdf("Red", found))[0]
    objects = [each for each in page.get_objects() if each.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    assert len(objects) == 1
    page.pdf.close()
