"""Which steps there are, and at which the person is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from ui.common.buttons_and_labels import Label, restyle
from ui.common.layouts import NO_MARGINS, hbox
from ui.common.translation import arg, translate


class StepsLine(QWidget):
    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = names
        self._at = 0
        self._tight = False
        self._chips = [_Chip(number) for number in range(1, len(names) + 1)]
        self._words = [Label(name, "second") for name in names]
        items = [hbox(chip, word, spacing=8) for chip, word in zip(self._chips, self._words, strict=True)]
        hbox(*items, parent=self, spacing=16, margins=NO_MARGINS)

    @property
    def _whole(self) -> int:
        """Pixels with all names."""
        names = sum(word.sizeHint().width() + 8 for word in self._words)
        return names + sum(chip.sizeHint().width() + 16 for chip in self._chips)

    @property
    def count(self) -> int:
        return len(self._names)

    def fit(self, width: int) -> None:
        """In so many pixels: with the names of all steps, or of the one that the person is at."""
        self._tight = width < self._whole
        self._show_names()

    def show_step(self, at: int) -> None:
        """Counted from 0."""
        for number, (chip, word) in enumerate(zip(self._chips, self._words, strict=True)):
            chip.setProperty("at", "true" if number == at else "false")
            restyle(chip)
            word.set_kind("strong" if number == at else "second")
        self._at = at
        self._show_names()
        text = translate("first_run", "Step %1 of %2: %3", "a number, a number, what the step is about")
        self.setAccessibleName(arg(text, at + 1, self.count, self._names[at]))

    def _show_names(self) -> None:
        for number, word in enumerate(self._words):
            word.setVisible(not self._tight or number == self._at)


class _Chip(QLabel):
    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.setObjectName("chip")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
