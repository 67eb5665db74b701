"""What the smoke test gives to the program: a folder of documents with known facts, models, sounds.

The models are the small trained ones of the tests, so that answers can be right or wrong.
"""

from __future__ import annotations

import runpy
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[2]
MADE = ROOT / "tests" / "made_models"
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
"""Of the package that the set-up brings where there is no font."""
PICTURE_DPI = 150


@dataclass(frozen=True, slots=True)
class Fact:
    """What stands in one document, and a question to it."""

    file: str
    question: str
    answer: str
    """Words that stand in the quote."""
    page: int | None = None
    has_boxes: bool = False


FACTS = (
    Fact("ferry.pdf", "When does the ferry to the island leave?", "quarter past six", 2, True),
    Fact("feed.docx", "How much barley was each cow given?", "2.5 kilograms of barley"),
    Fact("roof.eml", "Who repaired the roof of the chapel?", "repaired by Anna Berg"),
    Fact("well.txt", "At what depth was water reached?", "reached water at 43 metres"),
    Fact("bell.png", "When was the bell of the tower cast?", "1742", 1, True),
)

WRITTEN_QUESTION = "What is the keeper of Korholm?"
"""Whose answer the grounded model writes, with its source."""
WRITTEN_ANSWER = "The keeper of Korholm is Huldottir"
CYRILLIC_FILE = "cyrillic.png"
CYRILLIC = "Колокол старой башни"
"""A picture's text in a script that one of the two libraries does not know."""
SPOKEN = ("en-order-1.flac", "Alice brings the key and the letter.")
ENGLISH = ("The dog sleeps.", "The teacher reads the old letter in the garden.")
GERMAN = ("Der Hund schläft.", "Der Lehrer liest den alten Brief im Garten.")
LEFT, RIGHT = "red", "blue"


def lay_down(folder: Path) -> None:
    """Everything, in a folder that does not exist yet: documents/, models/ and single files."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    _documents(documents)
    _word_file(folder / "letter.docx", ENGLISH)
    shutil.copy(MADE / "whisper" / "clips" / SPOKEN[0], folder)
    halves = Image.new("RGB", (96, 96), (205, 40, 35))
    halves.paste((40, 70, 200), (48, 0, 96, 96))
    halves.save(folder / "colours.png")
    models = folder / "models"
    models.mkdir()
    for name in ("grounded/grounded.gguf", "colours/colours.gguf", "colours/colours-mmproj.gguf"):
        shutil.copy(MADE / name, models)
    shutil.copytree(MADE / "whisper" / "model", models / "made-whisper")
    shutil.copytree(MADE / "translation" / "opus-mt-en-de", models / "opus-mt-en-de")
    _embedder(folder / "other-embedder")


def _documents(folder: Path) -> None:
    pdf = runpy.run_path(str(ROOT / "tests" / "process" / "made_pdfs.py"))["pdf"]
    pages = (
        "The harbour was built of grey stone.",
        "The ferry to the island leaves at quarter past six.",
        "In winter the harbour is closed to small boats.",
    )
    (folder / "ferry.pdf").write_bytes(pdf(pages))
    feed = ("Feeding", "Each cow was given 2.5 kilograms of barley a day during the winter.")
    _word_file(folder / "feed.docx", feed)
    mail = (
        "From: Jonas Lind <jonas@example.org>\nTo: parish@example.org\nSubject: Roof\n"
        "Date: Mon, 12 Oct 2020 09:00:00 +0200\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\n\n"
        "The roof of the chapel was repaired by Anna Berg in October.\n"
    )
    (folder / "roof.eml").write_text(mail, encoding="utf-8")
    notes = f"The new well in the north field reached water at 43 metres in April.\n\n{WRITTEN_ANSWER}.\n"
    (folder / "well.txt").write_text(notes, encoding="utf-8")
    _picture(folder / "bell.png", ["The bell of the old tower", "was cast in the year 1742."])
    _picture(folder / CYRILLIC_FILE, [CYRILLIC])


def _word_file(path: Path, paragraphs: tuple[str, ...]) -> None:
    """The smallest that Word opens; its last paragraph is bold."""
    office = "http://schemas.openxmlformats.org"
    bold = ["", *[""] * (len(paragraphs) - 2), "<w:rPr><w:b/></w:rPr>"]
    text = "".join(
        f"<w:p><w:r>{looks}<w:t>{words}</w:t></w:r></w:p>"
        for looks, words in zip(bold, paragraphs, strict=True)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{office}/wordprocessingml/2006/main"><w:body>{text}'
        "</w:body></w:document>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{content}')


def _picture(path: Path, lines: list[str]) -> None:
    """Black on white, as a scanner gives it."""
    font = ImageFont.truetype(str(FONT), size=PICTURE_DPI * 14 // 72)
    picture = Image.new("L", (5 * PICTURE_DPI, 2 * PICTURE_DPI), 255)
    for number, line in enumerate(lines):
        place = (PICTURE_DPI // 2, PICTURE_DPI // 2 + number * PICTURE_DPI // 3)
        ImageDraw.Draw(picture).text(place, line, 0, font)
    picture.save(path, dpi=(PICTURE_DPI, PICTURE_DPI))


def _embedder(folder: Path) -> None:
    """Another search model: the built-in one with words before each text, so its vectors are others."""
    builtin = ROOT / "resources" / "embedder"
    folder.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json"):
        shutil.copy(builtin / name, folder)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": true}')
    prompts = '{"prompts": {"query": "question: ", "passage": "text: "}}'
    (folder / "config_sentence_transformers.json").write_text(prompts)
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 256}')
