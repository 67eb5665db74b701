"""Rows one below the other: the first ones, and more when somebody wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from ui.common.buttons_and_labels import Button
from ui.common.layouts import NO_MARGINS, clear, hbox, scroll_area, vbox
from ui.common.translation import translate

FIRST = 30
"""Rows that are shown before somebody wants more: each is a handful of widgets."""

T = TypeVar("T")


class RowList(QWidget):
    def __init__(self, show_again: Callable[[], None], first: int = FIRST) -> None:
        """`show_again`: called when more rows are wanted."""
        super().__init__()
        self._show_again = show_again
        self._first = self._most = first
        self.more = Button(translate("common", "Show more"), self._show_more, kind="link")
        inside = QWidget()
        self._column = vbox(spacing=2)
        vbox(self._column, hbox(self.more, 1), 1, parent=inside, spacing=4, margins=NO_MARGINS)
        vbox((scroll_area(inside), 1), parent=self, margins=NO_MARGINS)

    def wanted(self, there: Sequence[T]) -> Sequence[T]:
        """Those of what there is that get a row."""
        self.more.setVisible(len(there) > self._most)
        return there[: self._most]

    def set_rows(self, rows: Iterable[QWidget]) -> None:
        """In the place of those that stand there."""
        clear(self._column)
        for row in rows:
            self._column.addWidget(row)

    def _show_more(self) -> None:
        self._most += self._first
        self._show_again()
