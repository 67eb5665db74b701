"""What the program has to say: kept until a view is there to show it, so nothing said early is lost."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from assistant.errors import AssistantError
from ui.common import error_words
from ui.common.translation import arg, translate

UNDO_SECONDS = 10
INFORMATION_SECONDS = 6


class NoticeKind(StrEnum):
    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing that can be done about it."""

    words: str
    do: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Notice:
    kind: NoticeKind
    message: str
    hint: str = ""
    action: Action | None = None
    seconds: float | None = None
    """How long it stays; None: until it is closed."""
    undoes: bool = False
    """Its button brings back what was taken away: two that read alike bring back different things."""
    id: int = field(default_factory=itertools.count(1).__next__, compare=False)


class Notices(QObject):
    """The notices that were not closed yet, oldest first."""

    changed = Signal()

    MOST = 3
    """More at once would be a wall: passing ones make room, lasting ones are seen one by one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: list[Notice] = []

    def all(self) -> tuple[Notice, ...]:
        return tuple(self._kept)

    def shown(self) -> tuple[Notice, ...]:
        """Those that are to be seen now: the newest, and of lasting ones a single one."""
        waiting = self._lasting()[:-1]
        return tuple(notice for notice in self._kept if notice not in waiting)[-self.MOST :]

    def waiting(self) -> int:
        """How many lasting ones are seen once that in view is closed."""
        return max(0, len(self._lasting()) - 1)

    def _lasting(self) -> list[Notice]:
        return [notice for notice in self._kept if notice.seconds is None]

    def show(self, notice: Notice) -> Notice:
        """Show it; one that says the same already is replaced and not repeated."""
        self._kept = [
            old
            for old in self._kept
            if old.undoes or (old.kind, old.message, old.hint) != (notice.kind, notice.message, notice.hint)
        ]
        self._kept.append(notice)
        passing = [old for old in self._kept if old.seconds is not None]
        room = self.MOST - min(1, len(self._lasting()))
        for old in passing[: max(0, len(passing) - room)]:
            self._kept.remove(old)
        self.changed.emit()
        return notice

    def say(self, message: str, hint: str = "", action: Action | None = None) -> Notice:
        return self.show(Notice(NoticeKind.INFORMATION, message, hint, action, INFORMATION_SECONDS))

    def warn(self, message: str, hint: str = "", action: Action | None = None) -> Notice:
        return self.show(Notice(NoticeKind.WARNING, message, hint, action))

    def undo(self, message: str, undo: Callable[[], None]) -> Notice:
        action = Action(translate("common", "Undo"), undo)
        return self.show(Notice(NoticeKind.INFORMATION, message, "", action, UNDO_SECONDS, undoes=True))

    def error(self, error: BaseException, action: Action | None = None) -> Notice:
        """An AssistantError says what to do by itself; anything else is a defect and is called one."""
        if isinstance(error, AssistantError):
            message, hint = error_words.message(error), error_words.hint(error)
        else:
            text = translate("common", "Something in the program went wrong (%1).")
            message = arg(text, type(error).__name__)
            hint = translate("common", "Your documents are safe. If it happens again, restart the program.")
        return self.show(Notice(NoticeKind.ERROR, message, hint, action))

    def close(self, notice: Notice) -> None:
        if any(old.id == notice.id for old in self._kept):
            self._kept = [old for old in self._kept if old.id != notice.id]
            self.changed.emit()
