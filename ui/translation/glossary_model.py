"""The terms of the glossary as a table that is written into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from assistant import languages
from assistant.translation.glossary.records import Term
from ui.common.translation import QT_TRANSLATE_NOOP, translate, translate_marked

Index = QModelIndex | QPersistentModelIndex
TEXTS = ("source", "target")
LANGUAGES = ("source_language", "target_language")
CHECKS = ("match_case", "part_of_word")
FIELDS = (*TEXTS, *LANGUAGES, *CHECKS)
HEADINGS = (
    QT_TRANSLATE_NOOP("translation", "Term"),
    QT_TRANSLATE_NOOP("translation", "Translation"),
    QT_TRANSLATE_NOOP("translation", "From"),
    QT_TRANSLATE_NOOP("translation", "Into"),
    QT_TRANSLATE_NOOP("translation", "Match case"),
    QT_TRANSLATE_NOOP("translation", "In longer words"),
)
_ROLES = Qt.ItemDataRole


class GlossaryModel(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self._terms: list[Term] = []
        self._given: tuple[Term, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the terms are others than those that were given."""
        return self.terms() != self._given

    def terms(self) -> tuple[Term, ...]:
        """Those that are filled in."""
        return tuple(term for term in self._terms if term.source.strip() and term.target.strip())

    def set_terms(self, terms: Iterable[Term]) -> None:
        self.beginResetModel()
        self._terms = list(terms)
        self._given = self.terms()
        self.endResetModel()

    def add(self, term: Term) -> int:
        """Its row."""
        row = len(self._terms)
        self.beginInsertRows(QModelIndex(), row, row)
        self._terms.append(term)
        self.endInsertRows()
        return row

    def remove(self, rows: Sequence[int]) -> None:
        for row in sorted(rows, reverse=True):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._terms[row]
            self.endRemoveRows()

    # --- Qt's model

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._terms)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(FIELDS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLES.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == _ROLES.DisplayRole:
            return translate_marked("translation", HEADINGS[section])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if FIELDS[index.column()] in CHECKS:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = _ROLES.DisplayRole) -> Any:
        name = FIELDS[index.column()]
        value = getattr(self._terms[index.row()], name)
        if name in CHECKS:
            if role == _ROLES.CheckStateRole:
                return Qt.CheckState.Checked if value else Qt.CheckState.Unchecked
            return (
                translate_marked("translation", HEADINGS[index.column()])
                if role == _ROLES.AccessibleTextRole
                else None
            )
        if role == _ROLES.EditRole:
            return value
        if role in (_ROLES.DisplayRole, _ROLES.ToolTipRole):
            return language_name(value) if name in LANGUAGES else value
        return None

    def setData(self, index: Index, value: Any, role: int = _ROLES.EditRole) -> bool:
        name = FIELDS[index.column()]
        if name in CHECKS:
            if role != _ROLES.CheckStateRole:
                return False
            value = Qt.CheckState(value) is Qt.CheckState.Checked
        self._terms[index.row()] = replace(self._terms[index.row()], **{name: value})
        self.dataChanged.emit(index, index)
        return True


def language_name(code: str) -> str:
    return languages.name(code) if code else translate("translation", "any")
