"""A copy of a scan whose recognised words can be searched and copied: invisible text over its pictures."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from assistant import atomic_write
from assistant.documents.formats.pdf.glyphless_font import font_file, glyphs_of, to_unicode
from assistant.documents.formats.pdf.page_coordinates import Frame
from assistant.documents.formats.pdf.pdf_file import frame_of, load_document, loaded_page
from assistant.documents.formats.pdf.pdfium import LOCK, raw
from assistant.documents.formats.pdf.text_layer import PlacedWord, placed_words
from assistant.documents.records import WordOnPage
from assistant.errors import DiskFull, StorageError, UnreadableDocument
from assistant.file_reading import images
from assistant.file_reading.images import image_pages, image_pixels
from assistant.file_reading.picture import Picture

_FEW_TONES = 16
"""A grey picture with no more of them is kept as it is; JPEG would blur it and be larger."""
_JPEG_QUALITY = 90

Words = Mapping[int, Sequence[WordOnPage]]
"""The words of each page, counted from 1, in reading order."""


def searchable_pdf(
    path: Path, password: str | None, output: Path, words: Words, done: Callable[[int], None]
) -> None:
    """Writes a copy of a PDF to `output`; its pages stay as they are, those of `words` can be searched.

    `done` is told each page that was finished, and may raise to stop. Raises DocumentError and StorageError.
    """
    with _open(lambda: load_document(path, password)) as document:
        _add_words(document, words, done)
        _save(document, output)


def searchable_images(path: Path, output: Path, words: Words, done: Callable[[int], None]) -> None:
    """Writes a PDF of the pictures in an image file to `output`, as `searchable_pdf` does."""
    pages = image_pages(path)
    with _open(raw.FPDF_CreateNewDocument) as document:
        for number, page in enumerate(pages, start=1):
            _append(document, number - 1, _with_picture(page.size, image_pixels(path, number)))
            done(number)
        _add_words(document, words, done)
        _save(document, output)


@contextmanager
def _open(load: Callable[[], Any]) -> Iterator[Any]:
    with LOCK:  # not for longer: a copy takes minutes, and pages are drawn and read meanwhile
        document = load()
    try:
        yield document
    finally:
        with LOCK:
            raw.FPDF_CloseDocument(document)


# --- text ------------------------------------------------------------------------------------------------


def _add_words(document: Any, words: Words, done: Callable[[int], None]) -> None:
    characters = sorted({character for each in words.values() for word in each for character in word.text})
    font = _Font(document, characters)
    try:
        for number in sorted(words):
            with LOCK, loaded_page(document, number - 1) as page:
                _remove_unseen_text(page)
                frame = frame_of(page)
                for word in placed_words(words[number]):
                    font.write(page, frame, word)
                if not raw.FPDFPage_GenerateContent(page):
                    raise UnreadableDocument("page-damaged")
            done(number)
    finally:
        font.close()


class _Font:
    """The characters that a document needs, and text objects made of them."""

    def __init__(self, document: Any, characters: Sequence[str]) -> None:
        known = ["\0", *characters]  # 0 stands for what is missing
        self._document = document
        self._codes = {character: code for code, character in enumerate(known)}
        file, glyphs = _buffer(font_file()), _buffer(glyphs_of(known))
        with LOCK:
            self._font = raw.FPDFText_LoadCidType2Font(
                document, file, len(file), to_unicode(known), glyphs, len(glyphs)
            )

    def write(self, page: Any, frame: Frame, word: PlacedWord) -> None:
        item = raw.FPDFPageObj_CreateTextObj(self._document, self._font, 1.0)
        codes = [self._codes[character] for character in word.text]
        raw.FPDFText_SetCharcodes(item, (ctypes.c_uint * len(codes))(*codes), len(codes))
        raw.FPDFTextObj_SetTextRenderMode(item, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
        x, y = frame.page_points(*word.origin)
        (along_x, along_y), (up_x, up_y) = (frame.page_vector(*each) for each in (word.along, word.up))
        raw.FPDFPageObj_SetMatrix(item, raw.FS_MATRIX(along_x, along_y, up_x, up_y, x, y))
        raw.FPDFPage_InsertObject(page, item)

    def close(self) -> None:
        with LOCK:
            raw.FPDFFont_Close(self._font)


def _remove_unseen_text(page: Any) -> None:
    """What another program recognised before; twice the same words would be found twice."""
    for at in reversed(range(raw.FPDFPage_CountObjects(page))):
        item = raw.FPDFPage_GetObject(page, at)
        if (
            raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_TEXT
            and raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
            and raw.FPDFPage_RemoveObject(page, item)
        ):
            raw.FPDFPageObj_Destroy(item)


# --- pictures --------------------------------------------------------------------------------------------


def _append(document: Any, index: int, page: bytes) -> None:
    buffer = _buffer(page)
    with LOCK, _open(lambda: raw.FPDF_LoadMemDocument64(buffer, len(page), None)) as source:
        if not raw.FPDF_ImportPages(document, source, None, index):
            raise UnreadableDocument("copy-not-made")


def _with_picture(size: tuple[float, float], found: Picture) -> bytes:
    """A PDF of one page: pdfium holds all pixels of a picture until it is saved, and hundreds do not fit."""
    few_tones = found.channels == 1 and _tones(found.pixels) <= _FEW_TONES
    jpeg = None if few_tones else images.jpeg(found, _JPEG_QUALITY)
    file = io.BytesIO()
    with LOCK, _open(raw.FPDF_CreateNewDocument) as document:
        _add_picture(document, size, found, jpeg)
        _write(document, file)
    return file.getvalue()


def _add_picture(document: Any, size: tuple[float, float], found: Picture, jpeg: bytes | None) -> None:
    """As JPEG, or where there is none, as it is: it is grey then."""
    page = raw.FPDFPage_New(document, 0, *size)
    try:
        item = raw.FPDFPageObj_NewImageObj(document)
        if jpeg is None:
            _set_grey(item, found)
        else:
            _set_jpeg(item, jpeg)
        raw.FPDFPageObj_SetMatrix(item, raw.FS_MATRIX(size[0], 0, 0, size[1], 0, 0))
        raw.FPDFPage_InsertObject(page, item)
        raw.FPDFPage_GenerateContent(page)
    finally:
        raw.FPDF_ClosePage(page)


def _tones(pixels: bytes) -> int:
    return int(np.count_nonzero(np.bincount(np.frombuffer(pixels, np.uint8), minlength=256)))


def _set_grey(item: Any, found: Picture) -> None:
    buffer = _buffer(found.pixels)
    bitmap = raw.FPDFBitmap_CreateEx(found.width, found.height, raw.FPDFBitmap_Gray, buffer, found.width)
    try:
        raw.FPDFImageObj_SetBitmap(None, 0, item, bitmap)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)


def _set_jpeg(item: Any, content: bytes) -> None:
    def read(_: Any, position: int, to: Any, size: int) -> int:
        ctypes.memmove(to, content[position : position + size], size)
        return 1

    function = type(raw.FPDF_FILEACCESS().m_GetBlock)(read)
    access = raw.FPDF_FILEACCESS(m_FileLen=len(content), m_GetBlock=function)
    raw.FPDFImageObj_LoadJpegFileInline(None, 0, item, access)


# --- saving ----------------------------------------------------------------------------------------------


def _save(document: Any, output: Path) -> None:
    try:
        with LOCK:
            atomic_write.write_by(output, lambda file: _write(document, file))
    except OSError as error:
        if atomic_write.disk_is_full(error):
            raise DiskFull("copy-disk-full", name=output.name) from error
        raise StorageError("copy-not-written", name=output.name, why=error.strerror or str(error)) from error


def _write(document: Any, file: BinaryIO) -> None:
    problems: list[OSError] = []

    def write(_: Any, data: Any, size: int) -> int:
        try:
            file.write(ctypes.string_at(data, size))
        except OSError as error:  # pdfium's C code lies between here and whoever can catch it
            problems.append(error)
            return 0
        return 1

    function = type(raw.FPDF_FILEWRITE().WriteBlock)(write)
    written = raw.FPDF_SaveAsCopy(document, raw.FPDF_FILEWRITE(version=1, WriteBlock=function), 0)
    if problems:
        raise problems[0]
    if not written:
        raise UnreadableDocument("copy-not-made")


def _buffer(content: bytes) -> Any:
    return (ctypes.c_ubyte * len(content)).from_buffer_copy(content)
