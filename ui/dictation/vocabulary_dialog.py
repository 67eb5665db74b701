"""The person's own words, and what is written instead of what is heard: a line for each."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from assistant.errors import AssistantError
from assistant.speech.dictation.records import Replacement
from ui.common import error_words
from ui.common.buttons_and_labels import Button, Label
from ui.common.dialog_sheet import DialogSheet
from ui.common.file_dialogs import Purpose, choose_file, choose_new_file
from ui.common.layouts import hbox
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate

ARROW = "→"
_ARROWS = (ARROW, "->", "=")
_NEW_LINE = "\\n"
"""Stands in a line for a new line that is written."""
_HEIGHT = 110


class VocabularyDialog(DialogSheet):
    def __init__(self, parent: QWidget, context: PageContext) -> None:
        super().__init__(parent, translate("dictation", "Custom words"))
        self._context = context
        self.say(translate("dictation", "Names and terms that are often misheard, one per line."))
        self.words = _field(translate("dictation", "Custom words"))
        self.body.addWidget(self.words)
        self.say(translate("dictation", "Replace what is heard: “my street → 4 Mill Lane”."))
        self.replacements = _field(translate("dictation", "Replacements"))
        self.body.addWidget(self.replacements)
        self.problem = Label("", "error", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        take_in = Button(
            translate("dictation", "Import…"), self._import, kind="quiet", icon="download-simple"
        )
        give_out = Button(translate("dictation", "Export…"), self._export, kind="quiet", icon="upload-simple")
        self.body.addLayout(hbox(take_in, give_out, 1, spacing=4))
        self.save = Button(translate("dictation", "Save"), self._save, kind="primary")
        self.buttons.addWidget(self.save)
        self._show_vocabulary()

    def _show_vocabulary(self) -> None:
        vocabulary = self._context.services.vocabulary
        self.words.setPlainText("\n".join(vocabulary.own_words))
        self.replacements.setPlainText("\n".join(map(written_line, vocabulary.replacements)))

    def _save(self) -> None:
        words = [line.strip() for line in self.words.toPlainText().splitlines() if line.strip()]
        table = []
        for line in self.replacements.toPlainText().splitlines():
            if line.strip():
                replacement = read_line(line)
                if replacement is None:
                    text = translate("dictation", "“%1” has no arrow: write “heard → written”.")
                    self._refuse(arg(text, line.strip()))
                    return
                table.append(replacement)
        self._context.in_background(
            lambda services: services.vocabulary.change(own_words=words, replacements=table),
            lambda _: self.accept(),
            self._failed,
        )

    def _import(self) -> None:
        title = translate("dictation", "Import custom words")
        kinds = [translate("dictation", "Tables (*.csv)")]
        choose_file(self, Purpose.VOCABULARY, title, self._take_in, kinds)

    def _take_in(self, path: str) -> None:
        self._context.in_background(
            lambda services: services.vocabulary.import_csv(Path(path)),
            lambda _: self._show_vocabulary(),
            self._failed,
        )

    def _export(self) -> None:
        choose_new_file(
            self,
            Purpose.VOCABULARY,
            translate("dictation", "Export custom words"),
            self._give_out,
            translate("dictation", "Custom words.csv"),
            translate("dictation", "Tables (*.csv)"),
        )

    def _give_out(self, path: str) -> None:
        self._context.in_background(
            lambda services: services.vocabulary.export_csv(Path(path)), lambda _: None, self._failed
        )

    def _failed(self, error: AssistantError) -> None:
        self._refuse(f"{error_words.message(error)} {error_words.hint(error)}".strip())

    def _refuse(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.show()


def written_line(replacement: Replacement) -> str:
    return f"{replacement.heard} {ARROW} {replacement.written.replace(chr(10), _NEW_LINE)}"


def read_line(line: str) -> Replacement | None:
    """None where it has no arrow, or nothing before it."""
    for arrow in _ARROWS:
        heard, found, written = line.partition(arrow)
        if found:
            if not heard.strip():
                return None
            return Replacement(heard.strip(), written.strip(" \t").replace(_NEW_LINE, "\n"))
    return None


def _field(name: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setProperty("field", "true")
    field.setTabChangesFocus(True)
    field.setFixedHeight(_HEIGHT)
    field.setAccessibleName(name)
    return field
