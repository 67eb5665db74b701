from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ui.common.menus import Menu


@pytest.mark.parametrize("at_the_bottom", [False, True])
def test_a_menu_never_covers_what_it_belongs_to(qtbot: QtBot, at_the_bottom: bool) -> None:
    button = QPushButton("Add")
    qtbot.addWidget(button)
    screen = button.screen().availableGeometry()
    button.resize(80, 34)
    button.move(20, screen.bottom() - 60 if at_the_bottom else 20)
    button.show()
    menu = Menu(button)
    menu.add_item("Choose pictures", lambda: None)
    menu.add_item("Part of the screen", lambda: None)
    menu.popup_below(button)
    assert not menu.geometry().intersects(button.geometry().adjusted(0, 0, 0, -1))
    assert screen.contains(menu.geometry())
    menu.close()
