"""The functions of user32.dll that are needed. Untested on Windows (see the package)."""

from __future__ import annotations

import ctypes
from typing import Any

from PySide6.QtCore import QKeyCombination, Qt

HOTKEY, QUIT = 0x0312, 0x0012
"""Messages."""
ALREADY_REGISTERED = 1409
"""Error code: another program has the key."""
BACK, TAB, RETURN, SHIFT, CONTROL, MENU, LEFT_WINDOWS, RIGHT_WINDOWS = (
    0x08, 0x09, 0x0D, 0x10, 0x11, 0x12, 0x5B, 0x5C,
)  # fmt: skip
"""Virtual keys; MENU is Alt."""
_NO_REPEAT = 0x4000
_MODIFIERS = (
    (Qt.KeyboardModifier.AltModifier, 0x1),
    (Qt.KeyboardModifier.ControlModifier, 0x2),
    (Qt.KeyboardModifier.ShiftModifier, 0x4),
    (Qt.KeyboardModifier.MetaModifier, 0x8),
)
_KEYS = {
    Qt.Key.Key_Backspace: BACK, Qt.Key.Key_Tab: TAB, Qt.Key.Key_Return: RETURN, Qt.Key.Key_Enter: RETURN,
    Qt.Key.Key_Pause: 0x13, Qt.Key.Key_Escape: 0x1B, Qt.Key.Key_Space: 0x20, Qt.Key.Key_PageUp: 0x21,
    Qt.Key.Key_PageDown: 0x22, Qt.Key.Key_End: 0x23, Qt.Key.Key_Home: 0x24, Qt.Key.Key_Left: 0x25,
    Qt.Key.Key_Up: 0x26, Qt.Key.Key_Right: 0x27, Qt.Key.Key_Down: 0x28, Qt.Key.Key_Print: 0x2C,
    Qt.Key.Key_Insert: 0x2D, Qt.Key.Key_Delete: 0x2E, Qt.Key.Key_ScrollLock: 0x91,
}  # fmt: skip
_F1 = 0x70
_KEYBOARD_INPUT = 1
_UP, _UNICODE = 0x2, 0x4


class KeyboardInput(ctypes.Structure):
    _fields_ = (
        ("key", ctypes.c_uint16),
        ("scan", ctypes.c_uint16),
        ("flags", ctypes.c_uint32),
        ("time", ctypes.c_uint32),
        ("extra", ctypes.c_size_t),
    )


class _MouseInput(ctypes.Structure):
    """The largest member of the union, which gives it its size."""

    _fields_ = (
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
        ("data", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("time", ctypes.c_uint32),
        ("extra", ctypes.c_size_t),
    )


class _InputUnion(ctypes.Union):
    _fields_ = (("keyboard", KeyboardInput), ("mouse", _MouseInput))


class Input(ctypes.Structure):
    """INPUT of SendInput."""

    _fields_ = (("kind", ctypes.c_uint32), ("what", _InputUnion))


class Message(ctypes.Structure):
    """MSG of GetMessage."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("number", ctypes.c_uint32),
        ("wide", ctypes.c_size_t),
        ("long", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
        ("private", ctypes.c_uint32),
    )


def user32() -> Any:
    return _library("user32")


def kernel32() -> Any:
    return _library("kernel32")


def last_error() -> int:
    """Of the last call on this thread."""
    return int(ctypes.__dict__["get_last_error"]())  # not there on other systems


def _library(name: str) -> Any:
    return ctypes.__dict__["WinDLL"](name, use_last_error=True)


def modifiers(keys: QKeyCombination) -> int:
    """What RegisterHotKey wants."""
    return _NO_REPEAT | sum(bit for modifier, bit in _MODIFIERS if keys.keyboardModifiers() & modifier)


def virtual_key(key: Qt.Key, library: Any) -> int | None:
    """The key in the present layout; None where it has none."""
    if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F24:
        return _F1 + int(key) - int(Qt.Key.Key_F1)
    if key in _KEYS:
        return _KEYS[key]
    if int(key) > 0xFFFF:
        return None
    found = int(library.VkKeyScanW(ctypes.c_wchar(chr(key).lower())))
    return None if found & 0xFF == 0xFF else found & 0xFF


def taps(text: str) -> list[Input]:
    """Presses and releases that write a text, one for each UTF-16 unit; a new line is Shift+Return."""
    found: list[Input] = []
    for character in text:
        if character == "\n":
            found += [_key(SHIFT), _key(RETURN), _key(RETURN, up=True), _key(SHIFT, up=True)]
            continue
        units = character.encode("utf-16-le", "surrogatepass")
        for at in range(0, len(units), 2):
            unit = int.from_bytes(units[at : at + 2], "little")
            found += [_unit(unit), _unit(unit, up=True)]
    return found


def tap(key: int) -> list[Input]:
    return [_key(key), _key(key, up=True)]


def _key(key: int, *, up: bool = False) -> Input:
    return _input(KeyboardInput(key=key, flags=_UP if up else 0))


def _unit(unit: int, *, up: bool = False) -> Input:
    return _input(KeyboardInput(scan=unit, flags=_UNICODE | (_UP if up else 0)))


def _input(keyboard: KeyboardInput) -> Input:
    return Input(kind=_KEYBOARD_INPUT, what=_InputUnion(keyboard=keyboard))
