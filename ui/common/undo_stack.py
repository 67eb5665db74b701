"""What a person took away and can have back: each with its notice, the last by Ctrl+Z."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from ui.common.notices import Notice
from ui.common.page_context import PageContext

T = TypeVar("T")


class UndoStack(Generic[T]):
    def __init__(self, context: PageContext, restore: Callable[[T], object]) -> None:
        """`restore` begins to bring something back, and says when it is there again."""
        self._context = context
        self._restore = restore
        self._removed: list[tuple[T, Notice]] = []

    def removed(self, what: T, message: str) -> None:
        """It is gone: say so, with a button that brings it back."""
        notice = self._context.notices.undo(message, lambda: self._undo(what))
        self._removed.append((what, notice))

    def undo(self) -> bool:
        """Bring back what went last; false if nothing did."""
        if not self._removed:
            return False
        self.bring_back(self._removed[-1][0])
        return True

    def bring_back(self, what: T) -> None:
        """Whether it went just now or long ago. Only its own notice goes: others can be undone after it."""
        if self._context.ready_or_told():
            for removed, notice in self._removed:
                if removed == what:
                    self._context.notices.close(notice)
            self._removed = [each for each in self._removed if each[0] != what]
            self._restore(what)

    def _undo(self, what: T) -> None:
        # The notice and Ctrl+Z may both have asked for it.
        if any(removed == what for removed, _ in self._removed):
            self.bring_back(what)
