"""An open PDF: its pages, what is on each, and pictures of them."""

from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.documents.formats.pdf.annotations import Annotations, read_annotations
from assistant.documents.formats.pdf.attachments import AttachedFile, attached_count, attached_file, utf16
from assistant.documents.formats.pdf.bookmarks import bookmarks
from assistant.documents.formats.pdf.layers import Layers
from assistant.documents.formats.pdf.page_coordinates import Frame
from assistant.documents.formats.pdf.page_glyphs import Glyphs, read_glyphs
from assistant.documents.formats.pdf.pdfium import (
    LOCK,
    address,
    bounds_of,
    kinds_of_objects,
    object_at,
    raw,
)
from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.documents.formats.shared.text_likeness import may_show_text
from assistant.documents.records import Box
from assistant.documents.viewer_records import OutlineEntry
from assistant.errors import PasswordRequired, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.picture import Picture, Pixels, is_grey

MAX_WIDTH_PX = 4000
"""A picture is never wider."""
MAX_PIXELS = 24_000_000
"""A picture of more pixels is drawn smaller."""
MAX_PAGES = 100_000
"""More pages than any real file."""
MAX_FORM_BYTES = 32 << 20
"""A larger form of Adobe's programs is not read."""
MAX_RULES = 5_000
"""Drawn lines of a page that are looked at."""
MAX_TEXTS = 20_000
"""Pieces of text that are taken off a page to see what is below them."""
_SCAN_SHARE = 0.7
"""Pictures cover so much of a page that is a scan."""
_LOOKED_AT = 800_000
"""So many pixels of a page tell whether there may be text on it."""
_DPI = (200.0, 300.0)
"""What a page is drawn with to be recognised: as its picture has, within these."""
_BELIEVED_PAGES = 2_000
"""A page tree that claims no more pages is not looked at more closely."""


@dataclass(frozen=True, eq=False, slots=True)
class PageText:
    width: float
    height: float
    glyphs: Glyphs
    lying: Annotations
    """What lies on the page beside its text."""
    rules: list[Box]
    """Thin lines that are drawn from left to right."""


@dataclass(frozen=True, eq=False, slots=True)
class Bitmap:
    width: int
    height: int
    scale: float
    pixels: bytes

    def array(self) -> Pixels:
        """Rows, columns, and blue, green, red with a fourth byte; to be read only."""
        return np.frombuffer(self.pixels, np.uint8).reshape(self.height, self.width, 4)


