"""The pictures that go with the message that is being written, above its words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from ui.common.buttons_and_labels import IconButton
from ui.common.layouts import clear, hbox, vbox
from ui.common.picture_button import PictureButton, ShownPicture, said_name
from ui.common.translation import arg, translate
from ui.transcript.sight_note import SightNote

SIDE = 64
"""Pixels of a side of a picture."""
_REMOVE = 22
"""Pixels of the button in its corner."""


class PictureRow(QWidget):
    removed = Signal(int)
    """The number of a picture that is not to go along after all."""
    wanted = Signal(int)
    """The number of one that is to be seen larger."""
    seeing_model_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._row = hbox(spacing=8)
        self.buttons: list[PictureButton] = []
        self.note = SightNote()
        self.note.models_wanted.connect(self.seeing_model_wanted)
        self.note.hide()
        vbox(hbox(self._row, 1), self.note, parent=self, spacing=4, margins=(8, 8, 8, 0))
        self.hide()

    def show_pictures(self, pictures: Sequence[ShownPicture]) -> None:
        clear(self._row)
        self.buttons = [self._picture(number, picture) for number, picture in enumerate(pictures)]
        for button in self.buttons:
            self._row.addWidget(button)
        self.setVisible(bool(pictures))

    def _picture(self, number: int, picture: ShownPicture) -> PictureButton:
        button = PictureButton(picture, QSize(SIDE, SIDE), partial(self.wanted.emit, number))
        name = arg(translate("chat", "Remove “%1” from the message"), said_name(picture))
        remove = IconButton("x", name, partial(self.removed.emit, number), size=12)
        remove.setObjectName("removePicture")
        remove.setParent(button)
        remove.setFixedSize(_REMOVE, _REMOVE)
        remove.move(SIDE - _REMOVE - 3, 3)
        return button

    def show_note(self, text: str) -> None:
        """What the model that answers will make of them; "" where it sees them."""
        self.note.text.set_text(text)
        self.note.setVisible(bool(text))
