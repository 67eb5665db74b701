"""Keys as the portal names and numbers them, which is as X11 does."""

from __future__ import annotations

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

RETURN, TAB, BACKSPACE, SHIFT_L = 0xFF0D, 0xFF09, 0xFF08, 0xFFE1

_MODIFIERS = (
    (Qt.KeyboardModifier.ControlModifier, "CTRL"),
    (Qt.KeyboardModifier.AltModifier, "ALT"),
    (Qt.KeyboardModifier.ShiftModifier, "SHIFT"),
    (Qt.KeyboardModifier.MetaModifier, "LOGO"),
)
_NAMES = {
    Qt.Key.Key_PageUp: "Page_Up", Qt.Key.Key_PageDown: "Page_Down", Qt.Key.Key_Escape: "Escape",
    Qt.Key.Key_Backspace: "BackSpace", Qt.Key.Key_Insert: "Insert", Qt.Key.Key_Delete: "Delete",
    Qt.Key.Key_Space: "space", Qt.Key.Key_ScrollLock: "Scroll_Lock",
}  # fmt: skip
"""Where Qt calls a key otherwise."""


def keysym(character: str) -> int | None:
    """What gives a character (X11R7.7, “Keysym encoding”); None for one that no key gives."""
    if character == "\t":
        return TAB
    number = ord(character)
    if 0x20 <= number < 0x7F or 0xA0 <= number <= 0xFF:
        return number
    return None if number < 0xA0 else 0x01000000 | number


def trigger(keys: QKeyCombination) -> str:
    """A key in the words of the XDG specification of shortcuts, as "CTRL+ALT+d"."""
    words = [name for modifier, name in _MODIFIERS if keys.keyboardModifiers() & modifier]
    name = _NAMES.get(keys.key()) or QKeySequence(keys.key()).toString(
        QKeySequence.SequenceFormat.PortableText
    )
    return "+".join([*words, name.lower() if len(name) == 1 else name])
