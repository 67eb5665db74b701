"""Ways to begin, each a card with its words and what it offers: side by side, or below each other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.common.buttons_and_labels import Card, IconLabel, Label
from ui.common.layouts import GUTTER, hbox, vbox
from ui.common.theme import text_scale

BESIDE_FROM = 720
"""Pixels of width from which the ways stand side by side."""
_SIDE = 16
"""Pixels between the edge of a card and its words."""
_AT_START = Qt.AlignmentFlag.AlignLeft


class Way(Card):
    """What can be done, and what does it: below the words, or beside them where room is scarce."""

    def __init__(self, icon: str, title: str, text: str, button: QWidget | None = None) -> None:
        super().__init__()
        head = hbox(IconLabel(icon, "accent"), (Label(title, "strong", wrap=True), 1), spacing=8)
        self.text = Label(text, "second", wrap=True)
        side = self.text.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        self.text.setAlignment(side | Qt.AlignmentFlag.AlignTop)
        words = vbox(head, self.text, spacing=4)
        self._layout = vbox((words, 1), parent=self, spacing=8)
        self._layout.addStretch(0)
        self._button = button
        if button is not None:
            self.offer(button)

    def offer(self, widget: QWidget) -> None:
        self._layout.insertWidget(1, widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def height_of_words(self, across: int) -> int:
        """Where the card is so many pixels wide."""
        self.text.ensurePolished()
        return self.text.heightForWidth(across - 2 * _SIDE)

    def stand(self, *, beside: bool) -> None:
        """`beside` the other ways, and not below them."""
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.TopToBottom if beside else directions.LeftToRight)
        side = 16 if beside else 10
        self._layout.setContentsMargins(_SIDE, side, _SIDE, side)
        if self._button is not None:
            self._layout.setAlignment(self._button, _AT_START if beside else Qt.AlignmentFlag.AlignVCenter)
        self._layout.setStretch(0, 0 if beside else 1)
        self._layout.setStretch(self._layout.count() - 1, 1 if beside else 0)


class Ways(QBoxLayout):
    def __init__(self, ways: Sequence[Way]) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self._ways = ways
        self.setSpacing(12)
        for way in ways:
            self.addWidget(way, 1)

    def fit(self, width: int) -> bool:
        """Stand side by side if so many pixels are enough; tells whether they do."""
        beside = width >= BESIDE_FROM * text_scale()
        directions = QBoxLayout.Direction
        self.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        for way in self._ways:
            way.stand(beside=beside)
        across = (width - GUTTER - self.spacing() * (len(self._ways) - 1)) // len(self._ways)
        highest = max(way.height_of_words(across) for way in self._ways)
        for way in self._ways:
            way.text.setMinimumHeight(highest if beside else 0)  # what is below stands in one line
        return beside


class AsHighAsItsWords(QWidget):
    """Not higher than its words are at this width: a layout alone reckons with the narrowest."""

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        layout = self.layout()
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and layout is not None:
            self.setMinimumHeight(layout.heightForWidth(self.width()))
        return done
