"""What lies on a PDF's page beside its text: values of form fields, notes, links, files pinned to it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assistant.documents.formats.pdf.attachments import AttachedFile, read_attachment, utf16
from assistant.documents.formats.pdf.page_coordinates import Frame
from assistant.documents.formats.pdf.pdfium import raw
from assistant.documents.formats.shared.symbol_fonts import EMPTY, TICKED
from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.documents.records import Box

MAX_ANNOTATIONS = 5_000
"""Of one page; what follows them is not read."""
MAX_VALUE_CHARACTERS = 20_000
"""A longer value is not read."""
_NOTES = frozenset(
    {
        raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_LINE, raw.FPDF_ANNOT_SQUARE, raw.FPDF_ANNOT_CIRCLE,
        raw.FPDF_ANNOT_POLYGON, raw.FPDF_ANNOT_POLYLINE, raw.FPDF_ANNOT_CARET, raw.FPDF_ANNOT_INK,
        raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_REDACT,
    }
)  # fmt: skip
"""Kinds of annotations whose content is a note."""
_MARKUPS = frozenset(
    {
        raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE, raw.FPDF_ANNOT_SQUIGGLY, raw.FPDF_ANNOT_STRIKEOUT,
    }
)  # fmt: skip
"""Kinds that mark words of the page, and may say something of them."""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What is filled in at a place of a form, or typed onto the page."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageNote:
    """What a person has written on the page for its readers."""

    text: str
    author: str
    box: Box
    marked: tuple[Box, ...] = ()
    """Where the words stand that the note speaks of."""


@dataclass(frozen=True, slots=True)
class PageLink:
    address: str
    box: Box


@dataclass(slots=True)
class Annotations:
    fields: list[FieldValue] = field(default_factory=list)
    notes: list[PageNote] = field(default_factory=list)
    links: list[PageLink] = field(default_factory=list)
    struck: list[Box] = field(default_factory=list)
    """Where words are struck out."""
    files: list[AttachedFile] = field(default_factory=list)


def read_annotations(document: Any, page: Any, form: Any, frame: Frame) -> Annotations:
    """What lies on an open page; `form`: the document's form, None where it has none."""
    found = Annotations()
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            hidden = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
            if not raw.FPDFAnnot_GetFlags(annotation) & hidden:
                _read(document, annotation, form, frame, found)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return found


def _read(document: Any, annotation: Any, form: Any, frame: Frame, found: Annotations) -> None:
    kind = raw.FPDFAnnot_GetSubtype(annotation)
    box = _box(annotation, frame)
    if box is None:
        return
    if kind == raw.FPDF_ANNOT_WIDGET:
        text = _value(form, annotation) if form else ""
        if text.strip():
            found.fields.append(FieldValue(text, box))
    elif kind == raw.FPDF_ANNOT_FREETEXT:
        text = _entry(annotation, b"Contents")
        if text.strip():
            found.fields.append(FieldValue(text, box))
    elif kind == raw.FPDF_ANNOT_LINK:
        address = _address(document, annotation)
        if address:
            found.links.append(PageLink(address, box))
    elif kind == raw.FPDF_ANNOT_FILEATTACHMENT:
        file = read_attachment(raw.FPDFAnnot_GetFileAttachment(annotation))
        if file is not None:
            found.files.append(file)
    elif kind in _NOTES or kind in _MARKUPS:
        marked = _marked(annotation, frame) if kind in _MARKUPS else ()
        if kind == raw.FPDF_ANNOT_STRIKEOUT:
            found.struck.extend(marked)
        # An answer that only sets a state ("Accepted") is no word of a person.
        text = "" if _entry(annotation, b"State") else one_line(_entry(annotation, b"Contents"))
        if text:
            found.notes.append(PageNote(text, one_line(_entry(annotation, b"T")), box, marked))


def _box(annotation: Any, frame: Frame) -> Box | None:
    rectangle = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(annotation, rectangle):
        return None
    return _displayed(frame, rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)


def _displayed(frame: Frame, *edges: float) -> Box | None:
    box = frame.boxes(np.array([edges], np.float32))[0]
    if not np.isfinite(box).all():
        return None
    x0, y0, x1, y1 = box.tolist()
    return x0, y0, x1, y1


def _marked(annotation: Any, frame: Frame) -> tuple[Box, ...]:
    """The boxes that a marking covers, one for each line."""
    found: list[Box] = []
    points = raw.FS_QUADPOINTSF()
    for at in range(min(raw.FPDFAnnot_CountAttachmentPoints(annotation), 200)):
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, at, points):
            across = (points.x1, points.x2, points.x3, points.x4)
            up = (points.y1, points.y2, points.y3, points.y4)
            box = _displayed(frame, min(across), min(up), max(across), max(up))
            if box is not None:
                found.append(box)
    return tuple(found)


def _address(document: Any, annotation: Any) -> str:
    """Where a link leads out of the document."""
    link = raw.FPDFAnnot_GetLink(annotation)
    action = raw.FPDFLink_GetAction(link) if link else None
    if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
        return ""
    size = raw.FPDFAction_GetURIPath(document, action, None, 0)
    if not 1 < size < 4096:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAction_GetURIPath(document, action, buffer, size)
    return buffer.raw[:size].rstrip(b"\0").decode("utf-8", "replace")


def _value(form: Any, annotation: Any) -> str:
    """What a person filled in; nothing for buttons, signatures and passwords."""
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        # The state that is drawn; pdfium's own answer needs a page that is open for filling in.
        return EMPTY if _entry(annotation, b"AS") in ("", "Off") else TICKED
    if kind in (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        chosen = [
            utf16(lambda *to, at=at: raw.FPDFAnnot_GetOptionLabel(form, annotation, at, *to))
            for at in range(min(max(0, raw.FPDFAnnot_GetOptionCount(form, annotation)), 500))
            if raw.FPDFAnnot_IsOptionSelected(form, annotation, at)
        ]
        if any(chosen):
            return ", ".join(filter(None, chosen))
        return _string(lambda *to: raw.FPDFAnnot_GetFormFieldValue(form, annotation, *to))
    if kind != raw.FPDF_FORMFIELD_TEXTFIELD:
        return ""
    flags = raw.FPDFAnnot_GetFormFieldFlags(form, annotation)
    if flags & raw.FPDF_FORMFLAG_TEXT_PASSWORD:
        return ""
    return _string(lambda *to: raw.FPDFAnnot_GetFormFieldValue(form, annotation, *to))


def _entry(annotation: Any, key: bytes) -> str:
    return _string(lambda *to: raw.FPDFAnnot_GetStringValue(annotation, key, *to))


def _string(ask: Callable[..., int]) -> str:
    return utf16(ask, MAX_VALUE_CHARACTERS)
