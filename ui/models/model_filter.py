"""Which models are looked at: for what, in which language, under which licence, by name."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from assistant import languages
from assistant.models.catalog.records import CatalogEntry, Task
from assistant.models.files.records import ModelKind
from ui.common.flow_layout import FlowLayout
from ui.common.line_field import LineField
from ui.common.menus import Menu, MenuButton
from ui.common.translation import translate
from ui.models import descriptions


class FilterRow(QWidget):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.search = LineField()
        self.search.setPlaceholderText(translate("models", "Find by name"))
        self.search.setAccessibleName(translate("models", "Find a model by name"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(180)
        self.search.setAcceptDrops(False)
        self.task = _Choice(translate("models", "For", "a task"), translate("models", "everything"))
        self.language = _Choice(translate("models", "Language"), translate("models", "any", "language"))
        self.licence = _Choice(translate("models", "Licence"), translate("models", "any", "licence"))
        self.licence.offer([(True, translate("models", "commercial use allowed"))])
        flow = FlowLayout(4)
        for choice in self._choices():
            flow.addWidget(choice)
            choice.chosen.connect(self.changed)
        self.setLayout(flow)
        self.search.textChanged.connect(lambda _: self.changed.emit())

    def show_entries(self, entries: Iterable[CatalogEntry]) -> None:
        """Offer what these models have."""
        entries = tuple(entries)
        tasks = {task for entry in entries for task in entry.tasks}
        offered: list[tuple[object, str]] = []
        offered += [(task, descriptions.task(task)) for task in Task if task in tasks]
        if any(entry.kind is ModelKind.EMBEDDING for entry in entries):
            offered.append((ModelKind.EMBEDDING, descriptions.kind(ModelKind.EMBEDDING)))
        self.task.offer(offered)
        codes = {code for entry in entries for code in entry.languages} - {languages.MANY}
        self.language.offer([(name, name) for name in sorted({languages.name(code) for code in codes})])

    @property
    def active(self) -> bool:
        return bool(self.search.text()) or any(choice.value is not None for choice in self._choices())

    def fits(self, entry: CatalogEntry) -> bool:
        """Whether the model is one of those that are looked for."""
        language, words = self.language.value, self.search.text().casefold().split()
        spoken = {code if code == languages.MANY else languages.name(code) for code in entry.languages}
        return (
            self.task.value in (None, entry.kind, *entry.tasks)
            and (language is None or bool({language, languages.MANY} & spoken))
            and (not self.licence.value or entry.licence.commercial)
            and all(word in f"{entry.name} {entry.maker}".casefold() for word in words)
        )

    def clear(self) -> None:
        """Look at all models."""
        for choice in self._choices():
            choice.choose(None)
        self.search.clear()

    def _choices(self) -> tuple[_Choice, ...]:
        return self.task, self.language, self.licence


class _Choice(MenuButton):
    """A button that says what is chosen, and a menu to choose another; None stands for no choice."""

    chosen = Signal()

    def __init__(self, title: str, nothing: str) -> None:
        super().__init__("", self.menu_of_choices)
        self._title = title
        self._nothing = nothing
        self._choices: list[tuple[object, str]] = []
        self.value: object = None
        self.choose(None)

    def offer(self, choices: list[tuple[object, str]]) -> None:
        self._choices = choices
        self.choose(self.value)

    def choose(self, value: object) -> None:
        is_new = value != self.value
        self.value = value
        label = next((label for choice, label in self._choices if choice == value), self._nothing)
        text = f"{self._title}: {label}"
        self.setText(text)
        self.setAccessibleName(text)
        if is_new:
            self.chosen.emit()

    def menu_of_choices(self) -> Menu:
        menu = Menu(self)
        menu.add_choices([(None, self._nothing), *self._choices], self.value, self.choose)
        return menu
