"""PURE: the bytes of an RTF text → its tokens: braces, control words, signs, runs of characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,40})(-?[0-9]{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])"
    rb"|([{}])|([^\\{}\r\n\0]+)|[\r\n\0]+|\\",
    re.DOTALL,
)


class Kind(Enum):
    OPEN = auto()
    CLOSE = auto()
    WORD = auto()
    SIGN = auto()
    """A backslash before something that is no letter."""
    RUN = auto()
    """Characters, also one that is given by its code."""


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: bytes = b""
    """The name of a word, a sign, or the bytes of a run."""
    value: int | None = None
    """The number behind a word."""
    coded: bool = False
    """It is one character, given by its code."""


_BRACES = {b"{": Token(Kind.OPEN), b"}": Token(Kind.CLOSE)}


def tokens(content: bytes) -> Iterator[Token]:
    """All tokens; what \\bin announces is left out, and so are line ends."""
    at = 0
    while at < len(content):
        match = _TOKEN.match(content, at)
        if match is None:
            at += 1
            continue
        at = match.end()
        word, number, escaped, sign, brace, run = match.groups()
        if run is not None:
            yield Token(Kind.RUN, run)
        elif word is not None:
            value = int(number) if number is not None else None
            if word == b"bin":
                at += max(0, value or 0)
            else:
                yield Token(Kind.WORD, word, value)
        elif brace is not None:
            yield _BRACES[brace]
        elif escaped is not None:
            yield Token(Kind.RUN, bytes([int(escaped, 16)]), coded=True)
        elif sign is not None:
            yield Token(Kind.SIGN, sign)
