"""The row of small buttons under a message."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.common.buttons_and_labels import CopyButton, IconButton, Label
from ui.common.layouts import mirrored
from ui.common.translation import arg, translate
from ui.transcript.entry import EntryAction, TranscriptEntry, actions_of


class MessageFooter(QWidget):
    action_wanted = Signal(EntryAction)

    def __init__(self, parent: QWidget, voice: bool) -> None:
        super().__init__(parent)
        self._voice = voice
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._count = Label("", "small")
        self._model = Label("", "small")
        self._model.setContentsMargins(*mirrored((10, 0, 0, 0)))
        self._buttons: dict[EntryAction, IconButton] = {}

    def show_entry(self, entry: TranscriptEntry) -> None:
        wanted = actions_of(entry, voice=self._voice)
        if [action for action, _, _ in wanted] != list(self._buttons):
            self._fill(wanted)
        self._count.setText(f"{entry.version}/{entry.versions}")
        self._count.setAccessibleName(
            arg(translate("chat", "Version %1 of %2"), entry.version, entry.versions)
        )
        self._count.setVisible(entry.versions > 1)
        if entry.versions > 1:
            self._buttons[EntryAction.EARLIER].setEnabled(entry.version > 1)
            self._buttons[EntryAction.LATER].setEnabled(entry.version < entry.versions)
        self._model.setText(entry.model)
        self._model.setToolTip(entry.figures)
        self._model.setAccessibleDescription(entry.figures)

    def confirm_copied(self) -> bool:
        """Say on the button that the message was copied; false where it cannot be seen."""
        button = self._buttons.get(EntryAction.COPY)
        if isinstance(button, CopyButton) and button.isVisible():
            button.confirm()
            return True
        return False

    def _fill(self, wanted: list[tuple[EntryAction, str, str]]) -> None:
        for button in self._buttons.values():
            button.deleteLater()
        while self._row.takeAt(0) is not None:
            continue
        self._buttons = {}
        for action, icon, name in wanted:
            do = partial(self.action_wanted.emit, action)
            copies = action is EntryAction.COPY
            button = CopyButton(name, do, size=16) if copies else IconButton(icon, name, do, size=16)
            self._buttons[action] = button
            self._row.addWidget(button)
            if action is EntryAction.EARLIER:
                self._row.addWidget(self._count)
        self._row.addWidget(self._model)
        self._row.addStretch(1)
