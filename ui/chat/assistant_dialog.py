"""The form of an assistant: its name, what it is told, and what it works with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from assistant import languages
from assistant.chat.assistant_records import Assistant
from ui.common import formatting
from ui.common.buttons_and_labels import Button, IconButton, Label
from ui.common.file_dialogs import Purpose, choose_file
from ui.common.layouts import hbox, vbox
from ui.common.line_field import LineField
from ui.common.translation import translate

WIDTH = 520
"""Pixels of the fields with their names."""
LANGUAGES = ("ar", "zh", "en", "fr", "de", "hi", "it", "pt", "ru", "es", "sw", "tr", "uk", "ur")
"""Codes of the languages that are offered for answers, by their names in English."""
ALL_DOCUMENTS = 1
"""The place of all documents in the list of what is answered from; before it stands none."""


class AssistantDialog(QDialog):
    """`taken` gets the values of the fields, by their names in Assistant."""

    def __init__(
        self,
        parent: QWidget,
        assistant: Assistant | None,
        collections: Sequence[str],
        taken: Callable[[dict[str, Any]], None],
    ) -> None:
        super().__init__(parent)
        self._taken = taken
        self.setWindowTitle(translate("chat", "Assistant"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        given = assistant or Assistant("", "", instructions="")
        self.name = _line(translate("chat", "Name"), given.name)
        self.about = _line(translate("chat", "What it is for"), given.about)
        self.not_for = _line(translate("chat", "What it is not for"), given.not_for)
        self.instructions = QPlainTextEdit(given.instructions)
        self.instructions.setProperty("field", "true")
        self.instructions.setTabChangesFocus(True)
        self.instructions.setMinimumHeight(120)
        self.instructions.setAccessibleName(translate("chat", "Instructions"))
        self.model = _line(translate("chat", "Model file"), given.model)
        self.model.setPlaceholderText(translate("chat", "The chosen model"))
        self.adapter = _line(translate("chat", "Adapter file"), given.adapter)
        self.adapter.setPlaceholderText(translate("chat", "None"))
        self.documents = _documents(given, collections)
        self.language = _language(given)
        yes = translate("chat", "Save") if assistant else translate("chat", "Create")
        self.yes = Button(yes, self._take, kind="primary")
        self.yes.setDefault(True)
        heading = (
            translate("chat", "Change the assistant") if assistant else translate("chat", "New assistant")
        )
        cancel = Button(translate("chat", "Cancel"), self.reject, kind="quiet")
        buttons = hbox(1, cancel, self.yes, spacing=8)
        vbox(
            Label(heading, "heading"),
            self._grid(),
            buttons,
            parent=self,
            spacing=12,
            margins=(24, 24, 24, 16),
        )
        self.setFixedWidth(WIDTH + 48)
        for field in (self.name, self.instructions):
            field.textChanged.connect(self._check)
        self._check()

    def values(self) -> dict[str, Any]:
        return {
            "name": self.name.text().strip(),
            "instructions": self.instructions.toPlainText().strip(),
            "about": self.about.text().strip(),
            "not_for": self.not_for.text().strip(),
            "model": self.model.text().strip(),
            "adapter": self.adapter.text().strip(),
            "all_documents": self.documents.currentIndex() == ALL_DOCUMENTS,
            "collection": str(self.documents.currentData() or ""),
            "language": str(self.language.currentData()),
        }

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        rows: list[tuple[str, QWidget | QLayout]] = [
            (translate("chat", "Name"), self.name),
            (translate("chat", "Instructions"), self.instructions),
            (translate("chat", "For"), self.about),
            (translate("chat", "Not for"), self.not_for),
            (translate("chat", "Answers from"), self.documents),
            (translate("chat", "Language"), self.language),
            (translate("chat", "Model"), self._file(self.model, translate("chat", "Choose a model file"))),
            (
                translate("chat", "Adapter"),
                self._file(self.adapter, translate("chat", "Choose an adapter file")),
            ),
        ]
        for row, (name, field) in enumerate(rows):
            grid.addWidget(Label(name, "second"), row, 0, Qt.AlignmentFlag.AlignTop)
            if isinstance(field, QWidget):
                grid.addWidget(field, row, 1)
            else:
                grid.addLayout(field, row, 1)
        return grid

    def _file(self, field: QLineEdit, title: str) -> QHBoxLayout:
        """The field with a button that chooses its file."""
        kind = translate("chat", "GGUF (*.gguf)")
        choose = IconButton(
            "folder-open", title, lambda: choose_file(self, Purpose.MODELS, title, field.setText, [kind])
        )
        return hbox((field, 1), choose, spacing=4)

    def _check(self) -> None:
        self.yes.setEnabled(bool(self.name.text().strip() and self.instructions.toPlainText().strip()))

    def _take(self) -> None:
        values = self.values()
        self.accept()
        self._taken(values)


def _documents(assistant: Assistant, collections: Sequence[str]) -> QComboBox:
    box = _choice(translate("chat", "Documents it answers from"))
    box.addItem(translate("chat", "None"), "")
    box.addItem(translate("chat", "All documents"), "")
    for name in dict.fromkeys((*collections, assistant.collection)):
        if name:
            box.addItem(f"“{formatting.name(name)}”", name)
    if assistant.all_documents:
        box.setCurrentIndex(ALL_DOCUMENTS)
    elif assistant.collection:
        box.setCurrentIndex(box.findData(assistant.collection))
    return box


def _language(assistant: Assistant) -> QComboBox:
    box = _choice(translate("chat", "Language of answers"))
    box.addItem(translate("chat", "Same as the question"), "")
    for code in LANGUAGES:
        box.addItem(languages.name(code), code)
    if box.findData(assistant.language) < 0:
        box.addItem(languages.name(assistant.language), assistant.language)
    box.setCurrentIndex(box.findData(assistant.language))
    return box


def _choice(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.view().setAccessibleName(name)
    return box


def _line(name: str, text: str) -> QLineEdit:
    field = LineField(text)
    field.setAccessibleName(name)
    return field
