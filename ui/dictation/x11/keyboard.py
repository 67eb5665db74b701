"""Keys by what the present layout has on them; keys that are pressed by the program itself."""

from __future__ import annotations

import struct
from contextlib import suppress

from ui.dictation.x11.connection import XKB, XTEST, Connection, XError

SHIFT, LOCK, CONTROL, MOD1, MOD4 = 1, 2, 4, 8, 64
CAPS_LOCK, NUM_LOCK, SCROLL_LOCK = 0xFFE5, 0xFF7F, 0xFF14
ALT_L, META_L, SUPER_L = 0xFFE9, 0xFFE7, 0xFFEB
SHIFT_L, CONTROL_L, INSERT, BACKSPACE = 0xFFE1, 0xFFE3, 0xFF63, 0xFF08
PRESSED, RELEASED, _MAPPED = 2, 3, 34
"""Numbers of the protocol's events."""
_CORE_KEYBOARD = 0x100
_DETECTABLE_AUTO_REPEAT = 1


class Keyboard:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._xkb_event = connection.first_event(XKB)
        self._has_xkb = self._xkb_event is not None
        if self._has_xkb:
            connection.ask(0, struct.pack("<HH", 1, 0), extension=XKB)
            new_or_mapped, whole = 3, 0xFF
            data = (_CORE_KEYBOARD, new_or_mapped, 0, new_or_mapped, whole, whole)
            connection.do(1, struct.pack("<HHHHHH", *data), extension=XKB)
        self.read()

    def is_changed_by(self, event: bytes) -> bool:
        """Whether the event tells of another layout. Whoever speaks XKB hears of that through XKB alone."""
        kind = event[0] & 0x7F
        return kind == _MAPPED or (kind == self._xkb_event and event[1] in (0, 1))

    def read(self) -> None:
        """Take over the layout of this moment."""
        first, last = self._connection.first_key, self._connection.last_key
        reply = self._connection.ask(101, struct.pack("<BBH", first, last - first + 1, 0))
        width = reply[1]
        keysyms = struct.unpack_from(f"<{(last - first + 1) * width}I", reply, 32)
        self._keys = {
            key: keysyms[(key - first) * width : (key - first + 1) * width] for key in range(first, last + 1)
        }
        reply = self._connection.ask(119)
        width = reply[1]
        self._modifiers = [
            [key for key in reply[32 + number * width : 32 + (number + 1) * width] if key]
            for number in range(8)
        ]

    # --- the layout

    def key(self, keysym: int) -> int | None:
        """The key that gives this without a modifier; the layout in use comes before the others.

        Toolkits look through all layouts of the keyboard for the letter of a shortcut.
        """
        group = 2 * self.group()
        keys = self._keys.items()
        columns = [group] if group < 4 else []  # further ones have no fixed place in the protocol's table
        for column in (*columns, 0, 2):
            for key, keysyms in keys:
                if column < len(keysyms) and keysyms[column] == keysym:
                    return key
        return next((key for key, keysyms in keys if keysym in keysyms), None)

    def group(self) -> int:
        """Which of its layouts the keyboard is in."""
        return self._state()[12] if self._has_xkb else 0

    def modifier(self, *keysyms: int) -> int:
        """The bit of the modifier that the first of these keys stands for which is one; 0 if none is."""
        for keysym in keysyms:
            for number, keys in enumerate(self._modifiers):
                if any(keysym in self._keys.get(key, ()) for key in keys):
                    return 1 << number
        return 0

    def locks(self) -> list[int]:
        """Every combination of the modifiers that are locked and not held: they must not matter."""
        bits = {LOCK, self.modifier(NUM_LOCK), self.modifier(SCROLL_LOCK)} - {0}
        combinations = [0]
        for bit in bits:
            combinations += [before | bit for before in combinations]
        return combinations

    # --- what is held

    def any_down(self) -> bool:
        return any(self._connection.ask(44)[8:40])

    def tell_repeats_apart(self) -> bool:
        """Have a held key sent as pressed again and again, and released once; whether the server can."""
        if not self._has_xkb:
            return False
        flag = _DETECTABLE_AUTO_REPEAT
        data = struct.pack("<HHIIIII", _CORE_KEYBOARD, 0, flag, flag, 0, 0, 0)
        with suppress(XError):
            (value,) = struct.unpack_from("<12xI", self._connection.ask(21, data, extension=XKB))
            return bool(value & flag)
        return False

    def _state(self) -> bytes:
        return self._connection.ask(4, struct.pack("<HH", _CORE_KEYBOARD, 0), extension=XKB)

    # --- keys pressed by the program

    @property
    def can_press(self) -> bool:
        return self._connection.has(XTEST)

    def press(self, *keysyms: int) -> None:
        """All of them at once, in this order; released in the other order.

        Raises:
            LookupError: the layout has no such key.
        """
        keys = [self.key(keysym) for keysym in keysyms]
        found = [key for key in keys if key is not None]
        if len(found) < len(keys):
            raise LookupError
        for key in found:
            self._fake(PRESSED, key)
        for key in reversed(found):
            self._fake(RELEASED, key)

    def _fake(self, event: int, key: int) -> None:
        self._connection.do(2, struct.pack("<BBHII8xHH7xB", event, key, 0, 0, 0, 0, 0, 0), extension=XTEST)