class PdfFile:
    """An open PDF. Every method may be called from any thread; pages count from 0."""

    def __init__(self, path: Path, password: str | None) -> None:
        self._form: Any = None
        self._form_info: Any = None
        with LOCK:
            self._document = load_document(path, password)
            try:
                self._layers = Layers(path)
                # The form must be set up before anything else is asked of the document.
                if raw.FPDF_GetFormType(self._document) != raw.FORMTYPE_NONE:
                    self._form_info = raw.FPDF_FORMFILLINFO(version=2)
                    self._form = raw.FPDFDOC_InitFormFillEnvironment(self._document, self._form_info)
                self.only_for_adobe = raw.FPDF_GetFormType(self._document) == raw.FORMTYPE_XFA_FULL
                """Its page is a stand-in for a form that pdfium cannot show."""
                self.attached = attached_count(self._document)
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

    def page_label(self, index: int) -> str:
        """What a page is called in the document, such as "iii"; "" where that is not said."""
        with LOCK:
            return one_line(utf16(lambda *to: raw.FPDF_GetPageLabel(self._document, index, *to), 60))

    def page_size(self, index: int) -> tuple[float, float]:
        """Width and height of a page as displayed, in points; those of US Letter where it is damaged."""
        size = raw.FS_SIZEF()
        with LOCK:
            found = raw.FPDF_GetPageSizeByIndexF(self._document, index, size)
        usable = found and all(math.isfinite(side) and side >= 0.1 for side in (size.width, size.height))
        return (size.width, size.height) if usable else (612.0, 792.0)

    def bookmarks(self) -> tuple[OutlineEntry, ...]:
        with LOCK:
            return bookmarks(self._document, self.pages)

    def attached_file(self, index: int) -> AttachedFile | None:
        """A file attached to the document, of those that `attached` counts."""
        with LOCK:
            return attached_file(self._document, index)

    def form_data(self) -> bytes:
        """The XML of a form of Adobe's programs, b"" where there is none or it is too large."""
        with LOCK:
            pieces = []
            size = ctypes.c_ulong()
            for at in range(min(max(0, raw.FPDF_GetXFAPacketCount(self._document)), 50)):
                raw.FPDF_GetXFAPacketContent(self._document, at, None, 0, size)
                if size.value > MAX_FORM_BYTES:
                    return b""
                buffer = ctypes.create_string_buffer(max(1, size.value))
                raw.FPDF_GetXFAPacketContent(self._document, at, buffer, size.value, size)
                pieces.append(buffer.raw[: size.value])
            return b"".join(pieces)

    def read(self, index: int) -> PageText:
        """What is on a page. Raises UnreadableDocument."""
        with LOCK, self._page(index) as page:
            frame = frame_of(page)
            self._layers.hide_switched_off(page, frame)
            glyphs = read_glyphs(page, frame)
            lying = read_annotations(self._document, page, self._form, frame)
            return PageText(frame.width, frame.height, glyphs, lying, _rules(page, frame))

    def has_marks(self, index: int) -> bool:
        """Whether something can be seen on a page: a picture, a drawing. Raises UnreadableDocument."""
        with LOCK, self._page(index) as page:
            if _shows_picture(page):
                return True
            if raw.FPDFPage_CountObjects(page) <= 0 and raw.FPDFPage_GetAnnotCount(page) <= 0:
                return False
            ink = self._draw(page, 200).array()[:, :, :3].min(axis=2) < 245
            # A line across an empty page says nothing.
            return int(ink.any(axis=0).sum()) > 2 and int(ink.any(axis=1).sum()) > 2

    def is_scan(self, index: int) -> bool:
        """Whether a page is a picture that may show text, but for what is written over it.

        Raises UnreadableDocument.
        """
        with LOCK, self._page(index) as page:
            frame = frame_of(page)
            if _picture_share(page, frame) < _SCAN_SHARE:
                return False
            for at, kind in enumerate(kinds_of_objects(page, MAX_TEXTS)):
                if kind == raw.FPDF_PAGEOBJ_TEXT:
                    raw.FPDFPageObj_SetIsActive(raw.FPDFPage_GetObject(page, at), False)
            drawn = self._draw(page, round(frame.width * math.sqrt(_LOOKED_AT / frame.width / frame.height)))
        return may_show_text(drawn.array()[:, :, 1])

    def picture(self, index: int) -> Picture:
        """The page as displayed, as fine as the picture on it is. Raises UnreadableDocument."""
        with LOCK, self._page(index) as page:
            drawn = self._draw(page, round(frame_of(page).width * _fitting_dpi(page) / 72))
        pixels = drawn.array()
        kept = pixels[:, :, 1] if is_grey(pixels[::3, ::3, :3]) else pixels[:, :, 2::-1]
        return Picture.of(kept, drawn.scale * 72)

    def render(self, index: int, width_px: int) -> Bitmap:
        """The page as displayed, `width_px` wide unless that is too large. Raises UnreadableDocument."""
        with LOCK, self._page(index) as page:
            return self._draw(page, width_px)

    @contextmanager
    def _page(self, index: int) -> Iterator[Any]:
        if self._document is None:
            raise UnreadableDocument("document-closed")
        with loaded_page(self._document, index) as page:
            yield page

    def _count_pages(self) -> int:
        """How many pages there are; a damaged page tree can claim many more."""
        pages = min(self.claimed_pages, MAX_PAGES)
        if pages <= _BELIEVED_PAGES or any(self._exists(pages - 1 - back) for back in range(20)):
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
        frame = frame_of(page)
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


