"""What a person took away and can have back: each with its notice, the last by Ctrl+Z."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from ui.common.page_context import PageContext

T = TypeVar("T")


class UndoStack(Generic[T]):
    def __init__(self, context: PageContext, restore: Callable[[T], object]) -> None:
        """`restore` begins to bring something back; `Notices.undone` says that it is there again."""
        self._context = context
        self._restore = restore
        self._removed: list[T] = []

    def removed(self, what: T, message: str) -> None:
        """It is gone: say so, with a button that brings it back."""
        self._removed.append(what)
        self._context.notices.undo(message, lambda: self._undo(what))

    def undo(self) -> bool:
        """Bring back what went last; false if nothing did."""
        if not self._removed:
            return False
        self._undo(self._removed[-1])
        return True

    def bring_back(self, what: T) -> None:
        """Whether it went just now or long ago."""
        if self._context.ready_or_told():
            self._removed = [each for each in self._removed if each != what]
            self._restore(what)

    def _undo(self, what: T) -> None:
        if what in self._removed:  # the notice and Ctrl+Z may both have asked for it
            self.bring_back(what)
