"""The few questions that need an answer before anything can go on: a password, a name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from ui.common.buttons_and_labels import Button, Label
from ui.common.dialog_sheet import DialogSheet
from ui.common.line_field import LineField
from ui.common.screen_reader import announce
from ui.common.translation import arg, translate

WIDTH = 372
"""Pixels of the field."""


class QuestionDialog(DialogSheet):
    """One line to fill in. `taken` gets it when the person says yes; nothing waits meanwhile."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        yes: str,
        field_name: str,
        taken: Callable[[str], object],
        *,
        value: str = "",
        refusal: Callable[[str], str] = lambda _: "",
    ) -> None:
        """`value` stands there to be changed; `refusal` says why a value cannot be taken, or ""."""
        super().__init__(parent, title, width=WIDTH)
        self._taken = taken
        self._refusal = refusal
        self.field = LineField(value)
        self.field.setFixedWidth(WIDTH)
        self.field.setAccessibleName(field_name)
        self.field.selectAll()
        self.field.textChanged.connect(lambda _: self._check())
        self.yes = Button(yes, self._take, kind="primary")
        self.yes.setDefault(True)
        self.refused = Label("", "warn", wrap=True)
        self.say(text)
        self.body.addWidget(self.field)
        self.body.addWidget(self.refused)
        self.buttons.addWidget(self.yes)
        self.setTabOrder(self.field, self.no)
        self.setTabOrder(self.no, self.yes)
        self.field.setFocus()
        self._check()

    def value(self) -> str:
        return self.field.text().strip()

    def _check(self) -> None:
        refused = self._refusal(self.value())
        self.refused.setText(refused)
        self.refused.setVisible(bool(refused))
        self.field.setAccessibleDescription(refused)
        self.yes.setEnabled(bool(self.value()) and not refused)

    def _take(self) -> None:
        if self.yes.isEnabled():
            self.accept()
            self._taken(self.value())


class PasswordDialog(QuestionDialog):
    """Stays open until the document is: a wrong password is said in it."""

    def __init__(self, parent: QWidget, title: str, taken: Callable[[str], object], *, wrong: bool = False):
        """`title` names the document; `wrong`: a password has been tried."""
        super().__init__(
            parent,
            arg(translate("common", "Password for %1"), title),
            translate("common", "It is used to open this document and is not kept."),
            translate("common", "Open"),
            translate("common", "Password"),
            taken,
        )
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        show = QCheckBox(translate("common", "Show it"))
        show.toggled.connect(
            lambda on: self.field.setEchoMode(
                QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password
            )
        )
        self.body.addWidget(show)
        if wrong:
            self.refuse()

    def value(self) -> str:
        return self.field.text()  # blanks may belong to it

    def refuse(self) -> None:
        """Say that the password was wrong, and let another one be tried."""
        why = translate("common", "The password is wrong.")
        self.field.setEnabled(True)
        self.field.selectAll()
        self.field.setFocus()
        self._say(why, "error")
        self.yes.setEnabled(bool(self.value()))
        announce(self, why)

    def _take(self) -> None:
        if self.yes.isEnabled():
            self.field.setEnabled(False)
            self.yes.setEnabled(False)
            self._say(translate("common", "Opening…"), "second")
            self._taken(self.value())

    def _say(self, text: str, kind: str) -> None:
        self.refused.set_kind(kind)
        self.refused.setText(text)
        self.refused.setVisible(True)
        self.field.setAccessibleDescription(text)
