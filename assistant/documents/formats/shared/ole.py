"""The title of an old Office file, in the summary of its compound file (MS-CFB)."""

from __future__ import annotations

import struct
from typing import Any

MAX_SUMMARY_BYTES = 1 << 16
"""A larger summary is not read."""
MAX_PROPERTIES = 200
"""Properties of a summary that are looked at."""
_TITLE, _CODEPAGE = 2, 1
_BYTES_TEXT, _WIDE_TEXT, _SHORT = 0x1E, 0x1F, 0x02
_ENCODINGS = {65001: "utf-8", 1200: "utf-16-le", 10000: "mac_roman"}
"""Codecs by code page; the others are named cp and their number."""
_SUMMARY = "\x05SummaryInformation"


def title_in(ole: Any) -> str:
    """The title in the summary of an open olefile, "" without one (MS-OLEPS).

    olefile's own reader believes every count that a damaged file gives and can take for ever.
    """
    if not ole.exists(_SUMMARY) or ole.get_size(_SUMMARY) > MAX_SUMMARY_BYTES:
        return ""
    content = ole.openstream(_SUMMARY).read()
    try:
        return _title(content)
    except (struct.error, IndexError, LookupError):
        return ""


def _title(content: bytes) -> str:
    start = struct.unpack_from("<I", content, 44)[0]
    count = min(struct.unpack_from("<I", content, start + 4)[0], MAX_PROPERTIES)
    places = dict(struct.unpack_from("<II", content, start + 8 + 8 * index) for index in range(count))
    if _TITLE not in places:
        return ""
    codepage = 1252
    if _CODEPAGE in places:
        kind, value = struct.unpack_from("<IH", content, start + places[_CODEPAGE])
        codepage = value if kind == _SHORT else codepage
    at = start + places[_TITLE]
    kind, size = struct.unpack_from("<II", content, at)
    if kind == _WIDE_TEXT:
        return content[at + 8 : at + 8 + 2 * size].decode("utf-16-le", "replace").rstrip("\0")
    if kind != _BYTES_TEXT:
        return ""
    raw = content[at + 8 : at + 8 + size]
    encoding = _ENCODINGS.get(codepage, f"cp{codepage}")
    return raw.decode(encoding, "replace").rstrip("\0")
