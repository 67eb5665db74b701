"""A key of the whole desktop, whatever gives it on a system."""

from __future__ import annotations

from PySide6.QtCore import QKeyCombination, QObject, Signal

from ui.dictation.key_state import KeyState


class SystemKey(QObject):
    """One key at a time. Signals may come from another thread."""

    pressed = Signal(int)
    """Once, however long it is held; with milliseconds of a clock that only counts on."""
    released = Signal(int)
    changed = Signal(KeyState)
    """The keyboard, the desktop or another program made a difference."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        """The key as the desktop calls it, where it gave another one; else the one that was wanted."""

    def take(self, wanted: QKeyCombination | None) -> KeyState:
        """Have this key, and no other any more; None: have none."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
