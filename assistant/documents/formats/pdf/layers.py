"""Layers of a PDF's page (optional content): what is on one that is switched off is no text of the page.

pdfium does not tell which layers are off, but it draws none of them: a layer whose objects leave the picture
of the page as it is, whether they are there or not, is not seen.
"""

from __future__ import annotations

import ctypes
import math
from typing import Any

from assistant.documents.formats.pdf.page_coordinates import Frame
from assistant.documents.formats.pdf.pdfium import raw

MAX_OBJECTS = 20_000
"""Objects of a page that are looked at."""
MAX_LAYERS = 24
"""Layers of a document that are tried; further ones are taken as seen."""
_PIXELS = 600_000
"""Of the pictures that are compared."""


class Layers:
    """Knows of each layer of a document whether it is seen, once one of its pages has shown it."""

    def __init__(self) -> None:
        self._seen: dict[str, bool] = {}

    def hide_switched_off(self, page: Any, frame: Frame) -> None:
        """Takes the objects of layers that are not seen out of an open page, until it is closed."""
        found: dict[str, list[Any]] = {}
        for at in range(min(raw.FPDFPage_CountObjects(page), MAX_OBJECTS)):
            item = raw.FPDFPage_GetObject(page, at)
            if raw.FPDFPageObj_CountMarks(item) > 0 and _may_be_seen(item):
                layer = _layer_of(item)
                if layer:
                    found.setdefault(layer, []).append(item)
        for layer, items in found.items():
            if layer not in self._seen and len(self._seen) < MAX_LAYERS:
                self._seen[layer] = _leaves_ink(page, frame, items)
            if not self._seen.get(layer, True):
                _switch(items, on=False)


def _may_be_seen(item: Any) -> bool:
    """Whether an object is text that is drawn; that of a scan lies unseen under its picture, on purpose."""
    kind = raw.FPDFPageObj_GetType(item)
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        return bool(raw.FPDFTextObj_GetTextRenderMode(item) != raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    return bool(kind == raw.FPDF_PAGEOBJ_FORM)


def _layer_of(item: Any) -> str:
    """The name of the layer that an object of a page belongs to, "" for none."""
    for at in range(raw.FPDFPageObj_CountMarks(item)):
        mark = raw.FPDFPageObj_GetMark(item, at)
        if _string(lambda *to, of=mark: raw.FPDFPageObjMark_GetName(of, *to)) != "OC":
            continue
        name = _string(lambda *to, of=mark: raw.FPDFPageObjMark_GetParamStringValue(of, b"Name", *to))
        return name or f"{ctypes.addressof(mark.contents):x}"  # one that depends on others has no name
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
