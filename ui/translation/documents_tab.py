"""Documents on the Translate page: what they become, and how far they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from assistant.translation.jobs.records import DocumentState, TranslatedDocument
from assistant.translation.records import Layout
from ui.common import formatting
from ui.common.buttons_and_labels import Button, Label
from ui.common.empty_state import EmptyState
from ui.common.file_dialogs import Purpose, choose_files
from ui.common.layouts import NO_MARGINS, before_gutter, hbox, vbox
from ui.common.menus import Menu, MenuButton, NameMenuButton
from ui.common.page_context import PageContext
from ui.common.screen_reader import announce
from ui.common.translation import QT_TRANSLATE_NOOP, arg, translate, translate_marked
from ui.translation import language_menus
from ui.translation.choices import Choices
from ui.translation.document_actions import DocumentActions
from ui.translation.document_report import DocumentReport
from ui.translation.document_rows import DocumentRows

LAYOUTS = (
    (Layout.TRANSLATION, QT_TRANSLATE_NOOP("translation", "Translation only")),
    (Layout.BELOW, QT_TRANSLATE_NOOP("translation", "Translation below each paragraph")),
    (Layout.BESIDE, QT_TRANSLATE_NOOP("translation", "Side by side (Word)")),
)
FORMATS = (
    "docx", "docm", "pptx", "pptm", "xlsx", "xlsm", "odt", "odp", "ods", "pdf", "html", "htm", "xhtml",
    "epub", "md", "markdown", "txt", "srt", "vtt", "csv", "tsv", "po", "pot", "json", "rtf", "doc", "ppt",
    "xls", "eml",
)  # fmt: skip
"""Suffixes that the dialog for files shows first."""


class DocumentsTab(QWidget):
    def __init__(self, context: PageContext, choices: Choices) -> None:
        super().__init__()
        self._context = context
        self._choices = choices
        self._report: DocumentReport | None = None
        self.jobs = DocumentActions(context)
        self.rows = DocumentRows()
        self.target = NameMenuButton("", lambda: choices.target_menu(self.target), icon="translate", least=60)
        self.layout_button = MenuButton("", self._layout_menu)
        self.add = Button(translate("translation", "Add documents"), self.choose, kind="primary", icon="plus")
        top = hbox(
            Label(translate("translation", "Into"), "second"), self.target, self.layout_button, 1, self.add
        )
        self.nothing = EmptyState(
            "translate",
            translate("translation", "Documents come back translated"),
            translate(
                "translation",
                "Drop a Word, PowerPoint, Excel, OpenDocument, EPUB, HTML, text or subtitle file here. The "
                "translation is a new file with the same layout; the original is not changed.",
            ),
            ((translate("translation", "Choose documents"), "plus", self.choose),),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self.rows)
        vbox(before_gutter(top), (self._stack, 1), parent=self, spacing=12, margins=NO_MARGINS)
        jobs, rows = self.jobs, self.rows
        jobs.changed.connect(self._show)
        jobs.ended.connect(self._announce)
        choices.changed.connect(self._show_choices)
        rows.open_wanted.connect(context.open_file)
        rows.folder_wanted.connect(context.open_folder)
        rows.stop_wanted.connect(jobs.stop)
        rows.resume_wanted.connect(jobs.resume)
        rows.remove_wanted.connect(jobs.remove)
        rows.report_wanted.connect(self.show_report)
        self._show_choices()
        self._show()

    @property
    def report(self) -> DocumentReport:
        if self._report is None:
            self._report = DocumentReport(self._context)
            self._report.open_wanted.connect(self._context.open_file)
        return self._report

    def choose(self) -> None:
        patterns = " ".join(f"*.{suffix}" for suffix in FORMATS)
        choose_files(
            self.window(),
            Purpose.TRANSLATION,
            translate("translation", "Translate documents"),
            self.take,
            [f"{translate('translation', 'Documents')} ({patterns})"],
        )

    def take(self, paths: Sequence[str]) -> None:
        """Translate these files."""
        self._when_known(lambda: self.jobs.add(paths, self._choices.options(), self._layout))

    def take_transcript(self, id: int, form: str, folder: str) -> None:
        """Translate a transcript; see `DocumentActions.add_transcript`."""
        self._when_known(lambda: self.jobs.add_transcript(id, form, self._choices.options(), folder))

    def _when_known(self, do: Callable[[], None]) -> None:
        """As soon as it is known into which languages can be translated."""
        if self._context.ready and self._choices.engines is None:
            self._choices.loaded.connect(do, Qt.ConnectionType.SingleShotConnection)
        else:
            do()

    def show_report(self, document: TranslatedDocument) -> None:
        self.report.show_document(document)
        name = formatting.file_name(document.path)
        self._context.panel.open(self.report, translate("translation", "What to check"), name)

    @property
    def _layout(self) -> Layout:
        return Layout(self._choices.settings.layout) if self._context.ready else Layout.TRANSLATION

    def _layout_menu(self) -> Menu:
        menu = Menu(self.layout_button)
        named = [(layout, translate_marked("translation", words)) for layout, words in LAYOUTS]
        menu.add_choices(named, self._layout, self._choices.choose_layout)
        return menu

    def _announce(self, document: TranslatedDocument) -> None:
        said = translate("translation", "“%1” is translated.")
        if document.state is DocumentState.FAILED:
            said = translate("translation", "“%1” could not be translated.")
        announce(self.window(), arg(said, formatting.file_name(document.path)))

    def _show_choices(self) -> None:
        name = language_menus.target_name(self._choices.target)
        self.target.set_words(name)
        self.target.setAccessibleName(arg(translate("translation", "Translate into: %1"), name))
        words = translate_marked("translation", dict(LAYOUTS)[self._layout])
        self.layout_button.setText(words)
        self.layout_button.setAccessibleName(arg(translate("translation", "Layout: %1"), words))

    def _show(self) -> None:
        documents = self.jobs.all
        self.rows.show_documents(documents.values())
        self.add.setVisible(bool(documents))
        self._stack.setCurrentWidget(self.rows if documents else self.nothing)
