"""Notices wait for a view, do not repeat, and go when their time is over."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from assistant.errors import DiskFull
from tests.told import told
from ui.common import buttons_and_labels
from ui.common.notices import Action, Notice, NoticeKind, Notices
from ui.common.theme import Theme
from ui.shell.toasts import Toast, Toasts
from ui.window import Window


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> QWidget:
    """What the toasts lie on."""
    page = QWidget()
    page.resize(800, 600)
    qtbot.addWidget(page)
    return page


def test_what_was_said_before_there_was_a_view_is_shown(page: QWidget) -> None:
    notices = Notices()
    notices.error(told(DiskFull, "The disk is full.", "Free some space."))
    bar = Toasts(notices, page)
    (card,) = bar.cards()
    assert card.accessibleName() == "error: The disk is full. Free some space."
    assert not bar.isHidden()


def test_the_same_is_said_once() -> None:
    notices = Notices()
    for _ in range(3):
        notices.warn("The file is gone.")
    assert len(notices.all()) == 1


def test_passing_notices_make_room_and_errors_stay_until_they_are_closed(page: QWidget) -> None:
    notices = Notices()
    bar = Toasts(notices, page)
    first = notices.error(told(DiskFull, "The disk is full."))
    said = [notices.say(f"{number} copied.") for number in range(Notices.MOST)]
    damaged = [notices.warn(f"File {number} is damaged.") for number in range(Notices.MOST)]
    assert notices.all() == (first, *said[1:], *damaged)
    assert [card.notice for card in bar.cards()] == [*said[1:], damaged[-1]]
    assert bar.cards()[-1].waiting.text() == "3 more"
    for notice in (*said, *reversed(damaged)):
        notices.close(notice)
    assert [card.notice for card in bar.cards()] == [first]
    assert bar.cards()[0].waiting.isHidden()


def test_lasting_notices_are_seen_one_by_one_beside_those_that_pass(page: QWidget) -> None:
    notices = Notices()
    bar = Toasts(notices, page)
    notices.warn("One is damaged.")
    newest = notices.warn("Another is damaged.")
    passing = [notices.undo("Removed.", print), notices.undo("Removed.", print)]
    assert [card.notice for card in bar.cards()] == [newest, *passing]


def test_toasts_lie_over_the_page_and_push_nothing(window: Window) -> None:
    page = window._stack.geometry()
    window.notices.warn("“notes.xyz” was not added. " * 6, "Save it as PDF or text.")
    QApplication.processEvents()
    assert window._stack.geometry() == page
    assert window.toasts.isVisible()
    middle = window.toasts.parentWidget()
    assert middle is not None
    assert middle.rect().contains(window.toasts.geometry())
    window.resize(800, 500)
    QApplication.processEvents()
    assert middle.rect().contains(window.toasts.geometry())
    assert all(card.height() >= card.heightForWidth(card.width()) for card in window.toasts.cards())


def test_toasts_are_reached_and_closed_with_the_keyboard(window: Window) -> None:
    window.activateWindow()
    window.documents.questions.field.take_focus()
    before = window.focusWidget()
    done: list[int] = []
    window.notices.warn("It is locked.", "", Action("Password…", lambda: done.append(1)))
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert window.focusWidget() is window.toasts.cards()[0].action
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.notices.all()
    assert window.focusWidget() is before


def test_toasts_and_the_panel_fade_only_where_the_system_moves(
    window: Window, theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.notices.say("Still.")
    assert window.toasts.cards()[0].graphicsEffect() is None
    monkeypatch.setattr(theme, "motion", True)
    lasting = window.notices.warn("Moving.")
    card = window.toasts.cards()[1]
    assert card.graphicsEffect() is not None
    qtbot.waitUntil(lambda: card.graphicsEffect() is None)
    window.notices.close(lasting)
    assert card not in window.toasts.cards()
    assert card.isVisible()
    qtbot.waitUntil(lambda: len(window.toasts.findChildren(Toast)) == 1)
    window.proof.toggle()
    assert window.panel.graphicsEffect() is not None
    qtbot.waitUntil(lambda: window.panel.graphicsEffect() is None)


def test_a_defect_does_not_speak_python() -> None:
    notices = Notices()
    notice = notices.error(ValueError("list index out of range"))
    assert notice.kind is NoticeKind.ERROR
    assert "index" not in notice.message
    assert "safe" in notice.hint


def test_a_passing_notice_goes_and_a_lasting_one_stays(qtbot: QtBot, window: Window) -> None:
    notices = window.notices
    bar = window.findChild(Toasts)
    assert bar is not None
    notices.show(Notice(NoticeKind.INFORMATION, "Copied.", seconds=0.05))
    lasting = notices.warn("Not added.")
    qtbot.waitUntil(lambda: notices.all() == (lasting,))
    assert len(bar.cards()) == 1


def test_its_button_acts_once_and_closes_it(page: QWidget) -> None:
    notices = Notices()
    bar = Toasts(notices, page)
    done: list[int] = []
    notices.warn("It is locked.", "", Action("Password…", lambda: done.append(1)))
    action = bar.cards()[0].action
    assert action is not None
    action.click()
    assert done == [1]
    assert not notices.all()
    assert bar.isHidden()


def test_html_in_a_message_is_only_text(page: QWidget) -> None:
    notices = Notices()
    bar = Toasts(notices, page)
    notices.warn("“<img src=x>.html” was not added.", "<b>hint</b>")
    labels = [label for label in bar.cards()[0].findChildren(QLabel) if label.text()]
    assert [label.text() for label in labels] == ["“<img src=x>.html” was not added.", "<b>hint</b>"]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_copying_is_confirmed_on_its_own_button(
    page: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buttons_and_labels, "CONFIRMED_MS", 20)
    done: list[int] = []
    button = buttons_and_labels.CopyButton("Copy the quote", lambda: done.append(1))
    qtbot.addWidget(button)
    button.click()
    assert done == [1]
    assert button.accessibleName() == "Copied"
    qtbot.waitUntil(lambda: button.accessibleName() == "Copy the quote")
