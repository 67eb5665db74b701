"""A row of a list for what takes long: how far it is, stopped, gone on with."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy

from ui.common.buttons_and_labels import Button, ElidedLabel, IconButton, Label
from ui.common.layouts import vbox
from ui.common.menus import Menu
from ui.common.translation import translate


class JobRow(QFrame):
    """Who derives lays out `words`, `stop`, `go_on` and `more`."""

    def __init__(self, stop: Callable[[], None], go_on: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("card", "quote")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.title = ElidedLabel("", "strong")
        self.state = Label("", "second", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(translate("common", "Progress"))
        self.stop = Button(translate("common", "Stop"), stop, kind="quiet")
        self.go_on = Button("", go_on, kind="link")
        self.more = IconButton("dots-three", translate("common", "More"), self._open_menu)
        self.words = vbox(self.title, self.state, self.bar, spacing=2)

    def menu(self) -> Menu:
        """All that can be done."""
        raise NotImplementedError

    def show_job(
        self, title: str, words: str, *, works: bool, stopped: bool, failed: bool, done: int, total: int
    ) -> None:
        """
        Args:
            works: it is under way or waits for that.
            stopped: it can go on.
            failed: it can be tried again.
            total: 0 where there is no bar.
        """
        self.title.set_text(title)
        self.state.setText(words)
        self.state.set_kind("error" if failed else "second")
        self.bar.setVisible(total > 0)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.stop.setVisible(works)
        self.go_on.setVisible(stopped or failed)
        self.go_on.setText(translate("common", "Try again") if failed else translate("common", "Resume"))
        self.setAccessibleName(f"{self.title.text()}, {self.state.text()}")

    def _open_menu(self) -> None:
        self.menu().popup_below(self.more)
