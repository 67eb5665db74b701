"""The functions of Carbon and ApplicationServices that are needed. Untested on macOS (see the package)."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from PySide6.QtCore import QKeyCombination, Qt

RETURN, TAB, DELETE = 36, 48, 51
"""Key codes (Carbon's HIToolbox/Events.h); DELETE is the one that deletes to the left."""
SHIFT = 1 << 17
"""Flag of an event."""
MODIFIERS = SHIFT | 1 << 18 | 1 << 19 | 1 << 20
"""Shift, Control, Option and Command."""
HARDWARE = 0
"""Where events are put in: as if the keyboard sent them."""
COMBINED_STATE = 0
EVENT_CLASS, PRESSED, RELEASED = 0x6B657962, 5, 6
"""'keyb', and its kinds for a hot key."""
ALREADY_THERE = -9878
"""Status: another program has the key."""
_CARBON_MODIFIERS = (
    (Qt.KeyboardModifier.ControlModifier, 1 << 8),  # Qt's Control is Command there
    (Qt.KeyboardModifier.ShiftModifier, 1 << 9),
    (Qt.KeyboardModifier.AltModifier, 1 << 11),
    (Qt.KeyboardModifier.MetaModifier, 1 << 12),  # and its Meta is Control
)
_LETTERS = {
    "A": 0, "S": 1, "D": 2, "F": 3, "H": 4, "G": 5, "Z": 6, "X": 7, "C": 8, "V": 9, "B": 11, "Q": 12, "W": 13,
    "E": 14, "R": 15, "Y": 16, "T": 17, "1": 18, "2": 19, "3": 20, "4": 21, "6": 22, "5": 23, "=": 24,
    "9": 25, "7": 26, "-": 27, "8": 28, "0": 29, "]": 30, "O": 31, "U": 32, "[": 33, "I": 34, "P": 35,
    "L": 37, "J": 38, "'": 39, "K": 40, ";": 41, "\\": 42, ",": 43, "/": 44, "N": 45, "M": 46, ".": 47,
}  # fmt: skip
"""By place on the keyboard, named as an American one has them."""
_KEYS = {
    Qt.Key.Key_Return: RETURN, Qt.Key.Key_Tab: TAB, Qt.Key.Key_Space: 49, Qt.Key.Key_Backspace: DELETE,
    Qt.Key.Key_Escape: 53, Qt.Key.Key_Enter: 76, Qt.Key.Key_F5: 96, Qt.Key.Key_F6: 97, Qt.Key.Key_F7: 98,
    Qt.Key.Key_F3: 99, Qt.Key.Key_F8: 100, Qt.Key.Key_F9: 101, Qt.Key.Key_F11: 103, Qt.Key.Key_F13: 105,
    Qt.Key.Key_F14: 107, Qt.Key.Key_F10: 109, Qt.Key.Key_F12: 111, Qt.Key.Key_F15: 113, Qt.Key.Key_Home: 115,
    Qt.Key.Key_PageUp: 116, Qt.Key.Key_Delete: 117, Qt.Key.Key_F4: 118, Qt.Key.Key_End: 119,
    Qt.Key.Key_F2: 120, Qt.Key.Key_PageDown: 121, Qt.Key.Key_F1: 122, Qt.Key.Key_Left: 123,
    Qt.Key.Key_Right: 124, Qt.Key.Key_Down: 125, Qt.Key.Key_Up: 126,
}  # fmt: skip


class EventType(ctypes.Structure):
    """EventTypeSpec."""

    _fields_ = (("event_class", ctypes.c_uint32), ("kind", ctypes.c_uint32))


class HotKeyId(ctypes.Structure):
    """EventHotKeyID."""

    _fields_ = (("signature", ctypes.c_uint32), ("id", ctypes.c_uint32))


HANDLER = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


@cache
def carbon() -> Any:
    library = ctypes.CDLL("/System/Library/Frameworks/Carbon.framework/Carbon")
    pointer = ctypes.c_void_p
    library.GetApplicationEventTarget.restype = pointer
    library.GetEventKind.restype = ctypes.c_uint32
    library.GetEventKind.argtypes = (pointer,)
    library.InstallEventHandler.argtypes = (pointer, HANDLER, ctypes.c_ulong, pointer, pointer, pointer)
    library.RemoveEventHandler.argtypes = (pointer,)
    library.RegisterEventHotKey.argtypes = (
        ctypes.c_uint32, ctypes.c_uint32, HotKeyId, pointer, ctypes.c_uint32, pointer,
    )  # fmt: skip
    library.UnregisterEventHotKey.argtypes = (pointer,)
    return library


@cache
def services() -> Any:
    library = ctypes.CDLL("/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices")
    pointer = ctypes.c_void_p
    library.AXIsProcessTrusted.restype = ctypes.c_bool
    library.CGEventSourceFlagsState.restype = ctypes.c_uint64
    library.CGEventSourceFlagsState.argtypes = (ctypes.c_int32,)
    library.CGEventCreateKeyboardEvent.restype = pointer
    library.CGEventCreateKeyboardEvent.argtypes = (pointer, ctypes.c_uint16, ctypes.c_bool)
    library.CGEventKeyboardSetUnicodeString.argtypes = (pointer, ctypes.c_ulong, pointer)
    library.CGEventSetFlags.argtypes = (pointer, ctypes.c_uint64)
    library.CGEventPost.argtypes = (ctypes.c_uint32, pointer)
    library.CFRelease.argtypes = (pointer,)
    return library


def key_code(key: Qt.Key) -> int | None:
    """The place of a key; None where it is not known."""
    if key in _KEYS:
        return _KEYS[key]
    return _LETTERS.get(chr(key)) if int(key) < 0x80 else None


def modifiers(keys: QKeyCombination) -> int:
    """What RegisterEventHotKey wants."""
    return sum(bit for modifier, bit in _CARBON_MODIFIERS if keys.keyboardModifiers() & modifier)
