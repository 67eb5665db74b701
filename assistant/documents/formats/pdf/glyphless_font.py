"""A font that shows nothing: its characters stand for any text one likes, and are about as wide as in print.

PDF sets the recognised text of a scan in such a font, invisible over the picture, as Tesseract does.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Sequence

ASCENT = 0.8
"""Of an em, above the baseline; the rest is below it."""
_EM = 1000
_WIDTHS = (500, 100, 280, 560, 670, 850, 1000)
"""Of the glyphs, the first is the one for what is missing."""
_NARROW, _WIDE = frozenset("fijlrtI1 .,:;'’!|()[]-"), frozenset("mwMW@%—…")
_RANGE = 100
"""A table of a font's characters lists at most so many at once (PDF 32000-1, 9.10.3)."""


def width_of(character: str) -> float:
    """In ems."""
    return _WIDTHS[_glyph_of(character)] / _EM


def _glyph_of(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        width = 1000
    elif unicodedata.category(character) in ("Mn", "Me", "Cf"):
        width = 100
    elif character in _NARROW or character in _WIDE:
        width = 280 if character in _NARROW else 850
    else:
        width = 670 if character.isupper() else 560
    return _WIDTHS.index(width)


def font_file() -> bytes:
    """A TrueType font (OpenType specification, chapter "Font file").

    Each glyph is a line from corner to corner: it has no area to be drawn, and yet a size. Text of a glyph
    without one is not found by pdfium.
    """
    up, down = round(ASCENT * _EM), round((1 - ASCENT) * _EM)
    count = len(_WIDTHS)
    glyphs = [
        struct.pack(">hhhhhHHBBhhhh", 1, 0, -down, width, up, 1, 0, 1, 1, 0, width, -down, _EM)
        for width in _WIDTHS
    ]
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12)
        + struct.pack(">HHHHHHHHHHHH", 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0),
        b"glyf": b"".join(glyphs),
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh",
            0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _EM, 0, 0, 0, -down, _EM, up, 0, 8, 2, 1, 0,
        ),
        b"hhea": struct.pack(">IhhhHhhhhhh8xhH", 0x10000, up, -down, 0, _EM, 0, 0, _EM, 1, 0, 0, 0, count),
        b"hmtx": b"".join(struct.pack(">Hh", width, 0) for width in _WIDTHS),
        b"loca": struct.pack(f">{count + 1}I", *(len(glyphs[0]) * at for at in range(count + 1))),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, count, 2, 1, *[0] * 11),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, 0, 0, 1, 0, 0, 0, 0),
    }  # fmt: skip
    start = 12 + 16 * len(tables)
    listing, body = b"", b""
    for name, content in tables.items():
        listing += struct.pack(">4sIII", name, _checksum(content), start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    return struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, 16 * len(tables) - 128) + listing + body


def _checksum(content: bytes) -> int:
    padded = content + bytes(-len(content) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def glyphs_of(characters: Sequence[str]) -> bytes:
    """The table that says which glyph each character has: the first is character 0."""
    return b"".join(struct.pack(">H", _glyph_of(character)) for character in characters)


def to_unicode(characters: Sequence[str]) -> bytes:
    """The table that says which text each character stands for: the first is character 0."""
    lines = []
    for start in range(0, len(characters), _RANGE):
        some = characters[start : start + _RANGE]
        lines.append(f"{len(some)} beginbfchar")
        lines += [
            f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
            for code, character in enumerate(some, start=start)
        ]
        lines.append("endbfchar")
    head = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def "
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    )
    tail = "\nendcmap CMapName currentdict /CMap defineresource pop end end\n"
    return (head + "\n".join(lines) + tail).encode("ascii")
