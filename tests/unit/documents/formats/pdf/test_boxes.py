"""The boxes of a PDF's characters land on the ink of its pictures, however the page is turned or cropped."""

from __future__ import annotations

import ctypes
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.documents.formats.pdf import document as pdf_document
from assistant.documents.formats.pdf.pdf_file import MAX_PIXELS, MAX_WIDTH_PX, PdfFile
from assistant.documents.formats.pdf.pdfium import LOCK, raw
from assistant.documents.records import PagePicture, Section
from assistant.errors import UnreadableDocument
from tests.unit.documents.formats.make_pdf import Pdf

CROPS = [None, (40.0, 60.0, 560.0, 700.0)]


def ink(picture: PagePicture) -> npt.NDArray[np.bool_]:
    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width, 4)
    dark: npt.NDArray[np.bool_] = pixels[:, :, :3].min(axis=2) < 160
    return dark


def drawn(section: Section, picture: PagePicture, margin: int) -> npt.NDArray[np.bool_]:
    """The pixels that the boxes of a section cover, and a few around them."""
    covered = np.zeros((picture.height, picture.width), np.bool_)
    assert section.boxes is not None
    for box in section.boxes[~np.isnan(section.boxes[:, 0])]:
        x0, y0, x1, y1 = (box * picture.scale).tolist()
        rows = slice(max(0, math.floor(y0) - margin), math.ceil(y1) + margin)
        covered[rows, max(0, math.floor(x0) - margin) : math.ceil(x1) + margin] = True
    return covered


def sample(rotate: int, crop: tuple[float, float, float, float] | None) -> Pdf:
    """Words that read upright once the page is turned as it says."""
    document = Pdf()
    page = document.page(rotate=rotate, crop=crop)
    turned = {
        0: "1 0 0 1 100 400 cm",
        90: "0 1 -1 0 300 150 cm",
        180: "-1 0 0 -1 400 400 cm",
        270: "0 -1 1 0 300 550 cm",
    }
    page.operators.append(turned[rotate])
    page.text(0, 0, "Quick brown foxes", size=14)
    page.text(0, -20, "jump over 17 lazy dogs", size=11, font="serif")
    return document


@pytest.mark.parametrize("crop", CROPS)
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_boxes_land_on_the_ink(
    tmp_path: Path, rotate: int, crop: tuple[float, float, float, float] | None
) -> None:
    opened = pdf_document.open(sample(rotate, crop).save(tmp_path / "turned.pdf"), None)
    [part] = opened.parts()
    [section] = part.sections
    assert " ".join(section.text.split()) == "Quick brown foxes jump over 17 lazy dogs"
    picture = opened.render(1, 600)
    dark = ink(picture)
    assert dark.any()
    assert not (dark & ~drawn(section, picture, 2)).any(), "there is ink that no box covers"
    assert section.boxes is not None
    for character, box in zip(section.text, section.boxes, strict=True):
        if character.isspace():
            assert np.isnan(box).all()
            continue
        x0, y0, x1, y1 = (box * picture.scale).tolist()
        assert dark[math.floor(y0) : math.ceil(y1), math.floor(x0) : math.ceil(x1)].any(), character
    opened.close()


