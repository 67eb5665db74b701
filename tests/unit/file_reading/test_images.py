"""Pictures that other people made: upright pixels, whatever their format; hostile ones are refused early."""

from __future__ import annotations

import base64
import os
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant.errors import UnreadableDocument, UnsupportedFormat
from assistant.file_reading import images
from assistant.file_reading.images import image_pages, image_pixels, save_upright
from tests.hostile_pictures import encoded, in_a_tile, png, with_chunks, with_notes, with_passes

FEW = zlib.compress(bytes(1000))
"""Far too few pixels for what a picture claims."""


def picture() -> Image.Image:
    """White, with a black corner at the top left."""
    pixels = np.full((40, 60), 255, np.uint8)
    pixels[:10, :20] = 0
    return Image.fromarray(pixels)


def held(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def black_corner(content: bytes, page: int = 1) -> str:
    """In which corner of the decoded picture it is dark."""
    pixels = image_pixels(content, page).array()
    corners = {"top left": (2, 2), "top right": (2, -3), "bottom left": (-3, 2), "bottom right": (-3, -3)}
    return " and ".join(name for name, place in corners.items() if pixels[place].mean() < 128)


@pytest.mark.parametrize(
    "content",
    [
        encoded(picture(), "PNG"),
        encoded(picture().convert("1"), "PNG"),
        encoded(picture().convert("P"), "GIF"),
        encoded(picture(), "JPEG"),
        encoded(picture(), "JPEG", progressive=True),
        encoded(picture().convert("CMYK"), "JPEG"),
        encoded(picture().convert("CMYK"), "TIFF"),
        encoded(picture().convert("1"), "TIFF", compression="group4"),
        encoded(picture().convert("RGB"), "TIFF", compression="tiff_lzw"),
        encoded(picture().convert("RGB"), "WEBP"),
        encoded(picture(), "BMP"),
        encoded(Image.fromarray(np.asarray(picture()).astype(np.uint16) * 257), "PNG"),
        encoded(Image.fromarray(np.asarray(picture()).astype(np.float32)), "TIFF"),
        encoded(picture(), "GIF", save_all=True, append_images=[Image.new("L", (60, 40), 9)]),
    ],
    ids=lambda content: content[:8].hex(),
)
def test_every_format_gives_the_same_picture(content: bytes) -> None:
    (page,) = image_pages(content)
    assert (page.width, page.height) == (60, 40)
    assert image_pixels(content).channels == 1
    assert black_corner(content) == "top left"


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [
        (1, "top left"), (2, "top right"), (3, "bottom right"), (4, "bottom left"),
        (5, "top left"), (6, "top right"), (7, "bottom right"), (8, "bottom left"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["JPEG", "TIFF", "PNG", "WEBP"])
def test_a_picture_comes_upright_as_the_camera_was_held(form: str, orientation: int, corner: str) -> None:
    content = encoded(picture().convert("RGB"), form, exif=held(orientation))
    (page,) = image_pages(content)
    found = image_pixels(content)
    assert (page.width, page.height) == (found.width, found.height)
    assert (page.width < page.height) == (orientation > 4)
    assert black_corner(content) == corner


HEIC = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUJtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "AA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAFmAAEAAAAAAAAAKQAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEA"
    "AGh2YzEAAAAAwmlwcnAAAACkaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoBggIFlupJKa5uBAQMCAAAADAIAAAAMAhCIAAQAHRAHBcrBiQAAAABRpc3Bl"
    "AAAAAAAAAMAAAACAAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAoMAAAAxbWRhdAAAACUoAa8ZRbz3AeBP//Ry"
    "XF/C/tLm/WlHj9ZXgZSW0suniUipIgI2"
)
"""192 × 128, white with a black corner at the top left, as libheif's heif-enc writes it."""


def test_a_picture_of_a_telephone_is_read() -> None:
    content = base64.b64decode(HEIC)
    (page,) = image_pages(content)
    assert (page.width, page.height) == (192, 128)
    assert black_corner(content) == "top left"


def test_colour_is_kept_where_there_is_any() -> None:
    found = image_pixels(encoded(Image.new("RGB", (8, 8), (200, 30, 30)), "PNG"))
    assert (found.channels, found.pixels[:3]) == (3, bytes([200, 30, 30]))


@pytest.mark.parametrize("ink", [0, 255])
def test_what_is_drawn_on_nothing_stands_out(ink: int) -> None:
    drawn = np.full((40, 60), ink, np.uint8)
    solid = 255 - np.asarray(picture())
    content = encoded(Image.fromarray(np.dstack([drawn, solid]), "LA"), "PNG")
    found = np.frombuffer(image_pixels(content).pixels, np.uint8).reshape(40, 60)
    assert found[2, 2] == ink
    assert found[-3, -3] == 255 - ink


def test_the_pages_of_a_tiff_without_its_thumbnails() -> None:
    small = Image.new("L", (6, 4))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    turned = picture().transpose(Image.Transpose.ROTATE_180)
    content = encoded(picture(), "TIFF", save_all=True, append_images=[small, turned])
    assert [page.width for page in image_pages(content)] == [60, 60]
    assert black_corner(content, 2) == "bottom right"
    with pytest.raises(UnreadableDocument, match="no page 3"):
        image_pixels(content, 3)


def test_a_fax_that_is_finer_across_than_down_is_stretched() -> None:
    (page,) = image_pages(encoded(picture().convert("1"), "TIFF", compression="group4", dpi=(204, 98)))
    assert (page.width, page.height, page.dpi) == (60, 83, 204)


@pytest.mark.parametrize(
    ("size", "dpi", "points"),
    [
        ((600, 300), 300, (144, 72)),  # a scanner says it
        ((400, 200), 72, (300, 150)),  # what every camera and program writes
        ((4000, 3000), 72, (842, 631.5)),
    ],
)
def test_how_large_its_page_is(size: tuple[int, int], dpi: int, points: tuple[float, float]) -> None:
    (page,) = image_pages(encoded(Image.new("1", size), "PNG", dpi=(dpi, dpi)))
    assert page.size == pytest.approx(points, abs=0.1)


def test_a_large_picture_comes_smaller_with_its_true_resolution() -> None:
    found = image_pixels(encoded(Image.new("L", (600, 300)), "JPEG", dpi=(300, 300)), most_pixels=20_000)
    assert (found.width, found.height) == (200, 100)
    assert found.dpi == pytest.approx(100)


@pytest.mark.parametrize(("side", "colour"), [(30_000, 2), (20_000, 0)])
def test_a_bomb_is_refused_before_it_is_decoded(side: int, colour: int) -> None:
    with pytest.raises(UnreadableDocument, match=f"too large to open: {side:,} × {side:,}"):
        image_pixels(png(side, side, FEW, colour=colour))


def test_a_tile_that_is_larger_than_its_picture_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(UnreadableDocument, match="too large to open: 30,000 × 30,000"):
        image_pixels(in_a_tile(30_000, bytes(9)))


def test_a_jpeg_of_billions_of_pixels_is_refused_though_it_would_come_smaller() -> None:
    claiming = bytearray(encoded(picture(), "JPEG"))
    at = claiming.index(b"\xff\xc0")
    claiming[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    with pytest.raises(UnreadableDocument) as caught:
        image_pixels(bytes(claiming))
    assert caught.value.reason == "picture-too-large"


def test_a_jpeg_of_thousands_of_passes_is_refused() -> None:
    large = encoded(Image.new("L", (2000, 2000)), "JPEG", progressive=True)
    assert image_pixels(with_passes(large, 20)).width == 2000
    with pytest.raises(UnreadableDocument) as caught:
        image_pixels(with_passes(large, 500))
    assert caught.value.reason == "picture-damaged"


def test_what_stands_before_the_picture_of_a_jpeg_is_not_read_without_end() -> None:
    whole = encoded(picture(), "JPEG")
    assert image_pages(with_notes(whole, 10))
    with pytest.raises(UnreadableDocument) as caught:
        image_pages(with_notes(whole, 500))
    assert caught.value.reason == "picture-damaged"


@pytest.mark.parametrize("kind", [b"tEXt", b"IDAT"])
def test_a_picture_of_too_many_pieces_is_given_up(kind: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = encoded(picture(), "PNG")
    pieces = with_chunks(whole, kind, b"a\0b" if kind == b"tEXt" else b"", 200)
    assert image_pixels(pieces).width == 60
    monkeypatch.setattr(images, "MAX_READS", 300)
    assert image_pixels(whole).width == 60
    with pytest.raises(UnreadableDocument) as caught:
        image_pixels(pieces)
    assert caught.value.reason == "picture-damaged"


@pytest.mark.parametrize("head", [b"RIFF\0\0\0\0WEBPVP8 ", b"\0\0\0\x18ftypheic"])
def test_a_file_that_fits_in_no_memory_is_not_read(head: bytes, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.write(head)
        file.truncate(300_000_000)
    tracemalloc.start()
    with pytest.raises(UnreadableDocument):
        image_pages(large)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10_000_000


def test_the_size_of_a_picture_is_told_without_decoding_it() -> None:
    """The pixels of this one are missing, which shows as soon as they are looked at."""
    (page,) = image_pages(png(4_000, 3_000, FEW))
    assert (page.width, page.height) == (4_000, 3_000)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (encoded(picture().resize((600, 400)), "PNG")[:300], "picture-cut-off"),
        (encoded(Image.effect_noise((600, 400), 90), "JPEG")[:3000], "picture-cut-off"),
        (encoded(picture(), "TIFF")[:90], "picture-damaged"),
        (b"II*\0" + bytes(60), "picture-damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "picture-damaged"),
        (b"GIF89a", "picture-damaged"),
        (bytes([0, 0, 0, 24]) + b"ftypheic" + bytes(60), "picture-damaged"),
    ],
)
def test_a_damaged_picture_has_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        image_pixels(content)
    assert caught.value.reason == reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "picture.png"
    os.mkfifo(pipe)
    with pytest.raises(UnsupportedFormat):
        image_pages(pipe)


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(UnsupportedFormat):
        image_pages(b"BM is how this letter begins.")


def test_a_picture_is_written_anew_without_what_else_its_file_held(tmp_path: Path) -> None:
    exif = held(6)
    exif[0x010E] = "where it was taken"
    content = encoded(picture(), "JPEG", exif=exif)
    assert save_upright(content, tmp_path / "kept.jpg", 30) == (20, 30)
    written = (tmp_path / "kept.jpg").read_bytes()
    assert b"where" not in written
    assert black_corner(written) == "top right"
    assert save_upright(content, tmp_path / "kept.png", 900) == (40, 60)


def test_a_mere_line_is_kept_on_white(tmp_path: Path) -> None:
    line = encoded(Image.new("RGB", (3000, 2)), "PNG")
    assert save_upright(line, tmp_path / "line.png", 2000) == (2000, 20)
    kept = Image.open(tmp_path / "line.png")
    assert (kept.getpixel((0, 0)), kept.getpixel((0, 19))) == ((0, 0, 0), (255, 255, 255))


def test_pixels_as_jpeg() -> None:
    found = image_pixels(encoded(picture(), "PNG"))
    assert black_corner(images.jpeg(found)) == "top left"
