"""PURE: which characters of a text of PowerPoint 97 to 2003 are raised or lowered (MS-PPT 2.9.44)."""

from __future__ import annotations

import struct

from assistant.documents.formats.shared.inline_text import BASELINE, SUBSCRIPT, SUPERSCRIPT, InlineText, Look

_PARAGRAPH_FIELDS = (
    (0x0000000F, 2), (0x00000080, 2), (0x00000010, 2), (0x00000040, 2), (0x00000020, 4), (0x00000800, 2),
    (0x00001000, 2), (0x00002000, 2), (0x00004000, 2), (0x00000100, 2), (0x00000400, 2), (0x00008000, 2),
    (0x00100000, -1), (0x00010000, 2), (0x000E0000, 2), (0x00200000, 2),
)  # fmt: skip
"""The properties of a paragraph in their order: the bits of a mask that tell of them, and their bytes."""
_BEFORE_POSITION = (
    (0x0000FFFF, 2), (0x00010000, 2), (0x00200000, 2), (0x00400000, 2), (0x00800000, 2), (0x00020000, 2),
    (0x00040000, 4),
)  # fmt: skip
"""The same of a run of characters, up to the one that says how high it stands."""
_POSITION = 0x00080000


def with_shifts(text: str, styles: bytes) -> str:
    """A text with its raised and lowered characters written out; as it is where its styles are damaged."""
    try:
        runs = _character_runs(styles, len(text) + 1)
    except struct.error:
        return text
    if all(shift == BASELINE for _, shift in runs):
        return text
    written = InlineText()
    at = 0
    for count, shift in runs:
        written.add(text[at : at + count], Look(shift))
        at += count
    written.add(text[at:])
    return written.text()


def _character_runs(styles: bytes, length: int) -> list[tuple[int, int]]:
    """Over how many characters each run goes, and its shift; `length`: of the text with its last mark."""
    at = covered = 0
    while covered < length:
        count, _, mask = struct.unpack_from("<IHI", styles, at)
        covered, at = covered + max(1, count), _behind(styles, at + 10, mask, _PARAGRAPH_FIELDS)
    runs: list[tuple[int, int]] = []
    covered = 0
    while covered < length and at < len(styles):
        count, mask = struct.unpack_from("<II", styles, at)
        at = _behind(styles, at + 8, mask, _BEFORE_POSITION)
        shift = BASELINE
        if mask & _POSITION:
            (height,) = struct.unpack_from("<h", styles, at)
            at += 2
            shift = SUPERSCRIPT if height > 0 else SUBSCRIPT if height < 0 else BASELINE
        runs.append((count, shift))
        covered += max(1, count)
    return runs


def _behind(styles: bytes, at: int, mask: int, fields: tuple[tuple[int, int], ...]) -> int:
    """Where the properties end that a mask names."""
    for bits, size in fields:
        if mask & bits:
            if size < 0:  # stops of tabulators
                size = 2 + 4 * int(struct.unpack_from("<H", styles, at)[0])
            at += size
    return at
