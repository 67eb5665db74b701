"""The beginning of a file, by which its format is told."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from assistant.errors import AccessDenied, DocumentGone, UnreadableDocument, UnsupportedFormat

_HEAD_BYTES = 8192
"""How much of a file is looked at."""
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins compound files (MS-CFB): Office until 2003, Outlook messages, locked Office files of today."""

_IMAGE_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def image_kind(head: bytes) -> str:
    """What kind of picture a file with this beginning is; "" for none that can be read."""
    for signature, kind in _IMAGE_SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heic"
    # Two letters are little: the sizes of the header and of what follows tell the picture from a text.
    if head.startswith(b"BM") and head[6:10] == bytes(4) and head[14:18] in _BMP_HEADERS:
        return "bmp"
    return ""


_BMP_HEADERS = frozenset(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))


def head_and_size(path: Path) -> tuple[bytes, int]:
    """The first bytes and the size of a regular file.

    Raises:
        UnsupportedFormat: it is no regular file.
        DocumentGone, AccessDenied, UnreadableDocument: it cannot be read.
    """
    try:
        status = os.stat(path)
        _refuse_device(status)
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES), status.st_size
    except FileNotFoundError as error:
        raise DocumentGone("file-not-there", name=path.name) from error
    except PermissionError as error:
        raise AccessDenied("file-forbidden", name=path.name) from error
    except OSError as error:
        raise UnreadableDocument("file-read-error", why=error.strerror or str(error)) from error
    except ValueError as error:  # a NUL in the name
        raise DocumentGone("file-name-impossible") from error


def refuse_device(path: Path) -> None:
    """
    Raises:
        UnsupportedFormat: it is no regular file.
        OSError, ValueError: it cannot be looked at.
    """
    _refuse_device(os.stat(path))


def _refuse_device(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        # A pipe or a device would wait for ever or never end.
        raise UnsupportedFormat("not-a-file")
