"""A document is read in the panel: its pages or its text, at the place that is wanted."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.documents.records import DocumentState, PagePicture, Quote
from assistant.documents.viewer_records import (
    FoundPlace,
    FoundPlaces,
    OutlineEntry,
    PageLayout,
    TextRun,
    TextStretch,
)
from assistant.errors import DocumentGone, PasswordRequired, Problem, UnreadableDocument
from tests.gui.doubles import Pending, Services, blank_page, document
from tests.told import told
from ui.common.buttons_and_labels import Button
from ui.common.theme import LIGHT, Theme
from ui.viewer import page_pictures
from ui.viewer.document_viewer import DocumentViewer
from ui.viewer.page_geometry import MARGIN, PageGeometry
from ui.viewer.pages_view import PagesView
from ui.viewer.text_view import MOST_STRETCHES, TextView
from ui.window import Window

Connect = Callable[..., Services]
BOXES = ((100, 400, 500, 416), (100, 420, 340, 436))
QUOTE = Quote(1, 0.9, 2, "/d/report.pdf", "report.pdf", 7, "page 7", (), "Debt", BOXES, 5, 0, 20)
NOTE = Quote(2, 0.5, 3, "/d/notes.md", "notes.md", None, "lines 10–42", (), "Debt fell.", (), 6, 12, 22)
REPORT, NOTES = document(2, "/d/report.pdf"), document(3, "/d/notes.md", unit="part")
LAYOUT = PageLayout(((600.0, 800.0),) * 12)


def run(section: int, text: str, *heading: str, start: int = 0) -> TextRun:
    return TextRun(section, start, f"paragraph {section}", heading, False, text)


def opened(window: Window, connected: Connect, **queue: list[Any]) -> tuple[Services, DocumentViewer]:
    services = connected(REPORT, NOTES)
    for method, answers in queue.items():
        services.documents.queue[method] += answers
    return services, window.documents.side_panel.viewer


@pytest.fixture
def pages(qtbot: QtBot, theme: Theme) -> PagesView:
    view = PagesView()
    qtbot.addWidget(view)
    view.resize(624 + 12, 600)
    view.show()
    view.show_layout(LAYOUT)
    return view


@pytest.fixture
def text(qtbot: QtBot, theme: Theme) -> TextView:
    view = TextView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    return view


# --- from the list and from quotes


@pytest.mark.parametrize("how", ["enter", "double click", "menu"])
def test_the_list_opens_the_document_itself(
    window: Window, connected: Connect, qtbot: QtBot, failures: list[Any], how: str
) -> None:
    services, viewer = opened(window, connected)
    panel = window.documents.document_panel
    index = panel.list.documents.index_of(2)
    panel.list.setCurrentIndex(index)
    if how == "enter":
        QTest.keyClick(panel.list, Qt.Key.Key_Return)
    elif how == "menu":
        panel.menu_for([REPORT]).actions()[0].trigger()
    else:
        place = panel.list.visualRect(index).center()
        qtbot.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.panel.shown is viewer
    assert window.panel.title() == "report.pdf"
    qtbot.waitUntil(lambda: viewer.pages.has_picture(1))
    assert viewer._views.currentWidget() is viewer.pages
    assert viewer.toolbar.field.text() == "1"
    assert viewer.toolbar.count.text() == "of 12"
    assert viewer.pages.zoom == 1.0
    asked = {page for _, page, _ in services.documents.called("page_picture")}
    assert asked <= {1, 2}, "only pages in view, and the next one, are drawn"
    assert not failures


def test_reading_takes_half_of_the_window_and_folds_the_navigation(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    opened(window, connected)
    window.resize(1280, 720)
    assert not window.navigation.folded
    window.documents.side_panel.show_document(REPORT)
    QTest.qWait(20)
    assert window.navigation.folded
    assert abs(window.panel.width() - 640) < 8
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.panel.isHidden()
    assert not window.navigation.folded
    window.documents.side_panel.show_report(REPORT)
    assert not window.navigation.folded


def test_a_quote_opens_its_page_with_the_words_marked(
    window: Window, connected: Connect, qtbot: QtBot, failures: list[Any]
) -> None:
    _, viewer = opened(window, connected)
    window.documents.side_panel.show_quote(QUOTE)
    view = viewer.pages
    qtbot.waitUntil(lambda: view.page == 7 and view.has_picture(7))
    assert viewer.toolbar.field.text() == "7"
    box = view.box_on_screen(0)
    assert QRectF(view.viewport().rect()).contains(box), "the quote is in view"
    picture = view.viewport().grab().toImage()
    middle = box.center().toPoint()
    assert picture.pixelColor(middle) == QColor(LIGHT.paper_mark)
    assert picture.pixelColor(middle + QPoint(0, 60)) == QColor("white")
    assert not failures


def test_another_quote_of_the_same_document_is_not_opened_anew(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services, viewer = opened(window, connected)
    window.documents.side_panel.show_quote(QUOTE)
    qtbot.waitUntil(lambda: viewer.pages.page == 7)
    window.documents.side_panel.show_quote(replace(QUOTE, page=3))
    assert viewer.pages.page == 3
    assert len(services.documents.called("page_layout")) == 1


# --- pages


def test_pages_lie_below_each_other() -> None:
    geometry = PageGeometry(((100, 200), (200, 100), (100, 1e9)))
    geometry.width = 300
    tops = [geometry.top(page) for page in (1, 2, 3)]
    assert tops == [MARGIN, 2 * MARGIN + 600, 3 * MARGIN + 750]
    assert geometry.height == 4 * MARGIN + 750 + 40 * 300
    assert [geometry.page_at(top) for top in (-5, *tops, tops[2] - 1, 1e9)] == [1, 1, 2, 3, 2, 3]
    assert geometry.on_page(2, (20, 10, 40, 30)) == (30, 15, 30, 30)


def test_the_page_field_and_the_keys_turn_pages(window: Window, connected: Connect, qtbot: QtBot) -> None:
    layout = replace(LAYOUT, labels=("i", "ii", *map(str, range(1, 11))))
    _, viewer = opened(window, connected, page_layout=[Pending().finish(layout)])
    window.documents.side_panel.show_document(REPORT)
    field = viewer.toolbar.field
    qtbot.waitUntil(lambda: field.text() == "i")
    assert viewer.toolbar.count.text() == "(1 of 12)"
    for wanted, label in (("II", "ii"), ("5", "5"), ("12", "10"), ("99", "10"), ("1", "1")):
        field.setText(wanted)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.text() == label
    assert viewer.pages.page == 3
    QTest.keyClick(viewer.pages, Qt.Key.Key_Right)
    assert viewer.pages.page == 4
    viewer.toolbar.before.click()
    assert viewer.pages.page == 3
    QTest.keyClick(viewer.pages, Qt.Key.Key_End)
    assert viewer.pages.page == 12
    QTest.keyClick(viewer.pages, Qt.Key.Key_Home)
    assert viewer.pages.page == 1


def test_zooming_keeps_the_highlight_where_it_is(pages: PagesView) -> None:
    pages.go_to(7, BOXES)
    before = pages.place_on_screen().center()
    pages.zoom_in()
    pages.zoom_in()
    assert pages.zoom == 1.5
    assert (pages.place_on_screen().center() - before).manhattanLength() < 3
    pages.set_zoom(1.0)
    pages.resize(400, 600)
    assert QRectF(pages.viewport().rect()).contains(pages.place_on_screen())
    QTest.keyClick(pages, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert pages.zoom == 1.25


def test_only_pages_in_view_are_drawn_and_at_the_size_that_is_seen(pages: PagesView, qtbot: QtBot) -> None:
    asked: list[tuple[int, int]] = []
    pages.picture_wanted.connect(lambda page, width: asked.append((page, width)))
    pages.go_to(9)
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [(9, 600), (10, 600)], "two at a time"
    pages.take_picture(blank_page(10, 600))
    pages.take_picture(blank_page(9, 600))
    assert asked[2:] == [(8, 600)]
    pages.take_picture(blank_page(8, 600))
    pages.zoom_in()
    qtbot.waitUntil(lambda: (9, 750) in asked)
    assert len(asked) <= 5


def test_the_pictures_of_pages_out_of_view_go(monkeypatch: pytest.MonkeyPatch, theme: Theme) -> None:
    monkeypatch.setattr(page_pictures, "MOST_BYTES", 3 * 300 * 400 * 4)
    kept = page_pictures.PagePictures()
    for page in range(1, 20):
        kept.put(blank_page(page, 300), (1, 2))
    assert kept.get(1)
    assert kept.get(2)
    assert kept.get(19)
    assert kept.bytes() == 3 * 300 * 400 * 4


def test_a_page_that_cannot_be_drawn_says_so(window: Window, connected: Connect, qtbot: QtBot) -> None:
    broken = told(UnreadableDocument, "This page is damaged.")
    _, viewer = opened(window, connected, page_picture=[broken])
    window.documents.side_panel.show_document(REPORT)
    qtbot.waitUntil(lambda: viewer.pages.has_picture(2))
    assert viewer.pages._failed == {1: "This page is damaged."}
    viewer.pages.viewport().repaint()


def test_ink_under_the_mark_stays_ink(pages: PagesView, theme: Theme) -> None:
    paper = blank_page(1, 600)
    pixels = bytearray(paper.pixels)
    for y in range(405, 409):  # a stroke of ink inside the first box
        start = (y * 600 + 100) * 4
        pixels[start : start + 200 * 4] = b"\x10" * (200 * 4)
    pages.take_picture(replace(paper, pixels=bytes(pixels)))
    pages.go_to(1, BOXES)
    for scheme in ("light", "dark"):
        theme.choose(scheme)
        picture = pages.viewport().grab().toImage()
        box = pages.box_on_screen(0)
        scale = box.width() / (BOXES[0][2] - BOXES[0][0])
        ink = picture.pixelColor(round(box.left() + 100 * scale), round(box.top() + 8 * scale))
        marked = picture.pixelColor(round(box.right() - 20), round(box.center().y()))
        assert ink.lightness() < 40
        assert marked.lightness() > 150


def test_what_overlaps_is_not_marked_twice(pages: PagesView) -> None:
    """As the lines of a scan that lay askew do."""
    pages.take_picture(blank_page(1, 600))
    pages.go_to(1, ((100, 400, 500, 420), (100, 410, 500, 430)))
    picture = pages.viewport().grab().toImage()
    box = pages.box_on_screen(0)
    once, twice = box.top() + box.height() / 5, box.top() + box.height() * 4 / 5
    assert picture.pixelColor(300, round(once)) == picture.pixelColor(300, round(twice))


def test_dark_paper_is_lightened_instead(pages: PagesView) -> None:
    pages.take_picture(replace(blank_page(1, 600), pixels=b"\x20\x20\x20\xff" * (600 * 800)))
    pages.go_to(1, BOXES)
    picture = pages.viewport().grab().toImage()
    box = pages.box_on_screen(0).center().toPoint()
    assert picture.pixelColor(box).lightness() > picture.pixelColor(box + QPoint(0, 80)).lightness() + 20


def test_a_broken_picture_size_does_not_hurt(pages: PagesView) -> None:
    pages.show_layout(PageLayout(((0.0, 0.0), (1.0, 1e9))))
    pages.take_picture(PagePicture(1, 2, 1, 1, 0.01, b"\xff" * 4))
    pages.go_to(1, ((0, 0, 500, 500), (-5, -5, -1, -1)))
    pages.viewport().repaint()


def test_scrolling_within_a_page_tells_nothing(pages: PagesView, monkeypatch: pytest.MonkeyPatch) -> None:
    pages.go_to(3)
    assert pages.accessibleName() == "Page 3 of 12"
    told: list[str] = []
    monkeypatch.setattr(pages, "setAccessibleName", told.append)
    for step in range(10):
        pages.verticalScrollBar().setValue(pages.verticalScrollBar().value() + step)
    assert told == []
    pages.go_to(5)
    assert told == ["Page 5 of 12"]


@pytest.mark.parametrize("tall", ["يطلع النهار", "वार्षिक आय", "รายได้ประจำปี", "年間の収入"])
def test_lines_of_tall_scripts_stand_further_apart(text: TextView, tall: str) -> None:
    text.show_text(TextStretch((run(1, f"Annual income\n{tall}"),), True, True))
    document = text.document()
    latin, other = document.begin(), document.begin().next()
    assert other.text() == tall
    assert other.blockFormat().lineHeight() > latin.blockFormat().lineHeight()


# --- finding


def test_words_are_found_on_pages(window: Window, connected: Connect, qtbot: QtBot) -> None:
    places = tuple(FoundPlace(page, 0, 4, page, (BOXES[0],)) for page in (2, 7, 9))
    beside = FoundPlace(50, 0, 4, None, ())
    services, viewer = opened(window, connected, find=[FoundPlaces((*places, beside))])
    window.documents.side_panel.show_document(REPORT, 5)
    qtbot.waitUntil(lambda: viewer.pages.page == 5)
    window.activateWindow()
    viewer.pages.setFocus()
    QTest.keyClick(viewer.pages, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    bar = viewer.finder.bar
    assert bar.isVisible()
    QTest.keyClicks(bar.field, "debt")
    qtbot.waitUntil(lambda: bar.count.text() == "2 of 3")
    assert services.documents.called("find") == [(2, "debt")]
    assert viewer.pages.page == 7, "the first at or after the page in view"
    for key, page, said in (
        (Qt.KeyboardModifier.NoModifier, 9, "3 of 3"),
        (Qt.KeyboardModifier.NoModifier, 2, "1 of 3"),
        (Qt.KeyboardModifier.ShiftModifier, 9, "3 of 3"),
    ):
        QTest.keyClick(bar.field, Qt.Key.Key_Return, key)
        assert (viewer.pages.page, bar.count.text()) == (page, said)
    assert QRectF(viewer.pages.viewport().rect()).contains(viewer.pages.place_on_screen())
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert window.panel.isVisible()
    assert viewer.pages._marks == {}
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.panel.isHidden()


def test_words_that_are_not_there(window: Window, connected: Connect, qtbot: QtBot) -> None:
    _, viewer = opened(window, connected)
    window.documents.side_panel.show_document(REPORT)
    viewer.toolbar.search.click()
    viewer.finder.bar.field.setText("zebra")
    qtbot.waitUntil(lambda: viewer.finder.bar.count.text() == "Not found")
    viewer.finder.bar.field.clear()
    qtbot.waitUntil(lambda: viewer.finder.bar.count.text() == "")


def test_words_are_found_in_text_that_is_not_in_view(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    far = TextStretch((run(90, "far away is the word"),), False, True)
    found = FoundPlaces((FoundPlace(90, 16, 20, None, ()),))
    services, viewer = opened(
        window, connected, text=[TextStretch((run(1, "the beginning"),), True, True), far], find=[found]
    )
    window.documents.side_panel.show_document(NOTES)
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "the beginning")
    viewer.finder.bar.open_bar()
    viewer.finder.bar.field.setText("word")
    qtbot.waitUntil(lambda: marked(viewer.text) == ["word"])
    assert (3, 90, 0, False) in services.documents.called("text")


# --- its file is replaced


def read_again(services: Services, row: Any, **other: Any) -> None:
    """Its file was replaced; the worker tells of it twice, or once where it reads it in no time."""
    newer = replace(row, mtime_ns=row.mtime_ns + 1, **other)
    services.documents.put(replace(newer, state=DocumentState.QUEUED, pages_done=0))
    services.documents.put(newer)


def test_a_file_that_is_replaced_shows_its_new_pages_at_the_same_place(
    window: Window, connected: Connect, qtbot: QtBot, failures: list[Any]
) -> None:
    services, viewer = opened(window, connected)
    window.documents.side_panel.show_document(REPORT)
    qtbot.waitUntil(lambda: viewer.pages.has_picture(1))
    viewer.pages.set_zoom(1.5)
    viewer.pages.verticalScrollBar().setValue(round(viewer.pages._geometry.top(6)) + 123)
    page, before = viewer.pages.page, viewer.pages.page_on_screen(6)
    window.documents.questions.field.take_focus()
    fewer = PageLayout(((600.0, 800.0),) * 9)
    services.documents.queue["page_layout"].append(Pending().finish(fewer))
    read_again(services, REPORT, pages=9)
    qtbot.waitUntil(lambda: viewer.toolbar.count.text() == "of 9")
    assert viewer.pages.page == page
    assert viewer.pages.zoom == 1.5
    assert (viewer.pages.page_on_screen(6).topLeft() - before.topLeft()).manhattanLength() <= 2
    qtbot.waitUntil(lambda: viewer.pages.has_picture(page))
    assert window.focusWidget() is window.documents.questions.field.field, "no keys are taken away"
    viewer.pages.go_to(9)
    services.documents.queue["page_layout"].append(Pending().finish(PageLayout(((600.0, 800.0),) * 2)))
    read_again(services, replace(REPORT, mtime_ns=5), pages=2)
    qtbot.waitUntil(lambda: viewer.toolbar.count.text() == "of 2")
    assert viewer.pages.page == 2
    asked = len(services.documents.called("page_layout"))
    services.documents.put(replace(REPORT, mtime_ns=6, pages=2, collection="Work"))
    qtbot.wait(50)
    assert len(services.documents.called("page_layout")) == asked, "the same file"
    assert not failures


def test_a_text_that_is_replaced_is_shown_from_the_same_line_on(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    lines = "\n".join(f"line {number} of the text" for number in range(300))
    services, viewer = opened(window, connected, text=[TextStretch((run(1, lines),), True, True)])
    window.documents.side_panel.show_document(NOTES)
    qtbot.waitUntil(lambda: viewer.text.verticalScrollBar().maximum() > 0)
    viewer.text.verticalScrollBar().setValue(viewer.text.verticalScrollBar().maximum() // 2)
    line = viewer.text.line()
    newer = f"an introduction\n{lines}"
    start = newer.index(line)
    services.documents.queue["find"].append(FoundPlaces((FoundPlace(9, start, start + 5, None, ()),)))
    services.documents.queue["text"].append(TextStretch((run(9, newer),), True, True))
    read_again(services, NOTES, size=99)
    qtbot.waitUntil(lambda: viewer.text.toPlainText().startswith("an introduction"))
    qtbot.waitUntil(lambda: viewer.text.line() == line)
    assert services.documents.called("find") == [(3, line)]


# --- outline


def test_the_bookmarks_of_a_file_are_its_outline(window: Window, connected: Connect, qtbot: QtBot) -> None:
    bookmarks = (OutlineEntry("Part I", 0, 2), OutlineEntry("Debt", 1, 6))
    headings = (OutlineEntry("Another", 0, 1, 4),)
    _, viewer = opened(
        window, connected, page_layout=[replace(LAYOUT, bookmarks=bookmarks)], headings=[headings]
    )
    window.documents.side_panel.show_document(REPORT)
    qtbot.waitUntil(lambda: viewer.outline.entries == bookmarks)
    assert viewer.outline.isHidden()
    viewer.toolbar.outline.click()
    assert viewer.outline.isVisible()
    viewer.outline.setCurrentIndex(viewer.outline.model().index(1, 0))
    QTest.keyClick(viewer.outline, Qt.Key.Key_Return)
    assert viewer.pages.page == 6
    viewer.pages.go_to(4)
    assert viewer.outline.currentIndex().row() == 0


def test_headings_are_the_outline_where_there_are_no_bookmarks(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    headings = (OutlineEntry("One", 0, None, 1), OutlineEntry("Two", 0, None, 2))
    stretch = TextStretch((run(1, "One\n\n" + "text " * 900), run(2, "Two\n\nmore")), True, True)
    _, viewer = opened(window, connected, headings=[headings], text=[stretch])
    window.documents.side_panel.show_document(NOTES)
    qtbot.waitUntil(lambda: viewer.outline.entries == headings)
    assert viewer.toolbar.field.isHidden()
    viewer.outline.chosen.emit(headings[1])
    qtbot.waitUntil(lambda: viewer.text.verticalScrollBar().value() > 0)


def test_without_headings_there_is_no_outline(window: Window, connected: Connect, qtbot: QtBot) -> None:
    _, viewer = opened(window, connected)
    window.documents.side_panel.show_document(REPORT)
    qtbot.waitUntil(lambda: viewer.pages.has_picture(1))
    assert not viewer.toolbar.outline.isEnabled()


# --- text


def marked(view: TextView) -> list[str]:
    return [
        selection.cursor.selectedText().replace("\u2029", "\n")  # type: ignore[attr-defined]
        for selection in view.extraSelections()
    ]


def test_a_text_shows_its_headings_as_headings(text: TextView) -> None:
    runs = (run(1, "Debt\n\nIt fell.\n\nDebt", "Report", "Debt"), run(2, "plain"))
    text.show_text(TextStretch(runs, True, True))
    blocks = [text.document().findBlockByNumber(number) for number in range(6)]
    assert [block.text() for block in blocks] == ["Debt", "", "It fell.", "", "Debt", "plain"]
    assert [block.blockFormat().headingLevel() for block in blocks] == [2, 0, 0, 0, 0, 0]
    assert blocks[0].begin().fragment().charFormat().fontWeight() == QFont.Weight.DemiBold


def test_a_quote_is_marked_in_the_text(window: Window, connected: Connect, qtbot: QtBot) -> None:
    words = "😀 before the\nDebt fell. After it."
    stretch = TextStretch((run(6, words),), True, True)
    quote = replace(NOTE, start=words.index("Debt"), end=words.index("Debt") + 10)
    services, viewer = opened(window, connected, text=[stretch])
    window.documents.side_panel.show_quote(quote)
    qtbot.waitUntil(lambda: marked(viewer.text) == ["Debt fell."])
    assert services.documents.called("text") == [(3, 6, 0, False)]
    assert viewer._views.currentWidget() is viewer.text
    assert viewer.toolbar.field.isHidden()
    assert viewer.toolbar.place.text() == "paragraph 6"


def test_more_text_comes_at_both_ends_and_the_farthest_goes(text: TextView, qtbot: QtBot) -> None:
    wanted: list[tuple[int, int, bool]] = []
    text.stretch_wanted.connect(lambda *place: wanted.append(place))
    lines = "\n".join(["a line of text"] * 100)
    text.show_text(TextStretch((run(50, lines, start=10),), False, False))
    qtbot.waitUntil(lambda: wanted == [(50, 10, True)])
    text.add_text(TextStretch((run(50, "the begin\n"),), False, False), before=True)
    assert text.toPlainText().startswith("the begin\na line of text\n")
    top = text.cursorForPosition(QPoint(20, 20)).block().text()
    assert top == "a line of text", "what was in view stays in view"
    for section in range(51, 51 + MOST_STRETCHES):
        text.verticalScrollBar().setValue(text.verticalScrollBar().maximum())
        qtbot.waitUntil(lambda section=section: wanted[-1][0] == section - 1 and not wanted[-1][2])
        text.add_text(TextStretch((run(section, f"{section} {lines}"),), False, False), before=False)
    assert text.toPlainText().startswith("51 a line"), "the beginning was let go"
    assert text.go_to((55, 0, 2))
    assert marked(text) == ["55"]
    assert not text.go_to((50, 10, 12))
    text.verticalScrollBar().setValue(0)
    qtbot.waitUntil(lambda: wanted[-1] == (51, 0, True))
    text.add_text(TextStretch((run(50, "ten lines, " + lines),), False, False), before=True)
    assert text.go_to((50, 0, 3))
    assert marked(text) == ["ten"]
    assert text.go_to((51, 0, 2))
    assert marked(text) == ["51"]


def test_a_text_is_never_markup(text: TextView) -> None:
    hostile = "<img src='http://example.com/x.png'><b>bold</b> \udcff"
    text.show_text(TextStretch((run(1, hostile),), True, True))
    assert text.toPlainText() == hostile.replace("\udcff", "�")


def test_paragraphs_run_in_their_own_direction(text: TextView) -> None:
    text.show_text(TextStretch((run(1, "English first.\nالنص العربي هنا.\n"),), True, True))
    block = text.document().begin()
    assert block.textDirection() is Qt.LayoutDirection.LeftToRight
    assert block.next().textDirection() is Qt.LayoutDirection.RightToLeft


# --- documents that cannot be shown as they are


def test_a_file_that_is_gone_still_shows_its_text(window: Window, connected: Connect, qtbot: QtBot) -> None:
    _, viewer = opened(
        window,
        connected,
        page_layout=[told(DocumentGone, "report.pdf is not there any more.")],
        text=[TextStretch((run(5, "Total debt\nwas 1.9."),), True, True)],
    )
    window.documents.side_panel.show_quote(replace(QUOTE, end=10))
    qtbot.waitUntil(lambda: marked(viewer.text) == ["Total debt"])
    assert viewer.problem.text() == "report.pdf is not there any more."
    assert viewer.problem.isVisible()
    assert not viewer.unlock.isVisible()


def test_a_quote_whose_document_was_read_again_shows_it_from_its_beginning(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    gone = told(DocumentGone, "This passage is not there any more.")
    _, viewer = opened(window, connected, text=[gone, TextStretch((run(9, "new text"),), True, True)])
    window.documents.side_panel.show_quote(NOTE)
    qtbot.waitUntil(lambda: viewer.text.toPlainText() == "new text")
    assert viewer.problem.text() == "This passage is not there any more."


def test_a_locked_document_asks_for_its_password(window: Window, connected: Connect, qtbot: QtBot) -> None:
    locked = replace(
        document(4, "/d/locked.pdf", kind="", chunks=0, state=DocumentState.FAILED),
        error=Problem("password-required", "pdf-locked", {"wrong": False}),
    )
    services = connected(locked)
    services.documents.queue["page_layout"].append(PasswordRequired("pdf-locked", wrong=False))
    viewer = window.documents.side_panel.viewer
    wanted: list[Any] = []
    viewer.password_wanted.connect(wanted.append)
    window.documents.side_panel.password_wanted.disconnect()
    window.documents.side_panel.show_document(locked)
    qtbot.waitUntil(lambda: viewer._state is not None)
    (button,) = viewer._state.findChildren(Button)  # type: ignore[union-attr]
    assert button.accessibleName() == "Enter password…"
    button.click()
    assert wanted == [locked]
    services.documents.put(replace(locked, state=DocumentState.QUEUED, error=None))
    qtbot.waitUntil(lambda: viewer._views.currentWidget() is viewer.pages)
    assert viewer._state is None


def test_a_failed_document_says_why_and_can_be_tried_again(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    failed = replace(
        document(4, "/d/broken.docx", chunks=0, state=DocumentState.FAILED),
        error=Problem.as_told("unreadable", "The file is damaged.", "Save it again."),
    )
    services = connected(failed)
    viewer = window.documents.side_panel.viewer
    window.documents.side_panel.show_document(failed)
    qtbot.waitUntil(lambda: viewer._state is not None)
    assert viewer._state.text.text() == "The file is damaged. Save it again."  # type: ignore[union-attr]
    (button,) = viewer._state.findChildren(Button)  # type: ignore[union-attr]
    button.click()
    assert services.documents.called("retry") == [(4, None)]


def test_closing_gives_the_memory_back(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services, viewer = opened(window, connected)
    window.documents.side_panel.show_document(REPORT)
    qtbot.waitUntil(lambda: viewer.pages.has_picture(1))
    window.panel.close_panel()
    assert viewer.pages._pictures.bytes() == 0
    assert viewer.document == 0
    slow = Pending()
    services.documents.queue["page_layout"].append(slow)
    window.documents.side_panel.show_document(REPORT)
    window.panel.close_panel()
    slow.finish(LAYOUT)
    QTest.qWait(20)
    assert viewer.pages.pages_in_view() == range(0), "what comes too late is not shown"


def test_the_keyboard_is_in_the_document_and_goes_back(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    _, viewer = opened(window, connected)
    window.activateWindow()
    panel = window.documents.document_panel
    panel.list.setCurrentIndex(panel.list.documents.index_of(2))
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is viewer.pages)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is panel.list


def test_what_was_drawn_and_is_out_of_view_is_held_by_nobody(
    window: Window, connected: Connect, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_pictures, "MOST_BYTES", 0)
    services, viewer = opened(window, connected)
    runs: list[weakref.ref[Pending]] = []
    draw = services.documents.page_picture

    def page_picture(number: int, page: int, width: int) -> Pending:
        run = draw(number, page, width)
        runs.append(weakref.ref(run))
        return run

    monkeypatch.setattr(services.documents, "page_picture", page_picture)
    window.documents.side_panel.show_document(REPORT)
    for page in (1, 5, 9):
        viewer.pages.go_to(page)
        qtbot.waitUntil(lambda page=page: viewer.pages.has_picture(page))
    QTest.qWait(100)
    gc.collect()
    assert len(runs) >= 3
    assert len([run for run in runs if run() is not None]) <= 1, "the last one delivered, until the next"
