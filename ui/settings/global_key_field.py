"""The key that dictates into every program, as Settings ask for it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QWidget

from ui.common.buttons_and_labels import Label
from ui.common.layouts import NO_MARGINS, vbox


class GlobalKeyField(QWidget):
    chosen = Signal(str)
    """In Qt's portable words; "" for none."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._keys = QKeySequenceEdit()
        self._keys.setMaximumSequenceLength(1)
        self._keys.setClearButtonEnabled(True)
        self._keys.setFixedWidth(width)
        self._keys.keySequenceChanged.connect(self._changed)
        self._state = Label("", "second", wrap=True)
        self._state.setFixedWidth(width)
        self._state.hide()
        vbox(self._keys, self._state, parent=self, spacing=4, margins=NO_MARGINS)
        self.setFocusProxy(self._keys)

    def show_keys(self, keys: str) -> None:
        before = self._keys.blockSignals(True)
        self._keys.setKeySequence(QKeySequence(keys, QKeySequence.SequenceFormat.PortableText))
        self._keys.blockSignals(before)

    def show_state(self, sentence: str) -> None:
        """Whether the key works, and what to do if not."""
        self._state.setText(sentence)
        self._state.setVisible(bool(sentence))

    def name(self, name: str, about: str) -> None:
        """For a screen reader."""
        self._keys.setAccessibleName(name)
        self._keys.setAccessibleDescription(about)

    def _changed(self, sequence: QKeySequence) -> None:
        self.chosen.emit(sequence.toString(QKeySequence.SequenceFormat.PortableText))
