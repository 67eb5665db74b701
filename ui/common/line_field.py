"""A field of one line, which begins where the window's lines begin."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from ui.common.theme import in_its_direction, mirrors


class LineField(QLineEdit):
    """Qt lays the cursor, the prompt and what is written each at a side of its own."""

    def __init__(self, text: str = "", prompt: str = "") -> None:
        super().__init__(text)
        self.setPlaceholderText(prompt)
        if mirrors():
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)

    def setPlaceholderText(self, text: str) -> None:
        super().setPlaceholderText(in_its_direction(text))
