"""A line that says what a model that does not see makes of pictures, and leads to those that see."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.common.buttons_and_labels import Button, ElidedLabel, IconLabel
from ui.common.layouts import NO_MARGINS, hbox
from ui.common.translation import translate


class SightNote(QWidget):
    models_wanted = Signal()

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.text = ElidedLabel(text, "second", Qt.TextElideMode.ElideRight)
        self.text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        models = Button(translate("chat", "Models that see"), self.models_wanted.emit, kind="link")
        hbox(IconLabel("eye", size=16), self.text, models, 1, parent=self, spacing=8, margins=NO_MARGINS)
