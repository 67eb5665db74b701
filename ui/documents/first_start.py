"""What the Documents page says first: two sentences, and three ways to begin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.common.buttons_and_labels import Button, Card, IconLabel, Label
from ui.common.layouts import NO_MARGINS, hbox, scroll_area, vbox
from ui.common.theme import text_scale
from ui.common.translation import translate

BESIDE_FROM = 720
"""Pixels of width from which the ways stand side by side."""


class FirstStart(QWidget):
    def __init__(self, add_files: Callable[[], None], try_handbook: Callable[[], None]) -> None:
        super().__init__()
        self.title = Label(translate("documents", "Ask your own documents"), "hero", wrap=True)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sentences = translate(
            "documents",
            "Everything stays on this computer. Every answer shows the page it comes from.",
        )
        self.text = Label(sentences, wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.add = Button(translate("documents", "Add files"), add_files, kind="primary", icon="plus")
        self.handbook = Button(translate("documents", "Ask the handbook"), try_handbook, icon="book-open")
        self.model_way = _way(
            "cpu",
            translate("documents", "Choose a model"),
            translate(
                "documents",
                "It writes answers in its own words; quotes need none. Add one that you have like a file.",
            ),
        )
        self._ways = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._ways.setSpacing(12)
        drop = translate("documents", "Files or folders, anywhere on this window.")
        look = translate("documents", "See what an answer looks like, and how this program works.")
        ways = (
            _way("files", translate("documents", "Drop a document"), drop, self.add),
            _way("book-open", translate("documents", "Try the handbook"), look, self.handbook),
            self.model_way,
        )
        for way in ways:
            self._ways.addWidget(way, 1)
        inside = QWidget()
        vbox(2, self.title, self.text, self._ways, 3, parent=inside, spacing=12, margins=(0, 16, 0, 16))
        vbox(scroll_area(inside), parent=self, margins=NO_MARGINS)
        self._ways.setContentsMargins(0, 20, 0, 0)

    def offer_model(self, offer: QWidget) -> None:
        """How a model is chosen."""
        layout = self.model_way.layout()
        assert isinstance(layout, QBoxLayout)
        layout.addWidget(offer)
        layout.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = event.size().width() >= BESIDE_FROM * text_scale()
        directions = QBoxLayout.Direction
        self._ways.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        super().resizeEvent(event)


def _way(icon: str, title: str, text: str, button: Button | None = None) -> Card:
    way = Card()
    head = hbox(IconLabel(icon, "accent"), (Label(title, "strong", wrap=True), 1), spacing=8)
    words = Label(text, "second", wrap=True)
    layout = vbox(head, words, parent=way, spacing=8, margins=(16, 16, 16, 16))
    if button is not None:
        layout.addLayout(hbox(button, 1))
        layout.addStretch(1)
    return way
