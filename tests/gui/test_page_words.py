"""Words that were recognised on a page: selected with the mouse and the keys, copied, looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.documents.records import DocumentState, PartCounts, WordOnPage
from assistant.documents.viewer_records import PageLayout
from tests.gui.doubles import Services, blank_page, document
from ui.common.theme import Theme
from ui.viewer.page_words import PageWords, WordPlace
from ui.viewer.selectable_pages import SelectablePages
from ui.window import Window


def line(y: float, *words: str, confidence: float = 0.96) -> list[WordOnPage]:
    """Words of 80 × 20 points, 100 apart."""
    return [
        WordOnPage(word, (100 + 100 * at, y, 180 + 100 * at, y + 20), confidence)
        for at, word in enumerate(words)
    ]


WORDS = (*line(100, "Total", "debt", "was"), *line(130, "1.9", "billion"))


@pytest.fixture
def words() -> PageWords:
    words = PageWords()
    words.put(1, WORDS)
    words.put(2, line(100, "next", "page"))
    return words


def test_a_word_is_found_where_it_stands(words: PageWords) -> None:
    assert words.at(1, 230, 110) == WordPlace(1, 1)
    assert words.at(1, 190, 110) is None, "between two words"
    assert words.at(3, 230, 110) is None
    assert words.nearest(1, 190, 112) == WordPlace(1, 0)
    assert words.nearest(1, 600, 138) == WordPlace(1, 4), "the last of its line, not one above"
    assert words.nearest(3, 0, 0) is None


def test_what_is_selected_is_put_together_line_by_line(words: PageWords) -> None:
    words.select(WordPlace(1, 4), WordPlace(1, 1))  # backwards
    assert words.text() == "debt was\n1.9 billion"
    assert words.selected_boxes(1) == [(200, 100, 380, 120), (100, 130, 280, 150)]
    words.select(WordPlace(1, 3), WordPlace(2, 0))
    assert words.text() == "1.9 billion\nnext"
    words.put(2, line(100, "other"))
    assert words.text() == "", "a page that was recognised anew"


def test_scripts_without_spaces_get_none(words: PageWords) -> None:
    words.put(1, line(100, "总负", "债为", "1.9", "亿"))
    words.select_page(1)
    assert words.text() == "总负债为 1.9 亿"


@pytest.mark.parametrize("texts", [("one", "two", "three"), ("واحد", "اثنان", "ثلاثة")])
def test_lines_that_slope_are_told_apart(words: PageWords, texts: tuple[str, ...]) -> None:
    """As of a scan that lay askew: the end of a line is as low as the beginning of the next."""
    sloping = [
        replace(word, box=(x0, y0 + slope, x1, y1 + slope))
        for y in (100, 122)
        for word, slope in zip(line(y, *texts), (0, 10, 20), strict=True)
        for x0, y0, x1, y1 in [word.box]
    ]
    if texts[0] == "واحد":
        sloping = [
            replace(word, box=(700 - word.box[2], word.box[1], 700 - word.box[0], word.box[3]))
            for word in sloping
        ]
    words.put(1, sloping)
    words.select_page(1)
    assert words.text() == "\n".join([" ".join(texts)] * 2)


@pytest.fixture
def pages(qtbot: QtBot, theme: Theme) -> SelectablePages:
    view = SelectablePages()
    qtbot.addWidget(view)
    view.resize(624, 500)  # a point is a pixel
    view.show()
    view.show_layout(PageLayout(((600.0, 800.0),) * 2))
    view.take_picture(blank_page(1, view.wanted_width(1), 2))
    view.take_words(1, WORDS)
    return view


def centre(pages: SelectablePages, number: int) -> QPointF:
    return pages.on_screen(1, WORDS[number].box).center()


def test_the_mouse_selects_words_and_else_moves_the_page(pages: SelectablePages, qtbot: QtBot) -> None:
    port, copied = pages.viewport(), []
    pages.copy_wanted.connect(copied.append)
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(port, left, pos=centre(pages, 1).toPoint())
    QTest.mouseMove(port, centre(pages, 3).toPoint())
    QTest.mouseRelease(port, left, pos=centre(pages, 3).toPoint())
    QTest.keyClick(pages, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied == ["debt was\n1.9"]
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(port, left, shift, pos=centre(pages, 4).toPoint())
    assert pages.words.text() == "debt was\n1.9 billion"
    QTest.mouseDClick(port, left, pos=centre(pages, 0).toPoint())
    assert pages.words.text() == "Total"
    QTest.keyClick(pages, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert pages.words.text() == "Total debt was\n1.9 billion"
    free = (centre(pages, 4) + QPointF(0, 120)).toPoint()
    QTest.mousePress(port, left, pos=free)
    assert pages.words.text() == ""
    assert port.cursor().shape() is Qt.CursorShape.ClosedHandCursor
    QTest.mouseRelease(port, left, pos=free)
    QTest.mouseMove(port, centre(pages, 0).toPoint())
    assert port.cursor().shape() is Qt.CursorShape.IBeamCursor


def test_words_are_made_seen_and_say_how_they_were_read(pages: SelectablePages) -> None:
    doubtful = line(200, "rnodern", confidence=0.42)
    pages.take_words(1, (*WORDS, *doubtful))

    def colour(number: int) -> QColor:
        place = pages.on_screen(1, pages.words.of_page(1)[number].box).center().toPoint()
        return pages.viewport().grab().toImage().pixelColor(place)

    assert colour(0) == QColor("white")
    assert pages.tip(centre(pages, 0).toPoint()) == ""
    pages.show_words(True)
    sure, unsure = colour(0), colour(len(WORDS))
    assert sure != QColor("white")
    assert unsure not in (QColor("white"), sure)
    assert pages.tip(centre(pages, 0).toPoint()) == "Total · 96 % sure"
    below = pages.on_screen(1, doubtful[0].box).center().toPoint()
    assert pages.tip(below) == "rnodern · 42 % sure"


def test_the_words_of_a_page_follow_its_picture_and_its_recognition(
    window: Window, connected: Callable[..., Services], qtbot: QtBot
) -> None:
    counts = PartCounts(empty=12, waiting=12)
    scan = document(4, "/d/photo.png", kind="image", state=DocumentState.PARTIAL, report=counts)
    services = connected(scan)
    viewer = window.documents.side_panel.viewer
    window.documents.document_panel.open_wanted.emit(scan)
    qtbot.waitUntil(lambda: viewer.pages.words.knows(1))
    assert viewer.pages.words.of_page(1) == ()
    assert viewer.toolbar.words.isHidden(), "nothing was recognised yet"
    services.documents.queue["page_words"] += [WORDS] * 2
    services.documents.put(replace(scan, report=PartCounts(ocr=1, empty=11, waiting=11)))
    qtbot.waitUntil(lambda: bool(viewer.pages.words.of_page(1)))
    assert viewer.toolbar.words.isVisible()
    viewer.toolbar.words.click()
    assert viewer.pages.shows_words
    viewer.pages.words.select_page(1)
    assert viewer.pages.copy()
    assert QApplication.clipboard().text() == "Total debt was\n1.9 billion"
