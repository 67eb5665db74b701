"""Writes by SendInput. Untested on Windows (see the package)."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

from ui.dictation.windows import user32

_MODIFIERS = (user32.SHIFT, user32.CONTROL, user32.MENU, user32.LEFT_WINDOWS, user32.RIGHT_WINDOWS)
_DOWN = 0x8000


class WindowsTypist:
    def __init__(self) -> None:
        self._user32 = user32.user32()

    def may_type(self) -> bool:
        """Windows asks nobody; a program with more rights than this one takes nothing, and nobody is told."""
        return True

    def modifier_is_down(self) -> bool:
        return any(self._user32.GetAsyncKeyState(key) & _DOWN for key in _MODIFIERS)

    def write(self, delete: int, insert: str) -> bool:
        """Whether the keys were pressed."""
        return self._send([*user32.tap(user32.BACK) * delete, *user32.taps(insert)])

    def _send(self, inputs: Sequence[user32.Input]) -> bool:
        pressed = (user32.Input * len(inputs))(*inputs)
        sent = self._user32.SendInput(len(inputs), pressed, ctypes.sizeof(user32.Input))
        return bool(sent == len(inputs))
