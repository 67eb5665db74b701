"""Asks before a link leaves the program: it opens in the browser, which has a network."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.common import formatting
from ui.common.buttons_and_labels import Button, Label
from ui.common.dialogs import WIDTH
from ui.common.notices import Notices
from ui.common.translation import arg, translate

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
        self.setWindowTitle(translate("chat", "Open the link?"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        text = translate(
            "chat", "It opens in your browser, outside this program, and may reach the internet."
        )
        if not allowed:
            text = translate("chat", "Links of this kind are not opened. The address can be copied.")
        where = Label(formatting.isolate(self.address), "", wrap=True)
        where.setFixedWidth(WIDTH)
        where.setAccessibleName(arg(translate("chat", "Address: %1"), self.address))
        self.yes = Button(translate("chat", "Open"), self._open, kind="primary")
        self.yes.setVisible(allowed)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(
            Button(translate("chat", "Copy the address"), self._copy, kind="quiet", icon="copy")
        )
        buttons.addStretch(1)
        no = translate("chat", "Cancel") if allowed else translate("chat", "Close")
        cancel = Button(no, self.reject, kind="quiet")
        cancel.setDefault(True)  # Enter does not open what nobody has looked at
        buttons.addWidget(cancel)
        buttons.addWidget(self.yes)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(Label(self.windowTitle(), "heading"))
        layout.addWidget(where)
        layout.addWidget(Label(text, "second", wrap=True))
        layout.addSpacing(8)
        layout.addLayout(buttons)

    def _open(self) -> None:
        self.accept()
        if not QDesktopServices.openUrl(self._url):
            self._notices.warn(
                translate("chat", "The link could not be opened."),
                translate("chat", "Copy its address into your browser."),
            )

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.address)
        self.accept()
        self._notices.say(translate("chat", "Address copied."))
