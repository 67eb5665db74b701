"""Recognised words become paragraphs, columns and tables, with a box on the page for each character."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from assistant.documents.formats.pdf.headings import Headings
from assistant.documents.formats.pdf.hyphens import Hyphens
from assistant.documents.recognition.recognised_sections import (
    page_sections,
    picture_sections,
    words_on_page,
)
from assistant.documents.records import Section
from assistant.vision.records import (
    PixelBox,
    RecognisedLine,
    RecognisedPicture,
    RecognisedWord,
    Recogniser,
)

_EM = 40
"""The size of the letters, in pixels."""
_WIDTH, _HEIGHT = 1600, 2200
_TALL, _DEEP = "bdfhijklt", "gjpqy"

Move = Callable[[float, float], tuple[float, float]]


def line(x: float, base: float, text: str, em: float = _EM, space: str = " ") -> RecognisedLine:
    """A line from x on, with boxes as tight as recognition gives them."""
    words = []
    pieces = text.split(" ") if space else list(text)
    for piece in pieces:
        width = 0.5 * em * len(piece) if space else em
        tall = not piece.isascii() or any(letter in _TALL or letter.isupper() for letter in piece)
        top = base - (0.72 if tall else 0.5) * em
        bottom = base + (0.21 * em if any(letter in _DEEP for letter in piece) else 0)
        words.append(RecognisedWord(piece, (x, top, x + width, bottom), 0.9))
        x += width + (0.28 * em if space else 0)
    return RecognisedLine(tuple(words), 0, space)


def picture(lines: Sequence[RecognisedLine], turned: int = 0, skew: float = 0.0) -> RecognisedPicture:
    return RecognisedPicture(tuple(lines), turned, Recogniser.TESSERACT, ("en",), 0.9, skew)


def moved(lines: Sequence[RecognisedLine], move: Move) -> list[RecognisedLine]:
    """The lines with the corners of each word elsewhere."""

    def box(old: PixelBox) -> PixelBox:
        corners = [move(x, y) for x in (old[0], old[2]) for y in (old[1], old[3])]
        xs, ys = zip(*corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    return [
        RecognisedLine(
            tuple(RecognisedWord(word.text, box(word.box), word.confidence) for word in each.words),
            each.block,
            each.space,
        )
        for each in lines
    ]


def sections(found: RecognisedPicture, scale: float = 1.0) -> list[Section]:
    return page_sections(found, scale, (3, "page 3"), Headings(), Hyphens())


PROSE = [
    "The bells of the old tower ring at noon and",
    "again in the evening, when the gates of the",
    "town are closed and the lamps are lighted.",
    "Nobody remembers who hung them, or why one",
    "of them is never rung except for a funeral.",
]


def prose(x: float = 100, top: float = 300, texts: Sequence[str] = PROSE) -> list[RecognisedLine]:
    return [line(x, top + 60 * at, text) for at, text in enumerate(texts)]


def test_lines_of_a_paragraph_are_joined_and_each_character_has_its_place() -> None:
    (section,) = sections(picture(prose()), 0.5)
    assert section.text == " ".join(PROSE)
    assert (section.page, section.location, section.recognised) == (3, "page 3", 0.9)
    assert section.boxes is not None
    at = section.text.index("evening")
    # Half a point a pixel; the word stands in the second line.
    word = next(word for word in prose()[1].words if word.text == "evening,")
    characters = section.boxes[at : at + len("evening,")]
    assert characters[0, 0] == pytest.approx(word.box[0] / 2)
    assert characters[-1, 2] == pytest.approx(word.box[2] / 2)
    assert np.allclose(characters[:, 1], word.box[1] / 2)
    assert np.isnan(section.boxes[at - 1]).all()


def test_a_hyphen_at_the_end_of_a_line_goes() -> None:
    texts = ["All day the water ran into the reser-", "voir, and the reservoir was filled by", "the evening."]
    (section,) = sections(picture(prose(texts=texts)))
    assert "into the reservoir, and" in section.text


def test_columns_are_read_one_after_the_other_however_the_lines_came() -> None:
    left, right = prose(), prose(950, texts=[text.upper() for text in PROSE])
    mixed = [each for pair in zip(right, left, strict=True) for each in pair]
    text = "\n".join(section.text for section in sections(picture(mixed)))
    assert text.index("funeral") < text.index("THE BELLS")


def test_rows_of_a_table_stay_together() -> None:
    rows = [
        ("Bells", "1910", "1911"),
        ("large", "4,120", "3,980"),
        ("small", "1,200", "1,310"),
        ("all", "5,320", "5,290"),
    ]
    lines = [
        line(x, 300 + 60 * at, cell)
        for at, row in enumerate(rows)
        for x, cell in zip((100, 700, 1000), row, strict=True)
    ]
    (section,) = sections(picture(lines))
    assert section.table
    assert [row.split() for row in section.text.splitlines()] == [list(row) for row in rows]


def test_a_page_that_is_aslant_reads_as_one_that_is_straight() -> None:
    angle = math.radians(2)
    aslant = moved(
        prose(),
        lambda x, y: (x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)),
    )
    (section,) = sections(picture(aslant, skew=2.0))
    assert section.text == " ".join(PROSE)
    assert section.boxes is not None
    place = np.nanmean(section.boxes[section.text.index("funeral") :], axis=0)
    word = next(word for word in aslant[-1].words if word.text == "funeral.")
    assert place[1] == pytest.approx(word.box[1], abs=1)


@pytest.mark.parametrize(
    ("turned", "move"),
    [
        (270, lambda x, y: (_HEIGHT - y, x)),  # it was turned by 90° clockwise
        (180, lambda x, y: (_WIDTH - x, _HEIGHT - y)),
        (90, lambda x, y: (y, _WIDTH - x)),
    ],
)
def test_a_page_that_lies_on_its_side_keeps_its_boxes(turned: int, move: Move) -> None:
    lying = moved(prose(), move)
    (section,) = sections(picture(lying, turned))
    assert section.text == " ".join(PROSE)
    assert section.boxes is not None
    at = section.text.index("Nobody")
    x0, _, _, y1 = lying[3].words[0].box
    characters = section.boxes[at : at + len("Nobody")]
    assert characters[:, 0].min() == pytest.approx(x0)
    assert characters[:, 3].max() == pytest.approx(y1)
    along = (characters[0] - characters[-1])[0 if turned == 180 else 1]
    assert along < 0 if turned == 270 else along > 0


def test_scripts_without_spaces_get_none() -> None:
    lines = [
        line(100, 300, "我们每天中午都听见老塔楼的钟声", space=""),
        line(100, 360, "晚上关城门的时候也一样", space=""),
    ]
    (section,) = sections(picture(lines))
    assert section.text.replace("\n", "") == "我们每天中午都听见老塔楼的钟声晚上关城门的时候也一样"


def test_arabic_reads_from_right_to_left() -> None:
    words = ["تدق", "الأجراس", "عند", "الظهر"]
    place, found = 900.0, []
    for word in words:
        found.append(RecognisedWord(word, (place - 20 * len(word), 268, place, 310), 0.9))
        place -= 20 * len(word) + 12
    (section,) = sections(picture([RecognisedLine(tuple(found), 0)]))
    assert section.text == " ".join(words)
    assert section.boxes is not None
    assert section.boxes[0, 0] > section.boxes[2, 0]


def test_uneven_heights_make_no_headings() -> None:
    uneven = [
        line(100, 300 + 60 * at, text, em=_EM * size)
        for at, (text, size) in enumerate(zip(PROSE, (1.0, 1.08, 0.93, 1.1, 0.95), strict=True))
    ]
    (section,) = sections(picture(uneven))
    assert section.heading == ()
    assert section.text.count("\n") == 0


def test_a_large_line_is_a_heading() -> None:
    found = sections(picture([line(100, 220, "The bells", em=80), *prose()]))
    assert {section.heading for section in found} == {("The bells",)}


def test_a_picture_in_a_part_has_text_and_no_place_on_the_page() -> None:
    (section,) = picture_sections(picture(prose()), 4, "picture 2 on slide 4", ("Results",))
    assert section.text == " ".join(PROSE)
    assert (section.page, section.location, section.heading) == (4, "picture 2 on slide 4", ("Results",))
    assert (section.boxes, section.recognised) == (None, 0.9)


def test_nothing_seen_is_no_section() -> None:
    blank = RecognisedLine((RecognisedWord(" ", (0, 0, 9, 9), 0.2),), 0)
    assert sections(picture([])) == []
    assert sections(picture([blank])) == []


def test_words_where_they_stand() -> None:
    words = words_on_page(picture([line(100, 300, "at noon")]), 0.5)
    assert [word.text for word in words] == ["at", "noon"]
    assert words[0].box == pytest.approx((50, 135.6, 70, 150))
    assert words[0].confidence == 0.9
