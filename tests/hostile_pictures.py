"""Pictures that only claim to be small or whole: what nobody should have to wait or make room for."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, packed: bytes, *, bits: int = 8, colour: int = 2, before: bytes = b""
) -> bytes:
    """A PNG that claims a size.

    Args:
        packed: its pixels, however few.
        colour: 0 for grey, 2 for colours, 6 for colours on nothing.
        before: chunks that stand before the pixels.
    """
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + before + png_chunk(b"IDAT", packed) + png_chunk(b"IEND", b"")


def with_chunks(whole: bytes, kind: bytes, data: bytes, count: int) -> bytes:
    """A PNG with as many more chunks before its pixels."""
    at = whole.index(b"IDAT") - 4
    return whole[:at] + png_chunk(kind, data) * count + whole[at:]


def with_passes(whole: bytes, count: int) -> bytes:
    """A progressive JPEG whose last pass comes as often again."""
    return whole[:-2] + whole[whole.rindex(b"\xff\xda") : -2] * count + whole[-2:]


def with_notes(whole: bytes, count: int) -> bytes:
    """A JPEG behind as many notes of 64 kB that say how it was taken."""
    return (
        whole[:2]
        + (b"\xff\xe1" + struct.pack(">H", 65_535) + b"Exif\0\0" + bytes(65_527)) * count
        + whole[2:]
    )


def in_a_tile(side: int, packed: bytes) -> bytes:
    """A TIFF of 100 × 100 pixels in one tile, whose sides are so long."""
    tags = {
        256: 100,
        257: 100,
        258: 8,
        259: 8,
        262: 1,
        277: 1,
        322: side,
        323: side,
        324: 8,
        325: len(packed),
    }
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    start = b"II*\0" + struct.pack("<I", 8 + len(packed))
    return start + packed + struct.pack("<H", len(tags)) + entries + bytes(4)
