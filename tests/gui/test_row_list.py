"""Rows one below the other: the first ones, and more when somebody wants them."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.common.row_list import RowList


def test_more_rows_come_when_they_are_wanted(qtbot: QtBot) -> None:
    there = ["a", "b", "c"]
    rows: list[QLabel] = []

    def show() -> None:
        rows[:] = [QLabel(each) for each in listed.wanted(there)]
        listed.set_rows(rows)

    listed = RowList(show, first=2)
    qtbot.addWidget(listed)
    listed.show()
    show()
    assert [row.text() for row in rows] == ["a", "b"]
    assert listed.more.isVisible()
    listed.more.click()
    assert [row.text() for row in rows] == there
    qtbot.waitUntil(lambda: all(row.isVisible() for row in rows))
    assert not listed.more.isVisible()
