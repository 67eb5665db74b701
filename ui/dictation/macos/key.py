"""A key of the whole desktop by RegisterEventHotKey. Untested on macOS (see the package)."""

from __future__ import annotations

import ctypes
import time

from PySide6.QtCore import QKeyCombination, QObject

from ui.dictation.key_state import KeyState
from ui.dictation.macos import frameworks
from ui.dictation.system_key import SystemKey

_SIGNATURE = 0x4F464641
"""'OFFA', by which the system tells programs' keys apart."""
_ID = 1


class MacKey(SystemKey):
    """One key at a time. The system tells of it on the thread of the window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._carbon = frameworks.carbon()
        self._key = ctypes.c_void_p()
        self._handler = ctypes.c_void_p()
        self._called = frameworks.HANDLER(self._told)  # kept: the system calls it
        kinds = (frameworks.EventType * 2)(
            frameworks.EventType(frameworks.EVENT_CLASS, frameworks.PRESSED),
            frameworks.EventType(frameworks.EVENT_CLASS, frameworks.RELEASED),
        )
        target, handler = self._carbon.GetApplicationEventTarget(), ctypes.byref(self._handler)
        self._carbon.InstallEventHandler(target, self._called, 2, kinds, None, handler)

    def take(self, wanted: QKeyCombination | None) -> KeyState:
        self._let_go()
        if wanted is None:
            return KeyState.OFF
        code = frameworks.key_code(wanted.key())
        if code is None:
            return KeyState.NOT_ON_KEYBOARD
        status = self._carbon.RegisterEventHotKey(
            code,
            frameworks.modifiers(wanted),
            frameworks.HotKeyId(_SIGNATURE, _ID),
            self._carbon.GetApplicationEventTarget(),
            0,
            ctypes.byref(self._key),
        )
        if status == frameworks.ALREADY_THERE:
            return KeyState.TAKEN
        return KeyState.IMPOSSIBLE if status else KeyState.AVAILABLE

    def close(self) -> None:
        self._let_go()
        if self._handler.value:
            self._carbon.RemoveEventHandler(self._handler)
            self._handler = ctypes.c_void_p()

    def _let_go(self) -> None:
        if self._key.value:
            self._carbon.UnregisterEventHotKey(self._key)
            self._key = ctypes.c_void_p()

    def _told(self, _next: int, event: int, _data: int) -> int:
        pressed = self._carbon.GetEventKind(event) == frameworks.PRESSED
        (self.pressed if pressed else self.released).emit(round(time.monotonic() * 1000))
        return 0
