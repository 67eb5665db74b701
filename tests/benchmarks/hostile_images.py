"""Hostile pictures through the product's reader: each ends with a reason or a picture, in time and memory.

    python -m tests.benchmarks hostile_images [--only PART-OF-A-NAME]

Makes bombs, pictures that are cut off or go by a wrong name, animations, other colours and depths in a
temporary folder; each is opened, read, given to be recognised and shown by a reader of its own. It fails
when one takes more than 20 s or its reader more than 1 GB, or when an error is not meant for people.
"""

from __future__ import annotations

import argparse
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
from tests.hostile_pictures import (
    encoded,
    in_a_tile,
    png,
    png_chunk,
    with_chunks,
    with_notes,
    with_passes,
)

MOST_SECONDS = 20.0
MOST_BYTES = 1_000_000_000
BOMB = 30_000


def square(side: int, bits: int, colour: int, channels: int, before: bytes = b"") -> bytes:
    """A black PNG, packed as small as it goes."""
    return png(
        side, side, rows(1 + side * bits * channels // 8, side), bits=bits, colour=colour, before=before
    )


def rows(length: int, count: int) -> bytes:
    """Zeros, packed."""
    packer = zlib.compressobj(9)
    row = bytes(length)
    return b"".join(packer.compress(row) for _ in range(count)) + packer.flush()


def large_note() -> bytes:
    return png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(100_000_000), 9))


def pictures() -> Iterator[tuple[str, Callable[[], bytes]]]:
    plain, noise = (
        (lambda side, mode="RGB": Image.new(mode, (side, side))),
        Image.effect_noise((400, 300), 80),
    )
    small = Image.new("L", (50, 50))
    frames = [Image.new("L", (50, 50), shade) for shade in range(255)]
    many = {"save_all": True, "append_images": frames[1:]}
    yield "bomb, colours.png", lambda: square(BOMB, 8, 2, 3)
    yield "bomb, one bit.png", lambda: square(BOMB, 1, 0, 1)
    yield "bomb.jpg", lambda: encoded(plain(BOMB, "L"), "JPEG", quality=5)
    yield "bomb, progressive.jpg", lambda: encoded(plain(BOMB, "L"), "JPEG", quality=5, progressive=True)
    yield "bomb.gif", lambda: encoded(plain(BOMB, "L"), "GIF")
    yield "bomb.tif", lambda: encoded(plain(BOMB, "L"), "TIFF", compression="tiff_lzw")
    yield "bomb.webp", lambda: encoded(plain(16_383, "RGB"), "WEBP", lossless=True, method=0)
    yield "bomb beside the picture.png", lambda: square(100, 8, 0, 1, large_note())
    yield "pieces.png", lambda: with_chunks(encoded(small, "PNG"), b"tEXt", b"a\0b", 3_000_000)
    yield "passes.jpg", lambda: with_passes(encoded(plain(4_000, "L"), "JPEG", progressive=True), 3_000)
    yield "notes.jpg", lambda: with_notes(encoded(small, "JPEG"), 2_000)
    yield "tile.tif", lambda: in_a_tile(BOMB, rows(BOMB, BOMB))
    yield "just allowed.png", lambda: square(17_000, 8, 0, 1)
    yield "just allowed, alpha.png", lambda: square(7_000, 8, 6, 4)
    yield "just allowed, 16 bit.png", lambda: square(7_000, 16, 0, 1)
    yield "just allowed, CMYK.tif", lambda: encoded(plain(7_000, "CMYK"), "TIFF", compression="tiff_lzw")
    yield "just allowed, CMYK.jpg", lambda: encoded(plain(7_000, "CMYK"), "JPEG")
    yield "just allowed.webp", lambda: encoded(plain(5_400), "WEBP", lossless=True, method=0)
    yield "animated.gif", lambda: encoded(frames[0], "GIF", **many)
    yield "animated.webp", lambda: encoded(frames[0], "WEBP", **many)
    yield "many pages.tif", lambda: encoded(frames[0], "TIFF", **many)
    for form, suffix in (("PNG", "png"), ("JPEG", "jpg"), ("TIFF", "tif"), ("GIF", "gif"), ("WEBP", "webp")):
        content = encoded(noise, form)
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
