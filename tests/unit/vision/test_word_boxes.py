from __future__ import annotations

import numpy as np

from assistant.vision.findings import FoundLine
from assistant.vision.records import PixelBox, RecognisedWord
from assistant.vision.word_boxes import on_ink, tight

CORNERS = ((0.0, 0.0), (200.0, 0.0), (200.0, 40.0), (0.0, 40.0))


def page(*inked: tuple[int, int, int, int]) -> np.ndarray:
    dark = np.zeros((60, 240), bool)
    for x0, y0, x1, y1 in inked:
        dark[y0:y1, x0:x1] = True
    return dark


def line(*words: tuple[str, PixelBox]) -> FoundLine:
    return FoundLine(tuple(RecognisedWord(text, box, 0.9) for text, box in words), CORNERS)


def boxes(found: FoundLine) -> list[PixelBox]:
    return [word.box for word in found.words]


def test_words_end_where_the_ink_has_a_gap() -> None:
    dark = page((10, 12, 78, 30), (90, 15, 180, 36))
    about = line(("words", (5, 5, 95, 40)), ("apart", (95, 5, 195, 40)))
    assert boxes(on_ink(about, dark)) == [(10, 12, 78, 30), (90, 15, 180, 36)]


def test_a_box_as_high_as_the_line_shrinks_to_its_ink() -> None:
    assert boxes(tight(line(("low", (10, 0, 60, 40))), page((12, 20, 58, 32)))) == [(12, 20, 58, 32)]


def test_a_box_that_reaches_over_another_word_is_cut() -> None:
    dark = page((10, 10, 80, 30), (100, 10, 140, 30))
    found = tight(line(("other", (100, 10, 140, 30)), ("wide", (10, 10, 140, 30))), dark)
    assert boxes(found) == [(100, 10, 140, 30), (10, 10, 80, 30)]


def test_a_word_without_ink_keeps_its_box() -> None:
    assert boxes(tight(line(("pale", (10, 5, 60, 40))), page())) == [(10, 5, 60, 40)]


def test_a_box_that_reaches_over_all_words_is_cut_where_its_word_is_read() -> None:
    """The first word of a line, though more room is left behind the others."""
    ink = [(10, 10, 40, 30), (60, 10, 90, 30), (110, 10, 130, 30), (150, 10, 230, 30)]
    dark = page(*ink)
    others = [(str(at), tuple(map(float, box))) for at, box in enumerate(ink[1:])]
    found = tight(line(("first", (10, 10, 230, 30)), *others[:2]), dark)  # type: ignore[arg-type]
    assert boxes(found)[0] == ink[0]
    backwards = tight(line(*reversed(others[:2]), ("last", (10, 10, 230, 30))), dark)  # type: ignore[arg-type]
    assert boxes(backwards)[2] == ink[0]
