"""The only file that imports Pillow and pi_heif: pictures that other people made, as pixels.

How large a picture is stands in its header, so what it costs to decode is known and refused before it is
done. Pixels come upright, eight bits each, on an opaque ground; of an animation the first picture.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
import pi_heif

# Pillow would import its readers of all formats at the first picture whose reader is not here.
from PIL import Image, ImageFile, TiffImagePlugin
from PIL import WebPImagePlugin as WebPImagePlugin

from assistant.errors import AssistantError, DocumentGone, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.file_head import head_and_size, image_kind
from assistant.file_reading.picture import Picture, is_grey

ImageSource: TypeAlias = Path | bytes

MAX_PIXELS = 20_000_000
"""A picture of more pixels comes smaller, such as a plan on A0."""
MAX_DECODED_BYTES = 600_000_000
"""A picture that takes more memory while it is decoded is refused: a page on A0 at 300 dpi takes 560 MB."""
MAX_DECODED_PIXELS = 300_000_000
"""So is one of more pixels, which would take too long: A1 at 600 dpi has 279 million."""
MAX_WHOLE_PIXELS = 2_000_000_000
"""A JPEG file of more is refused, though its decoder makes it smaller by itself: it looks at all of them, in
each pass that the picture comes in."""
MAX_HEAD_BYTES = 20_000_000
"""Of a JPEG file, before its picture: Pillow joins what stands there piece by piece."""
MAX_FILE_BYTES = 250_000_000
"""Of a HEIC or WebP file, which is read into memory as a whole; one of a camera has a few millions."""
MAX_PAGES = 5_000
"""Of one TIFF file."""
MAX_READS = 1_000_000
"""So often Pillow may read from a file: one made of millions of tiny pieces would keep it for minutes."""

_DECODER_BYTES = {"WEBP": 16, "HEIF": 8}
"""What a format's decoder needs for a pixel beside the picture itself."""
_PROGRESSIVE_BYTES = 6
"""For a pixel of a JPEG that comes in several passes: all of its coefficients are held at once."""
_PASS = 2
"""So much longer than looking at a picture at once takes one pass of several."""
_MODE_BYTES = {"L": 1, "1": 2, "RGB": 4, "RGBX": 4, "CMYK": 8, "YCbCr": 8, "P": 9}
"""For a pixel as Pillow holds it, and while it is made grey or RGB; in other modes `_MOST_MODE_BYTES`."""
_MOST_MODE_BYTES = 12
_PAPER_DPI = (100.0, 2400.0)
"""Only within these a file's own word is believed: cameras and screens write 72 or 96 on everything."""
_MOST_UNEVEN = 4
"""So much finer a fax may be across than down."""
_SCREEN_DPI = 96.0
_LONG_SIDE_INCHES = 842 / 72
"""A picture that does not say how large it is counts as at most a sheet of A4."""
_MOST_NARROW = 100
"""So many times longer one side may be than the other: some models refuse pictures that are mere lines."""
_ORIENTATION, _SUBFILE = 0x0112, 254
_TILE_WIDTH, _TILE_HEIGHT = 322, 323
"""A tile is decoded as a whole, however little of it belongs to the picture."""
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What a camera's mark of how it was held asks for."""

# Sizes are checked here; Pillow's own check would warn of scans that are merely large.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class ImagePage:
    """A picture in a file: upright and with square pixels, as it will be once it is decoded."""

    width: int
    height: int
    dpi: float

    @property
    def size(self) -> tuple[float, float]:
        """Of the page that it is shown as, in points."""
        return self.width * 72 / self.dpi, self.height * 72 / self.dpi


def image_pages(source: ImageSource) -> tuple[ImagePage, ...]:
    """The pictures in a file: the pages of a TIFF, one in every other format.

    Raises UnreadableDocument, DocumentGone, AccessDenied, and UnsupportedFormat for what is no picture that
    can be read.
    """
    with _opened(source) as image:
        return tuple(_page(image) for _ in _frames(image))


def image_pixels(source: ImageSource, page: int = 1, most_pixels: int = MAX_PIXELS) -> Picture:
    """A picture, counted from 1 as `image_pages` does, made smaller where it has more than `most_pixels`.

    Raises like `image_pages`.
    """
    with _opened(source) as image:
        _go_to(image, page)
        shown = _page(image)
        flat = _decoded(image, shown, most_pixels)
        if flat.mode == "RGB" and _looks_grey(flat):
            flat = flat.convert("L")
        channels = 1 if flat.mode == "L" else 3
        dpi = shown.dpi * flat.width / shown.width
        return Picture(flat.width, flat.height, channels, flat.tobytes(), dpi)


