"""Where people read from right to left, the whole window stands the other way round, and is clicked so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.documents.records import DocumentState
from tests.gui.doubles import Services, document
from ui.common.theme import Theme
from ui.window import Window


@pytest.fixture(autouse=True)
def right_to_left(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_the_navigation_stands_at_the_right_and_the_panel_at_the_left(window: Window) -> None:
    window.resize(1280, 720)
    window._show_proof()
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
