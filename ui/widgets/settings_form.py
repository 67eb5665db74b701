"""A group of settings as rows: what it is, what it does, and a field for it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from assistant import settings
from assistant.errors import UserInputError
from ui.widgets.basics import Button, Label

AUTOMATIC = "Automatic"
FIELD_WIDTH = 150
MORE, LESS = "More…", "Less"

Field = QCheckBox | QComboBox | QLineEdit


class SettingsForm(QWidget):
    """What is changed is in the group at once, when it does."""

    changed = Signal()

    def __init__(self, first: Iterable[str], more: Iterable[str]) -> None:
        """Names of the settings that are shown, and of those shown under “More…”."""
        super().__init__()
        self._group: settings.BaseModel | None = None
        self._shown = False
        self.fields: dict[str, Field] = {}
        self._errors: dict[str, Label] = {}
        self._first, self._rest = tuple(first), tuple(more)
        self._above, self._below = QWidget(), QWidget()
        self._fold = Button(MORE, self._turn, kind="link")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._above)
        layout.addWidget(self._fold)
        layout.addWidget(self._below)
        self._below.hide()

    def show_group(self, group: settings.BaseModel) -> None:
        """Show these values from now on."""
        if self._group is None:
            known = {choice.name: choice for choice in settings.choices(group)}
            self._fill(self._above, [known[name] for name in self._first])
            self._fill(self._below, [known[name] for name in self._rest])
        self._group = group
        for name in self.fields:
            self._show(name)

    # --- building

    def _fill(self, place: QWidget, choices: list[settings.Choice]) -> None:
        rows = QGridLayout(place)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(24)
        rows.setVerticalSpacing(2)
        rows.setColumnStretch(0, 1)
        for choice in choices:
            field = self._field(choice)
            field.setAccessibleName(choice.title)
            field.setAccessibleDescription(choice.description)
            self.fields[choice.name] = field
            error = self._errors[choice.name] = Label("", "error", wrap=True)
            error.hide()
            row = rows.rowCount()
            rows.addWidget(Label(choice.title), row, 0)
            rows.addWidget(field, row, 1, 2, 1)
            rows.addWidget(Label(choice.description, "second", wrap=True), row + 1, 0)
            rows.addWidget(error, row + 2, 0, 1, 2)
            rows.setRowMinimumHeight(row + 3, 10)

    def _field(self, choice: settings.Choice) -> Field:
        name = choice.name
        if choice.switch and not choice.optional:
            box = QCheckBox()
            box.toggled.connect(lambda on: self._take(name, on))
            return box
        if choice.switch or choice.options:
            several = QComboBox()
            if choice.optional:
                several.addItem(AUTOMATIC, None)
            for text, value in (("On", True), ("Off", False)) if choice.switch else ():
                several.addItem(text, value)
            for option in choice.options:
                several.addItem(option, option)
            several.activated.connect(lambda _: self._take(name, several.currentData()))
            several.setFixedWidth(FIELD_WIDTH)
            return several
        line = QLineEdit()
        line.setPlaceholderText(AUTOMATIC if choice.optional else "")
        line.setFixedWidth(FIELD_WIDTH)
        line.editingFinished.connect(lambda: self._take(name, line.text()))
        return line

    # --- doing

    def _show(self, name: str) -> None:
        value = getattr(self._group, name)
        field = self.fields[name]
        quiet = field.blockSignals(True)
        if isinstance(field, QCheckBox):
            field.setChecked(bool(value))
        elif isinstance(field, QComboBox):
            field.setCurrentIndex(field.findData(value.value if hasattr(value, "value") else value))
        else:
            field.setText("" if value is None else f"{value:g}" if isinstance(value, float) else str(value))
        field.blockSignals(quiet)
        self._say(name, "")

    def _take(self, name: str, value: str | bool | None) -> None:
        if self._group is None:
            return
        before = getattr(self._group, name)
        try:
            settings.choose(self._group, name, value)
        except UserInputError as error:
            self._say(name, error.message)
            return
        self._show(name)
        if getattr(self._group, name) != before:
            self.changed.emit()

    def _say(self, name: str, error: str) -> None:
        label = self._errors[name]
        label.setText(error)
        label.setVisible(bool(error))

    def _turn(self) -> None:
        self._shown = not self._shown
        self._below.setVisible(self._shown)
        self._fold.setText(LESS if self._shown else MORE)
        self._fold.setAccessibleName(LESS if self._shown else MORE)
