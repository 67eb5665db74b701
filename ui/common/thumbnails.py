"""Pictures of the program's own, small: read on other threads, and kept as far as their memory allows."""

from __future__ import annotations

from collections import OrderedDict
from functools import cache

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader

MOST_BYTES = 32_000_000
"""Of all that are kept."""
_AT_ONCE = 2
"""Threads."""

Key = tuple[str, int, int]
"""The file, and the width and height that it fits into."""


class Thumbnails(QObject):
    read = Signal(str)
    """The picture of this file is there, or is known not to be."""
    _came = Signal(object, QImage)

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._images: OrderedDict[Key, QImage] = OrderedDict()
        self._reading: dict[Key, _Reading] = {}
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(_AT_ONCE)
        self._came.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def get(self, path: str, size: QSize) -> QImage | None:
        """The picture as large as fits; null where there is none, None until it was read."""
        key = path, size.width(), size.height()
        if (image := self._images.get(key)) is not None:
            self._images.move_to_end(key)
            return image
        if key not in self._reading:
            self._reading[key] = reading = _Reading(key, self._came)  # kept: the pool alone would not hold it
            self._pool.start(reading)
        return None

    def _keep(self, key: Key, image: QImage) -> None:
        self._reading.pop(key, None)
        self._images[key] = image
        while len(self._images) > 1 and sum(map(_bytes, self._images.values())) > MOST_BYTES:
            self._images.popitem(last=False)
        self.read.emit(key[0])


class _Reading(QRunnable):
    def __init__(self, key: Key, came: object) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self._key = key
        self._came = came

    def run(self) -> None:
        path, width, height = self._key
        image = read_picture(path, QSize(width, height))
        try:
            self._came.emit(self._key, image)  # type: ignore[attr-defined]
        except RuntimeError:  # the program is ending
            return


def read_picture(path: str, most: QSize) -> QImage:
    """A picture as large as fits, never larger than it is; null where it cannot be read."""
    reader = QImageReader(path)
    size = reader.size()
    if size.isValid() and (size.width() > most.width() or size.height() > most.height()):
        reader.setScaledSize(size.scaled(most, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    return reader.read()


def _bytes(image: QImage) -> int:
    return int(image.sizeInBytes())


@cache
def thumbnails() -> Thumbnails:
    """Those of this program."""
    return Thumbnails(QCoreApplication.instance())
