"""PURE: foreign text made safe to show, and the direction that it runs in."""

from __future__ import annotations

import unicodedata

REPLACEMENT = "\ufffd"
"""Stands for what cannot be shown."""
DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""They can make "gpj.exe" look like "exe.jpg"."""


def passage(text: str) -> str:
    """Text of a document: its lines stay, what cannot be shown becomes a sign. The length stays the same."""
    return "".join(
        character
        if character in "\n\t" or is_harmless(character) or character in DIRECTION_CONTROLS
        else sign(character)
        for character in text
    )


def is_right_to_left(text: str) -> bool:
    """By the first letter that has a direction (rule P2 of the Unicode bidirectional algorithm)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def is_harmless(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")


def sign(character: str) -> str:
    """What stands for a character that cannot be shown."""
    if character in "\n\r\u2028\u2029\x85":
        return "↵"
    return " " if character == "\t" else REPLACEMENT
