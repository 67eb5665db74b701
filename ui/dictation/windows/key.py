"""A key of the whole desktop by RegisterHotKey. Untested on Windows (see the package)."""

from __future__ import annotations

import ctypes
import threading
import time

from PySide6.QtCore import QKeyCombination, QObject

from ui.dictation.key_state import KeyState
from ui.dictation.system_key import SystemKey
from ui.dictation.windows import user32

_ID = 1
_LOOK_SECONDS = 0.02
"""Windows tells when the key goes down; when it is up again is looked at so often."""
_TAKES_SECONDS = 1.0
_DOWN = 0x8000


class WindowsKey(SystemKey):
    """One key at a time. Signals come from a thread of its own: it has the messages."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._user32, self._kernel32 = user32.user32(), user32.kernel32()
        self._thread: threading.Thread | None = None
        self._thread_id = 0

    def take(self, wanted: QKeyCombination | None) -> KeyState:
        self.close()
        if wanted is None:
            return KeyState.OFF
        key = user32.virtual_key(wanted.key(), self._user32)
        if key is None:
            return KeyState.NOT_ON_KEYBOARD
        states: list[KeyState] = []
        known = threading.Event()

        def tell(state: KeyState) -> None:
            states.append(state)
            known.set()

        self._thread = threading.Thread(
            target=self._run, args=(user32.modifiers(wanted), key, tell), name="global key", daemon=True
        )
        self._thread.start()
        return states[0] if known.wait(_TAKES_SECONDS) else KeyState.IMPOSSIBLE

    def close(self) -> None:
        if self._thread is not None and self._thread_id:
            self._user32.PostThreadMessageW(self._thread_id, user32.QUIT, 0, 0)
            self._thread.join(_TAKES_SECONDS)
        self._thread, self._thread_id = None, 0

    # --- the thread

    def _run(self, modifiers: int, key: int, tell: object) -> None:
        assert callable(tell)
        self._thread_id = int(self._kernel32.GetCurrentThreadId())
        if not self._user32.RegisterHotKey(None, _ID, modifiers, key):
            taken = user32.last_error() == user32.ALREADY_REGISTERED
            tell(KeyState.TAKEN if taken else KeyState.IMPOSSIBLE)
            return
        tell(KeyState.AVAILABLE)
        message = user32.Message()
        while self._user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            if message.number == user32.HOTKEY:
                self.pressed.emit(_now())
                while self._user32.GetAsyncKeyState(key) & _DOWN:
                    time.sleep(_LOOK_SECONDS)
                self.released.emit(_now())
        self._user32.UnregisterHotKey(None, _ID)


def _now() -> int:
    return round(time.monotonic() * 1000)