def save_upright(source: ImageSource, output: Path, longest_side: int) -> tuple[int, int]:
    """Writes a picture anew, with nothing else that its file held, and returns its width and height.

    The suffix of `output` says as what: ".png", or else JPEG. Raises like `image_pages`, and OSError.
    """
    with _opened(source) as image:
        flat = _decoded(image, _page(image), MAX_PIXELS)
    flat.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    least = math.ceil(max(flat.size) / _MOST_NARROW)
    bare = Image.new(flat.mode, (max(flat.width, least), max(flat.height, least)), "white")
    bare.paste(flat)
    if output.suffix.lower() == ".png":
        bare.save(output, "PNG")
    else:
        bare.save(output, "JPEG", quality=90)
    return bare.size


def jpeg(picture: Picture, quality: int = 85) -> bytes:
    """A picture as a JPEG file."""
    buffer = io.BytesIO()
    mode = "L" if picture.channels == 1 else "RGB"
    image = Image.frombytes(mode, (picture.width, picture.height), picture.pixels)
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


# --- opening -----------------------------------------------------------------------------------------


class _File(io.BufferedReader):
    """A file that gives up after `MAX_READS`, or so many bytes."""

    _reads = 0
    bytes_left = math.inf

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self._reads += 1
        self.bytes_left -= len(found)
        if self._reads > MAX_READS or self.bytes_left < 0:
            raise UnreadableDocument("picture-damaged")
        return found


@contextmanager
def _opened(source: ImageSource) -> Iterator[Image.Image]:
    """An open picture, not decoded; what is wrong with it comes as UnreadableDocument."""
    if isinstance(source, Path):
        head_and_size(source)  # a pipe would be waited for
    try:
        raw = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb", buffering=0)
    except FileNotFoundError as error:
        raise DocumentGone("file-gone") from error
    with _File(raw) as file:
        try:
            yield _image(file)
        except (AssistantError, MemoryError):
            raise
        except Exception as error:  # damaged pictures make Pillow raise almost anything
            cut = "truncated" in str(error).lower()
            raise UnreadableDocument("picture-cut-off" if cut else "picture-damaged") from error


def _image(file: _File) -> Image.Image:
    kind = image_kind(file.read(32))
    if kind in ("heic", "webp") and file.seek(0, io.SEEK_END) > MAX_FILE_BYTES:
        raise UnreadableDocument("picture-damaged")
    file.seek(0)
    if kind == "heic":
        return cast(Image.Image, pi_heif.HeifImageFile(file))
    if not kind:
        raise UnsupportedFormat("picture-format-unknown")
    if kind == "jpeg":
        file.bytes_left = MAX_HEAD_BYTES
    image = Image.open(file, formats=(kind.upper(),))
    file.bytes_left = math.inf
    return image


def _frames(image: Image.Image) -> Iterator[None]:
    """Goes from page to page of a TIFF, but for the small ones that stand for others."""
    yield
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return
    for number in range(1, MAX_PAGES):
        try:
            image.seek(number)
        except EOFError:
            return
        if not int(image.tag_v2.get(_SUBFILE, 0)) & 1:
            yield


def _go_to(image: Image.Image, page: int) -> None:
    for number, _ in enumerate(_frames(image), start=1):
        if number == page:
            return
    raise UnreadableDocument("no-such-page", page=page, pages=number)


