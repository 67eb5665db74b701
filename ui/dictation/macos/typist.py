"""Writes by events of the keyboard. Untested on macOS (see the package)."""

from __future__ import annotations

import ctypes

from ui.dictation.macos import frameworks


class MacTypist:
    def __init__(self) -> None:
        self._services = frameworks.services()

    def may_type(self) -> bool:
        """Whether the person has allowed it, in the system's settings under Accessibility."""
        return bool(self._services.AXIsProcessTrusted())

    def modifier_is_down(self) -> bool:
        state = self._services.CGEventSourceFlagsState(frameworks.COMBINED_STATE)
        return bool(state & frameworks.MODIFIERS)

    def write(self, delete: int, insert: str) -> bool:
        """Whether the keys were pressed."""
        for _ in range(delete):
            self._tap(frameworks.DELETE)
        for character in insert:
            if character == "\n":
                self._tap(frameworks.RETURN, flags=frameworks.SHIFT)
            else:
                self._tap(0, text=character)
        return True

    def _tap(self, key: int, *, text: str = "", flags: int = 0) -> None:
        for down in (True, False):
            event = self._services.CGEventCreateKeyboardEvent(None, key, down)
            self._services.CGEventSetFlags(event, flags)
            if text:
                units = text.encode("utf-16-le", "surrogatepass")
                held = ctypes.create_string_buffer(units)
                self._services.CGEventKeyboardSetUnicodeString(event, len(units) // 2, held)
            self._services.CGEventPost(frameworks.HARDWARE, event)
            self._services.CFRelease(event)
