"""The rows of the list of conversations: which there are, and in which order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from assistant.chat.history.records import ConversationInfo, HistoryHit
from ui.common import formatting
from ui.common.translation import arg, translate
from ui.common.virtual_list import RowIndex

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Row:
    """A heading, a conversation, or a place where what was looked for stands."""

    heading: str = ""
    info: ConversationInfo | None = None
    hit: HistoryHit | None = None


class ConversationListModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def rowCount(self, parent: RowIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: RowIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if row.info is None:
                return row.heading
            name = title(row.info)
            if row.info.pinned:
                name = arg(translate("chat", "%1, pinned"), name)
            return f"{name}: {row.hit.snippet}" if row.hit else name
        return None

    def flags(self, index: RowIndex) -> Qt.ItemFlag:
        if self._rows[index.row()].info is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def row(self, index: RowIndex) -> Row:
        return self._rows[index.row()]

    def rows(self) -> list[Row]:
        return list(self._rows)

    def index_of(self, conversation: int) -> QModelIndex:
        for number, row in enumerate(self._rows):
            if row.info is not None and row.info.id == conversation:
                return self.index(number, 0)
        return QModelIndex()

    def show(self, rows: Sequence[Row]) -> None:
        if list(rows) != self._rows:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()


def title(info: ConversationInfo) -> str:
    return formatting.name(info.title) or untitled()


def untitled() -> str:
    """What a conversation is called before its first message."""
    return translate("chat", "New conversation")


def by_day(conversations: Sequence[ConversationInfo], now: float | None = None) -> list[Row]:
    """The pinned first, then the latest, under the days they were last spoken in."""
    rows: list[Row] = []
    heading = ""
    now = time.time() if now is None else now
    ordered = sorted(conversations, key=lambda info: (not info.pinned, -info.changed))
    for info in ordered:
        name = translate("chat", "Pinned") if info.pinned else _day(info.changed, now)
        if name != heading:
            heading = name
            rows.append(Row(heading))
        rows.append(Row(info=info))
    return rows


def _day(moment: float, now: float) -> str:
    """The heading for a moment: "Today", "Yesterday", …, or the name of a month."""
    then, today = time.localtime(moment), time.localtime(now)
    midnight = now - (today.tm_hour * 3600 + today.tm_min * 60 + today.tm_sec)
    if moment >= midnight:
        return translate("chat", "Today")
    if moment >= midnight - _DAY_S:
        return translate("chat", "Yesterday")
    if moment >= midnight - 6 * _DAY_S:
        return translate("chat", "Last 7 days")
    if (then.tm_year, then.tm_mon) == (today.tm_year, today.tm_mon):
        return translate("chat", "Earlier this month")
    return time.strftime("%B" if then.tm_year == today.tm_year else "%B %Y", then)
