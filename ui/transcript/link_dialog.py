"""Asks before a link leaves the program: it opens in the browser, which has a network."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.common import formatting
from ui.common.buttons_and_labels import Button, Label
from ui.common.dialogs import WIDTH
from ui.common.notices import Notices

OPENED = frozenset({"http", "https", "mailto"})
"""Kinds of addresses that may be opened; any other could start a program."""


class LinkDialog(QDialog):
    """Shows the whole address, for the words of a link may say something else."""

    def __init__(self, parent: QWidget, address: str, notices: Notices) -> None:
        super().__init__(parent)
        self._notices = notices
        self._url = QUrl(address)
        self.address = formatting.name(address)
        allowed = self._url.isValid() and self._url.scheme().casefold() in OPENED
        self.setWindowTitle("Open the link?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        text = "It opens in your browser, outside this program, and may reach the internet."
        if not allowed:
            text = "Links of this kind are not opened. The address can be copied."
        where = Label(formatting.isolate(self.address), "", wrap=True)
        where.setFixedWidth(WIDTH)
        where.setAccessibleName(f"Address: {self.address}")
        self.yes = Button("Open", self._open, kind="primary")
        self.yes.setVisible(allowed)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(Button("Copy the address", self._copy, kind="quiet", icon="copy"))
        buttons.addStretch(1)
        cancel = Button("Cancel" if allowed else "Close", self.reject, kind="quiet")
        cancel.setDefault(True)  # Enter does not open what nobody has looked at
        buttons.addWidget(cancel)
        buttons.addWidget(self.yes)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(Label("Open the link?", "heading"))
        layout.addWidget(where)
        layout.addWidget(Label(text, "second", wrap=True))
        layout.addSpacing(8)
        layout.addLayout(buttons)

    def _open(self) -> None:
        self.accept()
        if not QDesktopServices.openUrl(self._url):
            self._notices.warn("The link could not be opened.", "Copy its address into your browser.")

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.address)
        self.accept()
        self._notices.say("Address copied.")
