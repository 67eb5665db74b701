"""Menus and the buttons that open them: icons at the one side, ticks at the other, names as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStyle, QWidget

from ui.common.buttons_and_labels import ICON_GAP, Button
from ui.common.theme import in_its_direction, theme
from ui.common.translation import arg, translate

T = TypeVar("T")

TICK = 16
"""Pixels that the tick beside what is chosen is wide and high."""
CARET = 14
"""Pixels that the caret of a button is wide and high."""
INSET = 8
"""Pixels between them and the edge."""
CHOICE_FRAME = 48
"""Pixels of the width of a field that its words do not have."""


class Menu(QMenu):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def add_item(self, text: str, do: Callable[[], object], icon: str = "") -> QAction:
        """An "&" in the text is shown and makes no shortcut."""
        shown = in_its_direction(text.replace("&", "&&"))
        return self.addAction(theme().icon(icon), shown, do) if icon else self.addAction(shown, do)

    def add_choices(self, choices: Iterable[tuple[T, str]], chosen: T, choose: Callable[[T], object]) -> None:
        """Values by their names, of which one is ticked."""
        group = QActionGroup(self)
        for value, text in choices:
            action = self.add_choice(text, partial(choose, value), chosen=value == chosen)
            group.addAction(action)

    def add_choice(self, text: str, do: Callable[[], object], icon: str = "", *, chosen: bool) -> QAction:
        action = self.add_item(text, do, icon)
        action.setCheckable(True)
        action.setChecked(chosen)
        return action

    def add_menu(self, text: str, icon: str) -> Menu:
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # it closes and opens with the mouse
        menu.setTitle(text)
        menu.setIcon(theme().icon(icon))
        self.addMenu(menu)
        return menu

    def popup_below(self, widget: QWidget) -> None:
        """Under its edge that reading begins at; above it where the screen ends."""
        size = self.sizeHint()
        right_to_left = widget.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = widget.width() - size.width() if right_to_left else 0
        place = widget.mapToGlobal(QPoint(x, widget.rect().bottom()))
        if place.y() + size.height() > widget.screen().availableGeometry().bottom():
            place = widget.mapToGlobal(QPoint(x, -size.height()))
        self.popup(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        for action in self.actions():
            if action.isChecked():
                place = _at_the_end(self, self.actionGeometry(action), TICK)
                theme().icon("check", "accent").paint(painter, place)


class MenuButton(Button):
    """Opens a menu below itself, as its caret says."""

    def __init__(
        self, text: str, make: Callable[[], Menu], *, kind: str = "quiet", icon: str | None = None
    ) -> None:
        super().__init__(text, lambda: make().popup_below(self), kind=kind, icon=icon)
        self.setProperty("caret", "true")
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        place = _at_the_end(self, self.rect(), CARET)
        theme().icon("caret-down", self._token).paint(QPainter(self), place)


class ChoiceButton(MenuButton):
    """A field that says what is chosen in its menu, as wide as it is made."""

    def __init__(self, make: Callable[[], Menu], width: int) -> None:
        super().__init__("", make, kind="choice")
        self.setFixedWidth(width)

    def show_choice(self, title: str, words: str) -> None:
        """`title`: what it chooses, for a screen reader."""
        self.set_elided(words, self.width() - CHOICE_FRAME)
        self.setAccessibleName(arg(translate("common", "%1: %2"), title, words))


class NameMenuButton(MenuButton):
    """Says a name, of which it gives up the middle where others beside it need the room."""

    def __init__(self, text: str, make: Callable[[], Menu], *, icon: str, least: int = 0) -> None:
        """`least`: pixels of the words that it keeps; the icon stays in any case."""
        super().__init__(text, make, icon=icon)
        self._words = text
        self._least = least
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        """An "&" in them is shown and makes no shortcut."""
        self._words = words
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._frame() + self._width_of_words(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._frame() + min(self._least, self._width_of_words()), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _frame(self) -> int:
        """Pixels that are not words."""
        shown = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        return super().sizeHint().width() - shown.width()

    def _width_of_words(self) -> int:
        metrics = self.fontMetrics()
        return metrics.horizontalAdvance(ICON_GAP) + metrics.horizontalAdvance(self._words) + 1

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        room = self.width() - self._frame() - metrics.horizontalAdvance(ICON_GAP)
        shown = metrics.elidedText(self._words, Qt.TextElideMode.ElideMiddle, room)
        self.setText("" if shown == "…" else shown.replace("&", "&&"))


def _at_the_end(widget: QWidget, rect: QRect, size: int) -> QRect:
    """A square where the line of this rectangle ends."""
    place = QRect(rect.right() + 1 - INSET - size, rect.center().y() - size // 2 + 1, size, size)
    return QStyle.visualRect(widget.layoutDirection(), rect, place)
