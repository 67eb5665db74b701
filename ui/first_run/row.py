"""A row of a step: an icon, a few words on one thing, and perhaps a button at its end, or below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.common.buttons_and_labels import Card, IconLabel, Label
from ui.common.layouts import Item, hbox, vbox
from ui.common.theme import text_scale

BESIDE_FROM = 480
"""Pixels of width from which the button stands beside the words."""


class Row(Card):
    def __init__(self, icon: str, title: str, text: str, *below: Item, button: QWidget | None = None) -> None:
        """`below` the words stands what belongs to them."""
        super().__init__()
        self.icon = IconLabel(icon, "accent")
        self.title = Label(title, "strong", wrap=True)
        self.text = Label(text, "second", wrap=True)
        words = vbox(self.title, self.text, *below, spacing=2)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(12)
        self._beside.addLayout(words, 1)
        self._button = button
        if button is not None:
            self._beside.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        top = (self.icon, 0, Qt.AlignmentFlag.AlignTop)
        hbox(top, (self._beside, 1), parent=self, spacing=12, margins=(16, 10, 12, 10))
        self.say(title, text)

    def say(self, title: str, text: str) -> None:
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.setAccessibleName(f"{title}. {text}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = event.size().width() >= BESIDE_FROM * text_scale()
        directions = QBoxLayout.Direction
        self._beside.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._beside.setSpacing(12 if beside else 4)
        if self._button is not None:
            side = Qt.AlignmentFlag.AlignVCenter if beside else Qt.AlignmentFlag.AlignLeft
            self._beside.setAlignment(self._button, side)
        super().resizeEvent(event)
