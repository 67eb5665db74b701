"""Pages of a PDF that say less by their text than by how they look, and those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant.documents.formats.pdf import document as pdf_document
from assistant.documents.formats.pdf.garbled_text import is_garbled
from assistant.documents.records import WHOLE_PAGE, Outcome, PartPicture
from tests.unit.documents.formats.make_pdf import Page, Pdf

PROSE = (
    "The tenant shall pay the rent in advance on the first day of each month. The landlord keeps the roof "
    "and the walls in repair, and the tenant gives notice of any damage as soon as it is known to him. "
)


def printed(text: str) -> Image.Image:
    image = Image.new("1", (600, 400), 1)
    ImageDraw.Draw(image).text((40, 60), text, 0, ImageFont.load_default(16))
    return image


def show(page: Page, image: Image.Image, x: float, y: float, width: float, height: float) -> None:
    size = f"/W {image.width} /H {image.height} /BPC 1 /CS /G /F /AHx"
    page.operators.append(f"q {width} 0 0 {height} {x} {y} cm BI {size} ID {image.tobytes().hex()}> EI Q")


def scan(text: str = PROSE, wide: float = 600) -> tuple[Pdf, Page]:
    document = Pdf()
    page = document.page(width=600, height=400)
    show(page, printed("\n".join(text[at : at + 60] for at in range(0, len(text), 60))), 0, 0, wide, 400)
    return document, page


def waits(document: Pdf, folder: Path) -> bool:
    opened = pdf_document.open(document.save(folder / "page.pdf"), None)
    (part,) = opened.parts()
    opened.close()
    assert part.outcome is Outcome.TEXT
    assert part.pictures in ((), (PartPicture(WHOLE_PAGE),))
    return bool(part.pictures)


def test_a_stamp_over_a_scan_is_not_its_text(tmp_path: Path) -> None:
    document, page = scan()
    page.text(20, 10, "Received 12 May 2024, Registry")
    assert waits(document, tmp_path)


def test_a_note_on_a_scan_is_not_all_that_it_says(tmp_path: Path) -> None:
    for text in (PROSE, ""):
        document, page = scan(text)
        page.annotate("Text", (50, 300, 70, 320), "/Contents (Ask Mary.)")
        assert waits(document, tmp_path) == bool(text)


def test_a_scan_with_a_layer_of_text_is_text(tmp_path: Path) -> None:
    document, page = scan()
    page.lines(40, 330, [PROSE[at : at + 60] for at in range(0, len(PROSE), 60)])
    assert not waits(document, tmp_path)


def test_a_title_over_a_background_and_a_small_picture_are_text(tmp_path: Path) -> None:
    for text, wide in (("", 600), (PROSE, 300)):
        document, page = scan(text, wide)
        page.text(320, 200, "Annual report")
        assert not waits(document, tmp_path)


def test_letters_that_are_numbered_at_will_are_seen_as_no_language(tmp_path: Path) -> None:
    shifted = "".join(letter if letter == " " else chr(max(33, ord(letter) - 29)) for letter in PROSE)
    document = Pdf()
    document.page().lines(40, 700, [shifted[at : at + 70] for at in range(0, len(shifted), 70)])
    assert waits(document, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "def is_garbled(text: str) -> bool: return sum(map(str.isalpha, text)) < len(text) // 2  # a rule "
        * 3,
        " ".join(f"PSX-{number}-BRKT 12.5 kg/m² DN{number}" for number in range(100, 160)),
        "我能吞下玻璃，而不傷身體。" * 30,
        "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 8,
        "Nájemce platí nájemné předem, vždy k prvnímu dni měsíce, a strč prst skrz krk. " * 8,
    ],
)
def test_languages_code_and_lists_are_left_as_they_are(text: str) -> None:
    assert not is_garbled(text)
