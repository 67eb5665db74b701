"""What a page shows when it has nothing yet: one sentence, one button, perhaps a second way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.common.buttons_and_labels import Button, IconLabel, Label
from ui.common.paragraphs import Paragraphs

Offer = tuple[str, str | None, Callable[[], None]]
"""Words, icon, and what it does."""

TEXT_WIDTH = 460


class EmptyState(QWidget):
    def __init__(self, icon: str, title: str, text: str, offers: tuple[Offer, ...] = ()) -> None:
        super().__init__()
        self.title = Label(title, "title")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title.setWordWrap(True)
        self.text = Paragraphs(text, centred=True)
        self.text.setMaximumWidth(TEXT_WIDTH)
        self.buttons: list[Button] = []
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        for number, (words, button_icon, do) in enumerate(offers):
            button = Button(words, do, kind="plain" if number else "primary", icon=button_icon)
            self.buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(_emblem(icon), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.title)
        layout.addLayout(_centred(self.text))
        if offers:
            layout.addSpacing(8)
            layout.addLayout(row)
        layout.addStretch(3)


def _emblem(icon: str) -> QFrame:
    emblem = QFrame()
    emblem.setObjectName("emblem")
    emblem.setFixedSize(72, 72)
    layout = QHBoxLayout(emblem)
    layout.setContentsMargins(20, 20, 20, 20)
    layout.addWidget(IconLabel(icon, "accent", 32))
    return emblem


def _centred(widget: QWidget) -> QLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget, 8)
    row.addStretch(1)
    return row