def _page(image: Image.Image) -> ImagePage:
    width, height = image.size
    across, down = _resolution(image)
    if across != down:
        finer = max(across, down)
        width, height, across = round(width * finer / across), round(height * finer / down), finer
    if _orientation(image) > 4:
        width, height = height, width
    return ImagePage(width, height, across or max(_SCREEN_DPI, max(width, height) / _LONG_SIDE_INCHES))


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Pixels for an inch, across and down, as the file says; 0 where that is not to be believed."""
    try:
        across, down = (float(each) for each in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    low, high = _PAPER_DPI
    if not low <= max(across, down) <= high or min(across, down) * _MOST_UNEVEN < max(across, down):
        return 0.0, 0.0
    return across, down


def _orientation(image: Image.Image) -> int:
    """How a camera was held, as its mark says: 1 is upright. Pillow and libheif turn TIFF and HEIC."""
    if image.format in ("TIFF", "HEIF"):
        return 1
    if image.format == "PNG" and "exif" not in image.info:
        return 1  # Pillow would decode all of it, to look for the mark behind the pixels
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # what stands beside a picture may be damaged while the picture is whole
        return 1
    return found if found in _UPRIGHT else 1


# --- decoding ----------------------------------------------------------------------------------------


def _decoded(image: Image.Image, shown: ImagePage, most_pixels: int) -> Image.Image:
    """The picture as `shown`, grey or RGB, smaller where it has more than `most_pixels`."""
    orientation = _orientation(image)
    scale = min(1.0, math.sqrt(most_pixels / max(1, shown.width * shown.height)))
    size = max(1, round(shown.width * scale)), max(1, round(shown.height * scale))
    if orientation > 4:
        size = size[1], size[0]
    whole = image.size
    if scale < 1 and image.format in ("JPEG", "MPO"):
        image.draft(None, size)  # the decoder of JPEG makes it smaller by itself
    _refuse_costly(image, whole)
    flat = _flat(image)
    if flat.size != size:
        flat = flat.resize(size, Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BICUBIC)
    return flat.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else flat


def _refuse_costly(image: Image.Image, whole: tuple[int, int]) -> None:
    """`whole`: width and height of the picture in its file."""
    bytes_each = _MODE_BYTES.get(image.mode, _MOST_MODE_BYTES) + _DECODER_BYTES.get(image.format or "", 0)
    pixels = image.width * image.height
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        tile = int(image.tag_v2.get(_TILE_WIDTH, 0)), int(image.tag_v2.get(_TILE_HEIGHT, 0))
        if tile[0] * tile[1] > pixels:
            pixels, whole = tile[0] * tile[1], tile
    needed, seen = pixels * bytes_each, whole[0] * whole[1]
    if image.info.get("progressive"):
        needed += seen * _PROGRESSIVE_BYTES
    if needed > MAX_DECODED_BYTES or pixels > MAX_DECODED_PIXELS or seen > MAX_WHOLE_PIXELS:
        raise UnreadableDocument("picture-too-large", width=whole[0], height=whole[1])
    if seen * _passes(image) * _PASS > MAX_WHOLE_PIXELS:
        raise UnreadableDocument("picture-damaged")


def _passes(image: Image.Image) -> int:
    """In how many a JPEG file comes, where there are several: as many marks of their beginnings."""
    file = image.fp if isinstance(image, ImageFile.ImageFile) else None
    if file is None or not image.info.get("progressive"):
        return 0
    here = file.tell()
    file.seek(0)
    blocks = iter(lambda: file.read(1 << 20), b"")
    count = sum(block.count(b"\xff\xda") for block in blocks)
    file.seek(here)
    return count


def _flat(image: Image.Image) -> Image.Image:
    """Eight bits, grey or RGB, opaque."""
    image.load()
    if image.mode in ("L", "RGB"):
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bits(image)
    if image.has_transparency_data:
        return _on_ground(image.convert("RGBA"))
    return image.convert("L" if image.mode == "1" else "RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """From deeper grey: Pillow would cut off what is brighter than 255."""
    values = np.asarray(image)
    low, high = min(0.0, float(values.min())), float(values.max())
    if not math.isfinite(high - low) or high <= low:
        return Image.new("L", image.size, 255)
    return Image.fromarray(np.multiply(values - low, 255 / (high - low), dtype=np.float32).astype(np.uint8))


def _on_ground(image: Image.Image) -> Image.Image:
    """On white, or on black where what is drawn is bright."""
    small = np.asarray(_small(image, 200))
    solid = small[small[:, :, 3] > 128][:, :3]
    clear = float((small[:, :, 3] <= 128).mean())
    bright = clear > 0.3 and len(solid) > 0 and float(solid.mean()) > 160
    ground = Image.new("RGB", image.size, (0, 0, 0) if bright else (255, 255, 255))
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _looks_grey(image: Image.Image) -> bool:
    return is_grey(np.asarray(_small(image, 400)))


def _small(image: Image.Image, side: int) -> Image.Image:
    return image.resize((min(image.width, side), min(image.height, side)), Image.Resampling.BOX)
