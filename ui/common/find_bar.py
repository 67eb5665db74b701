"""A field to find words in what is open: how many places there are, and the way from one to the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from ui.common import quantities
from ui.common.buttons_and_labels import IconButton, Label
from ui.common.layouts import NO_MARGINS, hbox
from ui.common.line_field import LineField
from ui.common.translation import arg, translate

FIND_AFTER_MS = 120
"""After the last key: whoever types on is not searched for in between."""


class FindBar(QFrame):
    find_wanted = Signal(str)
    """The words, without white space around them; "" takes the marks away."""
    step_wanted = Signal(int)
    """-1 for the place before, 1 for the next one."""
    closed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("find")
        self._find_timer = QTimer(self, singleShot=True, interval=FIND_AFTER_MS)
        self._find_timer.timeout.connect(self._find)
        self.field = LineField()
        self.field.setPlaceholderText(name)
        self.field.setAccessibleName(name)
        self.field.setAcceptDrops(False)
        self.field.textChanged.connect(lambda _: self._find_timer.start())
        self.field.installEventFilter(self)
        self.count = Label("", "second")
        before = translate("common", "Previous (Shift+Enter)")
        self.before = IconButton("caret-up", before, lambda: self._step(-1), size=16)
        self.after = IconButton(
            "caret-down", translate("common", "Next (Enter)"), lambda: self._step(1), size=16
        )
        close = IconButton("x", translate("common", "Close (Esc)"), self.close_bar, size=16)
        items = ((self.field, 1), self.count, self.before, self.after, close)
        hbox(*items, parent=self, spacing=4, margins=NO_MARGINS).insertSpacing(1, 8)
        self.hide()

    def words(self) -> str:
        return self.field.text().strip()

    def open_bar(self) -> None:
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._find()

    def close_bar(self) -> None:
        if not self.isHidden():
            self.hide()
            self._find_timer.stop()
            self.closed.emit()

    def show_count(self, current: int, total: int, *, more: bool = False) -> None:
        """`current` counts from 1; `more`: there are further places than `total`."""
        if total:
            shown = f"{quantities.number(total)}+" if more else quantities.number(total)
            self.count.setText(arg(translate("common", "%1 of %2"), quantities.number(current), shown))
        else:
            self.count.setText(translate("common", "Not found") if self.words() else "")
        self.before.setEnabled(total > 1)
        self.after.setEnabled(total > 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_bar()
                return True
        return super().eventFilter(watched, event)

    def _find(self) -> None:
        self.find_wanted.emit(self.words())

    def _step(self, by: int) -> None:
        if self._find_timer.isActive():
            self._find_timer.stop()
            self._find()
        else:
            self.step_wanted.emit(by)
