"""Files that are attached to a PDF, as pdfium hands them out."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.documents.formats.attachments import MAX_ATTACHMENT_BYTES
from assistant.documents.formats.pdf.pdfium import raw
from assistant.documents.formats.shared.text_cleaning import one_line

MAX_FILES = 100
"""Files attached to one document that are read."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    name: str
    content: bytes | None
    """None where it is too large or damaged."""


def attached_count(document: Any) -> int:
    return min(max(0, int(raw.FPDFDoc_GetAttachmentCount(document))), MAX_FILES)


def attached_file(document: Any, index: int) -> AttachedFile | None:
    """A file attached to the document as a whole."""
    return read_attachment(raw.FPDFDoc_GetAttachment(document, index))


def read_attachment(attachment: Any) -> AttachedFile | None:
    """None where there is no such file."""
    if not attachment:
        return None
    name = one_line(utf16(lambda *to: raw.FPDFAttachment_GetName(attachment, *to)))
    name = name.replace("\\", "/").rpartition("/")[2] or "attachment"
    size = ctypes.c_ulong()
    if not raw.FPDFAttachment_GetFile(attachment, None, 0, size) or size.value > MAX_ATTACHMENT_BYTES:
        return AttachedFile(name, None)
    buffer = ctypes.create_string_buffer(max(1, size.value))
    if not raw.FPDFAttachment_GetFile(attachment, buffer, size.value, size):
        return AttachedFile(name, None)
    return AttachedFile(name, buffer.raw[: size.value])


def utf16(ask: Callable[..., int], most: int = 1_000) -> str:
    """The UTF-16 text that a pdfium function writes into a buffer once told its size in bytes."""
    size = ask(None, 0)
    if not 2 < size <= 2 * most:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    ask(buffer, size)
    return bytes(buffer)[:size].decode("utf-16-le", "ignore").rstrip("\0")
