"""Layers of a PDF's page (optional content): what is on one that is switched off is no text of the page.

pdfium does not tell which layers are off, but it draws none of them: a layer whose objects leave the picture
of the page as it is, whether they are there or not, is not seen.
"""

from __future__ import annotations

import ctypes
import itertools
import math
import mmap
import re
import zlib
from pathlib import Path
from typing import Any

from assistant.documents.formats.pdf.page_coordinates import Frame
from assistant.documents.formats.pdf.pdfium import address, kinds_of_objects, marks_of, object_at, raw

MAX_OBJECTS = 20_000
"""Objects of a page that are looked at."""
MAX_LAYERS = 24
"""Layers of a document that are tried; further ones are taken as seen."""
_UNNAMED = "\0"
"""Before what stands for a layer whose name is not known; it is tried on each page anew."""
_PACKED = re.compile(rb"/ObjStm\b[^>]{0,400}>>\s*stream\r?\n")
_MAX_PACKED = 100
_BLOCK = 1 << 20
_PIXELS = 600_000
"""Of the pictures that are compared."""


def may_have_layers(path: Path) -> bool:
    """Whether a file speaks of layers, or in a way that cannot be looked through here."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(b"/Encrypt") >= 0 or content.find(b"/OCProperties") >= 0:
            return True
        packed = [one.end() for one in itertools.islice(_PACKED.finditer(content), _MAX_PACKED + 1)]
        return len(packed) > _MAX_PACKED or any(
            b"/OCProperties" in _unpacked(content[start : start + _BLOCK]) for start in packed
        )


def _unpacked(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, 4 * _BLOCK)
    except zlib.error:
        return b""


class Layers:
    """Knows of each layer of a document whether it is seen, once one of its pages has shown it."""

    def __init__(self, path: Path) -> None:
        self._any = may_have_layers(path)
        self._tried = 0
        self._seen: dict[str, bool] = {}

    def hide_switched_off(self, page: Any, frame: Frame) -> None:
        """Takes the objects of layers that are not seen out of an open page, until it is closed."""
        if not self._any:
            return
        found: dict[str, list[Any]] = {}
        handle = address(page)
        for at, kind in enumerate(kinds_of_objects(page, MAX_OBJECTS)):
            if kind not in (raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_FORM):
                continue
            marked = marks_of(object_at(handle, at)) > 0
            if not marked and kind == raw.FPDF_PAGEOBJ_TEXT:
                continue
            item = raw.FPDFPage_GetObject(page, at)
            if kind == raw.FPDF_PAGEOBJ_TEXT and _is_unseen(item):
                continue
            layer = _layer_of(item) if marked else ""
            if layer:
                found.setdefault(layer, []).append(item)
            elif kind == raw.FPDF_PAGEOBJ_FORM:
                found[f"{_UNNAMED}{at}"] = [item]  # it may name a layer itself, which pdfium does not tell
        for layer, items in found.items():
            seen = self._seen.get(layer)
            if seen is None:
                self._tried += 1
                seen = self._tried > MAX_LAYERS or _leaves_ink(page, frame, items)
                if not layer.startswith(_UNNAMED):
                    self._seen[layer] = seen
            if not seen:
                _switch(items, on=False)


def _is_unseen(item: Any) -> bool:
    """Whether a text is not drawn: that of a scan lies unseen under its picture, on purpose."""
    return bool(raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_INVISIBLE)


def _layer_of(item: Any) -> str:
    """The name of the layer that an object of a page belongs to, "" for none."""
    for at in range(raw.FPDFPageObj_CountMarks(item)):
        mark = raw.FPDFPageObj_GetMark(item, at)
        if _string(lambda *to, of=mark: raw.FPDFPageObjMark_GetName(of, *to)) != "OC":
            continue
        name = _string(lambda *to, of=mark: raw.FPDFPageObjMark_GetParamStringValue(of, b"Name", *to))
        return name or f"{_UNNAMED}{ctypes.addressof(mark.contents):x}"  # it depends on other layers
    return ""


def _string(ask: Any) -> str:
    buffer, size = (ctypes.c_ushort * 128)(), ctypes.c_ulong()
    if not ask(buffer, 256, size) or size.value > 256:
        return ""
    return bytes(buffer)[: size.value].decode("utf-16-le", "ignore").rstrip("\0")


def _leaves_ink(page: Any, frame: Frame, items: list[Any]) -> bool:
    before = _picture(page, frame)
    _switch(items, on=False)
    after = _picture(page, frame)
    _switch(items, on=True)
    return before != after


def _switch(items: list[Any], *, on: bool) -> None:
    for item in items:
        raw.FPDFPageObj_SetIsActive(item, on)


def _picture(page: Any, frame: Frame) -> bytes:
    scale = math.sqrt(_PIXELS / (frame.width * frame.height))
    width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    buffer = (ctypes.c_ubyte * (width * height * 4))()
    bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGRx, buffer, width * 4)
    if not bitmap:
        return b""
    try:
        raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, 0)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)
    return bytes(buffer)
