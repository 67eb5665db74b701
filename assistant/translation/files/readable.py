"""PURE: which texts are words for people."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]{2,}")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S*|www\.\S+|mailto:\S+|[^\s@]+@[^\s@]+\.\w+", re.IGNORECASE)
_PATH = re.compile(r"(?:[A-Za-z]:)?[\\/]?(?:[\w.~-]+[\\/])+[\w.~-]*|[\w-]+\.[A-Za-z][A-Za-z0-9]{1,4}")
_IDENTIFIER = re.compile(
    r"\w*(?:\d\w*[^\W\d_]|[^\W\d_]\w*\d|_)\w*|[a-z]+(?:[A-Z][a-z0-9]*)+|[\w-]+(?:[.:][\w-]+)+"
    r"|[a-z]+(?:-[a-z0-9]+)+|#[0-9A-Fa-f]{3,8}"
)
_CODE = re.compile(r"[A-Z]{2,4}|[A-Z0-9_-]{5,}")
_TIME = re.compile(r"[\d\s.,:/+TZ-]*")
_MARKUP = re.compile(r"\s*(?:[<=]|[{\[]\s*[\"{\[])")


def has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def has_words(text: str) -> bool:
    """Whether a cell holds words; not numbers, addresses, paths, formulas or identifiers."""
    bare = text.strip()
    if not (_WORD.search(bare) or _WIDE.search(bare)) or bare.startswith("="):
        return False
    if " " in bare and not _ADDRESS.fullmatch(bare):
        return True
    return not any(pattern.fullmatch(bare) for pattern in (_ADDRESS, _PATH, _IDENTIFIER, _CODE, _TIME))


def is_said(text: str) -> bool:
    """Whether a string is said to a person: several words, or one that begins with a capital."""
    bare = text.strip()
    if not has_words(bare) or _MARKUP.match(bare):
        return False
    return " " in bare or not bare.isascii() or bare[0].isupper()
