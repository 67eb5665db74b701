"""The frame of a page: a title, room for its action, and content that is never wider than one reads well."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.common.buttons_and_labels import Label

COLUMN = 800
MARGIN = 24


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
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.header.addWidget(self.title)
        self.column = QWidget()
        if not wide:
            self.column.setMaximumWidth(COLUMN)
        self.column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.content = QVBoxLayout(self.column)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(16)
        outer = QHBoxLayout(self)
        if wide:
            outer.setContentsMargins(0, 0, 0, 0)
            outer.addWidget(self.column)
            return
        self.content.addLayout(self.header)
        outer.setContentsMargins(MARGIN, 20, MARGIN, 12)
        outer.setSpacing(0)
        outer.addStretch(1)
        outer.addWidget(self.column, 1000)
        outer.addStretch(1)

    def came_into_view(self) -> None:
        """The person has gone to this page."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
