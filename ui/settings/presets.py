"""A row of buttons that stand for usual values of a setting; none is chosen where the value is another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QWidget

from ui.common.buttons_and_labels import Button, Label
from ui.common.layouts import NO_MARGINS, hbox
from ui.common.translation import arg, translate


class Presets(QWidget):
    def __init__(self, title: str, presets: Sequence[tuple[str, Any]], chosen: Callable[[Any], None]) -> None:
        """`presets`: words and the value that they stand for."""
        super().__init__()
        self._group = QButtonGroup(self)
        self.buttons: dict[Any, Button] = {}
        for words, value in presets:
            button = Button(words, partial(chosen, value), kind="quiet")
            button.setCheckable(True)
            button.setProperty("segment", "true")
            button.setAccessibleName(arg(translate("settings", "%1: %2"), title, words))
            self._group.addButton(button)
            self.buttons[value] = button
        self._other = Label(translate("settings", "Custom"), "second")
        hbox(Label(title), 1, self._other, *self.buttons.values(), parent=self, spacing=4, margins=NO_MARGINS)
        self.show_value(None)

    def show_value(self, value: Any) -> None:
        self._group.setExclusive(False)  # else one of them stays chosen
        for each, button in self.buttons.items():
            button.setChecked(each == value)
        self._group.setExclusive(True)
        self._other.setVisible(value not in self.buttons)
