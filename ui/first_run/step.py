"""A step of the first run: its heading, a sentence, and what belongs to it, which scrolls if it must."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.common.buttons_and_labels import Label
from ui.common.layouts import NO_MARGINS, scroll_area, vbox
from ui.common.ways import AsHighAsItsWords


class Step(QWidget):
    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.title = title
        inside = AsHighAsItsWords()
        self.items: QVBoxLayout = vbox(spacing=6)
        heading = Label(title, "heading", wrap=True)
        words = vbox(heading, Label(text, "second", wrap=True), spacing=4)
        vbox(words, self.items, 1, parent=inside, spacing=12, margins=(0, 0, 0, 8))
        vbox(scroll_area(inside), parent=self, margins=NO_MARGINS)

    def came_into_view(self) -> None:
        """The person has come to this step."""
