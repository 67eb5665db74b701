"""How the two libraries are used, with stand-ins for both: what they find is said before."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from assistant.file_reading.picture import Picture
from assistant.vision import choice, preparation
from assistant.vision.findings import FoundLine, Layout, Orientation
from assistant.vision.recognise import recognise
from assistant.vision.records import (
    RecognisedPicture,
    RecognisedWord,
    Recogniser,
    RecognitionLanguage,
    RecognitionOptions,
)

WIDTH, HEIGHT = 900, 400
FILES = tuple(
    RecognitionLanguage(name, language, f"{name}.traineddata", True, script)
    for name, language, script in (
        ("ara", "ar", "Arabic"),
        ("chi_sim", "zh", "Han"),
        ("deu", "de", "Latin"),
        ("eng", "en", "Latin"),
        ("osd", "", ""),
        ("rus", "ru", "Cyrillic"),
    )
)
ENGLISH = "the rent is to be paid on the first day of every month"
GERMAN = "die Miete ist am ersten Tag eines jeden Monats zu zahlen"


def line(text: str, confidence: float = 0.95, top: float = 20) -> FoundLine:
    words, left = [], 20.0
    for word in text.split():
        right = left + 10 * len(word)
        words.append(RecognisedWord(word, (left, top, right, top + 20), confidence))
        left = right + 10
    return FoundLine(tuple(words), ((20, top), (left, top), (left, top + 20), (20, top + 20)))


@dataclass
class Tesseract:
    seen: Orientation | None = field(default_factory=lambda: Orientation(0, 20, "Latin", 5))
    texts: dict[str, tuple[str, float]] = field(default_factory=dict)
    """What each file reads, and how sure it is."""
    asked: list[tuple[tuple[str, ...], Layout]] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def recognise(
        self, picture: Picture, languages: tuple[str, ...], layout: Layout
    ) -> tuple[FoundLine, ...]:
        self.asked.append((languages, layout))
        self.sizes.append((picture.width, picture.height))
        text, confidence = self.texts.get(languages[0], ("", 0.0))
        return (line(text, confidence),) if text else ()

    def orientation(self, picture: Picture) -> Orientation | None:
        self.asked.append(((), Layout.PAGE))
        return self.seen


@dataclass
class Rapid:
    lines: tuple[FoundLine, ...] = ()
    asked: int = 0

    def recognise(self, picture: Picture, *, upright: bool) -> tuple[FoundLine, ...]:
        self.asked += 1
        return self.lines


def read(
    tesseract: Tesseract, rapid: Rapid | None = None, options: RecognitionOptions | None = None
) -> RecognisedPicture:
    pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
    pixels[24:36, 20:36] = 0  # within every first word
    some = Picture(WIDTH, HEIGHT, 1, pixels.tobytes())
    return recognise(some, options or RecognitionOptions(), tesseract, rapid or Rapid(), FILES)


def test_the_language_is_seen_in_a_sample() -> None:
    tesseract = Tesseract(texts={"eng": (GERMAN, 0.8), "deu": (GERMAN, 0.95)})
    found = read(tesseract)
    assert (found.recogniser, found.languages) == (Recogniser.TESSERACT, ("de",))
    assert tesseract.asked[1:3] == [(("eng",), Layout.BLOCK), (("deu",), Layout.PAGE)]


def test_what_is_expected_is_read_at_once() -> None:
    tesseract = Tesseract(texts={"deu": (GERMAN, 0.95)})
    assert read(tesseract, options=RecognitionOptions(expected=("de",))).languages == ("de",)
    assert tesseract.asked == [(("deu",), Layout.PAGE)]


def test_another_language_than_expected_is_noticed() -> None:
    tesseract = Tesseract(texts={"deu": (ENGLISH, 0.9), "eng": (ENGLISH, 0.95)})
    assert read(tesseract, options=RecognitionOptions(expected=("de",))).languages == ("en",)


def test_what_the_person_says_is_not_doubted() -> None:
    tesseract = Tesseract(texts={"deu": (ENGLISH, 0.9), "eng": (ENGLISH, 0.95)})
    assert read(tesseract, options=RecognitionOptions(languages=("de",))).languages == ("de",)


def test_of_the_languages_that_the_person_says_those_of_the_script_are_read() -> None:
    tesseract = Tesseract(texts={"deu": (GERMAN, 0.95)})
    assert read(tesseract, options=RecognitionOptions(languages=("ru", "de"))).languages == ("de",)


def test_a_turned_page_is_read_upright_and_its_boxes_lie_where_it_was_given() -> None:
    tesseract = Tesseract(Orientation(90, 20, "Latin", 5), {"eng": (ENGLISH, 0.95)})
    found = read(tesseract)
    assert found.turned == 90
    assert tesseract.sizes[-1] == (HEIGHT, WIDTH)
    assert found.lines[0].words[0].box == (20, HEIGHT - 50, 40, HEIGHT - 20)


def test_chinese_is_read_by_rapidocr_alone() -> None:
    tesseract = Tesseract(Orientation(0, 20, "Han", 2))
    found = read(tesseract, Rapid((line("房租应于每月第一天支付"),)))
    assert (found.recogniser, found.languages) == (Recogniser.RAPIDOCR, ("zh",))
    assert len(tesseract.asked) == 1


def test_what_tesseract_is_not_sure_of_is_read_by_both() -> None:
    tesseract = Tesseract(texts={"eng": ("tne rert", 0.5)})
    found = read(tesseract, Rapid((line(ENGLISH, 0.97),)))
    assert (found.recogniser, found.text) == (Recogniser.RAPIDOCR, ENGLISH)


def test_a_photograph_is_read_by_both() -> None:
    tesseract = Tesseract(texts={"eng": ("the rent", 0.95)})
    light = np.linspace(255, 90, WIDTH) * np.ones((HEIGHT, 1))
    photograph = Picture(WIDTH, HEIGHT, 1, light.astype(np.uint8).tobytes())
    found = recognise(photograph, RecognitionOptions(), tesseract, Rapid((line(ENGLISH, 0.97),)), FILES)
    assert (found.recogniser, found.text) == (Recogniser.RAPIDOCR, ENGLISH)


def test_a_page_that_is_as_was_expected_is_read_once_by_each_however_unsure_they_are() -> None:
    tesseract = Tesseract(texts={"deu": (GERMAN, 0.5)})
    rapid = Rapid((line(GERMAN, 0.6),))
    read(tesseract, rapid, RecognitionOptions(languages=("de",)))
    assert tesseract.asked.count((("deu",), Layout.PAGE)) == 1
    assert rapid.asked == 1


def test_where_the_script_is_not_clear_rapidocr_reads_once() -> None:
    rapid = Rapid((line(ENGLISH, 0.97),))
    found = read(Tesseract(None, {"eng": (ENGLISH[:20], 0.5)}), rapid)
    assert (found.recogniser, rapid.asked) == (Recogniser.RAPIDOCR, 1)


def test_a_picture_is_straightened_once_for_each_way_it_is_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = []

    def upright(picture: Picture, turn: int) -> preparation.Upright:
        turns.append(turn)
        return original(picture, turn)

    original = preparation.upright
    monkeypatch.setattr(preparation, "upright", upright)
    texts = {"eng": (ENGLISH, 0.5)}
    read(Tesseract(Orientation(90, 20, "Latin", 5), texts), options=RecognitionOptions(expected=("en",)))
    assert turns == [0, 90]


RECEIPT = (
    line("Potatoes", 0.99, 20),
    line("3.20", 0.99, 20),
    line("Thyme", 0.99, 60),
    line("2.30", 0.99, 60),
)


def test_what_is_no_running_text_is_read_by_both() -> None:
    tesseract = Tesseract(texts={"eng": ("Potatoes Pot 3.2020 SS", 0.93)})
    found = read(tesseract, Rapid(RECEIPT))
    assert found.recogniser is Recogniser.RAPIDOCR
    assert [each.text for each in found.lines] == ["Potatoes", "3.20", "Thyme", "2.30"]


def test_vietnamese_among_the_files_that_may_fit_keeps_no_receipt_from_rapidocr() -> None:
    assert choice.may_read("Latin", ("en", "de", "vi"), "Potatoes 3.20 Thyme 2.30")
    assert not choice.may_read("Latin", ("en", "de", "vi"), "Tất cả mọi người sinh ra đều được tự do")
    assert not choice.may_read("Latin", ("vi",), "Tat ca moi nguoi")


def test_rapidocr_is_not_believed_in_scripts_that_it_does_not_know() -> None:
    tesseract = Tesseract(Orientation(0, 20, "Cyrillic", 5), {"rus": ("аренда платится", 0.6)})
    rapid = Rapid((line("apeHAa nAaTMTcR", 0.95),))
    found = read(tesseract, rapid)
    assert (found.recogniser, found.languages) == (Recogniser.TESSERACT, ("ru",))


def test_where_the_script_is_not_clear_the_one_that_fits_is_found_by_trying() -> None:
    texts = {"eng": ("ApeH a", 0.4), "rus": ("аренда платится первого числа", 0.9), "ara": ("rent", 0.8)}
    rapid = Rapid((line("apeHAa nAaTMTcR", 0.95),))
    assert read(Tesseract(None, texts), rapid).languages == ("ru",)


def test_a_script_that_was_taken_for_another_is_found_by_trying() -> None:
    texts = {"eng": (ENGLISH, 0.9), "rus": ("Ше гет из фо бе рач", 0.4)}
    found = read(Tesseract(Orientation(0, 20, "Cyrillic", 5), texts), Rapid((line(ENGLISH, 0.9),)))
    assert (found.languages, found.text) == (("en",), ENGLISH)


def test_a_photograph_in_which_rapidocr_sees_no_line_has_no_text() -> None:
    found = read(Tesseract(Orientation(0, 20, "Cyrillic", 5), {"rus": ("ри ту", 0.6), "eng": ("i al", 0.7)}))
    assert found.lines == ()


@pytest.mark.parametrize("recogniser", [Recogniser.TESSERACT, Recogniser.RAPIDOCR])
def test_the_person_says_which_recogniser_reads(recogniser: Recogniser) -> None:
    tesseract = Tesseract(texts={"eng": (ENGLISH, 0.5)})
    found = read(tesseract, Rapid((line(ENGLISH, 0.5),)), RecognitionOptions(recogniser))
    assert found.recogniser is recogniser


def test_a_picture_without_text_has_none() -> None:
    found = read(Tesseract(None))
    assert (found.lines, found.confidence) == ((), 0.0)


def test_a_blank_page_is_not_looked_at() -> None:
    tesseract = Tesseract()
    blank = Picture(WIDTH, HEIGHT, 1, bytes([255]) * WIDTH * HEIGHT)
    found = recognise(blank, RecognitionOptions(), tesseract, Rapid(), FILES)
    assert (found.lines, tesseract.asked) == ((), [])


def test_more_that_is_as_sure_is_better() -> None:
    little, much = [line("rent", 0.9)], [line(ENGLISH, 0.9)]
    assert choice.better(little, much)
    assert not choice.better(much, little)
    assert not choice.better([line(ENGLISH, 0.79)], [line(ENGLISH + ENGLISH, 0.5)])


@pytest.mark.parametrize(
    ("text", "sure", "kept"), [("ab c", 0.7, ""), ("ab c", 0.9, "ab c"), ("stairs", 0.7, "stairs")]
)
def test_scraps_that_nobody_is_sure_of_are_no_text(text: str, sure: float, kept: str) -> None:
    by_tesseract = RecognitionOptions(Recogniser.TESSERACT, languages=("en",))
    assert read(Tesseract(texts={"eng": (text, sure)}), options=by_tesseract).text == kept


def test_drawings_are_no_text() -> None:
    assert choice.is_text(line("rent", 0.9))
    assert not choice.is_text(line("rent", 0.4))
    assert not choice.is_text(line("| -", 0.9))


def test_a_line_that_was_left_out_is_read_in_the_way_that_is_surest() -> None:
    class LeavesOut(Tesseract):
        def recognise(
            self, picture: Picture, languages: tuple[str, ...], layout: Layout
        ) -> tuple[FoundLine, ...]:
            read = {Layout.PAGE: ("the first line", 0.9, 100.0), Layout.LINE: ("tit le 2", 0.65, 0.0)}
            read[Layout.SCATTERED] = ("title", 0.9, 0.0)
            if layout not in read:
                return ()
            text, confidence, top = read[layout]
            box = (60.0, top, 360.0, top + 20)
            word = RecognisedWord(text, box, confidence)
            return (FoundLine((word,), ((60, top), (360, top), (360, top + 20), (60, top + 20))),)

    sheet = np.full((200, 500), 255, np.uint8)
    for top in (40, 100):
        for left in range(60, 350, 20):
            sheet[top : top + 20, left : left + 9] = 0
    page = Picture(500, 200, 1, sheet.tobytes(), 150)
    options = RecognitionOptions(Recogniser.TESSERACT, ("en",))
    found = recognise(page, options, LeavesOut(), Rapid(), FILES)
    assert [line.text for line in found.lines] == ["title", "the first line"]
