"""Finds words in the conversation that is open: how many places, and the way from one to the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit

from ui.common import quantities
from ui.common.buttons_and_labels import IconButton, Label
from ui.common.layouts import NO_MARGINS, hbox
from ui.common.translation import arg, translate
from ui.text.blocks import plain_block
from ui.text.markdown import parse
from ui.transcript.entry import TranscriptEntry
from ui.transcript.transcript import Transcript

FIND_AFTER_MS = 120
"""After the last key: whoever types on is not searched for in between."""


class FindBar(QFrame):
    closed = Signal()

    def __init__(self, transcript: Transcript) -> None:
        super().__init__()
        self.setObjectName("find")
        self._transcript = transcript
        self._plain: dict[tuple[int, str], str] = {}
        self._places: list[tuple[int, int]] = []
        """Key of the message, and which of the places in it."""
        self._current = -1
        self._find_timer = QTimer(self, singleShot=True, interval=FIND_AFTER_MS)
        self._find_timer.timeout.connect(self._find)
        self.field = QLineEdit()
        self.field.setPlaceholderText(translate("chat", "Find in this conversation"))
        self.field.setAccessibleName(translate("chat", "Find in this conversation"))
        self.field.setAcceptDrops(False)
        self.field.textChanged.connect(lambda _: self._find_timer.start())
        self.field.installEventFilter(self)
        self.count = Label("", "second")
        self.before = IconButton(
            "caret-up", translate("chat", "Previous (Shift+Enter)"), lambda: self.step(-1), size=16
        )
        self.after = IconButton(
            "caret-down", translate("chat", "Next (Enter)"), lambda: self.step(1), size=16
        )
        close = IconButton("x", translate("chat", "Close (Esc)"), self.close_bar, size=16)
        items = ((self.field, 1), self.count, self.before, self.after, close)
        hbox(*items, parent=self, spacing=4, margins=NO_MARGINS).insertSpacing(1, 8)
        self.hide()

    def open_bar(self) -> None:
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._find()

    def close_bar(self) -> None:
        if self.isHidden():
            return
        self.hide()
        self._plain.clear()
        self._clear_marks()
        self._places, self._current = [], -1
        self.closed.emit()

    def step(self, by: int) -> None:
        """Go to the next place, or the one before; after the last comes the first."""
        if self._find_timer.isActive():
            self._find_timer.stop()
            self._find()
            return
        if self._places:
            self._current = (self._current + by) % len(self._places)
            self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_bar()
                return True
        return super().eventFilter(watched, event)

    def _find(self) -> None:
        wanted = self.field.text().strip().casefold()
        self._clear_marks()
        self._places = []
        if wanted:
            for entry in self._transcript.entries():
                self._places += [(entry.key, n) for n in range(self._text(entry, wanted).count(wanted))]
        self._current = len(self._places) - 1  # the latest is the likeliest
        self._show()

    def _text(self, entry: TranscriptEntry, wanted: str) -> str:
        """The words of a message as they are seen; nothing where not even its source has them."""
        source = entry.text.casefold()
        if entry.mine or wanted not in source:
            return source if entry.mine else ""
        key = (entry.key, entry.text)
        if key not in self._plain:
            self._plain[key] = "\n".join(plain_block(block) for block in parse(entry.text)).casefold()
        return self._plain[key]

    def _show(self) -> None:
        total = len(self._places)
        self.count.setText("")
        if total:
            current = quantities.number(self._current + 1)
            self.count.setText(arg(translate("chat", "%1 of %2"), current, quantities.number(total)))
        elif self.field.text().strip():
            self.count.setText(translate("chat", "nothing found"))
        self.before.setEnabled(total > 1)
        self.after.setEnabled(total > 1)
        if not total:
            return
        key, number = self._places[self._current]
        self._clear_marks()
        view = self._transcript.view(key) or self._transcript.show_message(key)
        if view is not None:
            view.text.find_all(self.field.text().strip())
            place = view.text.look_at(number)
            top = view.text.y() + round(place.top())
            self._transcript.bring_into_view(key, top, round(place.height()))

    def _clear_marks(self) -> None:
        for entry in self._transcript.entries():
            if (view := self._transcript.view(entry.key)) is not None:
                view.text.find_all("")
