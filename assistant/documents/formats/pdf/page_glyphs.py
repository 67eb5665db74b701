"""The characters of a PDF's page as arrays, out of pdfium."""

from __future__ import annotations

import ctypes
import math
import re
from collections import deque
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.documents.formats.pdf.page_coordinates import Floats, Frame
from assistant.documents.formats.pdf.pdfium import address, loose_box, raw, unicode_of
from assistant.errors import UnreadableDocument

MAX_CHARACTERS = 400_000
"""Of one page. The densest real pages have 20,000; beyond this a page is an attack or not text."""
_HYPHEN_MARKS = (0x02, 0xFFFE)
"""pdfium puts these for a hyphen at the end of a line."""
_ITALIC, _FORCE_BOLD = 1 << 6, 1 << 18
_BOLD_NAME = re.compile(rb"bold|black|heavy|[-,.]bd?$")


@dataclass(frozen=True, eq=False, slots=True)
class Glyphs:
    """The characters of a page in pdfium's order; all arrays have one row a character, in display points."""

    codes: npt.NDArray[np.uint32]
    """Unicode; 0 where the font does not say, 32 or less for white space, also where pdfium put it in."""
    boxes: Floats
    """Shape (n, 4); NaN where there is none."""
    em: Floats
    """Font size."""
    origin: Floats
    """Shape (n, 2): a point on the baseline of the character's run."""
    angle: Floats
    """Degrees, clockwise as displayed; 0 is upright."""
    weight: npt.NDArray[np.int8]
    """0 normal, 1 italic, 2 bold."""


def read_glyphs(page: Any, frame: Frame) -> Glyphs:
    """The characters of an open page. Raises UnreadableDocument."""
    text = raw.FPDFText_LoadPage(page)
    if not text:
        raise UnreadableDocument("page-text-damaged")
    try:
        count = min(max(0, int(raw.FPDFText_CountChars(text))), MAX_CHARACTERS)
        handle = address(text)
        codes = _codes(text, handle, count)
        codes = _with_marks(text, codes)
        edges = np.full((count, 4), np.nan, np.float32)  # FS_RECTF: left, top, right, bottom
        start = edges.ctypes.data
        deque(map(loose_box, repeat(handle), range(count), range(start, start + 16 * count, 16)), maxlen=0)
        edges = edges[:, [0, 3, 2, 1]]
        edges[(codes <= 32) & (codes > 0)] = np.nan
        edges[~np.isfinite(edges).all(axis=1)] = np.nan
        boxes = frame.boxes(edges)
        em, origin, angle, weight = _fonts(text, frame, codes, edges, boxes)
        return Glyphs(codes, boxes, em, origin, angle, weight)
    finally:
        raw.FPDFText_ClosePage(text)


def _codes(text: Any, handle: int, count: int) -> npt.NDArray[np.uint32]:
    if count == 0:
        return np.zeros(0, np.uint32)
    units = (ctypes.c_ushort * (2 * count + 2))()
    written = int(raw.FPDFText_GetText(text, 0, count, units)) - 1
    codes: npt.NDArray[np.uint32] = np.frombuffer(bytes(units), np.uint16)[: max(0, written)].astype(
        np.uint32
    )
    if len(codes) != count or ((codes >= 0xD800) & (codes < 0xE000)).any():
        # pdfium left characters out of the text, or some need two units: ask for each.
        codes = np.fromiter(map(unicode_of, repeat(handle), range(count)), np.uint32, count)
    return codes


