"""PURE: the room in a line of a subtitle, as the guides of the BBC and of Netflix have it."""

from __future__ import annotations

import unicodedata

LINE = 42
"""Characters. One that is wide (Chinese, Japanese, Korean) takes as much room as WIDE others."""
WIDE = LINE / 18


def width(text: str) -> float:
    """Room that a text takes in a line, in characters; marks above and below letters take none."""
    taken = 0.0
    for letter in text:
        if unicodedata.east_asian_width(letter) in "WF":
            taken += WIDE
        elif unicodedata.category(letter) not in ("Mn", "Me", "Cf"):
            taken += 1
    return taken
