"""The frame of a page: a title, room for its action, and content that is never wider than one reads well."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.common.buttons_and_labels import Label
from ui.common.layouts import GUTTER, NO_MARGINS, before_gutter, hbox, vbox

COLUMN = 800
"""Pixels that the content is wide at the most, beside the gutter of what scrolls."""
MARGIN = 24
"""Pixels at the left and the right of it."""


class Page(QWidget):
    def __init__(self, title: str, *, wide: bool = False) -> None:
        """A `wide` page fills its place and puts its header where it wants it."""
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # of its own, so that no button takes it unasked
        self.title = Label(title, "title")
        self.title.setMinimumHeight(34)
        self.header = hbox(self.title, spacing=8)
        self.column = QWidget()
        if not wide:
            self.column.setMaximumWidth(COLUMN + GUTTER)
        self.column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.content = vbox(parent=self.column, spacing=16, margins=NO_MARGINS)
        if wide:
            hbox(self.column, parent=self, margins=NO_MARGINS)
            return
        self.content.addLayout(before_gutter(self.header))
        margins = (MARGIN, 20, MARGIN - GUTTER, 12)
        hbox(1, (self.column, 1000), 1, parent=self, margins=margins, spacing=0)

    def came_into_view(self) -> None:
        """The person has gone to this page."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop_answer(self) -> bool:
        """Stop the answer that is being written on it; false if none is."""
        return False

    def escape(self) -> None:
        """Close what is open on it; nothing is being written any more."""

    def field_below(self) -> int:
        """Pixels at the lower edge that no notice may lie on."""
        return 0
