"""What a page shows when it has nothing yet: one sentence, one button, perhaps a second way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from ui.common.buttons_and_labels import Button, IconLabel, Label
from ui.common.layouts import hbox, vbox
from ui.common.paragraphs import Paragraphs

Offer = tuple[str, str | None, Callable[[], None]]
"""Words, icon, and what it does."""

TEXT_WIDTH = 460
"""Pixels, at the most."""


class EmptyState(QWidget):
    def __init__(self, icon: str, title: str, text: str, offers: tuple[Offer, ...] = ()) -> None:
        super().__init__()
        self.title = Label(title, "title")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title.setWordWrap(True)
        self.text = Paragraphs(text, centred=True)
        self.text.setMaximumWidth(TEXT_WIDTH)
        self.buttons: list[Button] = []
        for number, (words, button_icon, do) in enumerate(offers):
            button = Button(words, do, kind="plain" if number else "primary", icon=button_icon)
            self.buttons.append(button)
        centre = Qt.AlignmentFlag.AlignHCenter
        text_row = hbox(1, (self.text, 8), 1)
        layout = vbox(2, (_emblem(icon), 0, centre), self.title, text_row, parent=self, spacing=12)
        layout.setContentsMargins(24, 24, 24, 24)
        if offers:
            layout.addSpacing(8)
            layout.addLayout(hbox(1, *self.buttons, 1, spacing=12))
        layout.addStretch(3)


def _emblem(icon: str) -> QFrame:
    emblem = QFrame()
    emblem.setObjectName("emblem")
    emblem.setFixedSize(72, 72)
    hbox(IconLabel(icon, "accent", 32), parent=emblem, margins=(20, 20, 20, 20))
    return emblem
