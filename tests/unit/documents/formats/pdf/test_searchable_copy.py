"""Searchable copies of scans: recognised words are found again, in any script, where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from assistant.documents.formats.open_document import open_document
from assistant.documents.formats.pdf import document as pdf_document
from assistant.documents.formats.pdf import searchable_copy
from assistant.documents.formats.pdf.pdfium import LOCK
from assistant.documents.formats.pdf.searchable_copy import searchable_images, searchable_pdf
from assistant.documents.formats.pdf.text_layer import as_drawn
from assistant.documents.records import WHOLE_PAGE, Box, Outcome, Section, WordOnPage
from assistant.errors import StorageError
from assistant.file_reading.images import image_pixels
from assistant.file_reading.picture import Picture
from tests.boxes import intersection_over_union
from tests.unit.documents.formats.make_pdf import Pdf

LINES = {
    "en": ["The quick brown fox jumps over a lazy dog.", "It was 42 years old, in all."],
    "de": ["Zwölf Boxkämpfer jagen Viktor quer über", "den großen Sylter Deich."],
    "ru": ["Съешь же ещё этих мягких французских", "булок, да выпей чаю."],
    "ar": ["نص حكيم له سر قاطع وذو شأن عظيم", "مكتوب على ثوب أخضر"],
    "he": ["דג סקרן שט בים מאוכזב", "ולפתע מצא חברה"],
    "hi": ["ऋषियों को सताने वाले दुष्ट राक्षसों के", "राजा रावण का सर्वनाश"],
    "zh": ["我能吞下玻璃而不伤身体", "天地玄黄宇宙洪荒"],
    "el": ["Ξεσκεπάζω την ψυχοφθόρα βδελυγμία", "και γάτα"],
}


def words_of(lines: Sequence[str], language: str, top: float = 100) -> list[WordOnPage]:
    """Words of a page 400 wide, in reading order: high letters, and low ones of another height."""
    words = []
    for number, line in enumerate(lines):
        y, x = top + 16 * number, 40.0
        for word in list(line) if language == "zh" else line.split():
            wide = sum(10 if language == "zh" else 5.5 for _ in word)
            lower = 0 if any(letter in "bdfhkltABCDEFG" for letter in word) else 2
            box: Box = (x, y + lower, x + wide, y + 10)
            if language in ("ar", "he"):
                box = (400 - box[2], box[1], 400 - box[0], box[3])
            words.append(WordOnPage(word, box, 0.9))
            x += wide + (0 if language == "zh" else 3)
    return words


def turned(box: Box, turns: int, width: float, height: float) -> Box:
    """A box of an upright page once the page was turned clockwise."""
    x0, y0, x1, y1 = box
    return (
        box,
        (height - y1, x0, height - y0, x1),
        (width - x1, height - y1, width - x0, height - y0),
        (y0, width - x1, y1, width - x0),
    )[turns]


def scan(folder: Path, **settings: object) -> Path:
    document = Pdf()
    page = document.page(**{"width": 400, "height": 300, **settings})
    page.picture(0, 0, 400, 300)
    return document.save(folder / "scan.pdf")


def read_again(path: Path) -> tuple[Section, ...]:
    document = pdf_document.open(path, None)
    (part,) = document.parts()
    document.close()
    assert part.outcome is Outcome.TEXT
    return part.sections


def box_of(text: str, sections: Sequence[Section]) -> Box:
    """What the reader says of where a word stands."""
    (section,) = (each for each in sections if text in each.text)
    at = section.text.index(text)
    assert section.boxes is not None
    boxes = section.boxes[at : at + len(text)]
    low, high = np.nanmin(boxes, axis=0), np.nanmax(boxes, axis=0)
    return float(low[0]), float(low[1]), float(high[2]), float(high[3])


@pytest.mark.parametrize("language", LINES)
def test_words_of_every_script_are_found_again_where_they_stand(tmp_path: Path, language: str) -> None:
    words = words_of(LINES[language], language)
    copy = tmp_path / "copy.pdf"
    searchable_pdf(scan(tmp_path), None, copy, {1: words}, lambda page: None)
    sections = read_again(copy)
    space, least = ("", 0) if language == "zh" else (" ", 2)
    read = " ".join(section.text for section in sections)
    assert space.join(read.split()) == space.join(LINES[language])
    for word in words:
        if sum(word.text in section.text for section in sections) == 1 and len(word.text) > least:
            assert intersection_over_union(word.box, box_of(word.text, sections)) > 0.7, word


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_text_is_found_however_page_and_picture_lie(
    tmp_path: Path, language: str, rotate: int, turns: int
) -> None:
    upright = words_of(LINES[language], language)
    words = [WordOnPage(word.text, turned(word.box, turns, 400, 300), 0.9) for word in upright]
    shown = (400, 300) if turns % 2 == 0 else (300, 400)
    own = shown if rotate % 180 == 0 else shown[::-1]
    path = scan(
        tmp_path,
        width=own[0] + 20,
        height=own[1] + 30,
        crop=(20, 30, own[0] + 20, own[1] + 30),
        rotate=rotate,
    )
    searchable_pdf(path, None, tmp_path / "copy.pdf", {1: words}, lambda page: None)
    sections = read_again(tmp_path / "copy.pdf")
    assert " ".join(" ".join(section.text for section in sections).split()) == " ".join(LINES[language])
    for word in words:
        if len(word.text) > 4:
            assert intersection_over_union(word.box, box_of(word.text, sections)) > 0.7


def test_the_pages_look_as_before(tmp_path: Path) -> None:
    path, copy = scan(tmp_path), tmp_path / "copy.pdf"
    searchable_pdf(path, None, copy, {1: words_of(LINES["en"], "en")}, lambda page: None)
    before, after = (pdf_document.open(each, None) for each in (path, copy))
    assert before.picture(1, WHOLE_PAGE) == after.picture(1, WHOLE_PAGE)
    before.close()
    after.close()


def test_what_was_recognised_before_is_replaced_and_visible_text_stays(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page(width=400, height=300)
    page.picture(0, 0, 400, 300)
    page.text(40, 250, "w0rds as read bef0re", more="3 Tr")
    page.text(40, 20, "Printed by hand.", more="0 Tr")
    document.page(width=400, height=300).text(40, 250, "A page of text.")
    path = document.save(tmp_path / "scan.pdf", password="tulip")
    done: list[int] = []
    copy = tmp_path / "copy.pdf"
    searchable_pdf(path, "tulip", copy, {1: words_of(["Words as read anew"], "en")}, done.append)
    assert done == [1]
    opened = pdf_document.open(copy, "tulip")
    first, second = (" ".join(section.text for section in part.sections) for part in opened.parts())
    opened.close()
    assert "anew" in first
    assert "Printed by hand." in first
    assert "bef0re" not in first
    assert second == "A page of text."


def test_the_pages_of_an_image_file_become_a_pdf(tmp_path: Path) -> None:
    black = Image.new("1", (800, 600), 1)
    black.paste(0, (80, 200, 300, 220))
    colour = Image.radial_gradient("L").resize((800, 600)).convert("RGB")
    colour.paste((200, 20, 20), (400, 300, 800, 600))
    black.convert("RGB").save(tmp_path / "scan.tif", save_all=True, append_images=[colour], dpi=(144, 144))
    words, copy = words_of(LINES["de"], "de"), tmp_path / "copy.pdf"
    source = open_document(tmp_path / "scan.tif")
    source.searchable_copy(copy, {2: words}, lambda page: None)
    opened = pdf_document.open(copy, None)
    assert opened.layout().sizes == ((400, 300), (400, 300))
    empty, read = opened.parts()
    assert (empty.outcome, read.outcome) == (Outcome.EMPTY, Outcome.TEXT)
    assert " ".join(" ".join(section.text for section in read.sections).split()) == " ".join(LINES["de"])
    for page, most in ((1, 0), (2, 2)):
        shown = np.frombuffer(opened.render(page, 800).pixels, np.uint8).astype(int)
        meant = np.frombuffer(source.render(page, 800).pixels, np.uint8).astype(int)
        assert np.abs(shown - meant).mean() <= most
    opened.close()


def test_the_pages_of_a_long_fax_are_not_all_in_memory(tmp_path: Path) -> None:
    side, pages = 2000, 25
    sheet = Image.new("1", (side, side), 1)
    sheet.save(tmp_path / "fax.tif", save_all=True, append_images=[sheet] * (pages - 1), compression="group4")
    taken = []
    searchable_images(
        tmp_path / "fax.tif",
        tmp_path / "fax.pdf",
        {},
        lambda _: taken.append(psutil.Process().memory_info().rss),
    )
    assert len(taken) == pages
    assert taken[-1] - taken[4] < (pages - 5) * side * side / 2


@pytest.mark.parametrize("kind", ["tif", "pdf"])
def test_others_use_the_library_while_a_copy_is_made(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadPoolExecutor(1) as other:

        def free() -> bool:
            taken = LOCK.acquire(timeout=0.5)
            if taken:
                LOCK.release()
            return taken

        found: list[bool] = []
        words = {1: words_of(LINES["en"], "en")}
        if kind == "pdf":
            copy = partial(searchable_pdf, scan(tmp_path), None)
        else:
            Image.new("L", (300, 400), 255).save(tmp_path / "fax.tif")
            copy = partial(searchable_images, tmp_path / "fax.tif")

            def decoded(path: Path, number: int) -> Picture:
                found.append(other.submit(free).result())
                return image_pixels(path, number)

            monkeypatch.setattr(searchable_copy, "image_pixels", decoded)
        copy(tmp_path / "copy.pdf", words, lambda page: found.append(other.submit(free).result()))
    assert len(found) == (1 if kind == "pdf" else 3)
    assert all(found)


def test_a_copy_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    def stop(page: int) -> None:
        raise InterruptedError

    path = scan(tmp_path)
    with pytest.raises(InterruptedError):
        searchable_pdf(path, None, tmp_path / "copy.pdf", {1: words_of(LINES["en"], "en")}, stop)
    assert [each.name for each in tmp_path.iterdir()] == ["scan.pdf"]


def test_a_copy_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = scan(tmp_path)
    with pytest.raises(StorageError, match=r"copy\.pdf"):
        searchable_pdf(path, None, path / "copy.pdf", {}, lambda page: None)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [("abc", "abc"), ("שלום", "םולש"), ("שלום,", ",םולש"), ("ב-2024", "2024-ב"), ("12.5", "12.5")],
)
def test_letters_are_drawn_as_they_stand_on_paper(text: str, drawn: str) -> None:
    assert as_drawn(text) == drawn
