"""The glossary: which term becomes which, in a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from assistant import languages
from assistant.errors import AssistantError
from assistant.translation.glossary.records import Term
from ui.common import error_words
from ui.common.buttons_and_labels import Button, Label
from ui.common.dialog_sheet import DialogSheet
from ui.common.file_dialogs import Purpose, choose_file, choose_new_file
from ui.common.layouts import hbox
from ui.common.line_field import LineField
from ui.common.menus import Menu, MenuButton
from ui.common.page_context import PageContext
from ui.common.translation import translate
from ui.translation.glossary_model import LANGUAGES, TEXTS, GlossaryModel, language_name

if TYPE_CHECKING:
    from assistant.services import Services

WIDTH = 760
HEIGHT = 300
LANGUAGE_WIDTH, CHECK_WIDTH = 110, 116
"""Pixels of columns; terms and translations share the rest."""


class GlossaryDialog(DialogSheet):
    def __init__(
        self, parent: QWidget, context: PageContext, codes: Sequence[str], term: Term | None = None
    ) -> None:
        """
        Args:
            codes: languages that terms can be of.
            term: to be added, once the person has cut it to size.
        """
        super().__init__(parent, translate("translation", "Glossary"), width=WIDTH)
        self._context = context
        self._new = term
        self._warned = False
        """That there are changes to be lost."""
        self.say(
            translate(
                "translation",
                "Terms that are always translated the same way. A sentence where that fails is marked.",
            )
        )
        self.model = GlossaryModel()
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self.model)
        self._shown.setFilterKeyColumn(-1)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = LineField(prompt=translate("translation", "Search the glossary"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.textChanged.connect(self._shown.setFilterFixedString)
        self.table = self._table(codes)
        self.add = Button(translate("translation", "Add a term"), self._add, icon="plus")
        self.remove = Button(translate("translation", "Delete"), self._remove, kind="quiet", icon="trash")
        take_in = Button(
            translate("translation", "Import…"), self._import, kind="quiet", icon="download-simple"
        )
        give_out = MenuButton(translate("translation", "Export"), self._export_menu, icon="upload-simple")
        self.problem = Label("", "error", wrap=True)
        self.problem.setFixedWidth(WIDTH)
        self.problem.hide()
        self.body.addWidget(self.search)
        self.body.addWidget(self.table)
        self.body.addLayout(hbox(self.add, self.remove, 1, take_in, give_out, spacing=4))
        self.body.addWidget(self.problem)
        self.save = Button(translate("translation", "Save"), self._save, kind="primary")
        self.buttons.addWidget(self.save)
        self._give_out = give_out
        for button in self.findChildren(Button):
            button.setAutoDefault(False)  # Enter ends a cell and a search, and nothing else
        self.load()

    def load(self) -> None:
        self._context.in_background(
            lambda services: services.translations.glossary.terms, self._loaded, self._failed
        )

    def _add(self) -> None:
        self.add_term(Term("", ""))

    def add_term(self, term: Term) -> None:
        """A row to fill in."""
        self.search.clear()
        row = self.model.add(term)
        index = self._shown.mapFromSource(self.model.index(row, 0))
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.edit(index)

    def reject(self) -> None:
        """Changes are not thrown away unasked."""
        if self.model.changed and not self._warned:
            self._warned = True
            self._say(
                translate("translation", "Your changes are not saved yet. Cancel once more to discard them."),
                "warn",
            )
        else:
            super().reject()

    # --- how it is put together

    def _table(self, codes: Sequence[str]) -> QTableView:
        table = QTableView()
        table.setModel(self._shown)
        table.setFixedSize(WIDTH, HEIGHT)
        table.setProperty("cells", "true")
        table.setAccessibleName(translate("translation", "Terms of the glossary"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        triggers = QAbstractItemView.EditTrigger
        table.setEditTriggers(
            triggers.DoubleClicked
            | triggers.EditKeyPressed
            | triggers.AnyKeyPressed
            | triggers.SelectedClicked
        )
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setCornerButtonEnabled(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(34)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        modes = QHeaderView.ResizeMode
        for column in range(self.model.columnCount()):
            header.setSectionResizeMode(column, modes.Stretch if column < len(TEXTS) else modes.Fixed)
        languages_end = len(TEXTS) + len(LANGUAGES)
        for column in range(len(TEXTS), self.model.columnCount()):
            header.resizeSection(column, LANGUAGE_WIDTH if column < languages_end else CHECK_WIDTH)
        self._delegate = _LanguageDelegate(codes, table)
        for column in range(len(TEXTS), languages_end):
            table.setItemDelegateForColumn(column, self._delegate)
        return table

    def _export_menu(self) -> Menu:
        menu = Menu(self._give_out)
        menu.add_item(translate("translation", "As a table (CSV)…"), lambda: self._export("csv"))
        menu.add_item(translate("translation", "For other programs (TBX)…"), lambda: self._export("tbx"))
        return menu

    # --- doing

    def _remove(self) -> None:
        rows = {self._shown.mapToSource(index).row() for index in self.table.selectionModel().selectedRows()}
        self.model.remove(sorted(rows))

    def _save(self) -> None:
        terms = self.model.terms()
        self._context.in_background(
            lambda services: services.translations.glossary.set_terms(terms),
            lambda _: self.accept(),
            self._failed,
        )

    def _import(self) -> None:
        title = translate("translation", "Import terms")
        kinds = [translate("translation", "Glossaries (*.csv *.tbx)")]
        choose_file(self, Purpose.TRANSLATION, title, self._take_in, kinds)

    def _take_in(self, path: str) -> None:
        """What was written here so far is kept first: the file is added to it."""
        terms = self.model.terms()

        def take_in(services: Services) -> None:
            glossary = services.translations.glossary
            glossary.set_terms(terms)
            glossary.import_file(Path(path))

        self._context.in_background(take_in, lambda _: self.load(), self._failed)

    def _export(self, form: str) -> None:
        kinds = {
            "csv": translate("translation", "Tables (*.csv)"),
            "tbx": translate("translation", "Glossaries (*.tbx)"),
        }
        choose_new_file(
            self,
            Purpose.TRANSLATION,
            translate("translation", "Export the glossary"),
            self._write,
            f"{translate('translation', 'Glossary')}.{form}",
            kinds[form],
        )

    def _write(self, path: str) -> None:
        terms = self.model.terms()

        def write(services: Services) -> None:
            glossary = services.translations.glossary
            glossary.set_terms(terms)
            glossary.export_file(Path(path))

        self._context.in_background(write, lambda _: None, self._failed)

    # --- what comes back

    def _loaded(self, terms: Sequence[Term]) -> None:
        self.model.set_terms(terms)
        self.problem.hide()
        if self._new is not None:
            self.add_term(self._new)
            self._new = None

    def _failed(self, error: AssistantError) -> None:
        self._say(error_words.both(error), "error")

    def _say(self, text: str, kind: str) -> None:
        self.problem.set_kind(kind)
        self.problem.setText(text)
        self.problem.show()


class _LanguageDelegate(QStyledItemDelegate):
    """Languages are chosen from a list."""

    def __init__(self, codes: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._codes = ["", *sorted(set(codes) or languages.NAMES, key=languages.name)]

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget:  # type: ignore[override]
        box = QComboBox(parent)
        for code in self._codes:
            box.addItem(language_name(code), code)
        box.activated.connect(lambda _: self._take(box))
        return box

    def setEditorData(self, editor: QWidget, index: QModelIndex) -> None:  # type: ignore[override]
        assert isinstance(editor, QComboBox)
        code = index.data(Qt.ItemDataRole.EditRole)
        if editor.findData(code) < 0:
            editor.addItem(language_name(code), code)
        editor.setCurrentIndex(editor.findData(code))

    def setModelData(self, editor: QWidget, model: object, index: QModelIndex) -> None:  # type: ignore[override]
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentData())  # type: ignore[attr-defined]

    def _take(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)
