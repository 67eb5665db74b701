"""A few words side by side of which one is chosen: what is looked at on a page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from ui.common.buttons_and_labels import Button
from ui.common.layouts import NO_MARGINS, hbox


class Segments(QWidget):
    chosen = Signal(int)
    """By its place; also where it was chosen before."""

    def __init__(self, name: str, words: Sequence[str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self.buttons: list[Button] = []
        for place, text in enumerate(words):
            button = Button(text, partial(self.chosen.emit, place), kind="quiet")
            button.setCheckable(True)
            button.setProperty("segment", "true")
            self._group.addButton(button)
            self.buttons.append(button)
        self.buttons[0].setChecked(True)
        hbox(*self.buttons, parent=self, spacing=4, margins=NO_MARGINS)

    def choose(self, place: int) -> None:
        self.buttons[place].setChecked(True)
        self.chosen.emit(place)
