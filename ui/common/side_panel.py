"""The panel at the right: a title, a way to close it, and one thing to look at."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from ui.common import motion
from ui.common.buttons_and_labels import ElidedLabel, IconButton, holds_focus
from ui.common.layouts import GUTTER, NO_MARGINS, Item, hbox, keep_gutter, vbox
from ui.common.translation import translate

LEAST_WIDTH = 340
"""Pixels."""
MOST_WIDTH = 760
"""Pixels, unless it is wide, until the person drags the edge."""
SHARE = 0.47
"""Of the room beside the navigation, unless it is wide, until the person drags the edge."""
WIDE_SHARE = 0.5
"""Of the window."""


class SidePanel(QFrame):
    opened = Signal()
    """Something is shown that wants another width: `wide`, or not."""
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setMinimumWidth(LEAST_WIDTH)
        self._title = ElidedLabel("", "heading")
        self._second = ElidedLabel("", "second", Qt.TextElideMode.ElideRight)
        self._views = QStackedWidget()
        self._opener: QWidget | None = None
        self._wide = False
        close = IconButton("x", translate("common", "Close (Esc)"), self.close_panel)
        head = hbox(
            (vbox(self._title, self._second, spacing=0), 1),
            (close, 0, Qt.AlignmentFlag.AlignTop),
            spacing=8,
            margins=(16, 16, 12, 8),
        )
        vbox(head, (self._views, 1), parent=self, margins=NO_MARGINS, spacing=0)
        self.hide()

    @property
    def shown(self) -> QWidget | None:
        """What is looked at now."""
        return None if self.isHidden() else self._views.currentWidget()

    def title(self) -> str:
        return self._title.text()

    @property
    def wide(self) -> bool:
        """It shows something to read, for which it takes half of the window."""
        return self._wide and not self.isHidden()

    def open(self, view: QWidget, title: str, second: str = "", *, wide: bool = False) -> None:
        """Show `view` under a title. What has the keyboard now gets it back when the panel closes."""
        if self._views.indexOf(view) < 0:
            self._views.addWidget(view)
        if self.isHidden():
            self._opener = self.window().focusWidget()
        self._views.setCurrentWidget(view)
        self._title.set_text(title)
        self._second.set_text(second)
        self._second.setVisible(bool(second))
        self.setAccessibleName(f"{title} {second}".strip())
        hidden = self.isHidden()
        if hidden or wide is not self._wide:
            self._wide = wide
            self.show()
            self.opened.emit()
        if hidden:
            motion.fade_in(self)

    def escape(self) -> None:
        """Close what is open inside the view, which its `escape` tells if it has one, else the panel."""
        escape = getattr(self.shown, "escape", None)
        if escape is None or not escape():
            self.close_panel()

    def close_panel(self) -> None:
        if self.isHidden():
            return
        inside = holds_focus(self)
        self.hide()
        self.closed.emit()
        if inside and self._opener is not None and self._opener.isVisible():
            self._opener.setFocus(Qt.FocusReason.OtherFocusReason)
        self._opener = None


class PanelView(QScrollArea):
    """A column of widgets that scrolls, to look at in the panel."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_gutter(self)
        self.setAccessibleName(name)

    def show_column(self, *items: Item, spacing: int = 12) -> None:
        """In the place of what was shown before."""
        inside = QWidget()
        vbox(*items, 1, parent=inside, spacing=spacing, margins=(16, 8, 16 - GUTTER, 16))
        self.setWidget(inside)
