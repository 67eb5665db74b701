"""Image files as documents: each picture is a page that waits to be recognised."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant.documents.formats.image_file import ImageDocument
from assistant.documents.formats.open_document import open_document
from assistant.documents.records import Outcome, PartPicture
from assistant.errors import UnreadableDocument


def opened(path: Path) -> ImageDocument:
    document = open_document(path)
    assert isinstance(document, ImageDocument)
    return document


def scan(path: Path, pages: int = 2) -> Path:
    """Two pages of A6 at 150 dpi, of which each has a black mark one inch from the top and the left."""
    image = Image.new("L", (620, 874), 255)
    image.paste(0, (150, 150, 300, 225))
    more = [image] * (pages - 1)
    image.save(path, "TIFF", save_all=True, append_images=more, dpi=(150, 150))
    return path


def test_the_pages_of_a_scan_wait_to_be_recognised(tmp_path: Path) -> None:
    document = opened(scan(tmp_path / "contract.tif"))
    assert (document.opened.kind, document.opened.unit, document.opened.parts) == ("image", "page", 2)
    assert document.opened.title == "contract"
    parts = list(document.parts())
    assert [part.pictures for part in parts] == [(PartPicture(0),)] * 2
    assert [part.outcome for part in parts] == [Outcome.EMPTY] * 2
    assert [part.number for part in document.parts(2)] == [2]


def test_pixels_shown_and_recognised_lie_where_the_page_has_them(tmp_path: Path) -> None:
    document = opened(scan(tmp_path / "contract.tif"))
    (width, height) = document.layout().sizes[0]
    assert (width, height) == pytest.approx((297.6, 419.5), abs=0.1)
    picture = document.picture(2, 0)
    assert (picture.width, picture.height, picture.channels, picture.dpi) == (620, 874, 1, 150)
    shown = document.render(1, 310)
    assert (shown.page, shown.pages, shown.width, shown.height) == (1, 2, 310, 437)
    dark = np.frombuffer(shown.pixels, np.uint8).reshape(437, 310, 4)[:, :, 0] < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    points = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]) / shown.scale
    assert points == pytest.approx([72, 72, 144, 108], abs=1)


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    assert opened(scan(tmp_path / "scan.txt", 1)).opened.parts == 1
    with pytest.raises(UnreadableDocument) as caught:
        open_document(_written(tmp_path / "picture.png", b"This is a text."))
    assert caught.value.reason == "not-what-its-name-says"


def test_there_is_no_page_beyond_the_last(tmp_path: Path) -> None:
    document = opened(scan(tmp_path / "contract.tif"))
    for show in (lambda: document.picture(3, 0), lambda: document.render(0, 100)):
        with pytest.raises(UnreadableDocument):
            show()


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
