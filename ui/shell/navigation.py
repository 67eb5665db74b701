"""The way between the pages, at the left; folds to icons where the window is narrow."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton

from ui.common.buttons_and_labels import restyle
from ui.common.layouts import vbox
from ui.common.theme import theme
from ui.common.translation import QT_TRANSLATE_NOOP, arg, translate, translate_marked


@dataclass(frozen=True, slots=True)
class Destination:
    key: str
    title: str
    icon: str


DESTINATIONS = (
    Destination("chat", QT_TRANSLATE_NOOP("shell", "Chat"), "chats-circle"),
    Destination("documents", QT_TRANSLATE_NOOP("shell", "Documents"), "files"),
    Destination("dictate", QT_TRANSLATE_NOOP("shell", "Dictate"), "microphone"),
    Destination("translate", QT_TRANSLATE_NOOP("shell", "Translate"), "translate"),
    Destination("models", QT_TRANSLATE_NOOP("shell", "Models"), "cpu"),
    Destination("settings", QT_TRANSLATE_NOOP("shell", "Settings"), "gear-six"),
)
"""In the order of Ctrl+1 to Ctrl+6; the last stands at the bottom."""

WIDE = 200
"""Pixels, with titles."""
NARROW = 56
"""Pixels, icons only."""


class Navigation(QFrame):
    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self.setAccessibleName(translate("shell", "Navigation"))
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        layout = vbox(parent=self, spacing=4, margins=(8, 16, 8, 8))
        for index, destination in enumerate(DESTINATIONS, 1):
            if destination is DESTINATIONS[-1]:
                layout.addStretch(1)
            title = translate_marked("shell", destination.title)
            button = _Item(title)
            button.setAccessibleName(title)
            button.setToolTip(arg(translate("shell", "%1 (Ctrl+%2)"), title, index))
            button.clicked.connect(lambda _=False, key=destination.key: self.chosen.emit(key))
            self._group.addButton(button)
            self._buttons[destination.key] = button
            layout.addWidget(button)
        self._recolor()
        theme().changed.connect(self._recolor)
        self._group.buttonToggled.connect(lambda *_: self._recolor())
        self.fold(False)

    def show_chosen(self, key: str) -> None:
        """None of them, where the page is one that stands in no navigation."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)
        elif (chosen := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            chosen.setChecked(False)
            self._group.setExclusive(True)

    def button(self, key: str) -> QToolButton:
        return self._buttons[key]

    @property
    def folded(self) -> bool:
        return self.width() == NARROW

    def fold(self, narrow: bool) -> None:
        width = NARROW if narrow else WIDE
        if self.maximumWidth() == width:
            return
        self.setFixedWidth(width)
        style = (
            Qt.ToolButtonStyle.ToolButtonIconOnly if narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        )
        for button in self._buttons.values():
            button.setToolButtonStyle(style)
            button.setProperty("folded", "true" if narrow else "false")
            restyle(button)

    def _recolor(self) -> None:
        for destination in DESTINATIONS:
            button = self._buttons[destination.key]
            button.setIcon(theme().icon(destination.icon, "accent" if button.isChecked() else "text2"))


class _Item(QToolButton):
    def __init__(self, title: str) -> None:
        super().__init__()
        self.setText(f"  {title}")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setIconSize(QSize(20, 20))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        self.setSizePolicy(policy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: False, Qt.Key.Key_Down: True}
        if event.key() in steps:
            self.focusNextPrevChild(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
