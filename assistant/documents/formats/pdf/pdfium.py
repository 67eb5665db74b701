"""The only file that touches pdfium: open a PDF, hand out a page's characters as arrays, draw a page.

pdfium is not thread-safe, so one lock guards every call of the process. Handles are closed by hand and never
by the garbage collector, which may run on any thread. A hostile file can still bring pdfium down with the
whole process (deep recursion, for one) or keep it busy for ever: that is why it is read in a process of its
own, under limits that the parent enforces.
"""

from __future__ import annotations

import ctypes
import math
import os
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pypdfium2  # noqa: F401  (starts the library, and stops it at the end of the process)
import pypdfium2.raw as raw

from assistant.documents.formats.pdf.page_coordinates import Frame
from assistant.errors import PasswordRequired, UnreadableDocument, UnsupportedFormat

Floats = npt.NDArray[np.float32]

LOCK: Final = threading.RLock()

MAX_WIDTH_PX: Final = 4000
MAX_PIXELS: Final = 24_000_000
MAX_PAGES: Final = 100_000
"""More pages than any real file."""

_BELIEVED: Final = 2_000
"""A page tree that claims no more pages is not looked at more closely."""

_MAX_CHARACTERS: Final = 400_000
"""Of one page. The densest real pages have 20,000; beyond this a page is an attack or not text."""

_MAX_WIDGETS: Final = 5_000
_MAX_VALUE: Final = 20_000
_HYPHEN_MARKS: Final = (0x02, 0xFFFE)
"""pdfium puts these for a hyphen at the end of a line."""


def _address(function: Any) -> int:
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return address