@pytest.mark.parametrize("crop", CROPS)
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_word_is_where_its_picture_is(
    tmp_path: Path, rotate: int, crop: tuple[float, float, float, float] | None
) -> None:
    """Taking one word away takes away the ink in its boxes, and no other."""
    with_word, without = sample(rotate, crop), sample(rotate, crop)
    with_word.pages[0].text(150, 0, "Hidden", size=14)
    one = pdf_document.open(with_word.save(tmp_path / "with.pdf"), None)
    two = pdf_document.open(without.save(tmp_path / "without.pdf"), None)
    [section] = next(one.parts()).sections
    at = section.text.index("Hidden")
    assert section.boxes is not None
    word = Section("Hidden", 1, "page 1", boxes=section.boxes[at : at + 6])
    picture = one.render(1, 500)
    changed = ink(picture) ^ ink(two.render(1, 500))
    assert changed.any()
    assert not (changed & ~drawn(word, picture, 2)).any()
    one.close()
    two.close()


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_frame_agrees_with_pdfium(tmp_path: Path, rotate: int) -> None:
    path = sample(rotate, CROPS[1]).save(tmp_path / "turned.pdf")
    file = PdfFile(path, None)
    bitmap = file.render(0, 400)
    [section] = next(pdf_document.open(path, None).parts()).sections
    origin = {0: (100, 400), 90: (300, 150), 180: (400, 400), 270: (300, 550)}[rotate]
    with LOCK, file._page(0) as page:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, bitmap.width, bitmap.height, 0, *origin, across, down)
    assert section.boxes is not None
    left, top, _, bottom = section.boxes[0] * bitmap.scale
    assert across.value == pytest.approx(left, abs=2)
    assert top < down.value < bottom
    file.close()


def test_text_on_its_side_is_read_too(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.lines(
        100,
        700,
        ["The page itself stands upright and has these lines,", "which are read first, as they are more."],
    )
    page.operators.append("q 0 1 -1 0 50 300 cm")
    page.text(0, 0, "printed on the margin")
    page.operators.append("Q")
    page.operators.append("q 0.7071 0.7071 -0.7071 0.7071 300 300 cm")
    page.text(0, 0, "across the page", size=30)
    page.operators.append("Q")
    opened = pdf_document.open(document.save(tmp_path / "sides.pdf"), None)
    [part] = opened.parts()
    text = "\n".join(section.text for section in part.sections)
    assert text.startswith("The page itself")
    assert "printed on the margin" in text
    assert "across the page" in text
    picture = opened.render(1, 500)
    covered = np.zeros((picture.height, picture.width), np.bool_)
    for section in part.sections:
        covered |= drawn(section, picture, 3)
    assert not (ink(picture) & ~covered).any()
    opened.close()


def test_a_picture_has_the_size_asked_for(tmp_path: Path) -> None:
    path = sample(0, None).save(tmp_path / "size.pdf")
    opened = pdf_document.open(path, None)
    picture = opened.render(1, 306)
    assert (picture.page, picture.pages, picture.width, picture.height) == (1, 1, 306, 396)
    assert picture.scale == pytest.approx(0.5)
    assert len(picture.pixels) == 306 * 396 * 4
    wide = opened.render(1, 1_000_000)
    assert wide.width <= MAX_WIDTH_PX
    assert wide.width * wide.height <= 1.01 * MAX_PIXELS
    assert opened.render(1, 0).width == 1
    opened.close()


@pytest.mark.parametrize("size", [(14400, 14400), (1e7, 1e7), (100, 1e6), (1e6, 10), (1, 1)])
def test_absurd_pages_are_drawn_small(tmp_path: Path, size: tuple[float, float]) -> None:
    document = Pdf()
    document.page(width=size[0], height=size[1]).text(0, 0, "x")
    path = document.save(tmp_path / "absurd.pdf")
    opened = None
    try:
        opened = pdf_document.open(path, None)
        picture = opened.render(1, 2500)
    except UnreadableDocument:
        return  # pdfium may refuse the page altogether
    finally:
        if opened is not None:
            opened.close()
    assert picture.width * picture.height <= 1.01 * MAX_PIXELS
    assert len(picture.pixels) == picture.width * picture.height * 4


@pytest.mark.parametrize("page", [0, -1, 2, 10**9])
def test_a_page_that_is_not_there_cannot_be_drawn(tmp_path: Path, page: int) -> None:
    opened = pdf_document.open(sample(0, None).save(tmp_path / "one.pdf"), None)
    with pytest.raises(UnreadableDocument):
        opened.render(page, 100)
    opened.close()
