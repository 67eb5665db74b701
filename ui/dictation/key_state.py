"""Whether a key works in every program."""

from __future__ import annotations

from enum import Enum, auto


class KeyState(Enum):
    OFF = auto()
    """None is chosen."""
    ASKED = auto()
    """The desktop may be asking the person."""
    AVAILABLE = auto()
    TAKEN = auto()
    """Another program or the desktop has it."""
    REFUSED = auto()
    """The person or the desktop did not want it."""
    NOT_ON_KEYBOARD = auto()
    IMPOSSIBLE = auto()
    """This system gives no program such a key."""
