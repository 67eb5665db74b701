"""Where a question is written: Enter asks it, the arrow keys bring back earlier ones."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from ui.common.buttons_and_labels import Button, IconButton, IconLabel, restyle
from ui.common.layouts import hbox
from ui.common.line_field import LineField
from ui.common.menus import Menu
from ui.common.translation import arg, translate

MOST_REMEMBERED = 50
"""Earlier questions that the arrow keys bring back."""
MOST_LISTED = 12
"""Earlier questions that the menu shows."""
LONGEST_QUESTION = 2000
"""Characters that can be written."""
TITLE_WIDTH = 180
"""Pixels of the title of the one document that is asked."""
LISTED_WIDTH = 420
"""Pixels of an earlier question in the menu."""


class QuestionField(QFrame):
    asked = Signal(str)
    escaped = Signal()
    narrowing_dropped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ask")
        self._earlier: list[str] = []
        self._at = 0
        """Which of the earlier questions stands in the field; their number if none does."""
        self._draft = ""
        self.field = LineField()
        self.field.setAcceptDrops(False)  # files dropped on it are for the window
        self.field.setMaxLength(LONGEST_QUESTION)
        self.field.setAccessibleName(translate("documents", "Question to your documents"))
        self.field.installEventFilter(self)
        self.field.returnPressed.connect(self._ask)
        self.field.textEdited.connect(lambda _: self._leave_history())
        self.narrowed = Button("", self.narrowing_dropped.emit, kind="link", icon="x")
        self.narrowed.setAccessibleName(translate("documents", "Ask all documents again"))
        self.narrowed.setToolTip(self.narrowed.accessibleName())
        self.narrowed.hide()
        before = translate("documents", "Recent questions")
        self.history = IconButton("clock", before, self._show_history)
        self.history.hide()
        self.send = IconButton("arrow-elbow-down-left", translate("documents", "Ask (Enter)"), self._ask)
        items = (IconLabel("magnifying-glass"), self.narrowed, (self.field, 1), self.history, self.send)
        hbox(*items, parent=self, margins=(12, 2, 6, 2), spacing=8)
        self.set_prompt(translate("documents", "Ask your documents…"))

    def set_prompt(self, prompt: str) -> None:
        """What the empty field says."""
        self.field.setPlaceholderText(prompt)

    def narrow(self, title: str | None) -> None:
        """Name the one document that is asked, with a button to ask all again."""
        self.narrowed.setVisible(title is not None)
        if title is not None:
            metrics = self.narrowed.fontMetrics()
            shown = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, TITLE_WIDTH)
            self.narrowed.setText(shown.replace("&", "&&"))
            spoken = translate("documents", "Asking only %1. Ask all documents instead")
            self.narrowed.setAccessibleName(arg(spoken, title))

    def text(self) -> str:
        return self.field.text().strip()

    def take_focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def ask(self, question: str) -> None:
        """As if a person had written it and pressed Enter."""
        self.field.setText(question)
        self._ask()

    def clear(self) -> None:
        self.field.clear()
        self._leave_history()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("active", "true" if event.type() is QEvent.Type.FocusIn else "false")
            restyle(self)
        elif event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._earlier:
                self._step_through_history(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
            if event.key() == Qt.Key.Key_Escape and self.field.text():
                self.escaped.emit()
                return True
        return super().eventFilter(watched, event)

    def _leave_history(self) -> None:
        """What stands in the field is new, and no earlier question."""
        self._at = len(self._earlier)

    def _ask(self) -> None:
        question = self.text()
        if not question:
            self.take_focus()
            return
        if question in self._earlier:
            self._earlier.remove(question)
        self._earlier = [*self._earlier, question][-MOST_REMEMBERED:]
        self._leave_history()
        self.history.setVisible(len(self._earlier) > 1)
        self.asked.emit(question)

    def _step_through_history(self, step: int) -> None:
        if self._at == len(self._earlier):
            self._draft = self.field.text()
        if step < 0 and self._at == len(self._earlier) and self._earlier[-1:] == [self._draft.strip()]:
            self._at -= 1  # the latest question stands there already
        self._at = max(0, min(len(self._earlier), self._at + step))
        self.field.setText(self._draft if self._at == len(self._earlier) else self._earlier[self._at])

    def _show_history(self) -> None:
        menu = Menu(self)
        for question in reversed(self._earlier[-MOST_LISTED:]):
            shown = self.fontMetrics().elidedText(question, Qt.TextElideMode.ElideRight, LISTED_WIDTH)
            menu.add_item(shown, partial(self.ask, question))
        menu.popup_below(self.history)
