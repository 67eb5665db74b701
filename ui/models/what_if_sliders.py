"""Sliders for a computer that is not this one: more or less memory, another graphics card, a longer talk."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSlider, QVBoxLayout

from assistant.models.records import WhatIf
from ui.common import quantities
from ui.common.buttons_and_labels import Button, Card, IconLabel, Label, restyle
from ui.models import descriptions

GB = 10**9
MEMORY = tuple(GB * size for size in (2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256))
DEVICE = tuple(GB * size for size in (0, 2, 4, 6, 8, 10, 12, 16, 24, 32, 48, 80))
CONTEXT = (2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072)
AS_IT_IS = "What would run on another computer, or with a longer talk? Move a slider to see."
IMAGINED = "This is an imagined computer. What you see below is not true of this one."


class WhatIfCard(Card):
    changed = Signal()
    left = Signal()
    """The person goes back to this computer as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = _Slider("Memory", MEMORY, quantities.size)
        self.device = _Slider("Graphics card", DEVICE, _card)
        self.context = _Slider("Remembers", CONTEXT, descriptions.pages)
        self.said = Label(AS_IT_IS, "second", wrap=True)
        self.mark = IconLabel("warning", "warn")
        self.back = Button("Back to this computer", self.go_back, icon="arrow-counter-clockwise")
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, slider in enumerate((self.memory, self.device, self.context)):
            grid.addWidget(Label(slider.accessibleName()), row, 0)
            grid.addWidget(slider, row, 1)
            grid.addWidget(slider.value_label, row, 2)
            slider.moved.connect(self._tell)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.mark)
        below.addWidget(self.said, 1)
        below.addWidget(self.back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(grid)
        layout.addLayout(below)
        self._show()

    def show_computer(self, memory: int, device: int) -> None:
        """How this computer is; sliders that were not moved stand there. Bytes."""
        self.memory.rest(memory, f"{quantities.size(memory)}, as it is")
        self.device.rest(device, f"{_card(device)}, as it is")
        self.context.rest(CONTEXT[2], "automatic")

    @property
    def wanted(self) -> WhatIf | None:
        found = WhatIf(self.memory.chosen, self.device.chosen, self.context.chosen)
        return None if found == WhatIf() else found

    def go_back(self) -> None:
        for slider in (self.memory, self.device, self.context):
            slider.reset()
        self._show()
        self.left.emit()

    def _tell(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        imagined = self.wanted is not None
        self.said.setText(IMAGINED if imagined else AS_IT_IS)
        self.said.set_kind("warn" if imagined else "second")
        self.mark.setVisible(imagined)
        self.setProperty("imagined", "true" if imagined else "false")
        restyle(self)


class _Slider(QSlider):
    """One of a few values; `chosen` is None until a person moves it."""

    moved = Signal()

    def __init__(self, name: str, stops: Sequence[int], text: Callable[[int], str]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._stops = stops
        self._text = text
        self._at_rest = (0, "")
        self._resting = False
        self.chosen: int | None = None
        self.value_label = Label("", "second")
        self.value_label.setMinimumWidth(100)
        self.setRange(0, len(stops) - 1)
        self.setPageStep(1)
        self.setAccessibleName(name)
        self.setMinimumWidth(48)
        self.valueChanged.connect(self._move)

    def rest(self, value: int, text: str) -> None:
        nearest = min(range(len(self._stops)), key=lambda place: abs(self._stops[place] - value))
        self._at_rest = nearest, text
        if self.chosen is None:
            self.reset()

    def reset(self) -> None:
        place, text = self._at_rest
        self._resting = True
        self.setValue(place)
        self._resting = False
        self.chosen = None
        self._say(text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it scrolls the page

    def _move(self, place: int) -> None:
        if not self._resting:
            self.chosen = self._stops[place]
            self._say(self._text(self.chosen))
            self.moved.emit()

    def _say(self, text: str) -> None:
        self.value_label.setText(text)
        self.setAccessibleDescription(text)


def _card(octets: int) -> str:
    return quantities.size(octets) if octets else "none"