# Called once a character: a prototype of bare numbers that keeps the interpreter lock costs half as much.
_loose_box: Callable[[int, int, int], int] = ctypes.PYFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)(_address(raw.FPDFText_GetLooseCharBox))
_unicode: Callable[[int, int], int] = ctypes.PYFUNCTYPE(ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)(
    _address(raw.FPDFText_GetUnicode)
)


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


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What is filled in at a place of a form, or written in a note on the page."""

    text: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False, slots=True)
class PageText:
    width: float
    height: float
    glyphs: Glyphs
    fields: tuple[FieldValue, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Bitmap:
    width: int
    height: int
    scale: float
    pixels: bytes


class PdfFile:
    """An open PDF. Every method may be called from any thread; pages count from 0."""

    def __init__(self, path: Path, password: str | None) -> None:
        self._form: Any = None
        self._form_info: Any = None
        with LOCK:
            self._document = _load(path, password)
            try:
                # The form must be set up before anything else is asked of the document.
                if raw.FPDF_GetFormType(self._document) != raw.FORMTYPE_NONE:
                    self._form_info = raw.FPDF_FORMFILLINFO(version=2)
                    self._form = raw.FPDFDOC_InitFormFillEnvironment(self._document, self._form_info)
                self.claimed_pages = max(0, int(raw.FPDF_GetPageCount(self._document)))
                self.pages = self._count_pages()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        with LOCK:
            form, self._form = self._form, None
            document, self._document = self._document, None
            if form:
                raw.FPDFDOC_ExitFormFillEnvironment(form)
            if document:
                raw.FPDF_CloseDocument(document)

    def metadata(self, name: str) -> str:
        """An entry of the document's information, such as Title; empty where there is none."""
        with LOCK:
            key = name.encode()
            size = raw.FPDF_GetMetaText(self._document, key, None, 0)
            if not 2 < size < 65_536:
                return ""
            buffer = ctypes.create_string_buffer(size)
            raw.FPDF_GetMetaText(self._document, key, buffer, size)
            return buffer.raw[:size].decode("utf-16-le", "ignore").rstrip("\0")

    def read(self, index: int) -> PageText:
        """The characters and the filled-in fields of a page. Raises UnreadableDocument."""
        with LOCK, self._page(index) as page:
            frame = _frame(page)
            glyphs = _glyphs(page, frame)
            return PageText(frame.width, frame.height, glyphs, tuple(self._fields(page, frame)))

    def has_marks(self, index: int) -> bool:
        """Whether something can be seen on a page: a picture, a drawing. Raises UnreadableDocument."""
        with LOCK, self._page(index) as page:
            if _shows_picture(page):
                return True
            if raw.FPDFPage_CountObjects(page) <= 0 and raw.FPDFPage_GetAnnotCount(page) <= 0:
                return False
            picture = self._draw(page, 200)
            pixels = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width, 4)
            ink = pixels[:, :, :3].min(axis=2) < 245
            # A line across an empty page says nothing.
            return int(ink.any(axis=0).sum()) > 2 and int(ink.any(axis=1).sum()) > 2

    def render(self, index: int, width_px: int) -> Bitmap:
        """The page as displayed, `width_px` wide unless that is too large. Raises UnreadableDocument."""
        with LOCK, self._page(index) as page:
            return self._draw(page, width_px)

    def to_pixels(self, index: int, width_px: int, height_px: int, x: float, y: float) -> tuple[int, int]:
        """Where pdfium itself puts a point of the page's own space in a picture of that size."""
        with LOCK, self._page(index) as page:
            across, down = ctypes.c_int(), ctypes.c_int()
            raw.FPDF_PageToDevice(page, 0, 0, width_px, height_px, 0, x, y, across, down)
            return across.value, down.value

    @contextmanager
    def _page(self, index: int) -> Iterator[Any]:
        if self._document is None:
            raise UnreadableDocument("document-closed")
        page = raw.FPDF_LoadPage(self._document, index)
        if not page:
            raise UnreadableDocument("page-damaged")
        try:
            yield page
        finally:
            raw.FPDF_ClosePage(page)

    def _count_pages(self) -> int:
        """How many pages there are; a damaged page tree can claim many more."""
        pages = min(self.claimed_pages, MAX_PAGES)
        if pages <= _BELIEVED or any(self._exists(pages - 1 - back) for back in range(20)):
            return pages
        low, high = 0, pages  # page low may exist, page high does not
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._exists(middle) else (low, middle)
        return high

    def _exists(self, index: int) -> bool:
        page = raw.FPDF_LoadPage(self._document, index)
        if page:
            raw.FPDF_ClosePage(page)
        return bool(page)

    def _draw(self, page: Any, width_px: int) -> Bitmap:
        frame = _frame(page)
        scale = min(
            max(1, min(width_px, MAX_WIDTH_PX)) / frame.width,
            math.sqrt(MAX_PIXELS / (frame.width * frame.height)),
            4 * MAX_WIDTH_PX / frame.height,
        )
        width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
        buffer = (ctypes.c_ubyte * (width * height * 4))()
        bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGRx, buffer, width * 4)
        if not bitmap:
            raise UnreadableDocument("page-not-drawn")
        try:
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
            flags = raw.FPDF_ANNOT
            raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
            if self._form:
                raw.FPDF_FFLDraw(self._form, bitmap, page, 0, 0, width, height, 0, flags)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)
        return Bitmap(width, height, width / frame.width, bytes(buffer))

    def _fields(self, page: Any, frame: Frame) -> Iterator[FieldValue]:
        for number in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_WIDGETS)):
            annotation = raw.FPDFPage_GetAnnot(page, number)
            if not annotation:
                continue
            try:
                if raw.FPDFAnnot_GetFlags(annotation) & (
                    raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
                ):
                    continue
                kind = raw.FPDFAnnot_GetSubtype(annotation)
                if kind == raw.FPDF_ANNOT_WIDGET and self._form:
                    text = self._value(annotation)
                elif kind == raw.FPDF_ANNOT_FREETEXT:
                    text = _string(
                        lambda *at, of=annotation: raw.FPDFAnnot_GetStringValue(of, b"Contents", *at)
                    )
                else:
                    continue
                rectangle = raw.FS_RECTF()
                if text.strip() and raw.FPDFAnnot_GetRect(annotation, rectangle):
                    edges = [rectangle.left, rectangle.bottom, rectangle.right, rectangle.top]
                    box = frame.boxes(np.array([edges], np.float32))[0]
                    if np.isfinite(box).all():
                        yield FieldValue(text, tuple(float(edge) for edge in box))  # type: ignore[arg-type]
            finally:
                raw.FPDFPage_CloseAnnot(annotation)

    def _value(self, annotation: Any) -> str:
        """What a person filled in; nothing for buttons, signatures and passwords."""
        kind = raw.FPDFAnnot_GetFormFieldType(self._form, annotation)
        if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
            return "☒" if raw.FPDFAnnot_IsChecked(self._form, annotation) else ""
        if kind not in (
            raw.FPDF_FORMFIELD_TEXTFIELD,
            raw.FPDF_FORMFIELD_COMBOBOX,
            raw.FPDF_FORMFIELD_LISTBOX,
        ):
            return ""
        if kind == raw.FPDF_FORMFIELD_TEXTFIELD:
            flags = raw.FPDFAnnot_GetFormFieldFlags(self._form, annotation)
            if flags & raw.FPDF_FORMFLAG_TEXT_PASSWORD:
                return ""
        return _string(lambda *at: raw.FPDFAnnot_GetFormFieldValue(self._form, annotation, *at))


