"""Asks before a link leaves the program: it opens in the browser, which has a network."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget

from ui.common import formatting
from ui.common.buttons_and_labels import Button
from ui.common.dialog_sheet import DialogSheet
from ui.common.dialogs import WIDTH
from ui.common.notices import Notices
from ui.common.translation import arg, translate

OPENED = frozenset({"http", "https", "mailto"})
"""Kinds of addresses that may be opened; any other could start a program."""


class LinkDialog(DialogSheet):
    """Shows the whole address, for the words of a link may say something else."""

    def __init__(self, parent: QWidget, address: str, notices: Notices) -> None:
        self._notices = notices
        self._url = QUrl(address)
        self.address = formatting.name(address)
        allowed = self._url.isValid() and self._url.scheme().casefold() in OPENED
        no = "" if allowed else translate("chat", "Close")
        super().__init__(parent, translate("chat", "Open the link?"), no=no, width=WIDTH)
        where = self.say(formatting.isolate(self.address), "")
        where.setAccessibleName(arg(translate("chat", "Address: %1"), self.address))
        if allowed:
            self.say(
                translate(
                    "chat", "It opens in your browser, outside this program, and may reach the internet."
                )
            )
        else:
            self.say(translate("chat", "Links of this kind are not opened. The address can be copied."))
        copy = Button(translate("chat", "Copy the address"), self._copy, kind="quiet", icon="copy")
        self.buttons.insertWidget(0, copy)
        self.no.setDefault(True)  # Enter does not open what nobody has looked at
        self.yes = Button(translate("chat", "Open"), self._open, kind="primary")
        self.yes.setVisible(allowed)
        self.buttons.addWidget(self.yes)

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