def _with_marks(text: Any, codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The codes with pdfium's marks of hyphens as such, and codes that cannot be characters as unknown."""
    control = np.flatnonzero((codes < 32) | (codes == 0xFFFE))
    for at in control.tolist():
        code = int(codes[at])
        if code in _HYPHEN_MARKS and raw.FPDFText_HasUnicodeMapError(text, at) != 1:
            codes[at] = 0xAD
        elif code not in (9, 10, 12, 13) or raw.FPDFText_HasUnicodeMapError(text, at) == 1:
            codes[at] = 0
    return codes


def _fonts(
    text: Any, frame: Frame, codes: npt.NDArray[np.uint32], edges: Floats, boxes: Floats
) -> tuple[Floats, Floats, Floats, npt.NDArray[np.int8]]:
    """Font size, baseline, angle and weight of each character, asked where a run of equal boxes begins."""
    count = len(codes)
    em, angle = np.ones(count, np.float32), np.zeros(count, np.float32)
    origin, weights = np.zeros((count, 2), np.float32), np.zeros(count, np.int8)
    seen = np.flatnonzero(np.isfinite(edges[:, 0]))
    if len(seen) == 0:
        return em, origin, angle, weights
    near = np.abs(np.diff(edges[seen], axis=0)) < 0.02
    same = (near[:, 1] & near[:, 3]) | (near[:, 0] & near[:, 2])
    same &= np.diff(seen) <= 2  # a line end is two characters long, a space one
    starts = np.flatnonzero(np.concatenate([[True], ~same]))
    ends = np.concatenate([starts[1:], [len(seen)]])
    firsts = seen.tolist()
    spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
    runs: list[tuple[int, int, float, float, float, float]] = []  # where it begins; weight, em, angle, origin
    name, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    matrix = raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    looks: dict[tuple[bytes, int], int] = {}

    def weight(at: int) -> int:
        size = raw.FPDFText_GetFontInfo(text, at, name, 256, flags)
        font = (name.value if 0 < size <= 256 else b"", flags.value)
        if font not in looks or not font[0]:
            looks[font] = _weight(*font, raw.FPDFText_GetFontWeight(text, at))
        return looks[font]

    unsure = False
    while spans:
        first, end = spans.pop()
        head, tail = firsts[first], firsts[end - 1]
        look = weight(head)
        if end - first > 1 and weight(tail) != look:
            low, high = first, end - 1  # the weight changes after low, at high or before
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if weight(firsts[middle]) == look else (low, middle)
            spans.append((high, end))
            end, tail = high, firsts[high - 1]
        unsure |= raw.FPDFText_HasUnicodeMapError(text, head) == 1
        unsure |= tail != head and raw.FPDFText_HasUnicodeMapError(text, tail) == 1
        size = float(raw.FPDFText_GetFontSize(text, head))
        turn = 0.0
        if raw.FPDFText_GetMatrix(text, head, matrix):
            size *= math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
            turn = -math.degrees(math.atan2(matrix.b, matrix.a)) + 90.0 * frame.turns
        x0, y0, x1, y1 = boxes[head].tolist()
        upright = abs(math.sin(math.radians(turn))) < 0.5
        height = y1 - y0 if upright else x1 - x0
        if not (math.isfinite(size) and height / 4 < size < height * 3):
            size = max(0.5, height / 1.15)
        across, down = x0, y1 - 0.2 * height
        if raw.FPDFText_GetCharOrigin(text, head, x, y):
            across, down = frame.points(x.value, y.value)
        runs.append((head, look, size, turn % 360.0, across, down))
    runs.sort()
    heads = np.array([run[0] for run in runs])
    lengths = np.diff(np.append(heads, count))
    facts = np.repeat(np.array([run[1:] for run in runs], np.float32), lengths, axis=0)
    weights[heads[0] :] = facts[:, 0]
    em[heads[0] :], angle[heads[0] :], origin[heads[0] :] = facts[:, 1], facts[:, 2], facts[:, 3:]
    if unsure:
        # Where a font says nothing, pdfium passes on the bare code; an ASCII one is most often right.
        for at in np.flatnonzero(codes > 126).tolist():
            if raw.FPDFText_HasUnicodeMapError(text, at) == 1:
                codes[at] = 0
    return em, origin, angle, weights


def _weight(name: bytes, flags: int, weight: int) -> int:
    """What a font looks like: 0 normal, 1 italic, 2 bold."""
    lower = name.lower()
    if _BOLD_NAME.search(lower) or flags & _FORCE_BOLD:
        return 2
    if 700 <= weight <= 1000:  # above, pdfium made it up from a wrong entry
        return 2
    return 1 if flags & _ITALIC or b"italic" in lower or b"oblique" in lower else 0
