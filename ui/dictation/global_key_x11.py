"""A key of the whole X11 desktop, by XGrabKey's request, on a connection of its own."""

from __future__ import annotations

import logging
import struct

from PySide6.QtCore import QKeyCombination, QObject, QSocketNotifier, Qt, QTimer

from ui.dictation.key_state import KeyState
from ui.dictation.system_key import SystemKey
from ui.dictation.x11.connection import BAD_ACCESS, Connection, NoServer, XError
from ui.dictation.x11.keyboard import (
    ALT_L,
    CONTROL,
    META_L,
    MOD1,
    MOD4,
    PRESSED,
    RELEASED,
    SHIFT,
    SUPER_L,
    Keyboard,
)

log = logging.getLogger(__name__)

_ASYNCHRONOUS = 1
_KEYSYMS = {
    Qt.Key.Key_Escape: 0xFF1B, Qt.Key.Key_Tab: 0xFF09, Qt.Key.Key_Backspace: 0xFF08,
    Qt.Key.Key_Return: 0xFF0D, Qt.Key.Key_Enter: 0xFF8D, Qt.Key.Key_Insert: 0xFF63,
    Qt.Key.Key_Delete: 0xFFFF, Qt.Key.Key_Pause: 0xFF13, Qt.Key.Key_Print: 0xFF61,
    Qt.Key.Key_Home: 0xFF50, Qt.Key.Key_End: 0xFF57, Qt.Key.Key_Left: 0xFF51, Qt.Key.Key_Up: 0xFF52,
    Qt.Key.Key_Right: 0xFF53, Qt.Key.Key_Down: 0xFF54, Qt.Key.Key_PageUp: 0xFF55,
    Qt.Key.Key_PageDown: 0xFF56, Qt.Key.Key_Menu: 0xFF67, Qt.Key.Key_ScrollLock: 0xFF14,
}  # fmt: skip
"""Of X11/keysymdef.h, for the keys that Qt numbers otherwise."""
_F1 = 0xFFBE


def keysym(key: Qt.Key) -> int:
    """The protocol's number of what is on a key, without a modifier."""
    if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35:
        return _F1 + int(key) - int(Qt.Key.Key_F1)
    if key in _KEYSYMS:
        return _KEYSYMS[key]
    letter = ord(chr(key).lower()) if key < 0x110000 else 0
    return letter if letter < 0x100 else 0x01000000 | letter


class X11Key(SystemKey):
    """One key at a time. Follows changes of the layout."""

    def __init__(self, parent: QObject | None = None) -> None:
        """
        Raises:
            NoServer: there is no X server.
        """
        super().__init__(parent)
        self._connection = Connection()
        self._keyboard = Keyboard(self._connection)
        self._keyboard.tell_repeats_apart()
        self._wanted: QKeyCombination | None = None
        self._grabbed: list[tuple[int, int]] = []
        """Key and modifiers."""
        self._held: int | None = None
        self._notifier = QSocketNotifier(self._connection.descriptor, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read_events)

    def take(self, wanted: QKeyCombination | None) -> KeyState:
        self._wanted = wanted
        try:
            state = self._grab()
        except NoServer:
            state = self._lost()
        QTimer.singleShot(0, self, self._read_events)  # what came beside the answers wakes no notifier
        return state

    def close(self) -> None:
        self._notifier.setEnabled(False)
        self._connection.close()  # the server takes the key back itself

    def _grab(self) -> KeyState:
        self._let_go()
        if self._wanted is None:
            return KeyState.OFF
        key = self._keyboard.key(keysym(self._wanted.key()))
        if key is None:
            return KeyState.NOT_ON_KEYBOARD
        modifiers = self._modifiers(self._wanted.keyboardModifiers())
        for locks in self._keyboard.locks():
            data = (self._connection.root, modifiers | locks, key, _ASYNCHRONOUS, _ASYNCHRONOUS)
            try:
                self._connection.do(33, struct.pack("<IHBBB3x", *data))
            except XError as error:
                self._let_go()
                return KeyState.TAKEN if error.code == BAD_ACCESS else KeyState.IMPOSSIBLE
            self._grabbed.append((key, modifiers | locks))
        return KeyState.AVAILABLE

    def _let_go(self) -> None:
        """Once this returns, another program can have the key."""
        for key, modifiers in self._grabbed:
            self._connection.do(34, struct.pack("<IHxx", self._connection.root, modifiers), key)
        self._grabbed.clear()

    def _modifiers(self, wanted: Qt.KeyboardModifier) -> int:
        alt = self._keyboard.modifier(ALT_L, META_L) or MOD1
        super_ = self._keyboard.modifier(SUPER_L) or MOD4
        bits = {
            Qt.KeyboardModifier.ShiftModifier: SHIFT,
            Qt.KeyboardModifier.ControlModifier: CONTROL,
            Qt.KeyboardModifier.AltModifier: alt,
            Qt.KeyboardModifier.MetaModifier: super_,
        }
        return sum(bit for modifier, bit in bits.items() if wanted & modifier)

    def _read_events(self) -> None:
        layout_changed = False
        while not self._connection.lost and (event := self._connection.event()):
            kind, key, when = struct.unpack_from("<BB2xI", event)
            kind &= 0x7F  # a program may send it as well as the server
            layout_changed |= self._keyboard.is_changed_by(event)
            if kind == PRESSED and self._held is None:
                self._held = key
                self.pressed.emit(when)
            elif kind == RELEASED and key == self._held:
                self._held = None
                self.released.emit(when)
        try:
            if self._connection.lost:
                raise NoServer
            if layout_changed:
                self._keyboard.read()
                self.changed.emit(self.take(self._wanted))
        except NoServer:
            self.changed.emit(self._lost())

    def _lost(self) -> KeyState:
        log.info("the X server is gone")
        self._notifier.setEnabled(False)
        return KeyState.IMPOSSIBLE