def load_document(path: Path, password: str | None) -> Any:
    """A document of pdfium, to be closed. Raises PasswordRequired, UnsupportedFormat, UnreadableDocument."""
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


@contextmanager
def loaded_page(document: Any, index: int) -> Iterator[Any]:
    """A page of a document of pdfium, counted from 0. Raises UnreadableDocument."""
    page = raw.FPDF_LoadPage(document, index)
    if not page:
        raise UnreadableDocument("page-damaged")
    try:
        yield page
    finally:
        raw.FPDF_ClosePage(page)


def frame_of(page: Any) -> Frame:
    """How an open page is displayed. Raises UnreadableDocument."""
    box = raw.FS_RECTF()
    if not raw.FPDF_GetPageBoundingBox(page, box):
        raise UnreadableDocument("page-without-size")
    edges = (box.left, box.bottom, box.right, box.top)
    if not all(map(math.isfinite, edges)) or box.right - box.left < 0.1 or box.top - box.bottom < 0.1:
        raise UnreadableDocument("page-of-odd-size")
    return Frame(*edges, turns=int(raw.FPDFPage_GetRotation(page)) % 4)


def _rules(page: Any, frame: Frame) -> list[Box]:
    """The thin lines on a page that run across, such as strike words out."""
    paths = [at for at, kind in enumerate(kinds_of_objects(page, MAX_RULES)) if kind == raw.FPDF_PAGEOBJ_PATH]
    if not paths:
        return []
    found = np.zeros((len(paths), 4), np.float32)  # left, bottom, right, top
    handle, start = address(page), found.ctypes.data
    for row, at in enumerate(paths):
        to = start + 16 * row
        bounds_of(object_at(handle, at), to, to + 4, to + 8, to + 12)
    boxes = frame.boxes(found)
    thin = (boxes[:, 3] - boxes[:, 1] < 2.5) & (boxes[:, 2] - boxes[:, 0] > 4)
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in boxes[thin].tolist()]


def _fitting_dpi(page: Any) -> float:
    """How finely a page has to be drawn to show all of its largest picture."""
    metadata = raw.FPDF_IMAGEOBJ_METADATA()
    largest, found = 0.0, _DPI[1]
    for item in _pictures(page):
        if not raw.FPDFImageObj_GetImageMetadata(item, page, metadata):
            continue
        dpi = max(metadata.horizontal_dpi, metadata.vertical_dpi)
        if not (math.isfinite(dpi) and dpi > 0):
            continue
        area = metadata.width * metadata.height / dpi**2
        if area > largest:
            largest, found = area, dpi
    return min(max(found, _DPI[0]), _DPI[1])


def _picture_share(page: Any, frame: Frame) -> float:
    """How much of a page its pictures cover; more than 1 where they lie over each other."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    covered = 0.0
    for item in _pictures(page):
        if raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            wide = min(right.value, frame.right) - max(left.value, frame.left)
            high = min(top.value, frame.top) - max(bottom.value, frame.bottom)
            covered += max(0.0, wide) * max(0.0, high)
    return covered / (frame.width * frame.height)


def _shows_picture(page: Any) -> bool:
    """Whether a picture is among the page's objects, also inside its forms."""
    return next(_pictures(page, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING), None) is not None


def _pictures(page: Any, *kinds: int) -> Iterator[Any]:
    """The pictures among the page's objects, also inside its forms."""
    todo = [(raw.FPDFPage_GetObject(page, at), 0) for at in range(min(raw.FPDFPage_CountObjects(page), 2000))]
    while todo:
        item, depth = todo.pop()
        kind = raw.FPDFPageObj_GetType(item) if item else 0
        if kind in (kinds or (raw.FPDF_PAGEOBJ_IMAGE,)):
            yield item
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < 4:
            inner = min(raw.FPDFFormObj_CountObjects(item), 200)
            todo.extend((raw.FPDFFormObj_GetObject(item, at), depth + 1) for at in range(max(0, inner)))
