"""What is filled into the forms of a PDF's page, and written on it in notes."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.documents.formats.pdf.page_coordinates import Frame
from assistant.documents.formats.pdf.pdfium import raw

MAX_ANNOTATIONS = 5_000
"""Of one page; what follows them is not read."""
MAX_VALUE_CHARACTERS = 20_000
"""A longer value is not read."""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What is filled in at a place of a form, or written in a note on the page."""

    text: str
    box: tuple[float, float, float, float]


def read_fields(page: Any, form: Any, frame: Frame) -> Iterator[FieldValue]:
    """The values on an open page; `form`: the document's form, None where it has none."""
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetFlags(annotation) & (raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW):
                continue
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            if kind == raw.FPDF_ANNOT_WIDGET and form:
                text = _value(form, annotation)
            elif kind == raw.FPDF_ANNOT_FREETEXT:
                text = _string(lambda *at, of=annotation: raw.FPDFAnnot_GetStringValue(of, b"Contents", *at))
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


def _value(form: Any, annotation: Any) -> str:
    """What a person filled in; nothing for buttons, signatures and passwords."""
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return "☒" if raw.FPDFAnnot_IsChecked(form, annotation) else ""
    if kind not in (
        raw.FPDF_FORMFIELD_TEXTFIELD,
        raw.FPDF_FORMFIELD_COMBOBOX,
        raw.FPDF_FORMFIELD_LISTBOX,
    ):
        return ""
    if kind == raw.FPDF_FORMFIELD_TEXTFIELD:
        flags = raw.FPDFAnnot_GetFormFieldFlags(form, annotation)
        if flags & raw.FPDF_FORMFLAG_TEXT_PASSWORD:
            return ""
    return _string(lambda *at: raw.FPDFAnnot_GetFormFieldValue(form, annotation, *at))


def _string(ask: Callable[..., int]) -> str:
    """The UTF-16 text that a pdfium function writes into a buffer once told its size in bytes."""
    size = ask(None, 0)
    if not 2 < size <= 2 * MAX_VALUE_CHARACTERS:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    ask(buffer, size)
    return bytes(buffer)[:size].decode("utf-16-le", "ignore").rstrip("\0")
