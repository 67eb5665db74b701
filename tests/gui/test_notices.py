"""Notices wait for a view, do not repeat, and go when their time is over."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from assistant.errors import DiskFull
from tests.told import told
from ui.common.notices import Action, Notice, NoticeKind, Notices
from ui.common.theme import Theme
from ui.shell.notice_bar import NoticeBar
from ui.window import Window


def test_what_was_said_before_there_was_a_view_is_shown(qtbot: QtBot, theme: Theme) -> None:
    notices = Notices()
    notices.error(told(DiskFull, "The disk is full.", "Free some space."))
    bar = NoticeBar(notices)
    qtbot.addWidget(bar)
    (card,) = bar.cards()
    assert card.accessibleName() == "error: The disk is full. Free some space."
    assert not bar.isHidden()


def test_the_same_is_said_once() -> None:
    notices = Notices()
    for _ in range(3):
        notices.warn("The file is gone.")
    assert len(notices.all()) == 1


def test_passing_notices_make_room_before_errors_do() -> None:
    notices = Notices()
    first = notices.error(told(DiskFull, "The disk is full."))
    notices.say("Copied.")
    for number in range(Notices.MOST):
        notices.warn(f"File {number} is damaged.")
    assert len(notices.all()) == Notices.MOST
    assert "Copied." not in [notice.message for notice in notices.all()]
    assert first not in notices.all()


def test_a_defect_does_not_speak_python() -> None:
    notices = Notices()
    notice = notices.error(ValueError("list index out of range"))
    assert notice.kind is NoticeKind.ERROR
    assert "index" not in notice.message
    assert "safe" in notice.hint


def test_a_passing_notice_goes_and_a_lasting_one_stays(qtbot: QtBot, window: Window) -> None:
    notices = window.notices
    bar = window.findChild(NoticeBar)
    assert bar is not None
    notices.show(Notice(NoticeKind.INFORMATION, "Copied.", seconds=0.05))
    lasting = notices.warn("Not added.")
    qtbot.waitUntil(lambda: notices.all() == (lasting,))
    assert len(bar.cards()) == 1


def test_its_button_acts_once_and_closes_it(qtbot: QtBot, theme: Theme) -> None:
    notices = Notices()
    bar = NoticeBar(notices)
    qtbot.addWidget(bar)
    done: list[int] = []
    notices.warn("It is locked.", "", Action("Password…", lambda: done.append(1)))
    bar.cards()[0].action.click()
    assert done == [1]
    assert not notices.all()
    assert bar.isHidden()


def test_html_in_a_message_is_only_text(qtbot: QtBot, theme: Theme) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLabel

    notices = Notices()
    bar = NoticeBar(notices)
    qtbot.addWidget(bar)
    notices.warn("“<img src=x>.html” was not added.", "<b>hint</b>")
    labels = [label for label in bar.cards()[0].findChildren(QLabel) if label.text()]
    assert [label.text() for label in labels] == ["“<img src=x>.html” was not added.", "<b>hint</b>"]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
