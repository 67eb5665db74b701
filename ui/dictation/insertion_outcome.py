"""What came of a change of another program's text."""

from __future__ import annotations

from enum import Enum, auto


class Outcome(Enum):
    DONE = auto()
    ELSEWHERE = auto()
    """Nothing was taken away, because another window has the focus than the one that was written into."""
    UNREAD = auto()
    """No program took the text; it is on the clipboard."""
    REFUSED = auto()
    """The keys for it could not be pressed."""
    IMPOSSIBLE = auto()
    """The system lets no program press keys for another."""
