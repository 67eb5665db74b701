"""PURE: what the fields of Word are told to do, in its own files and in RTF: links, readings, signs."""

from __future__ import annotations

import re

from assistant.documents.formats.shared.symbol_fonts import symbol

_LINK = re.compile(r"\s*HYPERLINK\s+(?:\\[a-z]\s+)*(?:\"([^\"]*)\"|([^\s\"\\]\S*))", re.IGNORECASE)
_READING = re.compile(r"EQ\b.*\\s\s*\\up\s*\d+\s*\([^()]*\)[,;]\s*([^()]*)\)", re.IGNORECASE | re.DOTALL)
_SYMBOL = re.compile(r"\s*SYMBOL\s+(0x[0-9a-f]+|\d+)\b(?:.*?\\f\s+(?:\"([^\"]*)\"|(\S+)))?", re.IGNORECASE)


def link_address(instruction: str) -> str:
    """Where a field leads that is a link; "" for any other field."""
    found = _LINK.match(instruction)
    return (found.group(1) or found.group(2) or "") if found else ""


def under_reading(instruction: str) -> str:
    """The characters above which a field sets their reading; "" for any other field."""
    found = _READING.search(instruction)
    return found.group(1) if found else ""


def inserted_sign(instruction: str) -> str:
    """The sign that a field inserts by its code; "" for any other field."""
    found = _SYMBOL.match(instruction)
    if found is None:
        return ""
    code = int(found.group(1), 0) if found.group(1)[:2].lower() == "0x" else int(found.group(1))
    sign = symbol(found.group(2) or found.group(3) or "", code)
    return sign or (chr(code) if 0x20 < code < 0x7F or 0xA0 <= code < 0xE000 else "")
