"""Image files as documents: each picture is a page, to be recognised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.documents.formats.pdf.searchable_copy import Words, searchable_images
from assistant.documents.formats.shared.pagination import empty_part, title_of
from assistant.documents.records import WHOLE_PAGE, Opened, PagePicture, Part, PartPicture
from assistant.documents.viewer_records import PageLayout
from assistant.errors import UnreadableDocument
from assistant.file_reading.images import image_pages, image_pixels
from assistant.file_reading.picture import Picture

MAX_SHOWN_PIXELS = 24_000_000
"""A picture of more pixels is shown smaller."""


def open(path: Path, password: str | None) -> ImageDocument:
    """The picture at `path`, or the pages of a TIFF. Raises UnreadableDocument or UnsupportedFormat."""
    return ImageDocument(path)


class ImageDocument:
    """The pictures of a file. Pages count from 1."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pages = image_pages(path)
        self.opened = Opened("image", title_of(path), "page", len(self._pages))

    def parts(self, first: int = 1) -> Iterator[Part]:
        for number in range(max(1, first), len(self._pages) + 1):
            part = empty_part(number, f"page {number}", "page-is-picture")
            yield replace(part, pictures=(PartPicture(WHOLE_PAGE),))

    def picture(self, part: int, number: int) -> Picture:
        """A page to be recognised; `dpi` maps its pixels to the page. Raises UnreadableDocument."""
        self._check(part)
        return image_pixels(self._path, part)

    def render(self, page: int, width_px: int) -> PagePicture:
        """A page, `width_px` pixels wide if that is reasonable. Raises UnreadableDocument."""
        self._check(page)
        shown = self._pages[page - 1]
        height = width_px * shown.height / shown.width
        found = image_pixels(self._path, page, max(1, min(MAX_SHOWN_PIXELS, round(width_px * height))))
        pixels = _bgrx(found)
        return PagePicture(page, len(self._pages), found.width, found.height, found.dpi / 72, pixels)

    def searchable_copy(self, output: Path, words: Words, done: Callable[[int], None]) -> None:
        """Writes a PDF whose `words` can be searched; see `searchable_images`."""
        searchable_images(self._path, output, words, done)

    def layout(self) -> PageLayout:
        return PageLayout(tuple(page.size for page in self._pages))

    def close(self) -> None:
        """Nothing is kept open."""

    def _check(self, page: int) -> None:
        if not 1 <= page <= len(self._pages):
            raise UnreadableDocument("no-such-page", page=page, pages=len(self._pages))


def _bgrx(found: Picture) -> bytes:
    shown = np.full((found.height, found.width, 4), 255, np.uint8)
    shown[:, :, :3] = found.array()[:, :, ::-1]
    return shown.tobytes()
