"""The form of an assistant: its name, what it is told, and what it works with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from assistant import languages
from assistant.chat.assistant_records import Assistant
from ui.common import formatting
from ui.common.buttons_and_labels import Button, IconButton, Label

WIDTH = 520
LANGUAGES = ("ar", "zh", "en", "fr", "de", "hi", "it", "pt", "ru", "es", "sw", "tr", "uk", "ur")
"""Codes of those that are offered."""
ALL_DOCUMENTS = "All documents"
NO_DOCUMENTS = "None"


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
        self.setWindowTitle("Assistant")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.name = _line("Name", assistant.name if assistant else "")
        self.about = _line("What it is for", assistant.about if assistant else "")
        self.not_for = _line("What it is not for", assistant.not_for if assistant else "")
        self.instructions = QPlainTextEdit(assistant.instructions if assistant else "")
        self.instructions.setProperty("field", "true")
        self.instructions.setTabChangesFocus(True)
        self.instructions.setMinimumHeight(120)
        self.instructions.setAccessibleName("What it is told")
        self.model = _line("Model file", assistant.model if assistant else "")
        self.model.setPlaceholderText("The one that is chosen")
        self.adapter = _line("Adapter file", assistant.adapter if assistant else "")
        self.adapter.setPlaceholderText("None")
        self.documents = self._documents(assistant, collections)
        self.language = self._language(assistant)
        self.yes = Button("Save" if assistant else "Create", self._take, kind="primary")
        self.yes.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(Label("Change the assistant" if assistant else "New assistant", "heading"))
        layout.addLayout(self._grid())
        layout.addLayout(self._buttons())
        self.setFixedWidth(WIDTH + 48)
        for field in (self.name, self.instructions):
            field.textChanged.connect(self._check)
        self._check()

    def values(self) -> dict[str, Any]:
        chosen = self.documents.currentText()
        return {
            "name": self.name.text().strip(),
            "instructions": self.instructions.toPlainText().strip(),
            "about": self.about.text().strip(),
            "not_for": self.not_for.text().strip(),
            "model": self.model.text().strip(),
            "adapter": self.adapter.text().strip(),
            "all_documents": chosen == ALL_DOCUMENTS,
            "collection": str(self.documents.currentData() or ""),
            "language": str(self.language.currentData()),
        }

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        rows: list[tuple[str, QWidget]] = [
            ("Name", self.name),
            ("What it is told", self.instructions),
            ("For", self.about),
            ("Not for", self.not_for),
            ("Answers from", self.documents),
            ("Language", self.language),
            ("Model", self._with_button(self.model, "Choose a model file")),
            ("Adapter", self._with_button(self.adapter, "Choose an adapter file")),
        ]
        for row, (name, field) in enumerate(rows):
            grid.addWidget(Label(name, "second"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, row, 1)
        return grid

    def _buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(Button("Cancel", self.reject, kind="quiet"))
        buttons.addWidget(self.yes)
        return buttons

    def _with_button(self, field: QLineEdit, name: str) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(field, 1)
        row.addWidget(IconButton("folder-open", name, lambda: self._choose(field, name)))
        return box

    def _choose(self, field: QLineEdit, name: str) -> None:
        dialog = QFileDialog(self, name)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["GGUF (*.gguf)", "All files (*)"])
        dialog.filesSelected.connect(lambda files: field.setText(files[0]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @staticmethod
    def _documents(assistant: Assistant | None, collections: Sequence[str]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName("Documents it answers from")
        box.view().setAccessibleName("Documents it answers from")
        box.addItem(NO_DOCUMENTS, "")
        box.addItem(ALL_DOCUMENTS, "")
        names = list(collections)
        if assistant is not None and assistant.collection and assistant.collection not in names:
            names.append(assistant.collection)
        for name in names:
            box.addItem(f"“{formatting.name(name)}”", name)
        if assistant is not None and assistant.all_documents:
            box.setCurrentIndex(1)
        elif assistant is not None and assistant.collection:
            box.setCurrentIndex(2 + names.index(assistant.collection))
        return box

    @staticmethod
    def _language(assistant: Assistant | None) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName("Language of its answers")
        box.view().setAccessibleName("Language of its answers")
        box.addItem("That of the question", "")
        for offered in LANGUAGES:
            box.addItem(languages.name(offered), offered)
        code = assistant.language if assistant is not None else ""
        if box.findData(code) < 0:
            box.addItem(languages.name(code), code)
        box.setCurrentIndex(box.findData(code))
        return box

    def _check(self) -> None:
        self.yes.setEnabled(bool(self.name.text().strip() and self.instructions.toPlainText().strip()))

    def _take(self) -> None:
        values = self.values()
        self.accept()
        self._taken(values)


def _line(name: str, text: str) -> QLineEdit:
    field = QLineEdit(text)
    field.setAccessibleName(name)
    return field
