"""The pictures of a message: one by itself as it is, several as squares in rows."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.common.picture_button import PictureButton, ShownPicture
from ui.common.row_painting import placed

ALONE = QSize(280, 200)
"""Pixels that a picture by itself has at most."""
LEAST = 48
"""Pixels that each side of it has at least: of a long strip the middle is seen."""
SQUARE = 104
"""Pixels of a side of one of several."""
GAP = 6
"""Pixels between them."""


class PictureStrip(QWidget):
    wanted = Signal(int)
    """The number of a picture that is to be seen larger."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures: tuple[ShownPicture, ...] = ()
        self._buttons: list[PictureButton] = []

    def show_pictures(self, pictures: tuple[ShownPicture, ...]) -> None:
        if pictures == self._pictures:
            return
        self._pictures = pictures
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
        for number, picture in enumerate(pictures):
            size = _alone(picture) if len(pictures) == 1 else QSize(SQUARE, SQUARE)
            button = PictureButton(picture, size, partial(self.wanted.emit, number))
            button.setParent(self)
            button.show()
            self._buttons.append(button)

    def lay_out(self, width: int) -> QSize:
        """Put them into rows of at most this width, from the side of the window that lines begin at."""
        if not self._buttons:
            return QSize(0, 0)
        across = max(1, (width + GAP) // (self._buttons[0].width() + GAP))
        columns = min(across, len(self._buttons))
        side, high = self._buttons[0].width() + GAP, self._buttons[0].height() + GAP
        size = QSize(columns * side - GAP, -(-len(self._buttons) // across) * high - GAP)
        for number, button in enumerate(self._buttons):
            row, column = divmod(number, across)
            place = QRect(QPoint(column * side, row * high), button.size())
            button.setGeometry(placed(place, QRect(QPoint(0, 0), size)))
        return size


def _alone(picture: ShownPicture) -> QSize:
    whole = QSize(max(1, picture.width), max(1, picture.height))
    if whole.width() > ALONE.width() or whole.height() > ALONE.height():
        whole = whole.scaled(ALONE, Qt.AspectRatioMode.KeepAspectRatio)
    return whole.expandedTo(QSize(LEAST, LEAST))
