"""Menus: gone once they are closed, with icons of the theme, and names as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from ui.common.theme import theme

T = TypeVar("T")


class Menu(QMenu):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def add_item(self, text: str, do: Callable[[], object], icon: str = "") -> QAction:
        """An "&" in the text is shown and makes no shortcut."""
        shown = text.replace("&", "&&")
        return self.addAction(theme().icon(icon), shown, do) if icon else self.addAction(shown, do)

    def add_choices(self, choices: Iterable[tuple[T, str]], chosen: T, choose: Callable[[T], object]) -> None:
        """Values by their names, of which one is ticked."""
        group = QActionGroup(self)
        for value, text in choices:
            action = self.add_item(text, partial(choose, value))
            action.setCheckable(True)
            action.setChecked(value == chosen)
            group.addAction(action)

    def add_menu(self, text: str, icon: str) -> Menu:
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # it closes and opens with the mouse
        menu.setTitle(text)
        menu.setIcon(theme().icon(icon))
        self.addMenu(menu)
        return menu

    def popup_below(self, widget: QWidget) -> None:
        self.popup(widget.mapToGlobal(widget.rect().bottomLeft()))
