"""Hostile pictures through the product's reader: each ends with a reason or a picture, in time and memory.

    python -m tests.benchmarks hostile_images [--only PART-OF-A-NAME]

Makes bombs, pictures that are cut off or go by a wrong name, animations, other colours and depths in a
temporary folder; each is opened, read, given to be recognised and shown by a reader of its own. It fails
when one takes more than 20 s or its reader more than 1 GB, or when an error is not meant for people.
"""

from __future__ import annotations

import argparse
import io
import struct
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from assistant.documents.indexing.reader_client import DocumentReader, new_reader
from assistant.documents.records import WHOLE_PAGE
from assistant.errors import DocumentError
from assistant.jobs import CancelToken
from tests.benchmarks.robustness import MemoryWatch

MOST_SECONDS = 20.0
MOST_BYTES = 1_000_000_000
BOMB = 30_000


def png(side: int, bits: int, colour: int, channels: int, more: bytes = b"") -> bytes:
    """A black PNG, packed as small as it goes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + side * bits * channels // 8)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, bits, colour, 0, 0, 0)
    extra = chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(100_000_000), 9)) if more else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pieces() -> bytes:
    """A PNG with millions of empty notes."""
    whole = saved(Image.new("L", (50, 50)), "PNG")
    at = whole.index(b"IDAT") - 4
    note = struct.pack(">I", 3) + b"tEXta\0b" + struct.pack(">I", zlib.crc32(b"tEXta\0b"))
    return whole[:at] + note * 3_000_000 + whole[at:]


def passes() -> bytes:
    """A JPEG whose last pass comes thousands of times."""
    whole = saved(Image.new("L", (4_000, 4_000)), "JPEG", progressive=True)
    return whole[:-2] + whole[whole.rindex(b"\xff\xda") : -2] * 3_000 + whole[-2:]


def notes() -> bytes:
    """A JPEG behind a hundred millions of bytes that say how it was taken."""
    whole = saved(Image.new("L", (50, 50)), "JPEG")
    note = b"\xff\xe1" + struct.pack(">H", 65_535) + b"Exif\0\0" + bytes(65_527)
    return whole[:2] + note * 2_000 + whole[2:]


def tile() -> bytes:
    """A small TIFF in one enormous tile."""
    packer = zlib.compressobj(9)
    row = bytes(BOMB)
    data = b"".join(packer.compress(row) for _ in range(BOMB)) + packer.flush()
    tags = {256: 100, 257: 100, 258: 8, 259: 8, 262: 1, 277: 1, 322: BOMB, 323: BOMB, 324: 8, 325: len(data)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return (
        b"II*\0" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(tags)) + entries + bytes(4)
    )


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)  # type: ignore[arg-type]
    return file.getvalue()


def pictures() -> Iterator[tuple[str, Callable[[], bytes]]]:
    plain, noise = (
        (lambda side, mode="RGB": Image.new(mode, (side, side))),
        Image.effect_noise((400, 300), 80),
    )
    frames = [Image.new("L", (50, 50), shade) for shade in range(255)]
    many = {"save_all": True, "append_images": frames[1:]}
    yield "bomb, colours.png", lambda: png(BOMB, 8, 2, 3)
    yield "bomb, one bit.png", lambda: png(BOMB, 1, 0, 1)
    yield "bomb.jpg", lambda: saved(plain(BOMB, "L"), "JPEG", quality=5)
    yield "bomb, progressive.jpg", lambda: saved(plain(BOMB, "L"), "JPEG", quality=5, progressive=True)
    yield "bomb.gif", lambda: saved(plain(BOMB, "L"), "GIF")
    yield "bomb.tif", lambda: saved(plain(BOMB, "L"), "TIFF", compression="tiff_lzw")
    yield "bomb.webp", lambda: saved(plain(16_383, "RGB"), "WEBP", lossless=True, method=0)
    yield "bomb beside the picture.png", lambda: png(100, 8, 0, 1, b"more")
    yield "pieces.png", pieces
    yield "passes.jpg", passes
    yield "notes.jpg", notes
    yield "tile.tif", tile
    yield "just allowed.png", lambda: png(17_000, 8, 0, 1)
    yield "just allowed, alpha.png", lambda: png(7_000, 8, 6, 4)
    yield "just allowed, 16 bit.png", lambda: png(7_000, 16, 0, 1)
    yield "just allowed, CMYK.tif", lambda: saved(plain(7_000, "CMYK"), "TIFF", compression="tiff_lzw")
    yield "just allowed, CMYK.jpg", lambda: saved(plain(7_000, "CMYK"), "JPEG")
    yield "just allowed.webp", lambda: saved(plain(5_400), "WEBP", lossless=True, method=0)
    yield "animated.gif", lambda: saved(frames[0], "GIF", **many)
    yield "animated.webp", lambda: saved(frames[0], "WEBP", **many)
    yield "many pages.tif", lambda: saved(frames[0], "TIFF", **many)
    for form, suffix in (("PNG", "png"), ("JPEG", "jpg"), ("TIFF", "tif"), ("GIF", "gif"), ("WEBP", "webp")):
        content = saved(noise, form)
        yield f"cut off.{suffix}", lambda content=content: content[: len(content) // 2]
        yield f"{suffix} by a wrong name.txt", lambda content=content: content
    yield "a text by a wrong name.png", lambda: b"only words"
    yield "nothing behind its head.heic", lambda: bytes([0, 0, 0, 24]) + b"ftypheic" + bytes(4000)


def look(reader: DocumentReader, path: Path) -> str:
    """How it ended."""
    token = CancelToken()
    size = path.stat().st_size
    try:
        opened = reader.open(str(path), size, None, token)
        parts = list(reader.parts(str(path), size, opened, 1, None, token))
        picture = reader.part_picture(str(path), 1, WHOLE_PAGE, None, token)
        shown = reader.picture(str(path), 1, 800, None, token)
    except DocumentError as error:
        return error.message
    return f"{len(parts)} pages, {picture.width} × {picture.height}, shown {shown.width} wide"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", metavar="PART", help="pictures with this in their name")
    only: str = parser.parse_args().only
    faults = 0
    print(f"{'seconds':>8} {'MB':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for name, make in pictures():
            if only not in name:
                continue
            path = Path(folder) / name
            path.write_bytes(make())
            worker = new_reader("reader")
            watch = MemoryWatch(worker)
            begun = time.perf_counter()
            ending = look(DocumentReader(worker), path)
            seconds, memory = time.perf_counter() - begun, watch.peak
            watch.close()
            worker.stop()
            path.unlink()
            fault = seconds > MOST_SECONDS or memory > MOST_BYTES
            faults += fault
            print(
                f"{seconds:8.1f} {memory / 1e6:6.0f}  {'FAULT ' if fault else ''}{name}: {ending}", flush=True
            )
    print(f"{faults} took more than {MOST_SECONDS:.0f} s or {MOST_BYTES / 1e9:.0f} GB")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
