"""One key that dictates from within every program: pressed for on and off, or held while one speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence

from ui.common.translation import arg, translate
from ui.dictation.key_state import KeyState
from ui.portal import is_wayland

if TYPE_CHECKING:
    from ui.dictation.system_key import SystemKey

HELD_AFTER_MS = 500
"""A key that is down for longer is held while speaking: letting it go ends the dictation."""


class Dictation(Protocol):
    """What the key, the panel's button and the command line need."""

    def start(self) -> object: ...
    def stop(self) -> object:
        """Nothing happens where none is running."""

    def toggle(self) -> object: ...


class GlobalKey(QObject):
    changed = Signal()
    """Of `state`."""
    held = Signal(bool)
    """It is down, or up again."""

    def __init__(self, dictation: Dictation, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dictation = dictation
        self._key: SystemKey | None = None
        self._keys = ""
        self._pressed_at = 0
        self.state = KeyState.OFF

    def choose(self, keys: str) -> None:
        """Take this key, in Qt's portable words such as "Ctrl+Alt+D", and let go of others; "" for none."""
        self._keys = keys
        wanted = _combination(keys)
        if self._key is None and wanted is not None:
            self._key = self._open()
        if self._key is None:
            self._set(KeyState.OFF if wanted is None else KeyState.IMPOSSIBLE)
        else:
            self._set(self._key.take(wanted))

    def words(self) -> str:
        """What is the matter with the key, and what to do, as a sentence; "" where none is wanted."""
        keys = QKeySequence(self._keys).toString(QKeySequence.SequenceFormat.NativeText)
        return _words(self.state, (self._key.name if self._key is not None else "") or keys)

    def close(self) -> None:
        if self._key is not None:
            self._key.close()
            self._key = None

    def _open(self) -> SystemKey | None:
        key = _open_key(self)
        if key is not None:
            key.pressed.connect(self._pressed)
            key.released.connect(self._released)
            key.changed.connect(self._set)
        return key

    def _set(self, state: KeyState) -> None:
        if state is not self.state:
            self.state = state
            self.held.emit(False)  # whoever lost the key is not told that it is up
            self.changed.emit()

    def _pressed(self, when: int) -> None:
        self._pressed_at = when
        self.held.emit(True)
        self._dictation.toggle()

    def _released(self, when: int) -> None:
        self.held.emit(False)
        if when - self._pressed_at > HELD_AFTER_MS:
            self._dictation.stop()


def _combination(keys: str) -> QKeyCombination | None:
    sequence = QKeySequence(keys, QKeySequence.SequenceFormat.PortableText)
    if sequence.isEmpty():
        return None
    first: QKeyCombination = sequence[0]  # type: ignore[index]  # PySide's stubs lack it
    return None if first.key() == Qt.Key.Key_unknown else first


def _open_key(parent: QObject) -> SystemKey | None:
    """What gives a key of the whole desktop on this system; None where nothing does."""
    platform = QGuiApplication.platformName()
    if is_wayland():
        from ui.dictation.global_key_portal import PortalKey

        return PortalKey(parent)
    if platform == "xcb":
        from ui.dictation.global_key_x11 import X11Key
        from ui.dictation.x11.connection import NoServer

        try:
            return X11Key(parent)
        except NoServer:
            return None
    if platform == "windows":
        from ui.dictation.windows.key import WindowsKey

        return WindowsKey(parent)
    if platform == "cocoa":
        from ui.dictation.macos.key import MacKey

        return MacKey(parent)
    return None


def _words(state: KeyState, keys: str) -> str:
    if state is KeyState.OFF:
        return ""
    if state is KeyState.AVAILABLE:
        return arg(
            translate(
                "dictation",
                "%1 works in every program: press it to start and stop, or hold it while you speak.",
            ),
            keys,
        )
    if state is KeyState.ASKED:
        return translate("dictation", "Your desktop may ask you to allow this shortcut.")
    if state is KeyState.REFUSED:
        return translate(
            "dictation", "Your desktop did not give the key. Choose a key again to be asked again."
        )
    if state is KeyState.TAKEN:
        return arg(translate("dictation", "Another program already uses %1. Choose another shortcut."), keys)
    if state is KeyState.NOT_ON_KEYBOARD:
        return arg(translate("dictation", "Your keyboard has no %1 key. Choose another shortcut."), keys)
    return translate(
        "dictation",
        "A key for every program is not possible here. In your system's keyboard settings, let a key start "
        "“offline-assistant dictate --toggle”.",
    )
