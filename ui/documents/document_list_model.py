"""The documents as rows: filtered, ordered, and brought up to date without moving what is selected."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QAbstractListModel, QModelIndex, QObject, Qt

from assistant.documents.event_records import IndexingState, IndexingStatus, RecognitionStatus
from assistant.documents.records import DocumentInfo, DocumentState
from ui.common import document_state, formatting
from ui.common.translation import arg, translate
from ui.common.virtual_list import RowIndex

_NEEDING_ATTENTION = frozenset({DocumentState.FAILED, DocumentState.PARTIAL, DocumentState.MISSING})
"""States of a document about which a person has something to do."""
_QUEUE = {DocumentState.INDEXING: 0, DocumentState.QUEUED: 1}
"""Where what is not finished stands when the newest documents come first."""
_BY_ATTENTION = {
    DocumentState.FAILED: 0,
    DocumentState.MISSING: 1,
    DocumentState.PARTIAL: 2,
    DocumentState.INDEXING: 3,
    DocumentState.QUEUED: 4,
    DocumentState.READY: 5,
}
"""Where the states come when what needs a person stands first."""
_MOST_SINGLE_ROWS = 24
"""Up to so many rows come and go one by one; more are laid out anew at once."""

SortKey = tuple[Any, ...]


class SortOrder(StrEnum):
    """With its words."""

    NEWEST = QT_TRANSLATE_NOOP("documents", "Newest first")
    NAME = QT_TRANSLATE_NOOP("documents", "By name")
    ATTENTION = QT_TRANSLATE_NOOP("documents", "Needs attention first")


class DocumentRole(IntEnum):
    DOCUMENT = Qt.ItemDataRole.UserRole
    STATE_WORDS = Qt.ItemDataRole.UserRole + 1
    IN_HAND = Qt.ItemDataRole.UserRole + 2
    """Whether it is being read, or its pictures are being recognised."""


def _newest(document: DocumentInfo) -> SortKey:
    """First what is being read and what comes next, in that order."""
    place = _QUEUE.get(document.state)
    return (len(_QUEUE), -document.id) if place is None else (place, document.id)


def _attention(document: DocumentInfo) -> int:
    if document.state in _NEEDING_ATTENTION and not needs_attention(document):
        waits = document_state.waits_for_recognition(document)
        return _BY_ATTENTION[DocumentState.QUEUED if waits else DocumentState.READY]
    return _BY_ATTENTION[document.state]


_SORT_KEYS: dict[SortOrder, Callable[[DocumentInfo], SortKey]] = {
    SortOrder.NEWEST: _newest,
    SortOrder.NAME: lambda document: (formatting.document_name(document).casefold(), document.id),
    SortOrder.ATTENTION: lambda document: (_attention(document), -document.id),
}


class DocumentListModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: dict[int, DocumentInfo] = {}
        self._shown: list[int] = []
        """The ids of the rows, in their order."""
        self._keys: list[SortKey] = []
        """Their keys, in the same order."""
        self._shown_keys: dict[int, SortKey] = {}
        self._order = SortOrder.NEWEST
        self._collection: str | None = None
        self._hidden: set[str] = set()
        self._text = ""
        self._attention_only = False
        self._status: IndexingStatus | None = None
        self._recognition: RecognitionStatus | None = None

    # --- what is shown

    def replace(self, documents: Iterable[DocumentInfo]) -> None:
        """Forget all rows and show these."""
        self._all = {document.id: document for document in documents}
        self._reset()

    def apply(self, documents: Iterable[DocumentInfo], gone: Iterable[int] = ()) -> None:
        """New or changed rows, and the ids of rows that are gone."""
        appearing: list[DocumentInfo] = []
        leaving: list[int] = []
        changed: list[int] = []
        for document in documents:
            known = self._all.get(document.id)
            if known == document:
                continue
            self._all[document.id] = document
            key = self._shown_keys.get(document.id)
            fits = self._matches(document)
            if key is not None and fits and key == _SORT_KEYS[self._order](document):
                changed.append(document.id)
                continue
            if key is not None:
                leaving.append(document.id)
            if fits:
                appearing.append(document)
        gone = [number for number in gone if number in self._all]
        leaving += [number for number in gone if number in self._shown_keys]
        if len(appearing) + len(leaving) > _MOST_SINGLE_ROWS:
            for number in gone:
                del self._all[number]
            self._reset()
            return
        for number in leaving:
            self._remove(number)
        for number in gone:  # only now: a view may ask for any row while others are taken out
            del self._all[number]
        for document in appearing:
            self._insert(document)
        for number in changed:
            index = self.index_of(number)
            self.dataChanged.emit(index, index)

    def set_status(self, status: IndexingStatus) -> None:
        """The time left is shown in the row of the document that is being read."""
        before, self._status = self._status, status if status.state is IndexingState.RUNNING else None
        for number in {known.document for known in (before, self._status) if known is not None}:
            if number is not None and (index := self.index_of(number)).isValid():
                self.dataChanged.emit(index, index)

    def set_recognition(self, status: RecognitionStatus | None) -> None:
        """What waits says why; that may be in any row."""
        before, self._recognition = self._recognition, status
        if before != status and self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def show_collection(self, collection: str | None) -> None:
        if collection != self._collection:
            self._collection = collection
            self._reset()

    def rename_collection(self, name: str, new_name: str) -> None:
        """Its documents stay in view, and those of no other come into it."""
        for document in self.all():
            if document.collection == name:
                self._all[document.id] = replace(document, collection=new_name)
        if self._collection == name:
            self._collection = new_name
        self._reset()

    def hide_from_all(self, collections: set[str]) -> None:
        """Collections whose documents are shown only when they are asked for by name."""
        if collections != self._hidden:
            self._hidden = collections
            self._reset()

    def show_matching(self, text: str, attention_only: bool) -> None:
        """Only documents with `text` in their name; only those that need a person's attention."""
        text = text.strip().casefold()
        if (text, attention_only) != (self._text, self._attention_only):
            self._text, self._attention_only = text, attention_only
            self._reset()

    def set_order(self, order: SortOrder) -> None:
        if order is not self._order:
            self._order = order
            self._reset()

    @property
    def order(self) -> SortOrder:
        return self._order

    # --- asking it

    def get(self, number: int) -> DocumentInfo | None:
        return self._all.get(number)

    def document(self, index: RowIndex) -> DocumentInfo:
        return self._all[self._shown[index.row()]]

    def number(self, index: QModelIndex) -> int:
        """The document's id."""
        return self._shown[index.row()]

    def index_of(self, number: int) -> QModelIndex:
        """An invalid index if the document is not shown."""
        key = self._shown_keys.get(number)
        return QModelIndex() if key is None else self.index(bisect_left(self._keys, key))

    def of_collection(self) -> list[DocumentInfo]:
        """All documents of the collection that is shown, also those that the filter hides."""
        return [document for document in self.all() if self._in_collection(document)]

    @property
    def holds_any(self) -> bool:
        """Whether the collection that is shown has a document, even if the filter hides it."""
        return any(map(self._in_collection, self.all()))

    @property
    def filtered(self) -> bool:
        """Whether only some of the collection's documents are wanted."""
        return self._attention_only or bool(self._text)

    def fits_filter(self, document: DocumentInfo) -> bool:
        return (not self._attention_only or needs_attention(document)) and (
            not self._text or self._text in f"{document.path}\n{document.title}".casefold()
        )

    def all(self) -> Iterable[DocumentInfo]:
        return self._all.values()

    def is_in_hand(self, document: DocumentInfo) -> bool:
        reads = document.state is DocumentState.INDEXING
        return reads or document_state.is_in_hand(document, self._recognition)

    def rowCount(self, parent: RowIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: RowIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        document = self.document(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return formatting.document_name(document)
            case DocumentRole.DOCUMENT:
                return document
            case DocumentRole.STATE_WORDS:
                return document_state.state(document, self._status, self._recognition)
            case DocumentRole.IN_HAND:
                return self.is_in_hand(document)
            case Qt.ItemDataRole.AccessibleTextRole:
                state = document_state.state(document, self._status, self._recognition)
                collection = formatting.name(document.collection)
                name = formatting.document_name(document)
                return arg(translate("documents", "%1, %2, in %3"), name, state, collection)
        return None

    # --- keeping the order

    def _in_collection(self, document: DocumentInfo) -> bool:
        if self._collection is None:
            return document.collection not in self._hidden
        return document.collection == self._collection

    def _matches(self, document: DocumentInfo) -> bool:
        return self._in_collection(document) and self.fits_filter(document)

    def _reset(self) -> None:
        self.beginResetModel()
        key = _SORT_KEYS[self._order]
        rows = sorted((key(document), document.id) for document in self.all() if self._matches(document))
        self._keys = [row[0] for row in rows]
        self._shown = [row[1] for row in rows]
        self._shown_keys = {number: key for key, number in rows}
        self.endResetModel()

    def _insert(self, document: DocumentInfo) -> None:
        key = _SORT_KEYS[self._order](document)
        row = bisect_left(self._keys, key)
        self.beginInsertRows(QModelIndex(), row, row)
        self._keys.insert(row, key)
        self._shown.insert(row, document.id)
        self._shown_keys[document.id] = key
        self.endInsertRows()

    def _remove(self, number: int) -> None:
        row = bisect_left(self._keys, self._shown_keys[number])
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._keys[row], self._shown[row], self._shown_keys[number]
        self.endRemoveRows()


def needs_attention(document: DocumentInfo) -> bool:
    """Not where pictures are still to be recognised, or show no text, and nothing else is wrong with it."""
    to_come = document_state.waits_for_recognition(document) and not document.report.failed
    nothing = document_state.has_nothing_to_read(document)
    return document.state in _NEEDING_ATTENTION and not to_come and not nothing


def can_be_summarised(document: DocumentInfo) -> bool:
    """It has text, and none is still to come."""
    return document.chunks > 0 and document.state not in document_state.UNFINISHED
