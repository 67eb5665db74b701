"""A question with more to it than a line: a heading, what is to be known, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLayout, QWidget

from ui.common.buttons_and_labels import Button, IconLabel, Label, plain_tooltip
from ui.common.layouts import hbox, vbox
from ui.common.translation import translate

WIDTH = 460
"""Pixels of the text."""
SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class DialogSheet(QDialog):
    """Nothing waits while it is open. Enter does not say yes before somebody has looked."""

    def __init__(self, parent: QWidget, title: str, *, no: str = "", width: int = WIDTH) -> None:
        super().__init__(parent)
        self._width = width
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.heading = Label(title, "heading", wrap=True)
        self.heading.setFixedWidth(width)
        self.body = vbox(spacing=12)
        self.no = Button(no or translate("common", "Cancel"), self.reject, kind="quiet")
        self.buttons = hbox(1, self.no, spacing=8)
        layout = vbox(
            self.heading, self.body, self.buttons, parent=self, spacing=12, margins=(24, 24, 24, 16)
        )
        layout.insertSpacing(2, 8)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)

    def say(self, text: str, kind: str = "second", *, selectable: bool = False) -> Label:
        label = Label(text, kind, wrap=True)
        label.setFixedWidth(self._width)
        if selectable:
            label.setTextInteractionFlags(SELECTABLE)
        self.body.addWidget(label)
        return label


def warning(text: str) -> QHBoxLayout:
    """With its icon."""
    label = Label(text, "warn", wrap=True)
    return hbox((IconLabel("warning", "warn"), 0, Qt.AlignmentFlag.AlignTop), (label, 1), spacing=8)


def facts_grid(facts: Sequence[tuple[str, str]]) -> QGridLayout:
    """Names beside values that can be marked and copied."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(facts):
        grid.addWidget(Label(name, "second"), row, 0, Qt.AlignmentFlag.AlignTop)
        label = Label(value, wrap=True)
        label.setTextInteractionFlags(SELECTABLE)
        label.setMinimumWidth(1)  # a hash or an address, which has no place to break, widens nothing else
        label.setToolTip(plain_tooltip(value))
        label.setAccessibleName(f"{name}: {value}")
        grid.addWidget(label, row, 1)
    return grid
