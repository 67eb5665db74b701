"""Pictures among what is dropped, pasted or chosen."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

_PNG = "image/png"


def is_picture(path: str) -> bool:
    """Whether its name says so."""
    # Not at the top: the window can take drops before anybody has brought a picture.
    from assistant.vision.records import PICTURE_SUFFIXES

    return path.casefold().endswith(PICTURE_SUFFIXES)


def pictures_apart(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """The pictures among files, and the rest."""
    pictures: list[str] = []
    others: list[str] = []
    for path in paths:
        (pictures if is_picture(path) else others).append(path)
    return pictures, others


def holds_pictures(data: QMimeData) -> bool:
    """Whether it is one picture or files of some, and no words that a picture merely shows."""
    if data.hasUrls() and all(url.isLocalFile() for url in data.urls()):
        return all(is_picture(url.toLocalFile()) for url in data.urls())
    return data.hasImage() and not data.text().strip()


def picture_in(data: QMimeData) -> bytes | QImage | None:
    """The picture that lies in it: as a file where it comes so, which need not be decoded here."""
    if data.hasFormat(_PNG):
        return bytes(data.data(_PNG).data())
    image = data.imageData() if data.hasImage() else None
    return image if isinstance(image, QImage) and not image.isNull() else None
