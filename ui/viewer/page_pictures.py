"""The pictures of pages that are kept: those in view, and others as far as their memory allows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection

from PySide6.QtGui import QImage

from assistant.documents.records import PagePicture

MOST_BYTES = 32_000_000
"""Of pictures of pages that are out of view."""


class PagePictures:
    def __init__(self) -> None:
        self._pictures: OrderedDict[int, QImage] = OrderedDict()

    def clear(self) -> None:
        self._pictures.clear()

    def get(self, page: int) -> QImage | None:
        return self._pictures.get(page)

    def put(self, picture: PagePicture, in_view: Collection[int]) -> QImage:
        """Keep a picture, and let those go that are not in view and were put longest ago."""
        borrowed = QImage(
            picture.pixels, picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGB32
        )
        # A copy with the fourth byte set: marking multiplies, and would take that for transparency.
        image = borrowed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self._pictures[picture.page] = image
        self._pictures.move_to_end(picture.page)
        for page in list(self._pictures):
            if self.bytes() <= MOST_BYTES:
                break
            if page not in in_view and page != picture.page:
                del self._pictures[page]
        return image

    def bytes(self) -> int:
        return sum(image.sizeInBytes() for image in self._pictures.values())
