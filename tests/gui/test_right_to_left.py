"""Where people read from right to left, the whole window stands the other way round, and is clicked so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from assistant.chat.history.records import StoredPicture
from assistant.documents.records import DocumentState, Quote, QuotePlace
from tests.gui.doubles import Services, document
from ui.chat.composer import Composer
from ui.chat.picture_panel import PicturePanel
from ui.common import formatting
from ui.common.buttons_and_labels import Button, ElidedLabel, Label
from ui.common.flow_layout import FlowLayout
from ui.common.line_field import LineField
from ui.common.paragraphs import Paragraphs
from ui.common.picture_button import PictureButton, ShownPicture
from ui.common.text_field import TextField
from ui.common.theme import LIGHT, Theme, style_sheet
from ui.documents.generated_answer_view import GeneratedAnswerView
from ui.documents.quote_card import QuoteCard
from ui.transcript.picture_strip import PictureStrip
from ui.window import Window


@pytest.fixture(autouse=True)
def right_to_left(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_the_navigation_stands_at_the_right_and_the_panel_at_the_left(window: Window) -> None:
    window.resize(1280, 720)
    window.proof.toggle()
    QApplication.processEvents()
    page = window.documents.mapTo(window, QPoint(0, 0)).x()
    assert window.navigation.mapTo(window, QPoint(0, 0)).x() > page
    assert window.panel.mapTo(window, QPoint(0, 0)).x() < page


def test_edges_are_equal_this_way_round_too(window: Window, connected: Callable[..., Services]) -> None:
    connected(document(1, "a.pdf"))
    page = window.documents
    field, rows = page.questions.field, page.document_panel.list.viewport()
    lefts = {widget.mapTo(page, QPoint(0, 0)).x() for widget in (field, rows)}
    assert lefts == {page.width() - field.width() - min(lefts)}
    assert rows.width() == field.width()


def test_what_a_row_offers_is_where_it_is_painted(
    window: Window, connected: Callable[..., Services], qtbot: QtBot
) -> None:
    services = connected(document(4, "broken.pdf", state=DocumentState.FAILED))
    view = window.documents.document_panel.list
    rect = view.visualRect(view.model().index(0, 0))
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 70, rect.center().y())
    )
    assert services.documents.called("retry") == [(4, None)]


def test_nothing_that_is_written_is_scrolled_sideways(qtbot: QtBot, theme: Theme) -> None:
    field = TextField("", "", 12)
    qtbot.addWidget(field)
    field.resize(300, 200)
    field.write_towards(Qt.LayoutDirection.LeftToRight)
    field.show()
    field.setPlainText("The water in our street is turned off at noon on Monday, and it comes back at five")
    for width in range(240, 320, 3):
        field.resize(width, 200)
        QApplication.processEvents()
        assert field.horizontalScrollBar().maximum() == 0


def test_icons_that_point_are_mirrored(theme: Theme, qapp: QApplication) -> None:
    def picture(icon: str) -> bytes:
        image = theme.icon(icon).pixmap(20, 20).toImage()
        return bytes(image.constBits())

    pointing, round_ = picture("caret-right"), picture("x-circle")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert picture("caret-right") != pointing
    assert picture("x-circle") == round_


def test_words_that_run_the_other_way_keep_their_end(window: Window) -> None:
    assert window.documents.add_files.text().strip("\u2002\u2068\u2069") == "Add files"
    menu = window.documents.collections.menu()
    assert "\u2068New collection…\u2069" in [action.text() for action in menu.actions()]


def quote(text: str) -> Quote:
    return Quote(1, 0.9, 2, "/d/a.pdf", "a.pdf", 7, "page 7", (), text, (), 5, 0, len(text))


def inked(widget: QWidget) -> tuple[int, int]:
    """Pixels that are free at the left and at the right of what is painted."""
    image = widget.grab().toImage()
    paper = image.pixel(image.width() // 2, 0)
    columns = [
        x for x in range(image.width()) if any(image.pixel(x, y) != paper for y in range(image.height()))
    ]
    return columns[0], image.width() - 1 - columns[-1]


@pytest.mark.parametrize("words", ["Quotes need none.", "لا حاجة"])
@pytest.mark.parametrize("kind", [lambda text: Label(text, wrap=True), ElidedLabel, Paragraphs])
def test_words_begin_where_lines_begin_whatever_their_direction(
    qtbot: QtBot, kind: Callable[[str], QWidget], words: str
) -> None:
    label = kind(words)
    qtbot.addWidget(label)
    label.setFixedSize(400, 40)
    left, right = inked(label)
    assert right < 4 < left


def test_prompt_and_cursor_stand_at_one_side(qtbot: QtBot) -> None:
    field, composer = LineField(prompt="Ask…"), Composer()
    for widget in (field, composer):
        qtbot.addWidget(widget)
        widget.resize(400, 120)
        widget.grab()
    assert field.cursorRect().center().x() > 380
    assert field.placeholderText() == "\u2068Ask…\u2069"
    _prompt_and_cursor_stand_at_one_side(composer.field)


def test_prompt_and_cursor_of_a_field_of_several_lines_stand_at_one_side(qtbot: QtBot) -> None:
    field = TextField("Text", "Write…", 12)
    qtbot.addWidget(field)
    field.resize(400, 120)
    field.grab()
    assert field.placeholderText() == "\u2068Write…\u2069"
    _prompt_and_cursor_stand_at_one_side(field)


def _prompt_and_cursor_stand_at_one_side(written: QPlainTextEdit) -> None:
    assert written.cursorRect().x() > 300
    assert inked(written)[1] >= 10
    written.setPlainText("Hello")
    assert written.cursorRect().x() < 100  # in the direction of what is written
    written.setPlainText("مرحبا")
    assert written.cursorRect().x() > 300
    written.clear()
    assert written.cursorRect().x() > 300


@pytest.mark.parametrize("text", ["Total debt was 1.9.", "بلغ إجمالي الدين"])
def test_the_edge_of_what_leads_and_its_number_are_where_its_lines_begin(qtbot: QtBot, text: str) -> None:
    reads = "leftwards" if formatting.is_right_to_left(text) else "rightwards"
    card = QuoteCard(QuotePlace((1,), quote(text)), leads=True)
    answer = GeneratedAnswerView(())
    for widget in (card, answer):
        qtbot.addWidget(widget)
    card.resize(900, 120)
    card.grab()
    chip = card.findChild(QLabel, "chip")
    assert chip is not None
    assert (chip.x() > 450) == (reads == "leftwards")
    assert card.property("reads") == reads
    assert answer.property("reads") == "leftwards"
    answer.grow(text, "")
    assert answer.property("reads") == reads


def test_a_place_stands_under_its_quote(qtbot: QtBot) -> None:
    for text, at_the_right in (("بلغ إجمالي الدين", True), ("Total debt was 1.9.", False)):
        card = QuoteCard(QuotePlace((1,), quote(text)))
        qtbot.addWidget(card)
        card.resize(900, 120)
        card.grab()
        left, right = inked(card.place)
        assert (right < left) == at_the_right


def test_no_margin_stays_at_the_side_of_the_other_direction() -> None:
    """Qt turns everything but margins: those that differ at the sides go through `mirrored`."""
    plain = re.compile(r"setContentsMargins\((\w+), \w+, (\w+), \w+\)")
    for file in (Path(__file__).parents[2] / "ui").rglob("*.py"):
        for left, right in plain.findall(file.read_text("utf-8")):
            assert left == right, file


def test_a_slider_is_filled_from_the_right(qtbot: QtBot, qapp: QApplication) -> None:
    before = qapp.styleSheet()
    qapp.setStyleSheet(style_sheet(LIGHT))
    slider = QSlider(Qt.Orientation.Horizontal)
    qtbot.addWidget(slider)
    slider.setRange(0, 100)
    slider.setValue(25)
    slider.resize(200, 32)
    image = slider.grab().toImage()
    qapp.setStyleSheet(before)
    filled, free = image.pixelColor(185, 16).name(), image.pixelColor(20, 16).name()
    assert (filled.upper(), free.upper()) == (LIGHT.accent, LIGHT.border)


def test_what_flows_begins_at_the_right(qtbot: QtBot) -> None:
    inside, first, second = QWidget(), Button("one"), Button("two")
    flow = FlowLayout()
    inside.setLayout(flow)
    flow.addWidget(first)
    flow.addWidget(second)
    qtbot.addWidget(inside)
    inside.resize(600, 60)
    inside.grab()
    assert first.x() > second.x() > 300


def test_pictures_of_a_message_begin_at_the_right(qtbot: QtBot, theme: Theme) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    strip = PictureStrip(around)
    strip.show_pictures(tuple(ShownPicture("", name, 60, 40) for name in "abc"))
    size = strip.lay_out(230)
    first, second, third = strip.findChildren(PictureButton)
    assert first.geometry().right() + 1 == size.width() == third.geometry().right() + 1
    assert second.x() == 0
    assert third.y() > first.y() == second.y()


def test_text_of_a_picture_begins_at_its_own_side(window: Window) -> None:
    panel = PicturePanel(window.context)
    for text, side in (("Total 12.40", "left"), ("المجموع 12.40", "right"), ("", "right")):
        panel.open([StoredPicture("a.png", "a.png", 60, 40, text)], 0)
        aligned = Qt.AlignmentFlag.AlignLeft if side == "left" else Qt.AlignmentFlag.AlignRight
        assert panel.text.alignment() & aligned
