"""Chooses the languages that text in pictures is in: several, or none to have them detected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent

from assistant import languages
from assistant.vision.records import RecognitionLanguage
from ui.common.menus import ChoiceButton, Menu
from ui.common.translation import listed, translate

MOST_NAMED = 2
"""Languages that the button names; of the others it gives the number."""


class LanguagePicker(ChoiceButton):
    changed = Signal(tuple)
    """The codes of those that are chosen now."""

    def __init__(self, name: str, width: int) -> None:
        super().__init__(self.menu, width)
        self._name = name
        self._here: tuple[str, ...] = ()
        self.value: tuple[str, ...] = ()
        """Codes, in the order in which they were chosen."""
        self.more: tuple[str, Callable[[], object]] | None = None
        """Words at the end of the menu, and what they lead to."""
        self.show_value(())

    def offer(self, here: Iterable[RecognitionLanguage]) -> None:
        """Those that can be recognised."""
        self._here = tuple(dict.fromkeys(each.language for each in here if each.language))

    def show_value(self, value: Sequence[str]) -> None:
        self.value = tuple(value)
        words = listed([languages.name(code) for code in value], MOST_NAMED) or _detected()
        self.show_choice(self._name, words)

    def menu(self) -> Menu:
        menu = _StayingMenu(self)
        actions: dict[str, QAction] = {}

        def choose(value: tuple[str, ...]) -> None:
            self.show_value(value)
            detected.setChecked(not value)
            for code, action in actions.items():
                action.setChecked(code in value)
            self.changed.emit(value)

        def toggle(code: str) -> None:
            choose(self._toggled(code))

        detected = menu.add_choice(_detected(), lambda: choose(()), chosen=not self.value)
        menu.addSeparator()
        for code in sorted({*self._here, *self.value}, key=languages.name):
            chosen = code in self.value
            actions[code] = menu.add_choice(languages.name(code), partial(toggle, code), chosen=chosen)
        if self.more is not None:
            menu.addSeparator()
            menu.add_item(*self.more)
        return menu

    def _toggled(self, code: str) -> tuple[str, ...]:
        others = tuple(each for each in self.value if each != code)
        return others if code in self.value else (*others, code)


class _StayingMenu(Menu):
    """Stays open while one thing after the other is ticked."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._tick(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ticks = event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not ticks or not self._tick(self.activeAction()):
            super().keyPressEvent(event)

    def _tick(self, action: QAction | None) -> bool:
        if action is None or not action.isCheckable():
            return False
        action.trigger()
        self.update()
        return True


def _detected() -> str:
    return translate("documents", "Detect language")