def _load(path: Path, password: str | None) -> Any:
    name = os.fsencode(path)
    tries: list[str | None] = [None] if not password else [password, None]
    error = 0
    for attempt in tries:
        document = raw.FPDF_LoadDocument(
            name, attempt.encode("utf-8", "surrogateescape") if attempt else None
        )
        if document:
            return document
        error = int(raw.FPDF_GetLastError())
        if error != raw.FPDF_ERR_PASSWORD:
            break
    if error == raw.FPDF_ERR_PASSWORD:
        if password:
            raise PasswordRequired("pdf-password-wrong", wrong=True)
        raise PasswordRequired("pdf-locked", wrong=False)
    if error == raw.FPDF_ERR_SECURITY:
        raise UnsupportedFormat("pdf-lock-unknown")
    # pdfium does not say whether the file is missing, forbidden or damaged; the system does.
    path.open("rb").close()
    raise UnreadableDocument("pdf-damaged")


def _frame(page: Any) -> Frame:
    box = raw.FS_RECTF()
    if not raw.FPDF_GetPageBoundingBox(page, box):
        raise UnreadableDocument("page-without-size")
    edges = (box.left, box.bottom, box.right, box.top)
    if not all(map(math.isfinite, edges)) or box.right - box.left < 0.1 or box.top - box.bottom < 0.1:
        raise UnreadableDocument("page-of-odd-size")
    return Frame(*edges, turns=int(raw.FPDFPage_GetRotation(page)) % 4)


def _glyphs(page: Any, frame: Frame) -> Glyphs:
    text = raw.FPDFText_LoadPage(page)
    if not text:
        raise UnreadableDocument("page-text-damaged")
    try:
        count = min(max(0, int(raw.FPDFText_CountChars(text))), _MAX_CHARACTERS)
        handle = _address(text)
        codes = _codes(text, handle, count)
        codes = _with_marks(text, codes)
        edges = np.full((count, 4), np.nan, np.float32)  # FS_RECTF: left, top, right, bottom
        start = edges.ctypes.data
        deque(map(_loose_box, repeat(handle), range(count), range(start, start + 16 * count, 16)), maxlen=0)
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
        codes = np.fromiter(map(_unicode, repeat(handle), range(count)), np.uint32, count)
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


_ITALIC, _FORCE_BOLD = 1 << 6, 1 << 18
_BOLD_NAME = re.compile(rb"bold|black|heavy|[-,.]bd?$")


def _shows_picture(page: Any) -> bool:
    """Whether a picture is among the page's objects, also inside its forms."""
    todo = [(raw.FPDFPage_GetObject(page, at), 0) for at in range(min(raw.FPDFPage_CountObjects(page), 2000))]
    while todo:
        item, depth = todo.pop()
        kind = raw.FPDFPageObj_GetType(item) if item else 0
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            return True
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < 4:
            inner = min(raw.FPDFFormObj_CountObjects(item), 200)
            todo.extend((raw.FPDFFormObj_GetObject(item, at), depth + 1) for at in range(max(0, inner)))
    return False


def _string(ask: Callable[..., int]) -> str:
    """The UTF-16 text that a pdfium function writes into a buffer once told its size in bytes."""
    size = ask(None, 0)
    if not 2 < size <= 2 * _MAX_VALUE:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    ask(buffer, size)
    return bytes(buffer)[:size].decode("utf-16-le", "ignore").rstrip("\0")
