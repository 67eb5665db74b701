"""A field of several lines of plain text, which begin where what is written begins."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from ui.common import formatting
from ui.common.theme import BODY, font, in_its_direction, mirrors


class TextField(QPlainTextEdit):
    """Each paragraph runs in its own direction; Qt would leave the cursor at the left of every prompt."""

    def __init__(self, name: str, prompt: str, margin: int) -> None:
        """`name` is for screen readers; `margin` are the pixels around what is written."""
        super().__init__()
        self.setFont(font(BODY))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptDrops(False)  # what is dropped on it is for the window
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setPlaceholderText(in_its_direction(prompt))
        self.document().setDocumentMargin(0)  # Qt knows none at the right of a prompt
        self.setViewportMargins(margin, margin, margin, margin)
        # Lines are wrapped, but a space at a line's end may hang over: Qt would let people scroll to it.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sideways = self.horizontalScrollBar()
        sideways.rangeChanged.connect(lambda _, most: sideways.setRange(0, 0) if most else None)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)
        self._direction = Qt.LayoutDirection.LayoutDirectionAuto
        self._lay_out()
        self.textChanged.connect(self._lay_out)

    def write_towards(self, direction: Qt.LayoutDirection) -> None:
        """The way that its language is written; auto: each paragraph as its letters say."""
        self._direction = direction
        self._lay_out()

    def _lay_out(self) -> None:
        """What is written begins at its own side; until then the cursor waits at that of the prompt."""
        direction = self._direction
        if direction is Qt.LayoutDirection.LayoutDirectionAuto:
            text = self.toPlainText()
            at_right = formatting.is_right_to_left(text) if text else mirrors()
        else:
            at_right = direction is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
        option = self.document().defaultTextOption()
        if option.alignment() != side or option.textDirection() != direction:
            option.setAlignment(side)
            option.setTextDirection(direction)
            self.document().setDefaultTextOption(option)
